// Wrong answers: counts, errors, looks and signals are changed at a place drawn at random, and when calls came or went.
// Whether the mutant is illegal is not known here: another order of overlapping calls may explain it.
#pragma once

#include "mechanisms/payload.h"
#include "properties/tests/mutants_of_bytes.h"

namespace crosstalk::mutants {

template <int by>
bool counts_by(const Case& value, History& history, Random& random) {
    Event* const event = any_call(history, random, [](const Event& each) {
        return moves(each) && each.error == Errno::none && each.result + by >= 0;
    });
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    if (!runs.empty()) {  // so many bytes were received, too
        if (by < 0 && runs.back().length == 1)
            runs.pop_back();
        else
            runs.back().length += static_cast<std::uint32_t>(by);
        return receives(value, history, *event, runs);
    }
    return says(operation_of(value, *event), *event, event->result + by);
}

inline bool changes_errno(const Case&, History& history, Random& random) {
    static constexpr Errno others[] = {Errno::EAGAIN_, Errno::EPIPE_, Errno::EINTR_, Errno::EBADF_, Errno::EINVAL_,
                                       Errno::EFAULT_, Errno::EBUSY_, Errno::EPERM_, Errno::EMFILE_};
    Event* const event = any_call(history, random, [](const Event& each) { return each.error != Errno::none; });
    if (!event) return false;
    const Errno other = others[random() % std::size(others)];
    if (other == event->error) return false;
    event->error = other;
    return true;
}

inline bool says_again(const Case& value, History& history, Random& random) {
    Event* const event = any_call(
        history, random, [](const Event& each) { return moves(each) && each.error == Errno::none && each.result > 0; });
    return event && says(operation_of(value, *event), *event, 0, Errno::EAGAIN_);
}

inline bool says_all(const Case& value, History& history, Random& random, Errno instead_of) {
    Event* const event = any_call(history, random, [&](const Event& each) {
        return moves(each) && each.error == instead_of && operation_of(value, each).buffer.bytes <= max_stream_bytes;
    });
    if (!event) return false;
    const Operation& operation = operation_of(value, *event);
    const std::int64_t before = std::max<std::int64_t>(event->result, 0);
    if (!receives(*event)) return says(operation, *event, before + static_cast<std::int64_t>(operation.buffer.bytes));
    Runs runs = runs_of(history, *event);
    const Run more = phantom(value, operation.buffer.bytes, random);
    if (more.length == 0) return false;
    runs.push_back(more);
    return receives(value, history, *event, runs);
}
inline bool denies_again(const Case& value, History& history, Random& random) {
    return says_all(value, history, random, Errno::EAGAIN_);
}
inline bool denies_broken_pipe(const Case& value, History& history, Random& random) {
    return says_all(value, history, random, Errno::EPIPE_);
}

inline bool ends_early(const Case& value, History& history, Random& random) {
    Event* const event =
        any_call(history, random, [](const Event& each) { return receives(each) && each.result != 0; });
    return event && says(operation_of(value, *event), *event, 0);
}

inline bool ends_late(const Case& value, History& history, Random& random) {
    Event* const event = any_call(history, random, [&](const Event& each) {
        return receives(each) && each.result == 0 && operation_of(value, each).buffer.bytes != 0;
    });
    return event && says(operation_of(value, *event), *event, 0, Errno::EAGAIN_);
}

// --- who sleeps, and when things were

inline Stamp calm_of(const History& history) {
    for (const Event& event : history.events)
        if (event.kind == EventKind::asleep) return event.began;
    return 0;
}

// The leader found something else in the pipe of a sleeper than what lets it sleep.
inline bool finds_other_bytes(const Case&, History& history, Random& random) {
    const Stamp calm = calm_of(history);
    Event* const event = any_event(history, random, [&](const Event& each) {
        return calm != 0 && each.kind == EventKind::probe && each.began >= calm && each.result >= 0 &&
               each.object != leaked_descriptors;
    });
    if (!event) return false;
    event->result = event->result == 0 ? 1 + static_cast<std::int64_t>(random() % 4096) : 0;
    return true;
}

// An actor's last call is asleep instead.
inline bool never_returns(const Case&, History& history, Random& random) {
    Stamp calm = calm_of(history), last = 0;
    for (const Event& event : history.events)
        if (event.kind != EventKind::probe) last = std::max({last, event.began, event.ended});
    if (calm == 0) calm = last + 1;
    if (calm <= last && calm_of(history) == 0) return false;
    Event* const event = any_call(history, random, [&](const Event& each) {
        return sheet_of(each.verb).may_sleep && std::ranges::none_of(history.events, [&](const Event& other) {
                   return other.actor == each.actor && (other.kind == EventKind::death || other.began > each.ended) &&
                          other.kind != EventKind::probe;
               });
    });
    if (!event) return false;
    event->ended = 0, event->result = 0, event->error = Errno::none, event->times = 0, event->run_count = 0;
    Event asleep;
    asleep.kind = EventKind::asleep, asleep.actor = event->actor, asleep.step = event->step;
    asleep.began = asleep.ended = calm;
    history.events.insert(std::ranges::upper_bound(history.events, calm, {}, &Event::began), asleep);
    history.ending = Ending::calm;
    return true;
}

// Of two calls that overlapped, one returned before the other was called.
inline bool orders_falsely(const Case&, History& history, Random& random) {
    Event* const first = any_call(history, random, [](const Event&) { return true; });
    if (!first) return false;
    Event* const second = any_call(history, random, [&](const Event& each) {
        return each.actor != first->actor && each.began > first->began && each.began < first->ended &&
               each.ended > first->ended;
    });
    if (!second) return false;
    std::swap(first->ended, second->began);
    std::ranges::stable_sort(history.events, {}, &Event::began);
    return true;
}

// --- what looks and signals tell

template <Verb verb, Verb or_verb = verb>
Event* any_good(History& history, Random& random) {
    return any_call(history, random, [](const Event& each) {
        return (each.verb == verb || each.verb == or_verb) && each.error == Errno::none;
    });
}

inline bool misstates_capacity(const Case&, History& history, Random& random) {
    if (random() % 2 == 0) {  // as the leader read it back at the start
        Event* const probe = any_event(history, random, [](const Event& each) {
            return each.kind == EventKind::probe && each.value > 4096 && each.object != leaked_descriptors;
        });
        if (!probe) return false;
        probe->value /= 2;
        return true;
    }
    Event* const event = any_good<Verb::get_capacity, Verb::set_capacity>(history, random);
    if (!event) return false;
    event->result = random() % 2 == 0 ? event->result * 2 : event->result / 2;
    return true;
}

inline bool misstates_unread(const Case&, History& history, Random& random) {
    Event* const event = any_good<Verb::available>(history, random);
    if (!event) return false;
    event->result = event->result > 0 && random() % 2 == 0 ? event->result - 1 : event->result + 1;
    return true;
}

inline bool flips_poll_bit(const Case& value, History& history, Random& random) {
    static constexpr std::int64_t bits[] = {poll_in, poll_out, poll_err, poll_hup};
    Event* const event = any_good<Verb::poll>(history, random);
    if (!event) return false;
    const auto& uses = operation_of(value, *event).uses;
    const auto asked = static_cast<std::uint64_t>(std::ranges::count_if(uses, [](Slot s) { return s != no_slot; }));
    if (asked == 0) return false;
    event->value ^= bits[random() % std::size(bits)] << (16 * (random() % asked));
    event->result = 0;
    for (int slot = 0; slot < 4; ++slot) event->result += (event->value >> (16 * slot) & 0xffff) != 0;
    return true;
}

inline bool flips_flag(const Case&, History& history, Random& random) {
    static constexpr std::int64_t bits[] = {flag_nonblock, flag_direct, flag_async, flag_cloexec, flag_writable};
    Event* const event = any_good<Verb::get_flags>(history, random);
    if (!event) return false;
    event->result ^= bits[random() % std::size(bits)];
    return true;
}

inline bool removes_signal(const Case&, History& history, Random& random) {
    Event* const event = any_event(history, random, [](const Event& each) { return each.kind == EventKind::signal; });
    if (!event) return false;
    history.events.erase(history.events.begin() + (event - history.events.data()));
    return true;
}

}  // namespace crosstalk::mutants
