// The byte stream: taking bytes out, moving them between pipes, and who may go on sleeping.
// Received runs are compared by bytes, never by boundaries: neighbours may agree on a few bytes by chance.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {
namespace {

// What one read of `asked` bytes, of which `mapped` are there, takes from a pipe now.
struct Taking {
    std::uint64_t bytes = 0;
    bool faulted = false, packet = false, packet_cut = false;
};

Taking plan(const Pipe& pipe, std::uint64_t asked, std::uint64_t mapped) {
    Taking result;
    for (std::size_t i = 0; i < pipe.slots.size() && asked > 0; ++i) {
        const PageSlot& slot = pipe.slots[i];
        const std::uint64_t chunk = std::min<std::uint64_t>(slot.length, asked);
        if (chunk > mapped) {
            result.faulted = true;
            break;
        }
        result.bytes += chunk;
        asked -= chunk, mapped -= chunk;
        if (slot.packet) {
            result.packet = true;
            result.packet_cut = chunk < slot.length;
            break;
        }
    }
    return result;
}

void drop_pieces(Pipe& pipe, std::uint64_t bytes) {
    pipe.bytes -= bytes;
    pipe.taken += bytes;
    while (bytes > 0) {
        Piece& piece = pipe.pieces.front();
        const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, bytes));
        bytes -= part;
        piece.offset += part, piece.length -= part;
        if (piece.length == 0) pipe.pieces.pop();
    }
}

// Takes bytes off the front; a packet goes whole, whatever part of it was taken.
void drop(Pipe& pipe, std::uint64_t bytes) {
    while (bytes > 0) {
        PageSlot& slot = pipe.slots.front();
        const std::uint64_t part = std::min<std::uint64_t>(slot.length, bytes);
        const std::uint64_t gone = slot.packet ? slot.length : part;
        drop_pieces(pipe, gone);
        bytes -= part;
        slot.length -= static_cast<std::uint32_t>(gone);
        if (slot.length == 0) pipe.slots.pop();
    }
}

// Appends `bytes` bytes that stand at `from` pieces into the front of `source`, as one slot of `target`.
void copy_front(const Pipe& source, std::uint64_t skip, std::uint64_t bytes, Pipe& target) {
    target.bytes += bytes;
    for (std::size_t i = 0; bytes > 0; ++i) {
        Piece piece = source.pieces[i];
        if (skip >= piece.length) {
            skip -= piece.length;
            continue;
        }
        piece.offset += static_cast<std::uint32_t>(skip), piece.length -= static_cast<std::uint32_t>(skip);
        skip = 0;
        piece.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, bytes));
        bytes -= piece.length;
        target.pieces.push(piece);
    }
}

}  // namespace

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

Step Model::step_read(State& state, Flight& flight, const Act& act) const {
    Pipe& pipe = state.pipes[act.pipe];
    if (act.asked == 0)
        return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_zero) : Step::no;
    if (pipe.bytes == 0) {
        if (act.open) return Step::no;
        if (pipe.writers == 0)
            return may_end(flight, act, 0, Errno::none) ? end_call(flight, act, 0, Errno::none, how_end) : Step::no;
        if (!sleeps(state, act) && may_end(flight, act, 0, Errno::EAGAIN_))
            return end_call(flight, act, 0, Errno::EAGAIN_, how_again);
        if (act.interrupted && may_end(flight, act, 0, Errno::EINTR_))
            return end_call(flight, act, 0, Errno::EINTR_, how_interrupted);
        return Step::no;
    }
    Taking taking = plan(pipe, act.asked, act.mapped);
    if (taking.faulted && act.has_tail && flight.calls == act.full_calls && act.tail != taking.bytes &&
        act.tail <= act.mapped && act.tail < pipe.bytes)
        taking.bytes = act.tail;  // read(2) does not say how much of a faulting buffer is filled
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
    if (pipe.bytes == 0) how |= how_kept_bytes;  // it drained the pipe
    return end_call(flight, act, taking.bytes, error, how);
}

