// Cuts. See cuts.h.
#include "properties/draw/cuts.h"

#include <algorithm>

namespace crosstalk::draw {
namespace {

constexpr std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number; }

// The actor that a step names: whom it starts, or whose mailbox it passes to. max_actors if none.
std::size_t named_by(const Operation& step) {
    if (step.verb == Verb::start) return static_cast<std::size_t>(step.value);
    if (step.verb == Verb::pass) return step.uses[0] - std::size_t{first_mailbox};
    return max_actors;
}

bool started(const Program& program, const Keep& keep, std::size_t child) {
    const std::size_t parent = program.actors[child].parent;
    if ((keep.actors >> parent & 1) == 0) return false;
    const std::vector<Operation>& steps = program.actors[parent].steps;
    for (std::size_t s = 0; s < steps.size(); ++s)
        if (keep.steps[parent][s] && steps[s].verb == Verb::start && named_by(steps[s]) == child) return true;
    return false;
}

// Until nothing that is kept names anything that is gone.
void settle(const Program& program, Keep& keep) {
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t a = 0; a < program.actors.size(); ++a) {
            if ((keep.actors >> a & 1) == 0) continue;
            if (program.actors[a].kind != ActorKind::pooled && !started(program, keep, a)) {
                keep.actors &= ~bit(a);
                changed = true;
                continue;
            }
            for (std::size_t s = 0; s < program.actors[a].steps.size(); ++s) {
                const std::size_t other = named_by(program.actors[a].steps[s]);
                if (other >= max_actors || (keep.actors >> other & 1) != 0 || !keep.steps[a][s]) continue;
                keep.steps[a].reset(s);
                changed = true;
            }
        }
    }
}

// Old numbers to new ones.
struct Renumbering {
    std::array<ActorId, max_actors> actor{};
    StepId step(const Keep& keep, ActorId who, StepId old) const {
        StepId now = 0;
        for (StepId s = 0; s < old; ++s) now = static_cast<StepId>(now + (keep.steps[who][s] ? 1 : 0));
        return now;
    }
};

void cut_schedule(const Case& value, const Keep& keep, const Renumbering& to, Case& result) {
    std::array<std::size_t, max_actors> next{};
    for (const ActorId who : value.schedule.choices) {
        const std::size_t step = next[who]++;
        const bool gone = step < value.program.actors[who].steps.size() && !keep.steps[who][step];
        if ((keep.actors >> who & 1) != 0 && !gone) result.schedule.choices.push_back(to.actor[who]);
    }
    const auto stays = [&](ActorId who, StepId step) { return (keep.actors >> who & 1) != 0 && keep.steps[who][step]; };
    for (const Delay& delay : value.schedule.delays)
        if (stays(delay.actor, delay.step))
            result.schedule.delays.push_back(
                {to.actor[delay.actor], to.step(keep, delay.actor, delay.step), delay.spin_ns});
    for (Injection injection : value.plan) {
        if (!stays(injection.actor, injection.step)) continue;
        injection.step = to.step(keep, injection.actor, injection.step);
        injection.actor = to.actor[injection.actor];
        result.plan.push_back(injection);
    }
}

}  // namespace

Keep keep_all(const Case& value) {
    Keep keep;
    keep.steps.resize(value.program.actors.size());
    for (auto& steps : keep.steps) steps.set();
    return keep;
}

Case cut(const Case& value, Keep keep) {
    settle(value.program, keep);
    Case result;
    result.drawn_for = value.drawn_for;
    result.program.objects = value.program.objects;
    result.program.links = value.program.links;
    result.schedule.mode = value.schedule.mode;
    result.schedule.spread = value.schedule.spread;
    Renumbering to;
    ActorId count = 0;
    for (std::size_t a = 0; a < value.program.actors.size(); ++a)
        if ((keep.actors >> a & 1) != 0) to.actor[a] = count++;
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        if ((keep.actors >> a & 1) == 0) continue;
        const Actor& from = value.program.actors[a];
        Actor actor{from.kind, to.actor[from.parent], from.host, from.holds, {}};
        for (std::size_t s = 0; s < from.steps.size(); ++s) {
            if (!keep.steps[a][s]) continue;
            Operation step = from.steps[s];
            if (step.verb == Verb::start) step.value = to.actor[static_cast<std::size_t>(step.value)];
            if (step.verb == Verb::receive) step.uses[0] = mailbox_of(to.actor[a]);
            if (step.verb == Verb::pass) step.uses[0] = mailbox_of(to.actor[named_by(step)]);
            actor.steps.push_back(step);
        }
        result.program.actors.push_back(std::move(actor));
    }
    cut_schedule(value, keep, to, result);
    return result;
}

bool cut_object(Case& value, ObjectId object) {
    const auto last = static_cast<Slot>(2 * value.program.objects.size());
    const Slot first = initial_slot(object, 0);
    const auto names = [&](Slot slot) { return slot == first || slot == first + 1; };
    for (const Actor& actor : value.program.actors) {
        if (std::ranges::any_of(actor.holds, names)) return false;
        for (const Operation& step : actor.steps)
            if (std::ranges::any_of(step.uses, names) || std::ranges::any_of(step.makes, names) ||
                (names_object(step.verb) && step.object == object))
                return false;
    }
    const auto renumber = [&](Slot& slot) {
        if (slot > first && slot < last) slot = static_cast<Slot>(slot - 2);
    };
    for (Actor& actor : value.program.actors) {
        std::ranges::for_each(actor.holds, renumber);
        for (Operation& step : actor.steps) {
            std::ranges::for_each(step.uses, renumber);
            std::ranges::for_each(step.makes, renumber);
            if (step.object > object) --step.object;
        }
    }
    value.program.objects.erase(value.program.objects.begin() + object);
    return true;
}

bool cut_holdings(Case& value) {
    bool changed = false;
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        Actor& actor = value.program.actors[a];
        if (actor.kind != ActorKind::pooled) continue;
        const std::vector<Slot> needed = slots_needed(value.program, static_cast<ActorId>(a));
        const auto useless = [&](Slot slot) { return !std::ranges::binary_search(needed, slot); };
        changed = std::erase_if(actor.holds, useless) != 0 || changed;
    }
    return changed;
}

}  // namespace crosstalk::draw
