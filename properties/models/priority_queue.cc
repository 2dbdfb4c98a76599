// The priority queue: states, and the steps of every act. Opening, removing, registering and closing are in
// priority_queue_names.cc; what to say of an observation is in priority_queue_refusal.cc and _evidence.cc.
#include "properties/models/priority_queue.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk::priority_queue {
namespace {

bool times_out(const Operation& operation) { return operation.timeout_ns != forever; }
bool bad_time(const Operation& operation) { return (operation.flags & flag_unknown) != 0; }

}  // namespace

Model::Model(const Subject& subject, const Component& component)
    : subject_(subject),
      component_(component),
      sizes_(subject.queue_sizes(component.objects[0].id)),
      by_step_(component.flags.size(), false),
      access_(component.flags.size(), Access::both) {
    const ObjectId object = component.objects[0].id;
    for (const Actor& actor : subject.value->program.actors)
        for (const Operation& step : actor.steps)
            made_first_ = made_first_ && !(step.verb == Verb::create && step.object == object);
    for (const Act& act : component.acts) {
        processes_ = std::max<std::uint8_t>(processes_, static_cast<std::uint8_t>(act.process + 1));
        if (act.kind != ActKind::other || act.description == judging::none16) continue;
        if (act.verb != Verb::open && act.verb != Verb::create) continue;
        by_step_[act.description] = true;
        if (act.verb == Verb::open) access_[act.description] = static_cast<Access>(operation(act).value);
    }
}

State Model::initial() const {
    State state;
    if (made_first_) state.queues.emplace_back(), state.named = 0;
    state.flags = component_.flags;
    state.told.assign(processes_, 0);
    for (std::size_t d = 0; d < component_.flags.size(); ++d)
        state.opened.push_back(made_first_ && !by_step_[d] ? std::int8_t{0} : no_queue);
    return state;
}

const Queue* Model::queue_of(const State& state, const Act& act) const {
    const std::int8_t number = act.description == judging::none16 ? std::int8_t{0} : state.opened[act.description];
    return number < 0 ? nullptr : &state.queues[static_cast<std::size_t>(number)];
}
Queue* Model::queue_of(State& state, const Act& act) const {
    return const_cast<Queue*>(queue_of(std::as_const(state), act));
}
bool Model::unnamed(const State& state, const Act& act) const { return state.opened[act.description] != state.named; }

bool Model::nonblocking(const State& state, const Act& act) const {
    return (state.flags[act.description] & flag_nonblock) != 0;
}

// Also when it began: what is set while a call sleeps lets it sleep on.
bool Model::always_nonblocking(const State& state, const Act& act) const {
    return nonblocking(state, act) && std::ranges::none_of(component_.acts, [&](const Act& other) {
               return other.kind == ActKind::set_flags && other.description == act.description &&
                      other.ended > act.began;
           });
}

bool Model::only_looks(const Act& act) const {
    switch (act.kind) {
        case ActKind::look_available:
        case ActKind::look_poll: return true;
        case ActKind::write:
        case ActKind::read: return !act.open && act.full_calls == 0;
        case ActKind::other: return act.verb == Verb::nothing;
        default: return false;
    }
}

std::uint32_t Model::rank(const State&, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (act.kind == ActKind::read) return act.rank;
    if (act.kind == ActKind::write && act.asked != 0)
        return subject_.rank_of(act.actor, act.step, flight.calls * act.asked);
    return judging::unranked;
}

bool Model::moves_bytes(const Flight& flight) const {
    const ActKind kind = component_.acts[flight.act].kind;
    return kind == ActKind::write || kind == ActKind::read;
}

bool Model::may_step(const State& state, const Flight& flight, Latitude) const {
    if (flight.done) return false;
    const Act& act = component_.acts[flight.act];
    if (act.kind == ActKind::other && act.verb == Verb::signal) return (state.told[act.process] >> act.value & 1) != 0;
    if (act.kind != ActKind::write && act.kind != ActKind::read) return true;
    const Queue* queue = queue_of(state, act);
    if (queue == nullptr) return false;
    const bool waits = act.kind == ActKind::write ? full(*queue) : queue->messages.empty();
    return !waits || (!act.open && act.error != Errno::none);
}

bool Model::has_second(const State& state, const Flight& flight, Latitude latitude) const {
    const Act& act = component_.acts[flight.act];
    if (act.kind == ActKind::write) {
        const Queue* queue = queue_of(state, act);
        return queue != nullptr && queue->registered.process != nobody && queue->messages.empty() &&
               somebody_may_wait(state, act);
    }
    if (act.kind != ActKind::release || act.death) return false;
    const Queue* queue = queue_of(state, act);
    if (queue == nullptr || queue->registered.process != act.process) return false;
    return latitude.deviates || queue->registered.description == act.description;
}

