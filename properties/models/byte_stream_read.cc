// The byte stream: taking bytes out, moving them between pipes, and who may go on sleeping.
// Received runs are compared by bytes, never by boundaries: neighbours may agree on a few bytes by chance.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {

bool Model::matches(Flight& flight, const Act& act, const Piece& piece, std::uint64_t length) const {
    const History& history = *subject_.history;
    std::uint64_t at = 0;
    while (at < length) {
        if (flight.run == act.run_count) return history.events[act.event].truncated;
        const Run& run = history.runs[act.first_run + flight.run];
        const std::uint64_t part = std::min<std::uint64_t>(run.length - flight.run_used, length - at);
        if (!subject_.may_be(run, flight.run_used, piece.actor, piece.step, piece.offset + at, part)) return false;
        at += part;
        flight.run_used += static_cast<std::uint32_t>(part);
        if (flight.run_used == run.length) ++flight.run, flight.run_used = 0;
    }
    return true;
}

Step Model::step_read(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Pipe& pipe = state.pipes[act.object];
    if (act.asked == 0)
        return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_zero) : Step::no;
    // A buffer with a gap may be refused as a whole, wherever the gap is and whatever is there.
    if (latitude.differs && act.mapped < act.asked && act.error == Errno::EFAULT_ && !act.open &&
        may_end(flight, act, 0, Errno::EFAULT_))
        return end_call(flight, act, 0, Errno::EFAULT_, how_faulted | how_differs);
    if (pipe.bytes == 0) {
        if (pipe.front_empty()) return step_read_empty(state, flight, act);
        if (act.open) return Step::no;
        if (pipe.writers == 0)
            return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_end) : Step::no;
        if (!sleeps(state, act) && may_end(flight, act, 0, Errno::EAGAIN_))
            return end_call(flight, act, 0, Errno::EAGAIN_, how_again);
        if (act.interrupted && may_end(flight, act, 0, Errno::EINTR_))
            return end_call(flight, act, 0, Errno::EINTR_, how_interrupted);
        return Step::no;
    }
    Taking taking = plan_read(pipe, act.asked, act.mapped);
    // read(2) does not say how much of a buffer with a gap is filled.
    const bool told = (act.has_tail || (act.open && act.tail != 0)) && flight.calls == act.full_calls;
    const bool stops = act.tail != 0 || taking.faulted;
    if (act.mapped < act.asked && stops && told && act.tail <= act.mapped && act.tail < pipe.bytes)
        taking.bytes = act.tail;
    const Errno error = taking.faulted && taking.bytes == 0 ? Errno::EFAULT_ : Errno::none;
    if (!may_end(flight, act, taking.bytes, error)) return Step::no;
    if (!act.open) {
        Flight matched = flight;
        std::uint64_t left = taking.bytes;
        for (std::size_t i = 0; left > 0; ++i) {
            const Piece piece = pipe.pieces[i];
            const std::uint64_t part = std::min<std::uint64_t>(piece.length, left);
            if (!matches(matched, act, piece, part)) return Step::no;
            left -= part;
        }
        flight.run = matched.run, flight.run_used = matched.run_used;
    }
    std::uint32_t how = 0;
    if (taking.bytes < act.asked) how |= how_less_than_there;
    if (taking.packet) how |= how_packet | (taking.packet_cut ? how_packet_cut : how_nothing);
    if (taking.faulted) how |= how_faulted;
    if (pipe.full()) how |= how_filled;
    if (pipe.writers == 0) how |= how_cut_by_close;
    if (pipe.pieces.size() > 1 && taking.bytes > pipe.pieces[0].length) how |= how_several_writers;
    drop(pipe, taking.bytes);
    if (taking.packet ? taking.empty_packet : taking.bytes < act.asked) drop_empty(pipe);
    if (pipe.bytes == 0) how |= how_kept_bytes;  // it drained the pipe
    return end_call(flight, act, taking.bytes, error, how);
}

// Nothing but empty slots: it takes them on its way, and ends at one that is a packet.
Step Model::step_read_empty(State& state, Flight& flight, const Act& act) const {
    Pipe& pipe = state.pipes[act.object];
    bool packet = false;
    for (std::size_t i = 0; i < pipe.slots.size(); ++i) packet = packet || pipe.slots[i].packet;
    if (packet && !may_end(flight, act, 0, Errno::none)) return Step::no;
    drop_empty(pipe);
    return packet ? end_call(flight, act, 0, Errno::none, how_nothing) : Step::silent;
}

