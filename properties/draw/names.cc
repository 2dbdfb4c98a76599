// One name less. See names.h.
#include "properties/draw/names.h"

#include <algorithm>

#include "properties/draw/cuts.h"
#include "properties/draw/joins.h"

namespace crosstalk::draw {
namespace {

void rename(Program& program, Slot from, Slot to) {
    for (Actor& actor : program.actors)
        for (Operation& step : actor.steps) {
            std::ranges::replace(step.uses, from, to);
            std::ranges::replace(step.makes, from, to);
        }
}

void hold_by_root(Program& program, std::size_t actor, Slot slot) {
    while (program.actors[actor].kind != ActorKind::pooled) actor = program.actors[actor].parent;
    std::vector<Slot>& holds = program.actors[actor].holds;
    const auto at = std::ranges::lower_bound(holds, slot);
    if (at == holds.end() || *at != slot) holds.insert(at, slot);
}

// The pass whose message a receive of this actor may take: the first to its mailbox.
const Operation* pass_to(const Program& program, std::size_t actor) {
    for (const Actor& sender : program.actors)
        for (const Operation& step : sender.steps)
            if (step.verb == Verb::pass && step.uses[0] == mailbox_of(static_cast<ActorId>(actor))) return &step;
    return nullptr;
}

// What the made slot `i` of a step names: another slot of the same descriptor; no_slot if that is not known.
Slot named_otherwise(const Program& program, std::size_t actor, const Operation& step, std::size_t i) {
    if (step.verb == Verb::dup) return step.uses[0];
    if (step.verb == Verb::create) return initial_slot(step.object, static_cast<int>(i));
    const Operation* pass = step.verb == Verb::receive ? pass_to(program, actor) : nullptr;
    return pass != nullptr && i + 1 < pass->uses.size() ? pass->uses[i + 1] : no_slot;
}

// Takes a step out, and every close of what it made.
Case without_maker(const Case& value, std::size_t actor, std::size_t step) {
    const Operation& maker = value.program.actors[actor].steps[step];
    Keep keep = keep_all(value);
    keep.steps[actor].reset(step);
    for (std::size_t a = 0; a < value.program.actors.size(); ++a)
        for (std::size_t s = 0; s < value.program.actors[a].steps.size(); ++s) {
            const Operation& each = value.program.actors[a].steps[s];
            if (each.verb == Verb::close && std::ranges::count(maker.makes, each.uses[0]) != 0) keep.steps[a].reset(s);
        }
    return cut(value, std::move(keep));
}

}  // namespace

std::optional<Case> with_one_name_less(const Case& value, std::size_t number) {
    std::size_t actor = 0;
    for (; actor < value.program.actors.size() && number >= value.program.actors[actor].steps.size(); ++actor)
        number -= value.program.actors[actor].steps.size();
    if (actor == value.program.actors.size()) return std::nullopt;
    const Operation step = value.program.actors[actor].steps[number];
    if (step.verb != Verb::dup && step.verb != Verb::create && step.verb != Verb::receive) return std::nullopt;
    Case less = without_maker(value, actor, number);
    for (std::size_t i = 0; i < step.makes.size(); ++i) {
        if (step.makes[i] == no_slot) continue;
        const Slot other = named_otherwise(value.program, actor, step, i);
        if (other == no_slot || other == step.makes[i]) return std::nullopt;
        if (step.makes[i] >= 2 * value.program.objects.size()) rename(less.program, step.makes[i], other);
        if (actor < less.program.actors.size() && other < 2 * value.program.objects.size())
            hold_by_root(less.program, actor, other);
    }
    if (step.verb == Verb::create)
        less.program.objects[step.object].asked.flags =
            static_cast<std::uint16_t>(step.flags & (flag_nonblock | flag_direct | flag_cloexec));
    return less;
}

std::size_t count_inlinings(const Case& value) {
    return std::ranges::any_of(value.program.actors, [](const Actor& actor) { return actor.kind != ActorKind::pooled; })
               ? 2 * value.program.actors.size()
               : 0;
}

std::optional<Case> with_actor_inlined(const Case& value, std::size_t number) {
    const std::size_t child = number / 2;
    const std::vector<Actor>& actors = value.program.actors;
    if (actors[child].kind == ActorKind::pooled || actors[child].parent == child) return std::nullopt;
    const std::size_t parent = actors[child].parent;
    const std::vector<Operation>& line = actors[parent].steps;
    const auto start = std::ranges::find_if(line, [&](const Operation& step) {
        return step.verb == Verb::start && static_cast<std::size_t>(step.value) == child;
    });
    const std::size_t added = actors[child].steps.size();
    if (start == line.end() || line.size() - 1 + added > max_steps) return std::nullopt;
    const auto from = static_cast<std::size_t>(start - line.begin());
    const std::size_t at = number % 2 == 0 ? from : line.size() - 1;  // among the parent's own, without the start
    Case out = value;
    std::vector<Operation>& into = out.program.actors[parent].steps;
    into.erase(into.begin() + static_cast<std::ptrdiff_t>(from));
    into.insert(into.begin() + static_cast<std::ptrdiff_t>(at), actors[child].steps.begin(), actors[child].steps.end());
    out.program.actors[child].steps.clear();
    const auto moved = [&](ActorId& actor, StepId& step) {
        if (actor == child) {
            actor = static_cast<ActorId>(parent), step = static_cast<StepId>(step + at);
        } else if (actor == parent) {
            if (step > from) --step;
            if (step >= at) step = static_cast<StepId>(step + added);
        }
    };
    std::erase_if(out.plan, [&](const Injection& each) { return each.actor == parent && each.step == from; });
    std::erase_if(out.schedule.delays, [&](const Delay& each) { return each.actor == parent && each.step == from; });
    for (Delay& delay : out.schedule.delays) moved(delay.actor, delay.step);
    for (Injection& injection : out.plan) moved(injection.actor, injection.step);
    for (Actor& actor : out.program.actors) {
        if (actor.kind != ActorKind::pooled && actor.parent == child) actor.parent = static_cast<ActorId>(parent);
        for (Operation& step : actor.steps)
            if ((step.verb == Verb::pass || step.verb == Verb::receive) &&
                step.uses[0] == mailbox_of(static_cast<ActorId>(child)))
                step.uses[0] = mailbox_of(static_cast<ActorId>(parent));
    }
    std::ranges::replace(out.schedule.choices, static_cast<ActorId>(child), static_cast<ActorId>(parent));
    Keep keep = keep_all(out);
    keep.actors &= ~(std::uint64_t{1} << child);
    return cut(out, std::move(keep));
}

}  // namespace crosstalk::draw
