// The operation table: one function a verb, each making exactly one system call (or the few that its verb names)
// with the arguments it is given. Another table may put other functions in their place.
// Stamps, turns, buffers, repetition and slots belong to the caller; this only asks the kernel and says what it said.
#pragma once

#include <array>

#include "mechanisms/mechanism.h"
#include "mechanisms/system/kernel.h"

struct iovec;

namespace crosstalk {

// One call, its slots resolved to descriptors and its buffer laid out.
struct Call {
    const Operation* operation = nullptr;
    std::array<int, 4> fds{-1, -1, -1, -1};       // of uses; -1: the slot is not bound
    std::array<int, 4> replaced{-1, -1, -1, -1};  // of makes: what the slot holds before
    std::uint8_t* bytes = nullptr;                // where the call's buffer begins
    std::uint64_t count = 0;                      // the count to ask for, as it is
    const iovec* segments = nullptr;
    std::uint64_t segment_count = 0;
    std::array<void*, 4> places{};               // of uses that hold a place in memory; null: not bound
    std::array<std::uint64_t, 4> place_bytes{};  // how long they are; 0: as long as their mechanism makes them
    void* bad_pointer = nullptr;                 // an address that faults
    const Mechanism* mechanism = nullptr;  // of the object that the operation names, what was asked of it, what it
    const Asked* asked = nullptr;          // is called, and where it lies if it lies in memory
    const char* name = "";
    void* object_place = nullptr;
    int least_free = 0;  // dup2 onto a free number: looked for from here on
    ActorId actor = 0;   // who calls, in which step: travels in passes
    StepId step = 0;
    void* place = nullptr;  // the agent's own, for start, exec and exit
    bool (*is_over)() = nullptr;  // has the case ended? Asked by calls that no signal ends; null: it never does
};

// What it answered. result < 0 is a negated kernel error number.
struct Answer {
    std::int64_t result = 0;
    std::int64_t value = 0;
    std::array<int, 4> made{-1, -1, -1, -1};  // descriptors for makes
    void* place = nullptr;                    // or a place, for makes[0]; `place_bytes` of it, 0 for an object's own
    std::uint64_t place_bytes = 0;
    ActorId from_actor = 0;  // receive: whose pass it was
    StepId from_step = 0;
};

using Perform = Answer (*)(const Call& call);
using OperationTable = std::array<Perform, verb_count>;

// The kernel's own. start, exec and exit answer -ENOSYS here: they need the agent's journal.
extern const OperationTable kernel_operations;

// The two most frequent ones, to be made without a call of a function where the table names them (agent/plain_step.h).
inline Answer write_call(const Call& c) { return {.result = kernel::call(SYS_write, c.fds[0], c.bytes, c.count)}; }
inline Answer read_call(const Call& c) { return {.result = kernel::call(SYS_read, c.fds[0], c.bytes, c.count)}; }

// What travels with a pass; the sender says who it is.
struct PassNote {
    ActorId actor = 0;
    std::uint8_t count = 0;
    StepId step = 0;
};
inline constexpr ActorId from_leader = 255;                 // PassNote::actor of the initial descriptors
inline constexpr std::size_t max_passed = 2 * max_objects;  // the initial ends of all objects

// Sends descriptors over a socket, or takes them off it. Negated error numbers; receive puts descriptors in `fds`.
long send_descriptors(int socket, const PassNote& note, const int* fds, std::size_t count, int flags);
long receive_descriptors(int socket, PassNote& note, int* fds, std::size_t room, std::size_t& count, int flags);

// The limit on descriptor numbers that leaves exactly `free_numbers` of them free, as numbers now stand.
std::uint64_t limit_leaving(std::uint64_t free_numbers);
// The lowest number from `least` on that is not in use.
int lowest_free(int least);
// The inode of what a descriptor is open on: which object it is. 0 if that cannot be told.
std::uint64_t inode_of(int fd);
// RLIMIT_NOFILE's soft limit; set keeps the hard one. Negated error number.
long set_descriptor_limit(std::uint64_t limit);
std::uint64_t descriptor_limit();

}  // namespace crosstalk
