// The byte stream: states, and the steps of writing, releasing, resizing and looking. Reading and moving between pipes
// are in byte_stream_read.cc, resizing and looking in byte_stream_look.cc; what to say when nothing explains an
// observation is in byte_stream_refusal.cc. The order of checks is that of the documents: dead peer first, then room.
#include "properties/models/byte_stream.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk::byte_stream {

Model::Model(const Subject& subject, const Component& component)
    : subject_(subject), component_(component), told_(what_receipts_tell()) {}

State Model::initial() const {
    State state;
    for (const auto& facts : component_.objects) {
        Pipe pipe;
        pipe.max_slots = facts.slots, pipe.readers = facts.readers, pipe.writers = facts.writers;
        if (facts.fresh_slots != 0 && pipe.readers == 0 && pipe.writers == 0) pipe.max_slots = facts.fresh_slots;
        state.pipes.push_back(pipe);
    }
    state.flags = component_.flags;
    if (std::ranges::any_of(component_.acts, [](const Act& act) { return act.verb == Verb::open; }))
        state.heard.assign(state.flags.size(), 0);
    return state;
}

bool Model::sleeps(const State& state, const Act& act) const {
    if (act.never_sleeps) return false;
    if (act.kind == ActKind::vmsplice) return true;  // vmsplice(2): only SPLICE_F_NONBLOCK counts
    if (state.flags[act.description] & flag_nonblock) return false;
    return act.to_description == judging::none16 || !(state.flags[act.to_description] & flag_nonblock);
}

std::uint32_t Model::rank(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    switch (act.kind) {
        case ActKind::write:
        case ActKind::vmsplice: return subject_.rank_of(act.actor, act.step, flight.total + flight.moved);
        case ActKind::read: return act.rank;
        case ActKind::splice: {
            const Queue<Piece>& pieces = state.pipes[act.object].pieces;
            if (pieces.empty()) return judging::unranked;
            return subject_.rank_of(pieces[0].actor, pieces[0].step, pieces[0].offset);
        }
        default: return judging::unranked;
    }
}

bool Model::moves_bytes(const Flight& flight) const { return component_.acts[flight.act].kind <= ActKind::tee; }

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

std::uint64_t Model::room(const Pipe& pipe) const {
    const std::uint64_t capacity = pipe.max_slots * subject_.page_bytes;
    return pipe.bytes < capacity ? capacity - pipe.bytes : 0;
}

bool Model::full(const Pipe& pipe, Latitude latitude) const {
    return latitude.by_bytes ? room(pipe) == 0 : pipe.full();
}

// It said that there was no room.
bool Model::was_refused(const Flight& flight, const Act& act) const {
    return !act.open && flight.calls == act.full_calls && act.tail == 0 && act.error == Errno::EAGAIN_;
}

// It may not sleep, there is no room, and it did not say so.
bool Model::never_fits(const State& state, const Flight& flight, const Act& act, Latitude latitude) const {
    const Pipe& pipe = state.pipes[act.object];
    if (act.open || act.asked == 0 || flight.moved != 0 || pipe.readers == 0 || latitude.differs) return false;
    if (sleeps(state, act) || was_refused(flight, act)) return false;
    const Placement placement = placement_of(pipe, flight, act, true, latitude);
    return placement.total() == 0 && !placement.faulted;
}

