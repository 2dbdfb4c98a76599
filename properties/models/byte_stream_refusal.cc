// The byte stream: what to say when nothing explains an observation. It names the clause that speaks about what was
// seen, so that one defect is blamed on one clause whatever the case that showed it.
#include <fmt/format.h>

#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/judge/alternatives.h"
#include "properties/judge/call_text.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {

using judging::Breach;

namespace {

std::string allowed(Errno got, std::string_view wanted) {
    return fmt::format("{}/{}", got == Errno::none ? "none" : name_of(got), wanted);
}

std::uint64_t moved_by_last_call(const Flight& flight, const Act& act) {
    return flight.calls < act.full_calls ? act.asked : act.tail;
}

}  // namespace

std::vector<std::string> Model::describe(const State& state, const models::NameBytes& name) const {
    std::vector<std::string> lines;
    for (std::size_t p = 0; p < state.pipes.size(); ++p) {
        const Pipe& pipe = state.pipes[p];
        std::string text = fmt::format("pipe {} held {} bytes in {} of {} pages", component_.objects[p].id, pipe.bytes,
                                       pipe.slots.size(), pipe.max_slots);
        for (std::size_t i = 0; i < pipe.pieces.size() && i < 4; ++i)
            text += (i ? ", " : ": ") +
                    name(pipe.pieces[i].actor, pipe.pieces[i].step, pipe.pieces[i].offset, pipe.pieces[i].length);
        if (pipe.pieces.size() > 4) text += ", ...";
        lines.push_back(text + fmt::format("; {} read end{} and {} write end{} open", pipe.readers,
                                           pipe.readers == 1 ? "" : "s", pipe.writers, pipe.writers == 1 ? "" : "s"));
    }
    return lines;
}

std::vector<std::string> Model::alternatives(const State& state, const Flight& flight) const {
    return judging::alternatives(subject_, state, flight, act(flight));
}

Due Model::due(const State& state, const Flight& flight) const {
    return judging::due_of(subject_, state, flight, act(flight));
}

