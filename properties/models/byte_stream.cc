// The byte stream: states, and the steps of writing, releasing, resizing and looking. Reading and moving between pipes
// are in byte_stream_read.cc, resizing and looking in byte_stream_look.cc; what to say when nothing explains an
// observation is in byte_stream_refusal.cc. The order of checks is that of the documents: dead peer first, then room.
#include "properties/models/byte_stream.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk::byte_stream {

State Model::initial() const {
    State state;
    for (const auto& facts : component_.pipes) {
        Pipe pipe;
        pipe.max_slots = facts.slots, pipe.readers = facts.readers, pipe.writers = facts.writers;
        state.pipes.push_back(pipe);
    }
    state.flags = component_.flags;
    return state;
}

bool Model::sleeps(const State& state, const Act& act) const {
    if (act.never_sleeps) return false;
    if (act.kind == ActKind::vmsplice) return true;  // vmsplice(2): only SPLICE_F_NONBLOCK counts
    if (state.flags[act.description] & flag_nonblock) return false;
    return act.to_description == judging::none16 || !(state.flags[act.to_description] & flag_nonblock);
}

bool Model::only_looks(const Act& act) const {
    switch (act.kind) {
        case ActKind::look_capacity:
        case ActKind::look_available:
        case ActKind::look_flags:
        case ActKind::look_poll: return true;
        case ActKind::write:
        case ActKind::read:
        case ActKind::vmsplice:
        case ActKind::splice:
        case ActKind::tee: return !act.open && act.full_calls == 0 && act.tail == 0;
        default: return false;
    }
}

bool Model::may_step(const State& state, const Flight& flight) const {
    if (flight.done) return false;
    const Act& act = component_.acts[flight.act];
    const auto waits = [&](bool ready) { return ready || !act.open || act.must_fail_epipe; };
    switch (act.kind) {
        case ActKind::write: {
            const Pipe& pipe = state.pipes[act.pipe];
            return !flight.slept || !pipe.full() || pipe.readers == 0 || act.interrupted || act.restarted;
        }
        case ActKind::read: {
            const Pipe& pipe = state.pipes[act.pipe];
            return pipe.bytes != 0 || pipe.writers == 0 || waits(false);
        }
        default: return true;
    }
}

bool Model::has_second(const State& state, const Flight& flight) const {
    // A restarted write enters anew, and may join the last slot again; or it was not restarted in between.
    const Act& act = component_.acts[flight.act];
    return act.kind == ActKind::write && act.restarted && flight.slept && flight.moved == 0 &&
           !state.pipes[act.pipe].full();
}

// May a call that moved this much and then said this be the next one of the step?
bool Model::may_end(const Flight& flight, const Act& act, std::uint64_t moved, Errno error) const {
    if (act.must_fail_epipe) return error == Errno::EPIPE_ || (moved == act.asked && error == Errno::none);
    if (act.open) return !(act.asleep && flight.calls + 1 >= subject_.operation(act).times);
    if (flight.calls < act.full_calls) return moved == act.asked && error == Errno::none;
    return act.has_tail && moved == act.tail && (moved > 0 || error == act.error) && moved != act.asked;
}

Step Model::end_call(Flight& flight, const Act& act, std::uint64_t moved, Errno error, std::uint32_t how) const {
    flight.how |= how;
    flight.total += moved;
    flight.moved = 0;
    flight.slept = false;
    ++flight.calls;
    if (act.open) {
        flight.done = (error != Errno::none && act.must_fail_epipe) || moved != act.asked ||
                      flight.calls >= subject_.operation(act).times;
    } else {
        flight.done = flight.calls > act.full_calls || (flight.calls == act.full_calls && !act.has_tail);
    }
    return flight.done ? Step::done : Step::silent;
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    switch (act.kind) {
        case ActKind::write: return step_write(state, flight, act, latitude, variant);
        case ActKind::read: return step_read(state, flight, act);
        case ActKind::vmsplice: return step_vmsplice(state, flight, act);
        case ActKind::splice:
        case ActKind::tee: return step_splice(state, flight, act, latitude);
        case ActKind::release: return step_release(state, flight, act);
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            flight.done = true;
            return Step::done;
        case ActKind::set_capacity: return step_capacity(state, flight, act);
        default: return step_look(state, flight, act, latitude);
    }
}