Step Model::step_vmsplice(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Pipe& pipe = state.pipes[act.object];
    const auto end = [&](std::uint64_t moved, Errno error, std::uint32_t how) {
        return may_end(flight, act, moved, error) ? end_call(flight, act, moved, error, how) : Step::no;
    };
    if (act.asked == 0) return end(0, Errno::none, how_zero);
    if (latitude.differs && act.mapped < act.asked && act.error == Errno::EFAULT_)
        return end(0, Errno::EFAULT_, how_faulted | how_differs);
    if (pipe.readers == 0) return end(0, Errno::EPIPE_, how_epipe);
    if (full(pipe, latitude)) {
        if (act.never_sleeps) return end(0, Errno::EAGAIN_, how_again);
        if (act.interrupted && !act.open) return end(0, Errno::EINTR_, how_interrupted);
        return Step::no;
    }
    Gift gift = plan_gift(pipe, subject_.operation(act).buffer, act.asked, act.mapped, subject_.page_bytes);
    const std::uint64_t most = std::min({act.asked, act.mapped, room(pipe)});
    if (latitude.by_bytes) gift = gift_of(most, subject_.page_bytes);
    const std::uint64_t seen = observed_count(flight, act, act.open ? gift.bytes : most);
    if (latitude.differs && seen != gift.bytes) gift = gift_of(seen, subject_.page_bytes);
    const std::uint64_t moved = gift.bytes;
    const Errno error = moved == 0 ? Errno::EFAULT_ : Errno::none;
    if (!may_end(flight, act, moved, error)) return Step::no;
    place(pipe, {act.actor, act.step}, flight.total, gift);
    return end_call(flight, act, moved, error,
                    gift.faulted        ? how_faulted
                    : moved < act.asked ? how_short
                                        : how_nothing);
}

Step Model::step_splice(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Pipe& in = state.pipes[act.object];
    Pipe& out = state.pipes[act.to_object];
    const auto end = [&](std::uint64_t moved, Errno error, std::uint32_t how) {
        return may_end(flight, act, moved, error) ? end_call(flight, act, moved, error, how) : Step::no;
    };
    const auto wait = [&] {
        if (!sleeps(state, act) && may_end(flight, act, 0, Errno::EAGAIN_)) return end(0, Errno::EAGAIN_, how_again);
        if (act.interrupted && !act.open) return end(0, Errno::EINTR_, how_interrupted);
        return Step::no;
    };
    if (act.asked == 0) return end(0, Errno::none, how_zero);
    const bool drained = in.bytes == 0 && in.writers != 0;
    if (drained && flight.slept) {
        // It found bytes, slept for room, and somebody else took the bytes: a dead reader is told all the same.
        if (out.readers == 0 && may_end(flight, act, 0, Errno::EPIPE_))
            return end_call(flight, act, 0, Errno::EPIPE_, how_epipe);
    }
    // Linux's tee looks for bytes, then for room, then copies, and holds no lock between the three: where somebody else
    // has taken the bytes or the room meanwhile it says 0 (fs/splice.c, link_pipe), which tee(2) keeps for a source
    // without writers. So do tees that may not sleep.
    if (act.kind == ActKind::tee && latitude.deviates && !act.open && may_end(flight, act, 0, Errno::none)) {
        const bool has_room = !full(out, latitude);
        if (flight.looked && (drained || !has_room)) return end_call(flight, act, 0, Errno::none, how_deviates_tee);
        if (!flight.looked && has_room && (in.bytes != 0 || flight.slept)) {
            flight.slept = flight.looked = true;
            return Step::silent;
        }
    }
    if (in.front_empty() && out.readers != 0 && !out.full() && movable(in, out, act.asked) == 0) {
        // Nothing but empty slots: splice takes them along and waits, tee says 0 of them.
        const bool tee = act.kind == ActKind::tee;
        if (tee && !may_end(flight, act, 0, Errno::none)) return Step::no;
        move_front(in, out, 0, tee, act.asked);
        return tee ? end_call(flight, act, 0, Errno::none, how_nothing) : Step::silent;
    }
    const bool wide = latitude.differs;
    if (wide) {  // of several answers that are true at once, the documents put none first
        const bool ended = in.bytes == 0 && in.writers == 0 && !act.open;
        if (ended && may_end(flight, act, 0, Errno::none)) return end(0, Errno::none, how_end);
        if (out.readers == 0 && may_end(flight, act, 0, Errno::EPIPE_)) return end(0, Errno::EPIPE_, how_epipe);
    }
    if (drained) return wait();
    if (out.readers == 0) return end(0, Errno::EPIPE_, how_epipe);
    if (full(out, latitude) && in.bytes != 0 && !flight.slept && !may_never_sleep(state, act)) {
        flight.slept = true;
        return Step::silent;
    }
    if (full(out, latitude)) return wait();
    if (in.bytes == 0) return act.open ? Step::no : end(0, Errno::none, how_end);

    std::uint64_t moved = movable(in, out, act.asked);
    if (latitude.by_bytes) moved = std::min({act.asked, in.bytes, room(out)});
    if (wide) moved = std::max<std::uint64_t>(1, observed_count(flight, act, moved));  // "up to" (splice(2), tee(2))
    if (!may_end(flight, act, moved, Errno::none)) return Step::no;
    move_front(in, out, moved, act.kind == ActKind::tee, act.asked);
    return end_call(flight, act, moved, Errno::none, moved < act.asked ? how_short : how_nothing);
}