bool Model::may_step(const State& state, const Flight& flight, Latitude latitude) const {
    if (flight.done) return false;
    const Act& act = component_.acts[flight.act];
    const auto waits = [&](bool ready) { return ready || !act.open || act.must_fail_epipe; };
    switch (act.kind) {
        case ActKind::write: {
            const Pipe& pipe = state.pipes[act.object];
            const bool contradicted = full(pipe, latitude) ? never_fits(state, flight, act, latitude)
                                                           : !latitude.by_bytes && was_refused(flight, act);
            if (contradicted) return false;
            // Who set O_NONBLOCK meanwhile lets a sleeper that wakes in vain return.
            const bool by_the_byte = act.mapped < act.asked || act.asked <= std::min(subject_.pipe_buf, room(pipe));
            return !flight.slept || !full(pipe, latitude) || pipe.readers == 0 || act.interrupted || act.restarted ||
                   act.stopped || !sleeps(state, act) || (latitude.differs && by_the_byte);
        }
        case ActKind::read: {
            const Pipe& pipe = state.pipes[act.object];
            if (pipe.bytes == 0) return pipe.writers == 0 || pipe.front_empty() || waits(false);
            if (act.open || act.mapped < act.asked || act.asked == 0) return true;
            // It takes what is there, and stops early only behind a packet.
            const std::uint64_t seen = flight.calls < act.full_calls ? act.asked : act.tail;
            if (seen == act.asked || seen >= pipe.bytes) return seen <= pipe.bytes;
            for (std::size_t i = 0; i < pipe.slots.size(); ++i)
                if (pipe.slots[i].packet) return true;
            return false;
        }
        default: return true;
    }
}

bool Model::has_second(const State& state, const Flight& flight, Latitude latitude) const {
    const Act& act = component_.acts[flight.act];
    if (act.kind != ActKind::write || flight.moved != 0) return false;
    const Pipe& pipe = state.pipes[act.object];
    // A restarted write enters anew, and may join the last slot again; or it was not restarted in between.
    // So does one that was stopped and continued.
    if ((act.restarted || act.stopped) && flight.slept && !full(pipe, latitude)) return true;
    // A packet that joins what was written before it.
    const bool packet = state.flags[act.description] & flag_direct;
    if (latitude.deviates && packet && !pipe.slots.empty() && pipe.slots.back().merges) return true;
    // A small write for which there is room by the byte; a write that said how much it moved before it was killed; one
    // from a buffer with a gap, which need not join the last page first.
    if (!latitude.differs) return false;
    const bool fits = !latitude.by_bytes && pipe.full() && act.asked <= subject_.pipe_buf && room(pipe) >= act.asked &&
                      placement_of(pipe, flight, act, !flight.slept && !packet, latitude).total() < act.asked;
    return fits || (act.open && act.tail != 0) || act.mapped < act.asked;
}

// May a call that moved this much and then said this be the next one of the step?
bool Model::may_end(const Flight& flight, const Act& act, std::uint64_t moved, Errno error) const {
    if (act.must_fail_epipe) return error == Errno::EPIPE_ || (moved == act.asked && error == Errno::none);
    if (act.open) return !(act.asleep && flight.calls + 1 >= subject_.operation(act).times);
    // Nor may they all have ended in full and yet have moved more than they asked for.
    const bool more = !act.has_tail && act.tail != 0;
    if (flight.calls < act.full_calls) return moved == act.asked && error == Errno::none && !more;
    return act.has_tail && moved == act.tail && (moved > 0 || error == act.error) && moved != act.asked;
}

Step Model::end_call(Flight& flight, const Act& act, std::uint64_t moved, Errno error, std::uint32_t how) const {
    flight.how |= how;
    flight.total += moved;
    flight.moved = 0;
    flight.slept = flight.looked = false;
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
        case ActKind::write: {
            const Step taken = step_write(state, flight, act, latitude, variant);
            const bool has_gap = latitude.differs && act.mapped < act.asked;
            return taken == Step::no && has_gap ? place_anyway(state, flight, act) : taken;
        }
        case ActKind::read: return step_read(state, flight, act, latitude);
        case ActKind::vmsplice: return step_vmsplice(state, flight, act, latitude);
        case ActKind::splice:
        case ActKind::tee: return step_splice(state, flight, act, latitude);
        case ActKind::release: return step_release(state, flight, act);
        case ActKind::other: return step_open(state, flight, act);
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            flight.done = true;
            return Step::done;
        case ActKind::set_capacity: return step_capacity(state, flight, act, latitude);
        default: return step_look(state, flight, act, latitude);
    }
}

