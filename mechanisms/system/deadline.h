// When a call of a queue or a semaphore gives up: a moment of CLOCK_REALTIME, since a case knows no clock
// (mq_receive(3), sem_wait(3)). What flags make of it: operation.h.
#pragma once

#include <time.h>

#include "mechanisms/operation.h"

namespace crosstalk {

inline timespec deadline_of(const Operation& operation) {
    constexpr std::int64_t second = 1'000'000'000;
    const bool past = operation.timeout_ns == 0 && (operation.flags & flag_now) == 0;
    const std::int64_t wanted = operation.timeout_ns < 0 ? 0 : operation.timeout_ns;
    timespec when{};
    ::clock_gettime(CLOCK_REALTIME, &when);
    const std::int64_t sum = when.tv_nsec + wanted;
    when.tv_sec += static_cast<time_t>(sum / second) - past;
    when.tv_nsec = static_cast<long>(sum % second);
    if ((operation.flags & flag_first_ns) != 0) when.tv_nsec = 0;
    if ((operation.flags & flag_last_ns) != 0) when.tv_nsec = second - 1;
    if ((operation.flags & flag_unknown) != 0) when.tv_nsec = operation.timeout_ns == 0 ? -1 : second;
    return when;
}

}  // namespace crosstalk