// A write that can place nothing more now: does it end with what it has?
Step Model::stop_writing(const State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const Pipe& pipe = state.pipes[act.pipe];
    if (!sleeps(state, act)) {
        const Errno error = flight.moved == 0 ? Errno::EAGAIN_ : Errno::none;
        if (!may_end(flight, act, flight.moved, error)) return Step::no;
        std::uint32_t how = flight.moved == 0 ? how_again : how_short;
        if (flight.moved == 0) {  // pipe(7): EAGAIN only where there is no room, and room is bytes there
            const std::uint64_t capacity = pipe.max_slots * subject_.page_bytes;
            const std::uint64_t wanted = act.asked <= subject_.pipe_buf ? act.asked : 1;
            if (pipe.bytes + wanted <= capacity) {
                if (latitude == Latitude::strict) return Step::no;
                how |= how_deviates_room;
            }
        }
        return end_call(flight, act, flight.moved, error, how);
    }
    if (act.interrupted || act.restarted) {
        const Errno error = flight.moved == 0 ? Errno::EINTR_ : Errno::none;
        if ((flight.moved > 0 || act.interrupted) && !act.open && flight.calls == act.full_calls &&
            may_end(flight, act, flight.moved, error))
            return end_call(flight, act, flight.moved, error, how_interrupted);
    }
    return Step::no;
}

Step Model::step_write(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const {
    Pipe& pipe = state.pipes[act.pipe];
    if (act.asked == 0) {  // returns 0 without looking at anything, also full or without reader
        return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_zero) : Step::no;
    }
    if (pipe.readers == 0) {
        const Errno error = flight.moved == 0 || act.must_fail_epipe ? Errno::EPIPE_ : Errno::none;
        if (!may_end(flight, act, flight.moved, error)) return Step::no;
        return end_call(flight, act, flight.moved, error, flight.moved == 0 ? how_epipe : how_cut_by_close);
    }
    const bool fresh = !flight.slept || variant == Variant::second;
    const std::uint64_t mapped = act.mapped > flight.moved ? act.mapped - flight.moved : 0;
    const Placement placement = plan_write(pipe, act.asked - flight.moved, mapped, fresh, subject_.page_bytes);
    const std::uint64_t moved = flight.moved + placement.total();
    const bool packet = state.flags[act.description] & flag_direct;

    std::uint32_t how = placement.merged ? how_merged : how_nothing;
    if (pipe.bytes == 0) how |= how_from_empty;
    if (packet) how |= how_packet;
    if (!sleeps(state, act)) how |= how_nonblocking;
    if (packet && placement.merged) {
        if (latitude == Latitude::strict) return Step::no;
        how |= how_deviates_packet;  // pipe(2): each write is a packet of its own
    }
    if (!pipe.pieces.empty() && pipe.pieces.back().actor != act.actor) how |= how_several_writers;

    const auto put = [&] {
        place(pipe, {act.actor, act.step}, flight.total + flight.moved, placement, packet, subject_.page_bytes);
        flight.moved = moved;
        flight.how |= how;
    };
    if (moved == act.asked || placement.faulted) {
        const Errno error = moved == 0 ? Errno::EFAULT_ : Errno::none;
        if (!may_end(flight, act, moved, error))
            return latitude == Latitude::differing ? place_anyway(state, flight, act) : Step::no;
        put();
        if (pipe.bytes == pipe.max_slots * subject_.page_bytes) how |= how_filled;
        return end_call(flight, act, moved, error, how | (placement.faulted ? how_faulted : how_nothing));
    }
    if (!sleeps(state, act) || act.interrupted || act.restarted) {
        const std::uint64_t before = flight.moved;
        flight.moved = moved;
        const Step stopped = stop_writing(state, flight, act, latitude);
        if (stopped != Step::no) {
            place(pipe, {act.actor, act.step}, flight.total - moved + before, placement, packet, subject_.page_bytes);
            flight.how |= how;
            return stopped;
        }
        flight.moved = before;
        if (!sleeps(state, act)) return latitude == Latitude::differing ? place_anyway(state, flight, act) : Step::no;
    }
    // It goes to sleep, or on sleeping: only if that can still end as observed.
    if (flight.slept && placement.total() == 0) return Step::no;
    if (!act.open && flight.calls == act.full_calls && moved > act.tail) return Step::no;
    put();
    flight.how |= how_slept;
    flight.slept = true;
    return Step::silent;
}

