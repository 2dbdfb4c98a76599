// The priority queue: opening and removing by name, registering, and what closing takes away.
#include <algorithm>

#include "properties/models/priority_queue.h"

namespace crosstalk::priority_queue {

// Are the sizes that this name's queues are made with those of a queue? mq_open(3), ERRORS EINVAL.
Model::Sizes Model::asked_sizes() const {
    const Asked& asked = subject_.value->program.objects[component_.objects[0].id].asked;
    if (asked.records == 0 && asked.record_bytes == 0) return Sizes::right;
    if (asked.records == 0 || asked.record_bytes == 0) return Sizes::wrong;
    const judging::QueueSizes most = subject_.queue_most;
    if (most.messages == 0 || most.bytes == 0) return Sizes::unknown;
    if (asked.records <= most.messages && asked.record_bytes <= most.bytes) return Sizes::right;
    return subject_.may_exceed_limits ? Sizes::unknown : Sizes::wrong;
}

Step Model::step_open(State& state, Flight& flight, const Act& act) const {
    const auto ends_with = [&](Errno error, std::uint32_t how) {
        if (!act.open && act.error != error) return Step::no;
        flight.how |= how;
        flight.done = true;
        return Step::done;
    };
    const bool creates = (act.value & flag_create) != 0;
    if (state.named != no_queue) {
        if (creates && (act.value & flag_exclusive)) return ends_with(Errno::EEXIST_, how_refused);
        const bool holds_some = !state.queues[static_cast<std::size_t>(state.named)].messages.empty();
        const Step ended = ends_with(Errno::none, holds_some ? how_found_messages : how_nothing);
        if (ended == Step::done && act.description != judging::none16) state.opened[act.description] = state.named;
        return ended;
    }
    if (!creates) return ends_with(Errno::ENOENT_, how_refused);
    const Sizes sizes = asked_sizes();
    if (sizes == Sizes::wrong || (sizes == Sizes::unknown && act.error == Errno::EINVAL_))
        return ends_with(Errno::EINVAL_, how_refused);
    const Step ended = ends_with(Errno::none, how_made | (state.queues.empty() ? how_nothing : how_made_again));
    if (ended == Step::no) return ended;
    state.named = static_cast<std::int8_t>(state.queues.size());
    state.queues.emplace_back();
    if (act.description != judging::none16) state.opened[act.description] = state.named;
    return ended;
}

Step Model::step_unlink(State& state, Flight& flight, const Act& act) const {
    const Errno error = state.named == no_queue ? Errno::ENOENT_ : Errno::none;
    if (!act.open && act.error != error) return Step::no;
    flight.how |= error == Errno::none ? how_nothing : how_refused;
    state.named = no_queue;
    flight.done = true;
    return Step::done;
}

Step Model::step_notify(State& state, Flight& flight, const Act& act) const {
    Queue* const queue = queue_of(state, act);
    if (queue == nullptr) return Step::no;
    Registration& registered = queue->registered;
    const auto ends = [&](std::uint32_t how) {
        flight.how |= how;
        flight.done = true;
        return Step::done;
    };
    if (act.value == 0) {
        const bool mine = registered.process == act.process;
        // mq_notify(3): POSIX.1-2008 allows EINVAL to who is not registered.
        if (!act.open && act.error != Errno::none && (mine || act.error != Errno::EINVAL_)) return Step::no;
        const bool others = !mine && registered.process != nobody;
        if (mine) registered = Registration();
        return ends(mine ? how_freed : others ? how_refused : how_nothing);
    }
    const bool taken = registered.process != nobody;
    if (!act.open && act.error != (taken ? Errno::EBUSY_ : Errno::none)) return Step::no;
    if (taken) return ends(how_refused);
    const bool silent = (operation(act).flags & flag_ignore) != 0;
    registered = {act.process, static_cast<std::uint8_t>(silent ? 0 : act.value), operation(act).uses[0],
                  act.description};
    const std::uint32_t again = queue->had_registration ? how_made_again : how_nothing;
    queue->had_registration = true;
    return ends(how_registered | again);
}

// mq_close(3): closing the descriptor by which its process registered takes the registration away. Of copies of that
// descriptor documents say nothing, so their closing may do so too; closing another descriptor of that queue must not.
Step Model::step_release(State& state, Flight& flight, const Act& act, Latitude, Variant variant) const {
    flight.done = true;
    const auto stays = [&](const Queue& queue) {
        return queue.registered.process != nobody && queue.registered.process != act.process;
    };
    if (act.death) {
        for (Queue& queue : state.queues) {
            if (stays(queue)) flight.how |= how_registered;
            if (queue.registered.process == act.process) queue.registered = Registration(), flight.how |= how_freed;
        }
        for (Flight& other : state.flights) {  // what its process had in flight ends before its descriptors go
            const Act& theirs = component_.acts[other.act];
            if (theirs.open && theirs.process == act.process && theirs.kind != ActKind::release) other.done = true;
        }
        return Step::done;
    }
    Queue* const queue = queue_of(state, act);
    if (queue != nullptr && stays(*queue)) flight.how |= how_registered;
    if (queue == nullptr || queue->registered.process != act.process || act.verb == Verb::receive) return Step::done;
    Registration& registered = queue->registered;
    const Operation& closing = operation(act);
    const Slot slot = act.verb == Verb::dup ? closing.makes[0] : closing.uses[0];
    const bool itself = act.verb != Verb::exec && slot == registered.slot;
    const bool copy = !itself && registered.description == act.description;
    if (!itself && copy == (variant == Variant::second)) return Step::done;  // it stays
    flight.how |= how_freed | (itself || copy ? how_nothing : how_deviates_close);
    registered = Registration();
    return Step::done;
}

}  // namespace crosstalk::priority_queue
