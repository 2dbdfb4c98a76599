// The clock by which the kernel itself counts time limits: where ticks come late (an emulated machine, a busy host), a
// limit is over too soon for a clock that does not wait for them, and for this one it is not.
#pragma once

#include <time.h>

#include <cstdint>

namespace crosstalk {

// CLOCK_MONOTONIC_COARSE (clock_getres(2)) as of the last tick, in nanoseconds; CLOCK_MONOTONIC where there is none.
inline std::int64_t tick_ns() {
    timespec now{};
    if (::clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0) ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace crosstalk
