// What every way of playing a step shares: where its slots lead, the record that it opens, and the answer entered
// there. It makes no call of the case and takes no stamp.
#pragma once

#include "mechanisms/system/operations.h"
#include "runners/agent/board.h"

namespace crosstalk::agent {

inline ProcessSlots& slots_of(ActorId actor) { return board->slots[board->seats[actor].process]; }

// May the call sleep, as far as its own flags and its descriptors' say?
bool may_sleep_now(const Call& call);

inline void describe(Event& record, ActorId actor, StepId step, const Operation& operation) {
    record = Event{};
    record.actor = actor;
    record.step = step;
    record.verb = operation.verb;
    record.object = operation.object;
    record.times = 0;
}

// Enters one call's answer into the record, of which result is the sum so far; true if the next call may follow.
inline bool enter(Event& record, const Answer& answer, bool moves_bytes, std::uint64_t asked) {
    if (answer.result < 0) [[unlikely]] {
        record.error = errno_from(static_cast<int>(-answer.result));
        if (record.verb == Verb::trial) record.value = answer.value;
        if (record.error == Errno::other) record.value = -answer.result;
        if (record.times == 0 && record.result == 0) record.result = -1;
        return false;
    }
    record.value = answer.value;
    record.result += answer.result;
    const bool full = !moves_bytes || static_cast<std::uint64_t>(answer.result) == asked;
    if (full) ++record.times;
    return full;
}

}  // namespace crosstalk::agent
