// The stage: what a lie may know of the case beside its own call: who takes part, who is in a call now, who was
// interrupted, and marks that a lie leaves for a later call. In memory that all actors share; made anew for each case,
// so that a lie is a function of what the case is and of how it goes, and never of what was played before.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "faults/case.h"

namespace crosstalk::lies {

inline constexpr std::size_t most_marks = 32;       // open files that a lie marks in one case
inline constexpr std::size_t most_kept_bytes = 32;  // of an earlier read of one actor

struct Part {  // an actor's
    ActorKind kind = ActorKind::pooled;
    std::uint16_t killed_in = 0;              // 1 + the step in which the plan kills it; 0: nowhere
    std::atomic<std::uint8_t> inside = 0;     // 1 + verb of the call that it is in; stays when it dies there
    std::atomic<std::int32_t> tid = 0;        // who is inside
    std::atomic<bool> interrupted = false;    // a call of it has failed with EINTR
    std::atomic<std::uint16_t> disposed = 0;  // Flag bits of its last `signal` step
    std::uint8_t kept_count = 0;
    std::array<std::uint8_t, most_kept_bytes> kept{};
};

struct Mark {
    std::atomic<std::uint64_t> inode = 0;
    std::atomic<std::int64_t> value = 0;
};

struct Stage {
    std::atomic<std::uint32_t> serial = 0;  // counts cases
    std::uint32_t actors = 0;
    std::atomic<std::uint32_t> starts = 0;   // `start` steps that have succeeded
    std::atomic<std::uint32_t> creates = 0;  // `create` steps that have ended
    std::array<Part, max_actors> parts;
    std::array<Mark, most_marks> marks;

    // Before a case: forgets the last one.
    void set(const Case& value);
    // The mark of an open file, made if there is none; nullptr if there are too many.
    Mark* mark_of(std::uint64_t inode);
};

}  // namespace crosstalk::lies