// May a call that ended so be the next one of the step?
bool Model::may_end(const Flight& flight, const Act& act, Errno error) const {
    if (act.open) return error == Errno::none && !(act.asleep && flight.calls + 1 >= operation(act).times);
    if (flight.calls < act.full_calls) return error == Errno::none;
    return act.has_tail && error != Errno::none && error == act.error;
}

Step Model::end_call(Flight& flight, const Act& act, std::uint32_t how) const {
    flight.how |= how;
    ++flight.calls;
    if (act.open)
        flight.done = flight.calls >= operation(act).times;
    else
        flight.done = flight.calls > act.full_calls || (flight.calls == act.full_calls && !act.has_tail);
    return flight.done ? Step::done : Step::silent;
}

// A call that would have to wait now: how it may end without.
Step Model::wait(const State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const Operation& asked = operation(act);
    const auto ends_with = [&](Errno error, std::uint32_t how) {
        return may_end(flight, act, error) ? end_call(flight, act, how) : Step::no;
    };
    if (nonblocking(state, act)) {
        if (act.error == Errno::EINVAL_ && bad_time(asked) && latitude.deviates)  // it would not have waited
            return ends_with(Errno::EINVAL_, how_deviates_time);
        return ends_with(Errno::EAGAIN_, how_again);
    }
    if (bad_time(asked)) return ends_with(Errno::EINVAL_, how_refused);
    if (act.error == Errno::ETIMEDOUT_ && times_out(asked)) return ends_with(Errno::ETIMEDOUT_, how_timed_out);
    if (act.error == Errno::EINTR_ && act.interrupted) return ends_with(Errno::EINTR_, how_interrupted);
    return Step::no;
}

// Somebody who sleeps in a receive gets the message, and nobody is told of it (mq_notify(3)). So it is where a sleeping
// send follows a receive that made room for it: the queue was not seen empty in between.
bool Model::somebody_may_wait(const State& state, const Act& send) const {
    for (const Flight& other : state.flights) {
        const Act& act = component_.acts[other.act];
        if (!other.done && act.kind == ActKind::read && act.object == send.object &&
            queue_of(state, act) == queue_of(state, send) && !always_nonblocking(state, act))
            return true;
    }
    return sizes_.messages == 1 && !always_nonblocking(state, send) &&
           std::ranges::any_of(component_.acts, [&](const Act& act) {
               return act.kind == ActKind::read && act.began < send.ended && send.began < act.ended;
           });
}

