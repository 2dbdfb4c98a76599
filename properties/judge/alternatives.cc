// A table of facts: which clause speaks of which kind of answer, and what may stand against it. See alternatives.h.
#include "properties/judge/alternatives.h"

#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"

namespace crosstalk::judging {
namespace {

enum class Shown : std::uint8_t { data, zero, again, epipe, interrupted, fault, asleep, other };

// The state before, as far as this act is concerned.
struct Facts {
    const Act& act;
    Shown seen = Shown::other;
    Errno got = Errno::none;
    std::uint64_t bytes = 0, capacity = 0, packet = 0, moved = 0, pipe_buf = 0;  // packet: bytes of the next one
    std::uint64_t free_slots = 0, slots = 0;
    std::uint32_t readers = 0, writers = 0;
    bool nonblock = false, handler = false;
};

Facts facts_of(const Subject& subject, const byte_stream::State& state, const byte_stream::Flight& flight,
               const Act& act) {
    const byte_stream::Pipe& pipe = state.pipes[act.object];
    Facts out{act};
    const bool last = flight.calls >= act.full_calls;
    out.got = last ? act.error : Errno::none;
    out.moved = last ? act.tail : act.asked;
    out.bytes = pipe.bytes;
    out.slots = pipe.max_slots;
    out.free_slots = pipe.max_slots - std::min<std::size_t>(pipe.slots.size(), pipe.max_slots);
    out.capacity = pipe.max_slots * subject.page_bytes;
    out.packet = !pipe.slots.empty() && pipe.slots[0].packet ? pipe.slots[0].length : 0;
    out.readers = pipe.readers, out.writers = pipe.writers;
    out.pipe_buf = subject.pipe_buf;
    out.nonblock = act.never_sleeps || (act.description != none16 && (state.flags[act.description] & flag_nonblock));
    out.handler = act.interrupted || act.restarted;
    out.seen = act.asleep                  ? Shown::asleep
               : out.got == Errno::EAGAIN_ ? Shown::again
               : out.got == Errno::EPIPE_  ? Shown::epipe
               : out.got == Errno::EINTR_  ? Shown::interrupted
               : out.got == Errno::EFAULT_ ? Shown::fault
               : out.got != Errno::none    ? Shown::other
               : out.moved == 0            ? Shown::zero
                                           : Shown::data;
    return out;
}

std::string held(const Facts& f) { return fmt::format("it held {} byte{}", f.bytes, f.bytes == 1 ? "" : "s"); }
std::string room(const Facts& f) {
    return fmt::format("{} of its {} bytes were taken, {} of {} page slots free", f.bytes, f.capacity, f.free_slots,
                       f.slots);
}
std::string opened(std::uint32_t count, const char* how) {
    return fmt::format("{} descriptor{} had it open for {}", count, count == 1 ? "" : "s", how);
}

std::string against_end(const Facts& f) { return f.bytes ? held(f) : f.writers ? opened(f.writers, "writing") : ""; }
std::string against_read_again(const Facts& f) {
    return f.bytes       ? held(f)
           : !f.nonblock ? "O_NONBLOCK was clear"
           : !f.writers  ? "nobody had it open for writing"
                         : "";
}
std::string against_read_data(const Facts& f) {
    const std::uint64_t due = std::min(f.packet ? f.packet : f.bytes, f.act.asked);
    if (f.bytes == 0) return "it held nothing";
    if (f.moved != due) return fmt::format("{}, {} were asked for: {} were due", held(f), f.act.asked, due);
    return "as many came, but not the bytes that stood first";
}
std::string against_interrupt(const Facts& f) {
    return !f.act.interrupted ? "no such handler ran inside the call" : "the call had no reason to sleep";
}
std::string against_read_sleep(const Facts& f) {
    return f.bytes ? held(f) : !f.writers ? "nobody had it open for writing" : f.nonblock ? "O_NONBLOCK was set" : "";
}
std::string against_epipe(const Facts& f) { return f.readers ? opened(f.readers, "reading") : ""; }
std::string against_small_again(const Facts& f) {
    if (!f.nonblock) return "O_NONBLOCK was clear";
    if (f.act.asked > f.pipe_buf) return fmt::format("{} bytes are more than PIPE_BUF", f.act.asked);
    return room(f);
}
std::string against_large_again(const Facts& f) {
    if (!f.nonblock) return "O_NONBLOCK was clear";
    if (f.act.asked <= f.pipe_buf) return fmt::format("{} bytes are not more than PIPE_BUF", f.act.asked);
    return room(f);
}
std::string against_short(const Facts& f) {
    if (f.moved >= f.act.asked) return room(f);
    if (f.act.asked <= f.pipe_buf) return fmt::format("{} bytes are at most PIPE_BUF", f.act.asked);
    return f.nonblock ? room(f) : "O_NONBLOCK was clear";
}
std::string against_part(const Facts& f) { return f.handler ? room(f) : "no handler ran inside the call"; }
std::string against_whole(const Facts& f) {
    if (!f.readers) return "nobody had it open for reading: EPIPE was due";
    if (f.moved < f.act.asked) return fmt::format("{} of {} bytes were written", f.moved, f.act.asked);
    return room(f);
}
std::string against_write_sleep(const Facts& f) {
    return !f.readers ? "nobody had it open for reading" : f.nonblock ? "O_NONBLOCK was set" : room(f);
}
std::string against_nothing(const Facts& f) { return fmt::format("{} bytes were asked for", f.act.asked); }
std::string against_fault(const Facts& f) { return f.act.mapped >= f.act.asked ? "the whole buffer was mapped" : ""; }
std::string against_move_again(const Facts& f) { return f.bytes ? held(f) : "it need not have slept"; }

struct Row {
    ActKind kind;
    Shown seen;
    ClauseId clause;
    std::string_view allows;
    std::string (*against)(const Facts&);
};

using enum ActKind;
constexpr Row rows[] = {
    {read, Shown::data, clause("PIPE-READ-1"),
     "as many bytes as it holds, at most those asked for, the first ones first", against_read_data},
    {read, Shown::zero, clause("PIPE-READ-4"), "0 from an empty pipe that nobody has open for writing", against_end},
    {read, Shown::zero, clause("PIPE-READ-7"), "0 for a read of 0 bytes", against_nothing},
    {read, Shown::again, clause("PIPE-READ-3"),
     "EAGAIN with O_NONBLOCK from an empty pipe that somebody has open for writing", against_read_again},
    {read, Shown::interrupted, clause("SIG-RW-1"), "EINTR after a handler without SA_RESTART ran while it slept",
     against_interrupt},
    {read, Shown::fault, clause("PIPE-FAULT-1"), "EFAULT for a buffer that is not mapped", against_fault},
    {read, Shown::asleep, clause("PIPE-READ-2"), "sleep while it is empty and somebody has it open for writing",
     against_read_sleep},
    {write, Shown::data, clause("PIPE-ATOMIC-1"), "all bytes at once, where there is room for them", against_whole},
    {write, Shown::data, clause("PIPE-ATOMIC-4"),
     "a part, with O_NONBLOCK and more than PIPE_BUF bytes, when there is not room for all", against_short},
    {write, Shown::data, clause("SIG-RW-2"), "a part, after a handler ran when some bytes were written", against_part},
    {write, Shown::zero, clause("PIPE-WRITE-5"), "0 for a write of 0 bytes", against_nothing},
    {write, Shown::again, clause("PIPE-ATOMIC-2"), "EAGAIN with O_NONBLOCK when at most PIPE_BUF bytes do not fit",
     against_small_again},
    {write, Shown::again, clause("PIPE-ATOMIC-5"), "EAGAIN with O_NONBLOCK when it is full", against_large_again},
    {write, Shown::epipe, clause("PIPE-WRITE-2"), "EPIPE when nobody has it open for reading", against_epipe},
    {write, Shown::interrupted, clause("SIG-RW-1"), "EINTR after a handler without SA_RESTART ran while it slept",
     against_interrupt},
    {write, Shown::fault, clause("PIPE-FAULT-1"), "EFAULT for a buffer that is not mapped", against_fault},
    {write, Shown::asleep, clause("PIPE-WRITE-6"), "sleep while there is no room and somebody has it open for reading",
     against_write_sleep},
    {splice, Shown::data, clause("PIPE-SPLICE-1"), "as many bytes as the first pipe holds and the second has room for",
     against_read_data},
    {splice, Shown::zero, clause("PIPE-SPLICE-2"), "0 when the first pipe is empty and nobody has it open for writing",
     against_end},
    {splice, Shown::again, clause("PIPE-SPLICE-3"), "EAGAIN where it may not sleep and would have to",
     against_move_again},
    {tee, Shown::data, clause("PIPE-TEE-1"), "as many bytes as the first pipe holds and the second has room for",
     against_read_data},
    {tee, Shown::zero, clause("PIPE-TEE-2"), "0 when the first pipe is empty and nobody has it open for writing",
     against_end},
    {tee, Shown::again, clause("PIPE-TEE-3"), "EAGAIN where it may not sleep and would have to", against_move_again},
};

}  // namespace

std::vector<std::string> alternatives(const Subject& subject, const byte_stream::State& state,
                                      const byte_stream::Flight& flight, const Act& act) {
    const Facts facts = facts_of(subject, state, flight, act);
    std::vector<std::string> lines;
    for (const Row& row : rows) {
        if (row.kind != act.kind || row.seen != facts.seen) continue;
        const bool of_parts = row.clause == clause("PIPE-ATOMIC-4") || row.clause == clause("SIG-RW-2");
        if (of_parts && facts.moved >= act.asked) continue;
        const std::string against = row.against(facts);
        lines.push_back(fmt::format("{} allows {}", clause_of(row.clause).id, row.allows));
        if (!against.empty()) lines.back() += "; here " + against;
    }
    if (lines.empty() && facts.got != Errno::none)
        lines.push_back(fmt::format("no clause allows {} for such a call", name_of(facts.got)));
    return lines;
}

Due due_of(const Subject& subject, const byte_stream::State& state, const byte_stream::Flight& flight, const Act& act) {
    const Facts f = facts_of(subject, state, flight, act);
    Due due;
    if (subject.operation(act).times != 1 || flight.moved != 0) return due;
    const auto answer = [&](std::int64_t result, Errno error = Errno::none) {
        due.known = true, due.result = error == Errno::none ? result : -1, due.error = error;
        return due;
    };
    if (act.mapped < act.asked) return due;
    for (const byte_stream::Flight& other : state.flights)  // what moves beside it may have moved by now, or not
        if (other.act != flight.act && !other.done && other.moved != 0) return due;
    if (act.kind == ActKind::read) {
        if (act.asked == 0) return answer(0);
        if (f.bytes == 0 && f.writers == 0) return answer(0);
        if (f.bytes == 0 && f.nonblock) return answer(-1, Errno::EAGAIN_);
        if (f.bytes == 0 && act.interrupted) return answer(-1, Errno::EINTR_);
        if (f.bytes == 0) return due.known = due.sleeps = true, due;
        std::uint64_t left = std::min(f.packet ? f.packet : f.bytes, act.asked);
        answer(static_cast<std::int64_t>(left));
        const auto& pieces = state.pipes[act.object].pieces;
        for (std::size_t i = 0; i < pieces.size() && left != 0; ++i) {
            const auto take = static_cast<std::uint32_t>(std::min<std::uint64_t>(pieces[i].length, left));
            due.bytes.push_back({RunKind::origin, pieces[i].actor, pieces[i].step, pieces[i].offset, take});
            left -= take;
        }
        return due;
    }
    if (act.kind == ActKind::write) {
        if (act.asked == 0) return answer(0);
        if (f.readers == 0) return answer(-1, Errno::EPIPE_);
        const bool fits = f.bytes + act.asked <= f.capacity;  // what the documents count: bytes, not page slots
        if (fits && f.free_slots == 0 && f.seen == Shown::data) return due;  // EAGAIN where pages are counted
        if (fits) return answer(static_cast<std::int64_t>(act.asked));
        if (f.nonblock && act.asked <= f.pipe_buf) return answer(-1, Errno::EAGAIN_);
        return due;
    }
    if (act.kind == ActKind::look_available) return answer(static_cast<std::int64_t>(f.bytes));
    if (act.kind == ActKind::look_capacity) return answer(static_cast<std::int64_t>(f.capacity));
    return due;
}

}  // namespace crosstalk::judging