Step Model::step_vmsplice(State& state, Flight& flight, const Act& act) const {
    Pipe& pipe = state.pipes[act.pipe];
    const auto end = [&](std::uint64_t moved, Errno error, std::uint32_t how) {
        return may_end(flight, act, moved, error) ? end_call(flight, act, moved, error, how) : Step::no;
    };
    if (act.asked == 0) return end(0, Errno::none, how_zero);
    if (pipe.readers == 0) return end(0, Errno::EPIPE_, how_epipe);
    if (pipe.full()) {
        if (act.never_sleeps) return end(0, Errno::EAGAIN_, how_again);
        if (act.interrupted && !act.open) return end(0, Errno::EINTR_, how_interrupted);
        return Step::no;
    }
    const std::uint64_t page = subject_.page_bytes;
    const Buffer& buffer = subject_.operation(act).buffer;
    std::vector<std::uint64_t> sizes(buffer.segments);
    const std::size_t segments = split_into(buffer, sizes);
    // One slot a page of each segment: the memory itself becomes the pipe's (vmsplice(2)).
    std::uint64_t address = act.mapped < act.asked ? (page - act.mapped % page) % page : 0;
    std::uint64_t moved = 0;
    std::vector<std::uint64_t> chunks;
    bool faulted = false;
    for (std::size_t i = 0; i < segments && !faulted; ++i) {
        for (std::uint64_t left = sizes[i]; left > 0 && pipe.slots.size() + chunks.size() < pipe.max_slots;) {
            const std::uint64_t chunk = std::min(left, page - address % page);
            if (moved + chunk > act.mapped) {
                faulted = true;
                break;
            }
            chunks.push_back(chunk);
            moved += chunk, left -= chunk, address += chunk;
        }
    }
    const Errno error = moved == 0 ? Errno::EFAULT_ : Errno::none;
    if (!may_end(flight, act, moved, error)) return Step::no;
    std::uint64_t offset = flight.total;
    for (const std::uint64_t chunk : chunks) {
        pipe.slots.push({static_cast<std::uint32_t>(chunk), 0, false, false});
        pipe.pieces.push({act.actor, act.step, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(chunk)});
        pipe.bytes += chunk, offset += chunk;
    }
    return end_call(flight, act, moved, error, faulted ? how_faulted : moved < act.asked ? how_short : how_nothing);
}

Step Model::step_splice(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    Pipe& in = state.pipes[act.pipe];
    Pipe& out = state.pipes[act.to_pipe];
    const auto end = [&](std::uint64_t moved, Errno error, std::uint32_t how) {
        return may_end(flight, act, moved, error) ? end_call(flight, act, moved, error, how) : Step::no;
    };
    const auto wait = [&] {
        if (!sleeps(state, act)) return end(0, Errno::EAGAIN_, how_again);
        if (act.interrupted && !act.open) return end(0, Errno::EINTR_, how_interrupted);
        return Step::no;
    };
    if (act.asked == 0) return end(0, Errno::none, how_zero);
    const bool drained = in.bytes == 0 && in.writers != 0;
    if (drained && flight.slept) {
        // It found bytes, perhaps slept for room, and somebody else took the bytes: a dead reader is told all the same,
        // and on Linux tee says 0 without looking again, which tee(2) keeps for a source without writers.
        if (out.readers == 0 && may_end(flight, act, 0, Errno::EPIPE_))
            return end_call(flight, act, 0, Errno::EPIPE_, how_epipe);
        if (act.kind == ActKind::tee && latitude != Latitude::strict && !act.open &&
            may_end(flight, act, 0, Errno::none))
            return end_call(flight, act, 0, Errno::none, how_deviates_tee);
    }
    if (drained) return wait();
    // It looks for bytes and for room, then copies: between the two it holds no lock, even if it may not sleep.
    if (act.kind == ActKind::tee && latitude != Latitude::strict && !sleeps(state, act) && !flight.slept &&
        in.bytes != 0 && !act.open && may_end(flight, act, 0, Errno::none)) {
        flight.slept = true;
        return Step::silent;
    }
    if (out.readers == 0) return end(0, Errno::EPIPE_, how_epipe);
    if (out.full() && in.bytes != 0 && sleeps(state, act) && !flight.slept) {
        flight.slept = true;
        return Step::silent;
    }
    if (out.full()) return wait();
    if (in.bytes == 0) return act.open ? Step::no : end(0, Errno::none, how_end);

    std::uint64_t moved = 0;
    const std::size_t room = out.max_slots - out.slots.size();
    std::size_t count = 0;
    for (; count < in.slots.size() && count < room && moved < act.asked; ++count)
        moved += std::min<std::uint64_t>(in.slots[count].length, act.asked - moved);
    if (!may_end(flight, act, moved, Errno::none)) return Step::no;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < count; ++i) {
        PageSlot slot = act.kind == ActKind::tee ? in.slots[i] : in.slots.front();
        const bool whole = slot.length <= moved - done;
        if (!whole) slot.length = static_cast<std::uint32_t>(moved - done);
        if (!whole || act.kind == ActKind::tee) slot.merges = false;
        copy_front(in, act.kind == ActKind::tee ? done : 0, slot.length, out);
        out.slots.push(slot);
        done += slot.length;
        if (act.kind == ActKind::tee) continue;
        drop_pieces(in, slot.length);
        in.slots.front().length -= slot.length;
        if (in.slots.front().length == 0) in.slots.pop();
    }
    return end_call(flight, act, moved, Errno::none, moved < act.asked ? how_short : how_nothing);
}

