// An actor's buffers: one area to write from, one to read into, each ending right before a guard, so that a buffer
// whose end is not mapped faults genuinely; and pages of their own for vmsplice, untouched until the case is over.
// Areas are mapped once in each process and kept, and not inherited. The read area is all zero between calls, so that
// bytes which the kernel claims but did not write are not mistaken for somebody's payload.
#pragma once

#include <sys/uio.h>

#include <cstdint>

#include "mechanisms/operation.h"

namespace crosstalk::agent {

inline constexpr std::size_t area_bytes = 2u << 20;  // twice the largest pipe of an unprivileged user
inline constexpr std::size_t guard_bytes = 1u << 20;
inline constexpr std::size_t most_segments = 2048;       // twice IOV_MAX; the kernel refuses more without looking
inline constexpr std::size_t max_gift_bytes = 4u << 20;  // of one vmsplice step: times x bytes
inline constexpr std::size_t max_gifts = 64;             // vmsplice steps of one process in one case
inline constexpr std::size_t thread_stack_bytes = 64u << 10;

struct Scratch {
    std::uint8_t* write_area = nullptr;
    std::uint8_t* read_area = nullptr;
    std::uint8_t* stack = nullptr;  // threads only; lowest address
    iovec* segments = nullptr;
    void* guard = nullptr;  // faults
};

// The scratch of an actor in this process; mapped at first use. nullptr if there is no memory.
Scratch* scratch_of(ActorId actor);
// The same with a stack. Called by the actor that starts the thread.
Scratch* scratch_with_stack(ActorId actor);

// In a process just forked: the areas were its parent's and are not here. Stacks are, one of them may be in use.
void forget_scratches();

// Pages for one vmsplice step, followed by a guard; nullptr if there is no memory or too many were asked for.
std::uint8_t* gift(std::size_t bytes, bool ends_at_guard);
// Gives them all back. Only when no pipe of the case is left.
void take_back_gifts();

}  // namespace crosstalk::agent
