// A plain step: one read or write of a buffer that lies whole in its actor's area, with nothing of the plan in it. Most
// steps are, so it is kept apart from all that a step may need (player.cc), and short. It is inlined into the loop over
// the steps, and makes its call inline too: where kernels return by thunks, a function that makes a system call and
// returns afterwards costs as much as a third of a pipe call (agent_benchmark.cc).
#pragma once

#include <algorithm>
#include <cstring>

#include "mechanisms/payload.h"
#include "runners/agent/buffers.h"
#include "runners/agent/player.h"
#include "runners/agent/signals.h"
#include "runners/agent/step.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {

inline bool is_plain(const Operation& operation) {
    const Buffer& buffer = operation.buffer;
    return (operation.verb == Verb::write || operation.verb == Verb::read) && operation.times == 1 &&
           operation.timeout_ns <= 0 && buffer.bytes <= buffer.mapped && buffer.bytes <= area_bytes;
}

// What was received goes into the journal, and the area is zero again. Fewer bytes than a word prove no origin.
inline void keep(Log& log, Event& record, std::uint8_t* area, std::uint64_t bytes) {
    constexpr std::uint64_t word_bytes = 8;
    if (bytes >= word_bytes || log.runs_used >= max_log_runs || log.raw_used > max_log_raw_bytes - word_bytes)
        return received(log, record, {area, static_cast<std::size_t>(bytes)});
    record.first_run = log.runs_used;
    record.run_count = 1;
    log.runs[log.runs_used++] = {RunKind::raw, 0, 0, log.raw_used, static_cast<std::uint32_t>(bytes)};
    std::memcpy(&log.raw[log.raw_used], area, word_bytes);
    std::memset(area, 0, word_bytes);
    log.raw_used += static_cast<std::uint32_t>(bytes);
}

[[gnu::always_inline]] inline Answer call_by_table(const Call& call) {
    const Perform perform = (*operations)[static_cast<std::size_t>(call.operation->verb)];
    if (perform == write_call) return write_call(call);
    if (perform == read_call) return read_call(call);
    return perform(call);
}

// Says whether the turn is still here.
[[gnu::always_inline]] inline bool play_plain_step(ActorId actor, StepId step, const Scratch& scratch) {
    Board& b = *board;
    const std::uint32_t index = b.first_step[actor] + step;
    const Operation& operation = b.steps[index];
    Log& log = b.journal.logs[actor];
    Event& record = log.calls[step];
    Seat& seat = b.seats[actor];
    const bool writes = operation.verb == Verb::write;
    describe(record, actor, step, operation);
    seat.step.store(step, std::memory_order_relaxed);
    Call call;
    call.operation = &operation;
    call.actor = actor;
    call.step = step;
    call.count = operation.buffer.bytes;
    call.bytes = writes ? scratch.write_area : scratch.read_area;
    call.fds[0] = b.slots[seat.process].numbers[operation.uses[0]];
    if (writes)
        fill({b.case_number, actor, step, b.lengths[index], b.tags[index]}, 0,
             {call.bytes, static_cast<std::size_t>(call.count)});
    const bool announced = b.mode == Mode::turns && may_sleep_now(call);
    if (announced) announce(actor);
    end_storm(actor);
    b.journal.begin(record);
    const Answer answer = call_by_table(call);
    const Stamp ended = b.journal.stamp();
    end_storm(actor);
    if (b.over()) [[unlikely]]
        return false;
    enter(record, answer, true, call.count);
    const bool has_turn = !announced || retract(actor);
    if (!writes && answer.result > 0)
        keep(log, record, call.bytes, std::min<std::uint64_t>(static_cast<std::uint64_t>(answer.result), area_bytes));
    b.journal.end(record, ended);
    return has_turn;
}

}  // namespace crosstalk::agent
