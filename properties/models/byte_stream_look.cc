// The byte stream: resizing a pipe and looking at it.
#include <algorithm>
#include <bit>

#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {

Step Model::step_capacity(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Pipe& pipe = state.pipes[act.object];
    const auto asked = static_cast<std::uint32_t>(act.value);  // fcntl(2): an int
    const std::uint64_t bytes =
        asked > (1u << 31) ? 0 : std::bit_ceil(std::max<std::uint64_t>(asked, subject_.page_bytes));
    const std::uint64_t slots = bytes / subject_.page_bytes;
    const bool grows = slots > pipe.max_slots;
    // fcntl(2): the buffer space in use, which is pages or bytes.
    const bool busy = latitude.by_bytes ? bytes < pipe.bytes : slots < pipe.slots.size();
    Errno error = Errno::none;
    if (act.open && (slots == 0 || busy || (grows && bytes > subject_.pipe_max_bytes))) return Step::no;
    if (slots == 0)
        error = Errno::EINVAL_;
    else if (grows && bytes > subject_.pipe_max_bytes && !subject_.may_exceed_limits)
        error = Errno::EPERM_;
    else if (grows && act.error == Errno::EPERM_ && subject_.growth_may_fail)
        error = Errno::EPERM_;
    else if (busy)
        error = Errno::EBUSY_;
    if (act.error != error || (error == Errno::none && !act.open && act.result != static_cast<std::int64_t>(bytes)))
        return Step::no;
    flight.done = true;
    if (error == Errno::EBUSY_)
        flight.how |= how_busy;
    else if (error != Errno::none)
        flight.how |= how_refused;
    else {
        flight.how |= (grows                    ? how_grew
                       : slots < pipe.max_slots ? how_shrank
                                                : how_nothing) |
                      (pipe.bytes ? how_kept_bytes : how_nothing);
        pipe.max_slots = static_cast<std::uint32_t>(slots);
    }
    return Step::done;
}

std::int64_t Model::poll_bits(const State& state, const Act& act, Latitude latitude) const {
    const Pipe& pipe = state.pipes[act.object];
    std::int64_t bits = 0;
    if (act.end != 1) {
        if (!pipe.slots.empty()) bits |= act.value & poll_in;
        // Who opened a FIFO when nobody wrote is told of the end of writers only after there were some.
        const std::uint32_t heard = act.description < state.heard.size() ? state.heard[act.description] : 0;
        if (pipe.writers == 0 && heard != 1 + pipe.opens[1]) bits |= poll_hup;
    }
    if (act.end != 0) {
        const bool ready = latitude.by_bytes ? room(pipe) >= subject_.pipe_buf : !pipe.full();
        if (ready) bits |= act.value & poll_out;
        if (pipe.readers == 0) bits |= poll_err;
    }
    return subject_.told(act, bits);
}

// By the calls' intervals: when in its own a poll looked, nobody knows.
bool Model::transfers_beside(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& other) {
        return other.kind <= ActKind::tee && (other.object == act.object || other.to_object == act.object) &&
               other.began < act.ended && act.began < other.ended;
    });
}

Step Model::step_look(const State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const Pipe& pipe = state.pipes[act.object];
    std::int64_t there = 0;
    switch (act.kind) {
        case ActKind::look_capacity: there = static_cast<std::int64_t>(pipe.max_slots * subject_.page_bytes); break;
        case ActKind::look_available: there = static_cast<std::int64_t>(pipe.bytes); break;
        case ActKind::look_flags: there = state.flags[act.description] & act.value; break;
        default:
            if (act.open) return Step::no;
            there = poll_bits(state, act, latitude);
            if (latitude.by_bytes && room(pipe) > 0 && room(pipe) < subject_.pipe_buf && act.end == 1)
                there |= act.result & act.value & poll_out;  // for less than PIPE_BUF bytes it may say so or not
            // poll takes no lock: a transfer that goes on beside it shows page by page, so that what was there or free
            // for a moment may be reported (XSH poll promises nothing about a changing object).
            if ((latitude.deviates || latitude.differs) && (act.result & ~there & ~(poll_in | poll_out)) == 0 &&
                (act.result & there) == there && transfers_beside(act)) {
                flight.done = true;
                return Step::done;
            }
    }
    if (there != act.result) return Step::no;
    if (pipe.bytes) flight.how |= how_kept_bytes;
    if (act.kind == ActKind::look_poll && act.end == 0 && pipe.writers == 0) flight.how |= how_end;
    flight.done = true;
    return Step::done;
}

}  // namespace crosstalk::byte_stream