Step Model::step_send(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const {
    Queue* const queue = queue_of(state, act);
    if (queue == nullptr) return Step::no;
    if (full(*queue)) return wait(state, flight, act, latitude);
    if (bad_time(operation(act)) && act.error == Errno::EINVAL_ && latitude.deviates)
        return may_end(flight, act, Errno::EINVAL_) ? end_call(flight, act, how_deviates_time) : Step::no;
    if (!may_end(flight, act, Errno::none)) return Step::no;
    std::uint32_t how = how_nothing;
    Registration& registered = queue->registered;
    if (queue->messages.empty()) how |= how_into_empty;
    if (registered.process != nobody && variant == Variant::second) {
        how |= how_not_told | how_handed;
    } else if (registered.process != nobody && queue->messages.empty()) {
        how |= registered.signal == 0 ? how_silent : how_told;
        if (registered.signal != 0) state.told[registered.process] |= 1u << registered.signal;
        registered = Registration();
    } else if (registered.process != nobody) {
        how |= how_not_told;
    }
    const Message message{act.actor, act.step, static_cast<std::uint32_t>(flight.calls * act.asked),
                          static_cast<std::uint32_t>(act.asked), static_cast<std::uint32_t>(act.value)};
    const auto behind =
        std::ranges::find_if(queue->messages, [&](const Message& other) { return other.priority < message.priority; });
    queue->messages.insert(behind, message);
    if (full(*queue)) how |= how_filled;
    if (unnamed(state, act)) how |= how_unlinked;
    return end_call(flight, act, how);
}

bool Model::is_message(const Act& act, const Message& message) const {
    if (act.open) return true;
    if (act.result != static_cast<std::int64_t>(message.length) ||
        act.value != static_cast<std::int64_t>(message.priority))
        return false;
    std::uint64_t at = 0;
    for (std::uint32_t r = 0; r < act.run_count; ++r) {
        const Run& run = subject_.history->runs[act.first_run + r];
        const std::uint64_t length = std::min<std::uint64_t>(run.length, message.length - at);
        if (!subject_.may_be(run, 0, message.actor, message.step, message.offset + at, length)) return false;
        at += length;
    }
    return at == message.length || subject_.history->events[act.event].truncated;
}

Step Model::step_receive(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Queue* const queue = queue_of(state, act);
    if (queue == nullptr) return Step::no;
    if (queue->messages.empty()) return wait(state, flight, act, latitude);
    if (bad_time(operation(act)) && act.error == Errno::EINVAL_ && latitude.deviates)
        return may_end(flight, act, Errno::EINVAL_) ? end_call(flight, act, how_deviates_time) : Step::no;
    const Message next = queue->messages.front();
    if (!may_end(flight, act, Errno::none) || !is_message(act, next)) return Step::no;
    std::uint32_t how = full(*queue) ? how_from_full : how_nothing;
    queue->messages.erase(queue->messages.begin());
    if (!queue->messages.empty())
        how |= queue->messages.front().priority == next.priority ? how_passed_equal : how_passed_lower;
    if (unnamed(state, act)) how |= how_unlinked;
    if (nonblocking(state, act)) how |= how_nonblocking;
    return end_call(flight, act, how);
}

std::int64_t Model::poll_bits(const State& state, const Act& act) const {
    const Queue* queue = queue_of(state, act);
    if (queue == nullptr) return 0;
    std::int64_t bits = 0;
    if (!queue->messages.empty()) bits |= act.value & poll_in;
    if (!full(*queue)) bits |= act.value & poll_out;
    return subject_.told(act, bits);
}

// Of what a descriptor is not open for poll may say either: a transfer would not wait there, but fail.
std::int64_t Model::open_bits(const Act& act) const {
    const Access access = access_[act.description];
    return access == Access::read ? poll_out : access == Access::write ? poll_in : 0;
}

Step Model::step_look(const State& state, Flight& flight, const Act& act) const {
    const Queue* queue = queue_of(state, act);
    if (act.open || queue == nullptr) return Step::no;
    if (act.kind == ActKind::look_poll) {
        if (((poll_bits(state, act) ^ act.result) & ~open_bits(act)) != 0) return Step::no;
    } else {
        const bool shows_flags = act.description != judging::none16;
        if (act.result != static_cast<std::int64_t>(queue->messages.size())) return Step::no;
        if (shows_flags && act.value != (state.flags[act.description] & flag_nonblock)) return Step::no;
    }
    if (full(*queue)) flight.how |= how_filled;
    if (queue->messages.empty()) flight.how |= how_into_empty;
    flight.done = true;
    return Step::done;
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    switch (act.kind) {
        case ActKind::write: return step_send(state, flight, act, latitude, variant);
        case ActKind::read: return step_receive(state, flight, act, latitude);
        case ActKind::release: return step_release(state, flight, act, latitude, variant);
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            return flight.done = true, Step::done;
        case ActKind::other: break;
        default: return step_look(state, flight, act);
    }
    switch (act.verb) {
        case Verb::unlink: return step_unlink(state, flight, act);
        case Verb::mq_notify: return step_notify(state, flight, act);
        case Verb::signal:  // somebody is told of what has arrived
            if (!may_step(state, flight, latitude)) return Step::no;
            state.told[act.process] &= ~(1u << act.value);
            return flight.done = true, Step::done;
        case Verb::nothing:  // a moment at which its process has nothing pending
            if (state.told[act.process] >> act.value & 1) return Step::no;
            return flight.done = true, Step::done;
        default: return step_open(state, flight, act);
    }
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude) const {
    const Act& act = component_.acts[flight.act];
    const Queue* queue = queue_of(state, act);
    if (queue == nullptr) return no_clause;
    switch (act.kind) {
        case ActKind::read:
            if (!queue->messages.empty()) return unnamed(state, act) ? clause("MQ-LIFE-6") : clause("MQ-LIVE-1");
            return always_nonblocking(state, act) ? clause("MQ-RECV-3") : no_clause;
        case ActKind::write:
            if (!full(*queue)) return unnamed(state, act) ? clause("MQ-LIFE-6") : clause("MQ-LIVE-1");
            return always_nonblocking(state, act) ? clause("MQ-SEND-4") : no_clause;
        case ActKind::look_poll: return (poll_bits(state, act) & ~open_bits(act)) != 0 ? clause("RDY-7") : no_clause;
        default: return no_clause;
    }
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15ull;
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 32;
    };
    for (const Queue& queue : state.queues) {
        mix(queue.registered.process | std::uint64_t{queue.registered.signal} << 8 |
            std::uint64_t{queue.registered.slot} << 16 | std::uint64_t{queue.registered.description} << 24);
        for (const Message& message : queue.messages)
            mix(message.actor | std::uint64_t{message.step} << 8 | std::uint64_t{message.offset} << 24);
        mix(queue.messages.size() + 1);
    }
    mix(static_cast<std::uint64_t>(state.named));
    for (const std::int8_t queue : state.opened) mix(static_cast<std::uint64_t>(queue));
    for (const std::uint16_t flags : state.flags) mix(flags);
    for (const std::uint32_t told : state.told) mix(told);
    for (const Flight& flight : state.flights)
        mix(flight.act * 2ull + flight.done + (std::uint64_t{flight.calls} << 44));
    return hash;
}

}  // namespace crosstalk::priority_queue