// F_SETFL takes no lock of the pipe: a write that it overlaps may make packets of some of its pages only.
std::string Model::undecided() const {
    const Component& component = component_;
    const auto changes = [&](const Act& set) {
        const auto differs = [&](std::int64_t flags) { return ((flags ^ set.value) & flag_direct) != 0; };
        return set.kind == ActKind::set_flags &&
               (differs(component.flags[set.description]) || std::ranges::any_of(component.acts, [&](const Act& other) {
                    return other.kind == ActKind::set_flags && other.description == set.description &&
                           differs(other.value);
                }));
    };
    for (const Act& set : component.acts)
        if (changes(set))
            for (const Act& write : component.acts)
                if (write.kind == ActKind::write && write.description == set.description && write.began < set.ended &&
                    set.began < write.ended && write.asked > 0)
                    return "packet mode changed while a write went on: each of its pages may be either";
    return "";
}

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    const Pipe& pipe = state.pipes[act.object];
    Breach breach;
    breach.event = act.event;
    const auto say = [&](ClauseId id, Reason reason, std::string detail, std::string line) {
        breach.clause = id, breach.reason = reason, breach.detail = std::move(detail);
        breach.lines.push_back(std::move(line));
        return breach;
    };
    if (act.asleep) {
        Flight copy = flight;
        const ClauseId id = must_not_sleep(state, copy, strict);
        return say(id == no_clause ? clause("PIPE-READ-2") : id, Reason::asleep, "",
                   "it sleeps although what it waits for holds");
    }
    const bool last = act.kind > ActKind::tee || flight.calls >= act.full_calls;  // only transfers repeat
    const Errno got = last ? act.error : Errno::none;
    const std::uint64_t moved = moved_by_last_call(flight, act);
    const std::uint64_t capacity = pipe.max_slots * subject_.page_bytes;
    const bool nonblocking = act.kind <= ActKind::tee && !sleeps(state, act);  // a probe has no description

    switch (act.kind) {
        case ActKind::write: {
            const bool small = act.asked <= subject_.pipe_buf;
            if (act.asked == 0)
                return say(clause("PIPE-WRITE-5"), Reason::wrong_errno, allowed(got, "none"),
                           "a write of 0 bytes returns 0");
            if (pipe.readers == 0 && got != Errno::EPIPE_)
                return say(clause("PIPE-WRITE-2"), Reason::wrong_errno, allowed(got, "EPIPE"),
                           "nobody has it open for reading: EPIPE");
            if (got == Errno::EPIPE_)
                return say(clause("PIPE-WRITE-2"), Reason::wrong_errno, "EPIPE/none",
                           "somebody has it open for reading");
            if (got == Errno::EAGAIN_ && !nonblocking)
                return say(clause("PIPE-WRITE-1"), Reason::wrong_errno, "EAGAIN/none", "a blocking write sleeps");
            if (got == Errno::EAGAIN_ && pipe.full())
                return say(clause("PIPE-CAP-3"), Reason::wrong_errno, "EAGAIN/none",
                           fmt::format("{} of {} bytes are free, {} were to be written", capacity - pipe.bytes,
                                       capacity, act.asked));
            if (got == Errno::EAGAIN_)
                return say(small ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-4"), Reason::wrong_errno,
                           "EAGAIN/none",
                           fmt::format("there is room: {} of {} slots are free", pipe.max_slots - pipe.slots.size(),
                                       pipe.max_slots));
            if (got == Errno::EFAULT_ && act.mapped >= act.asked)
                return say(clause("PIPE-FAULT-1"), Reason::wrong_errno, "EFAULT/none", "the whole buffer is mapped");
            if (got != Errno::none && got != Errno::EFAULT_)
                return say(clause("PIPE-WRITE-1"), Reason::wrong_errno, allowed(got, "none"),
                           "no document names this error here");
            if (act.mapped < act.asked)
                return say(clause("PIPE-FAULT-1"), Reason::wrong_count, "",
                           fmt::format("{} bytes are mapped", act.mapped));
            if (moved < act.asked && small)
                return say(nonblocking ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-1"), Reason::torn, "",
                           fmt::format("{} of {} bytes, which is at most PIPE_BUF", moved, act.asked));
            if (moved < act.asked && !nonblocking && !act.interrupted && !act.restarted)
                return say(clause("PIPE-WRITE-1"), Reason::wrong_count, "",
                           fmt::format("{} of {} bytes although nothing cut it", moved, act.asked));
            if (pipe.bytes + moved > capacity)
                return say(clause("PIPE-CAP-12"), Reason::wrong_count, "",
                           fmt::format("{} bytes more do not fit", moved));
            if (nonblocking && !small && pipe.bytes == 0 && moved < subject_.pipe_buf)
                return say(clause("PIPE-ATOMIC-5"), Reason::wrong_count, "",
                           fmt::format("{} bytes into an empty pipe", moved));
            return say(small ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-4"), Reason::wrong_count, "",
                       moved == act.asked ? fmt::format("{} bytes were taken although no page was free", moved)
                                          : fmt::format("{} of {} bytes were taken", moved, act.asked));
        }
        case ActKind::read: {
            if (act.asked == 0)
                return say(clause("PIPE-READ-7"), Reason::wrong_errno, allowed(got, "none"),
                           "a read of 0 bytes returns 0");
            if (got == Errno::EAGAIN_ && pipe.bytes == 0 && pipe.writers == 0)
                return say(clause("PIPE-READ-4"), Reason::wrong_errno, "EAGAIN/none",
                           "nobody has it open for writing: 0");
            if (got == Errno::EAGAIN_ && pipe.bytes == 0)
                return say(clause("PIPE-READ-2"), Reason::wrong_errno, "EAGAIN/none", "a blocking read sleeps");
            if (got == Errno::EAGAIN_)
                return say(clause("PIPE-READ-1"), Reason::wrong_errno, "EAGAIN/none",
                           fmt::format("{} bytes are there", pipe.bytes));
            if (got == Errno::EFAULT_ && act.mapped >= act.asked)
                return say(clause("PIPE-FAULT-1"), Reason::wrong_errno, "EFAULT/none", "the whole buffer is mapped");
            if (got != Errno::none && got != Errno::EFAULT_ && got != Errno::EINTR_)
                return say(clause("PIPE-READ-1"), Reason::wrong_errno, allowed(got, "none"),
                           "no document names this error here");
            if (got == Errno::EINTR_)
                return say(clause("SIG-RW-1"), Reason::wrong_errno, "EINTR/none", "it would not have slept");
            if (moved == 0 && got == Errno::none && last && pipe.bytes > 0)
                return say(clause("PIPE-READ-5"), Reason::early, "",
                           fmt::format("end of file with {} bytes there", pipe.bytes));
            if (moved == 0 && got == Errno::none && last)
                return say(clause("PIPE-READ-4"), Reason::early, "", "end of file although it is open for writing");
            if (pipe.bytes == 0)
                return say(clause("PIPE-STREAM-1"), Reason::wrong_value, "",
                           fmt::format("{} bytes although none are there", moved));
            if (act.mapped < act.asked)
                return say(clause("PIPE-FAULT-1"), Reason::wrong_count, "",
                           fmt::format("{} bytes are mapped", act.mapped));
            if (!pipe.slots.empty() && pipe.slots[0].packet) {
                const std::uint64_t packet = pipe.slots[0].length;
                if (moved != std::min(packet, act.asked))
                    return say(clause("PIPE-PKT-1"), moved > packet ? Reason::merged : Reason::wrong_count, "",
                               fmt::format("the next packet has {} bytes, the read gave {}", packet, moved));
                return say(clause("PIPE-PKT-2"), Reason::reordered, "", "these are not the bytes of the next packet");
            }
            if (moved != std::min(pipe.bytes, act.asked))
                return say(clause("PIPE-READ-1"), Reason::wrong_count, "",
                           fmt::format("wants min(asked {}, available {}) = {}, got {}", act.asked, pipe.bytes,
                                       std::min(pipe.bytes, act.asked), moved));
            return say(clause("PIPE-STREAM-1"), Reason::reordered, "", "the bytes received are not those at the front");
        }
        case ActKind::splice:
        case ActKind::tee:
        case ActKind::vmsplice: {
            const bool copies = act.kind == ActKind::tee;
            const ClauseId again = act.kind == ActKind::splice ? clause("PIPE-SPLICE-3")
                                   : copies                    ? clause("PIPE-TEE-3")
                                                               : clause("PIPE-VMSPLICE-2");
            const ClauseId count = act.kind == ActKind::splice ? clause("PIPE-SPLICE-1")
                                   : copies                    ? clause("PIPE-TEE-1")
                                                               : clause("PIPE-VMSPLICE-1");
            const ClauseId zero = act.kind == ActKind::tee ? clause("PIPE-TEE-2") : clause("PIPE-SPLICE-2");
            if (got == Errno::EAGAIN_ && act.kind != ActKind::vmsplice && pipe.bytes == 0 && pipe.writers == 0)
                return say(zero, Reason::wrong_errno, "EAGAIN/none", "nobody has it open for writing: 0");
            if (got == Errno::EAGAIN_)
                return say(again, Reason::wrong_errno, "EAGAIN/none", "it could move bytes, or may sleep");
            if (got == Errno::EPIPE_)
                return say(clause("PIPE-SPLICE-5"), Reason::wrong_errno, "EPIPE/none",
                           "somebody has it open for reading");
            if (got != Errno::none)
                return say(count, Reason::wrong_errno, allowed(got, "none"), "no document names this error here");
            if (moved == 0) return say(zero, Reason::early, "", "0 although it is not at its end");
            return say(count, Reason::wrong_count, "", fmt::format("{} bytes moved", moved));
        }
        case ActKind::set_capacity: {
            const std::string now = fmt::format("capacity is {}, {} slots are in use", capacity, pipe.slots.size());
            const auto asked = static_cast<std::uint64_t>(std::max<std::int64_t>(act.value, 0));
            const bool too_much = asked > std::max(capacity, subject_.pipe_max_bytes) && !subject_.may_exceed_limits;
            const bool busy = !too_much && asked + subject_.page_bytes <= pipe.slots.size() * subject_.page_bytes;
            const std::string_view wanted = too_much ? "EPERM" : busy ? "EBUSY" : "none";
            const ClauseId which = got == Errno::EBUSY_ || busy       ? clause("PIPE-CAP-6")
                                   : got == Errno::EPERM_ || too_much ? clause("PIPE-CAP-7")
                                                                      : clause("PIPE-CAP-5");
            if (got == Errno::none && wanted == "none") return say(which, Reason::wrong_value, "", now);
            return say(which, Reason::wrong_errno, allowed(got, wanted), now);
        }
        case ActKind::look_capacity:
            return say(clause("PIPE-CAP-1"), Reason::wrong_value, "", fmt::format("the capacity is {}", capacity));
        case ActKind::look_available:
            for (const Flight& other : state.flights)  // looked at after the calm point: the sleeper did not go on
                if (other.slept && component_.acts[other.act].asleep &&
                    act.result < static_cast<std::int64_t>(pipe.bytes)) {
                    breach.event = component_.acts[other.act].event;
                    return say(
                        clause("PIPE-WRITE-6"), Reason::asleep, "",
                        fmt::format("it sleeps with room for it: {} bytes were found where {} would be had it gone on",
                                    act.result, pipe.bytes));
                }
            return say(clause("PIPE-CAP-11"), Reason::wrong_value, "", fmt::format("{} bytes are unread", pipe.bytes));
        case ActKind::look_flags:
            return say(clause("PIPE-FLAGS-1"), Reason::wrong_value, "",
                       "the flags are " + judging::flags_text(state.flags[act.description]));
        case ActKind::look_poll: {
            const std::int64_t right = poll_bits(state, act, strict), odd = right ^ act.result;
            const bool unheard = act.description < state.heard.size() && state.heard[act.description] != 0;
            const std::string line = "poll should say " + judging::poll_text(static_cast<std::uint16_t>(right));
            if ((odd & poll_hup) && unheard) return say(clause("FIFO-POLL-1"), Reason::wrong_value, "", line);
            if (odd & poll_in) return say(clause("RDY-1"), Reason::wrong_value, "", line);
            if (odd & poll_out) return say(clause("RDY-2"), Reason::wrong_value, "", line);
            return say(clause("RDY-4"), Reason::wrong_value, "", line);
        }
        case ActKind::other: {
            if (act.error == Errno::ENXIO_)
                return say(clause("FIFO-OPEN-4"), Reason::wrong_errno, "ENXIO/none",
                           "somebody has it open for reading");
            if (act.error == Errno::EINTR_)
                return say(clause("FIFO-OPEN-6"), Reason::wrong_errno, "EINTR/none", "no handler interrupted it");
            if (act.error != Errno::none)
                return say(clause("FIFO-OPEN-1"), Reason::wrong_errno, allowed(got, "none"),
                           "no document names this error here");
            if (act.never_sleeps)
                return say(clause("FIFO-OPEN-3"), Reason::wrong_errno, "none/ENXIO", "nobody has it open for reading");
            return say(clause("FIFO-OPEN-1"), Reason::early, "", "nobody has opened the other end");
        }
        default: return say(clause("PIPE-CLOSE-1"), Reason::wrong_errno, allowed(got, "none"), "");
    }
}

}  // namespace crosstalk::byte_stream
