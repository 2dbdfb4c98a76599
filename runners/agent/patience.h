// How long a case has had. Time counts only as far as this process itself got to run: a look that comes late, because
// the machine was busy or stopped, adds no more than a punctual one.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace crosstalk::agent {

inline constexpr std::int64_t look_ns = 4000000;      // between two looks of the leader at a case that says nothing
inline constexpr std::int64_t link_look_ns = 100000;  // where a link waits for packets
inline constexpr std::int64_t most_per_look_ns = 2 * look_ns;
// Below real-time workers the leader is late because they run, which is the case's own time.
inline constexpr std::int64_t most_per_look_below_ns = 500000000;

class Patience {
  public:
    explicit Patience(bool below_workers) : most_ns_(below_workers ? most_per_look_below_ns : most_per_look_ns) {}
    void begin() {
        spent_ns_ = 0;
        last_ns_ = now_ns();
    }
    // Called at each look; returns what has been spent.
    std::int64_t look() {
        const std::int64_t now = now_ns();
        spent_ns_ += std::min(now - last_ns_, most_ns_);
        last_ns_ = now;
        return spent_ns_;
    }
    static std::int64_t now_ns() {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
    }

  private:
    std::int64_t most_ns_, spent_ns_ = 0, last_ns_ = 0;
};

}  // namespace crosstalk::agent