// A write that can place nothing more now: does it end with what it has?
Step Model::stop_writing(const State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const Pipe& pipe = state.pipes[act.object];
    if (!sleeps(state, act)) {
        const Errno error = flight.moved == 0 ? Errno::EAGAIN_ : Errno::none;
        if (!may_end(flight, act, flight.moved, error)) return Step::no;
        std::uint32_t how = flight.moved == 0 ? how_again : how_short;
        if (flight.moved == 0) {  // pipe(7): EAGAIN only where there is no room, and room is bytes there
            const std::uint64_t wanted = act.asked <= subject_.pipe_buf ? act.asked : 1;
            if (wanted <= room(pipe)) {
                if (!latitude.deviates) return Step::no;
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
    // XSH 2.4: the call goes on where it stood. Linux ends it with what it has.
    if (act.stopped && latitude.deviates && flight.moved > 0 && !act.open && flight.calls == act.full_calls &&
        may_end(flight, act, flight.moved, Errno::none))
        return end_call(flight, act, flight.moved, Errno::none, how_deviates_stop);
    return Step::no;
}

Step Model::step_write(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const {
    Pipe& pipe = state.pipes[act.object];
    if (act.asked == 0) {  // returns 0 without looking at anything, also full or without reader
        return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_zero) : Step::no;
    }
    if (pipe.readers == 0) {
        const Errno error = flight.moved == 0 || act.must_fail_epipe ? Errno::EPIPE_ : Errno::none;
        if (!may_end(flight, act, flight.moved, error)) return Step::no;
        return end_call(flight, act, flight.moved, error, flight.moved == 0 ? how_epipe : how_cut_by_close);
    }
    const bool packet = state.flags[act.description] & flag_direct, wide = latitude.differs;
    if (wide && variant == Variant::second && (pipe.full() || act.open || act.mapped < act.asked))
        if (const Step placed = place_anyway(state, flight, act); placed != Step::no) return placed;
    const bool fresh = variant == Variant::second || (!flight.slept && !packet);
    const Placement placement = placement_of(pipe, flight, act, fresh, latitude);
    const std::uint64_t moved = flight.moved + placement.total();

    std::uint32_t how = placement.merged ? how_merged : how_nothing;
    if (pipe.bytes == 0) how |= how_from_empty;
    if (packet) how |= how_packet;
    if (!sleeps(state, act)) how |= how_nonblocking;
    if (packet && placement.merged) {
        if (!latitude.deviates) return Step::no;
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
        if (!may_end(flight, act, moved, error)) return wide ? place_anyway(state, flight, act) : Step::no;
        put();
        if (latitude.leaves_empty && placement.took_page) {
            place_empty(pipe, packet);
            how |= how_deviates_empty;
        }
        if (room(pipe) == 0) how |= how_filled;
        return end_call(flight, act, moved, error, how | (placement.faulted ? how_faulted : how_nothing));
    }
    const bool never_told = wide && act.open && flight.slept;  // that it ended here is tried by who drops it
    if ((!sleeps(state, act) || act.interrupted || act.restarted || act.stopped) && !never_told) {
        const std::uint64_t before = flight.moved;
        flight.moved = moved;
        const Step stopped = stop_writing(state, flight, act, latitude);
        if (stopped != Step::no) {
            place(pipe, {act.actor, act.step}, flight.total - moved + before, placement, packet, subject_.page_bytes);
            flight.how |= how;
            return stopped;
        }
        flight.moved = before;
        // F_SETFL came after it fell asleep: whether that counts is said nowhere.
        const bool sleeps_on = wide && flight.slept;
        if (!sleeps(state, act) && !sleeps_on) return wide ? place_anyway(state, flight, act) : Step::no;
    }
    // It goes to sleep, or on sleeping: only if that can still end as observed.
    if (flight.slept && placement.total() == 0) return Step::no;
    if (!act.open && flight.calls == act.full_calls && moved > act.tail) return Step::no;
    put();
    flight.how |= how_slept;
    flight.slept = true;
    return Step::silent;
}

Placement Model::placement_of(const Pipe& pipe, const Flight& flight, const Act& act, bool fresh,
                              Latitude latitude) const {
    const std::uint64_t left = act.asked - flight.moved, page = subject_.page_bytes;
    const std::uint64_t mapped = act.mapped > flight.moved ? act.mapped - flight.moved : 0;
    if (!latitude.by_bytes || mapped < left) return plan_write(pipe, left, mapped, fresh, page);
    const std::uint64_t fits = std::min(left, room(pipe));
    return {.in_slots = fits < left && act.asked <= subject_.pipe_buf ? 0 : fits};
}

// What documents allow although page slots would not: as many bytes as were observed, if they fit by the byte; of a
// buffer with a gap perhaps none.
Step Model::place_anyway(State& state, Flight& flight, const Act& act) const {
    Pipe& pipe = state.pipes[act.object];
    const std::uint64_t whole = observed_count(flight, act, act.asked);
    if (whole < flight.moved || whole > act.mapped) return Step::no;
    const std::uint64_t count = whole - flight.moved;
    if (whole == 0) {
        if (act.mapped >= act.asked) return Step::no;
        if (may_end(flight, act, 0, Errno::EFAULT_))
            return end_call(flight, act, 0, Errno::EFAULT_, how_faulted | how_differs);
        const bool again = pipe.full() && !sleeps(state, act) && may_end(flight, act, 0, Errno::EAGAIN_);
        return again ? end_call(flight, act, 0, Errno::EAGAIN_, how_again | how_differs) : Step::no;
    }
    if (whole != act.asked && act.asked <= subject_.pipe_buf && act.mapped >= act.asked) return Step::no;
    if (whole != act.asked && act.mapped >= act.asked) {  // XSH write: only these may be short, and not that short
        if (flight.moved != 0 || (sleeps(state, act) && !act.interrupted && !act.restarted)) return Step::no;
        if (pipe.bytes == 0 && whole < std::min(subject_.pipe_buf, room(pipe))) return Step::no;
    }
    if (count > room(pipe) || !may_end(flight, act, whole, Errno::none)) return Step::no;
    place(pipe, {act.actor, act.step}, flight.total + flight.moved, {.in_slots = count},
          state.flags[act.description] & flag_direct, subject_.page_bytes);
    return end_call(flight, act, whole, Errno::none, how_differs);
}

Step Model::step_release(State& state, Flight& flight, const Act& act) const {
    if (act.death) {  // what its process had in flight ends before its descriptors go
        for (Flight& other : state.flights) {
            const Act& theirs = component_.acts[other.act];
            if (!theirs.open || theirs.process != act.process || &other == &flight || theirs.kind == ActKind::release)
                continue;
            if (theirs.must_fail_epipe && !other.done) return Step::no;
        }
        for (std::size_t f = 0; f < state.flights.size(); ++f) {
            const Act& theirs = component_.acts[state.flights[f].act];
            if (theirs.open && theirs.process == act.process && theirs.kind != ActKind::release) abandon(state, f);
        }
    }
    Pipe& pipe = state.pipes[act.object];
    const auto release = [&](std::uint32_t& references) {
        references -= std::min(references, act.count);
        flight.how |= references == 0 ? how_end : how_nothing;
    };
    if (act.end != 1) release(pipe.readers);
    if (act.end != 0) release(pipe.writers);
    if (pipe.readers == 0 && pipe.writers == 0) flight.how |= end_of_references(pipe, act.object);
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
        if (!state.heard.empty()) mix(pipe.opens[0] | std::uint64_t{pipe.opens[1]} << 32);
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
    for (const std::uint32_t heard : state.heard) mix(heard);
    for (const Flight& flight : state.flights)
        mix(flight.act * 8ull + flight.looked * 4ull + flight.done * 2ull + flight.slept + (flight.moved << 24) +
            (std::uint64_t{flight.calls} << 44));
    return hash;
}

}  // namespace crosstalk::byte_stream