// What documents allow although page slots would not: as many bytes as were observed, if they fit by the byte.
Step Model::place_anyway(State& state, Flight& flight, const Act& act) const {
    Pipe& pipe = state.pipes[act.pipe];
    const std::uint64_t count = flight.calls < act.full_calls ? act.asked : act.tail;
    if (act.open || count == 0 || count > act.mapped || flight.moved != 0) return Step::no;
    if (count != act.asked && act.asked <= subject_.pipe_buf) return Step::no;
    if (count != act.asked && act.mapped >= act.asked) {  // XSH write: only these may be short, and not that short
        if (sleeps(state, act) && !act.interrupted && !act.restarted) return Step::no;
        if (pipe.bytes == 0 && count < subject_.pipe_buf) return Step::no;
    }
    if (pipe.bytes + count > pipe.max_slots * subject_.page_bytes || !may_end(flight, act, count, Errno::none))
        return Step::no;
    place(pipe, {act.actor, act.step}, flight.total, {.in_slots = count}, state.flags[act.description] & flag_direct,
          subject_.page_bytes);
    return end_call(flight, act, count, Errno::none, how_differs);
}

Step Model::step_release(State& state, Flight& flight, const Act& act) const {
    if (act.death) {  // what its process had in flight ends before its descriptors go
        for (Flight& other : state.flights) {
            const Act& theirs = component_.acts[other.act];
            if (!theirs.open || theirs.process != act.process || &other == &flight || theirs.kind == ActKind::release)
                continue;
            if (theirs.must_fail_epipe && !other.done) return Step::no;
        }
        for (Flight& other : state.flights) {
            const Act& theirs = component_.acts[other.act];
            if (theirs.open && theirs.process == act.process && theirs.kind != ActKind::release) other.done = true;
        }
    }
    Pipe& pipe = state.pipes[act.pipe];
    std::uint32_t& references = act.end == 0 ? pipe.readers : pipe.writers;
    references -= std::min(references, act.count);
    flight.how |= references == 0 ? how_end : how_nothing;
    flight.done = true;
    return Step::done;
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15ull;
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 32;
    };
    for (const Pipe& pipe : state.pipes) {
        mix(pipe.max_slots | std::uint64_t{pipe.readers} << 20 | std::uint64_t{pipe.writers} << 42);
        for (std::size_t i = 0; i < pipe.slots.size(); ++i) {
            const PageSlot& slot = pipe.slots[i];
            mix(slot.length | std::uint64_t{slot.page_end} << 32 | std::uint64_t{slot.merges} << 48 |
                std::uint64_t{slot.packet} << 49);
        }
        for (std::size_t i = 0; i < pipe.pieces.size(); ++i) {
            const Piece& piece = pipe.pieces[i];
            mix(piece.actor | std::uint64_t{piece.step} << 8 | std::uint64_t{piece.offset} << 24);
            mix(piece.length);
        }
    }
    for (const std::uint16_t flags : state.flags) mix(flags);
    for (const Flight& flight : state.flights)
        mix(flight.act * 4ull + flight.done * 2ull + flight.slept + (flight.moved << 24) +
            (std::uint64_t{flight.calls} << 44));
    return hash;
}

}  // namespace crosstalk::byte_stream