// O_NONBLOCK that is set while a call sleeps lets it sleep on: it must have stood before the call began.
bool Model::may_never_sleep(const State& state, const Act& act) const {
    return !sleeps(state, act) && std::ranges::none_of(component_.acts, [&](const Act& other) {
        return other.kind == ActKind::set_flags && other.ended > act.began &&
               (other.description == act.description || other.description == act.to_description);
    });
}

// What the call now going on says that it moved, as far as that is known; else, or if that is more, `most`.
std::uint64_t Model::observed_count(const Flight& flight, const Act& act, std::uint64_t most) const {
    const bool last = flight.calls >= act.full_calls;
    if (act.open && (flight.calls != act.full_calls || act.tail == 0)) return most;
    return std::min(last ? act.tail : act.asked, most);
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
    const Act& act = component_.acts[flight.act];
    const Pipe& pipe = state.pipes[act.object];
    switch (act.kind) {
        case ActKind::read:
            if (act.asked == 0) return clause("PIPE-READ-7");
            if (pipe.bytes > 0) return clause("PIPE-READ-2");
            if (pipe.writers == 0) return clause("PIPE-READ-6");
            return may_never_sleep(state, act) ? clause("PIPE-READ-3") : no_clause;
        case ActKind::write: {
            if (act.asked == 0) return clause("PIPE-WRITE-5");
            if (pipe.readers == 0) return clause("PIPE-WRITE-3");
            const bool small = act.asked <= subject_.pipe_buf;
            if (!latitude.by_bytes && !pipe.full()) return clause("PIPE-WRITE-6");
            if (may_never_sleep(state, act)) return small ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-4");
            if (latitude.by_bytes) return room(pipe) >= (small ? act.asked : 1) ? clause("PIPE-WRITE-6") : no_clause;
            if (small && room(pipe) >= act.asked) {
                if (!latitude.deviates) return clause("PIPE-CAP-3");
                flight.how |= how_deviates_room;
            }
            return no_clause;
        }
        case ActKind::vmsplice:
            if (act.never_sleeps) return clause("PIPE-VMSPLICE-2");
            return full(pipe, latitude) && pipe.readers != 0 ? no_clause : clause("PIPE-SPLICE-6");
        case ActKind::splice:
        case ActKind::tee: {
            const Pipe& out = state.pipes[act.to_object];
            if (may_never_sleep(state, act))
                return act.kind == ActKind::tee ? clause("PIPE-TEE-3") : clause("PIPE-SPLICE-3");
            if (pipe.bytes == 0 && pipe.writers != 0) return no_clause;
            return full(out, latitude) && out.readers != 0 ? no_clause : clause("PIPE-SPLICE-6");
        }
        case ActKind::other: return open_must_not_sleep(state, flight, act);
        case ActKind::look_poll: return poll_bits(state, act, latitude) != 0 ? clause("RDY-7") : no_clause;
        default: return no_clause;
    }
}

}  // namespace crosstalk::byte_stream
