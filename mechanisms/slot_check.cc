// See slot_check.h. A slot that is made while it is still bound would leave an open descriptor without a name, which
// no judge could account for; a slot that two threads bind at once has no certain meaning.
#include "mechanisms/slot_check.h"

#include <bitset>

namespace crosstalk {
namespace {

using Slots = std::bitset<first_mailbox>;

bool replaces(const Operation& step) {
    return step.verb == Verb::dup && (step.value == static_cast<std::int64_t>(Duplicate::dup2) ||
                                      step.value == static_cast<std::int64_t>(Duplicate::dup3_cloexec));
}

const Actor& child_of(const Program& program, const Operation& start) {
    return program.actors[static_cast<std::size_t>(start.value)];
}

// Follows one actor, and those it starts, with the slots that may be bound.
std::string follow(const Program& program, ActorId actor, Slots bound) {
    const std::vector<Operation>& steps = program.actors[actor].steps;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        const Operation& step = steps[s];
        if (step.verb == Verb::close) bound.reset(step.uses[0]);
        for (const Slot slot : step.makes) {
            if (slot == no_slot) continue;
            if (bound.test(slot) && !replaces(step))
                return describe_step(program, actor, s) + "makes slot " + std::to_string(slot) +
                       ", which may still be bound: close it first";
            bound.set(slot);
        }
        if (step.verb != Verb::start) continue;
        if (std::string wrong = follow(program, static_cast<ActorId>(step.value), bound); !wrong.empty()) return wrong;
    }
    return "";
}

// The slots that an actor touches from a step on, with all whom it forks there (they copy the table) and, if asked,
// all threads that it starts there.
Slots touched(const Program& program, ActorId actor, std::size_t from, bool with_threads) {
    Slots slots;
    const std::vector<Operation>& steps = program.actors[actor].steps;
    for (std::size_t s = from; s < steps.size(); ++s) {
        for (const Slot slot : steps[s].uses)
            if (slot < first_mailbox) slots.set(slot);
        for (const Slot slot : steps[s].makes)
            if (slot < first_mailbox) slots.set(slot);
        if (steps[s].verb == Verb::start && (with_threads || child_of(program, steps[s]).kind == ActorKind::forked))
            slots |= touched(program, static_cast<ActorId>(steps[s].value), 0, true);
    }
    return slots;
}

Slots made_from(const Program& program, ActorId actor, std::size_t from) {
    Slots slots;
    for (std::size_t s = from; s < program.actors[actor].steps.size(); ++s)
        for (const Slot slot : program.actors[actor].steps[s].makes)
            if (slot < first_mailbox) slots.set(slot);
    return slots;
}

// All that an actor and the threads below it make after a step.
Slots made_below(const Program& program, ActorId actor) {
    Slots slots = made_from(program, actor, 0);
    for (const Operation& step : program.actors[actor].steps)
        if (step.verb == Verb::start && child_of(program, step).kind == ActorKind::thread)
            slots |= made_below(program, static_cast<ActorId>(step.value));
    return slots;
}

// From the step that starts a thread, the starter's line and the thread's run at once, as do those of two threads: what
// one of them makes the other must not touch. Checked at each start; a later start sees the earlier threads too.
// exec(2) destroys the other threads of its process, so it is for processes that have none.
std::string clash_at_starts(const Program& program, ActorId actor) {
    const std::vector<Operation>& steps = program.actors[actor].steps;
    Slots made_by_threads, touched_by_threads;  // of those that this actor has started so far
    bool has_threads = program.actors[actor].kind == ActorKind::thread;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        if (steps[s].verb == Verb::exec && has_threads)
            return describe_step(program, actor, s) + "replaces a process that has threads";
        if (steps[s].verb != Verb::start || child_of(program, steps[s]).kind != ActorKind::thread) continue;
        const auto thread = static_cast<ActorId>(steps[s].value);
        const Slots made_here = made_below(program, thread), touched_here = touched(program, thread, 0, true);
        const Slots later_made = made_from(program, actor, s + 1),
                    later_touched = touched(program, actor, s + 1, false);
        if ((made_here & (later_touched | touched_by_threads)).any() ||
            ((later_made | made_by_threads) & touched_here).any())
            return describe_step(program, actor, s) +
                   "starts a thread while one of its process makes a slot that another uses";
        has_threads = true;
        made_by_threads |= made_here;
        touched_by_threads |= touched_here;
    }
    return "";
}

}  // namespace

std::string describe_step(const Program& program, ActorId actor, std::size_t step) {
    const Verb verb = program.actors[actor].steps[step].verb;
    std::string text = "actor " + std::to_string(actor) + ", step " + std::to_string(step);
    if (static_cast<std::size_t>(verb) < verb_count) text.append(" (").append(sheet_of(verb).name).append(")");
    return text + ": ";
}

std::string wrong_with_slot_lives(const Program& program) {
    for (std::size_t a = 0; a < program.actors.size(); ++a) {
        const Actor& actor = program.actors[a];
        if (std::string wrong = clash_at_starts(program, static_cast<ActorId>(a)); !wrong.empty()) return wrong;
        if (actor.kind != ActorKind::pooled) continue;
        Slots bound;
        for (const Slot slot : actor.holds) bound.set(slot);
        if (std::string wrong = follow(program, static_cast<ActorId>(a), bound); !wrong.empty()) return wrong;
    }
    return "";
}

}  // namespace crosstalk