// O_NONBLOCK that is set while a call sleeps lets it sleep on: it must have stood before the call began.
bool Model::may_never_sleep(const State& state, const Act& act) const {
    return !sleeps(state, act) && std::ranges::none_of(component_.acts, [&](const Act& other) {
        return other.kind == ActKind::set_flags && other.ended > act.began &&
               (other.description == act.description || other.description == act.to_description);
    });
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
    const Act& act = component_.acts[flight.act];
    const Pipe& pipe = state.pipes[act.pipe];
    switch (act.kind) {
        case ActKind::read:
            if (act.asked == 0) return clause("PIPE-READ-7");
            if (pipe.bytes > 0) return clause("PIPE-READ-2");
            if (pipe.writers == 0) return clause("PIPE-READ-6");
            return may_never_sleep(state, act) ? clause("PIPE-READ-3") : no_clause;
        case ActKind::write: {
            if (act.asked == 0) return clause("PIPE-WRITE-5");
            if (pipe.readers == 0) return clause("PIPE-WRITE-3");
            if (!pipe.full()) return clause("PIPE-WRITE-6");
            if (may_never_sleep(state, act))
                return act.asked <= subject_.pipe_buf ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-4");
            const std::uint64_t room = pipe.max_slots * subject_.page_bytes - pipe.bytes;
            if (act.asked <= subject_.pipe_buf && room >= act.asked) {
                if (latitude == Latitude::strict) return clause("PIPE-CAP-3");
                flight.how |= how_deviates_room;
            }
            return no_clause;
        }
        case ActKind::vmsplice:
            if (act.never_sleeps) return clause("PIPE-VMSPLICE-2");
            return pipe.full() && pipe.readers != 0 ? no_clause : clause("PIPE-SPLICE-6");
        case ActKind::splice:
        case ActKind::tee: {
            const Pipe& out = state.pipes[act.to_pipe];
            if (may_never_sleep(state, act))
                return act.kind == ActKind::tee ? clause("PIPE-TEE-3") : clause("PIPE-SPLICE-3");
            if (pipe.bytes == 0 && pipe.writers != 0) return no_clause;
            return out.full() && out.readers != 0 ? no_clause : clause("PIPE-SPLICE-6");
        }
        case ActKind::look_poll: return poll_bits(state, act) != 0 ? clause("RDY-7") : no_clause;
        default: return no_clause;
    }
}

}  // namespace crosstalk::byte_stream
