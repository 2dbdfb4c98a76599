// What there is while a case is played: descriptions, processes, messages on their way, and the life of each actor.
// Values only.
#pragma once

#include <array>
#include <bitset>
#include <deque>
#include <optional>
#include <vector>

#include "faults/fault.h"
#include "properties/models/page_slots.h"

namespace crosstalk::mirror {

inline constexpr std::int16_t unbound = -1;
inline constexpr std::uint8_t no_process = 0xff;
inline constexpr int no_limit = 1 << 20;
inline constexpr std::size_t most_numbers = 256;  // descriptor numbers of one process
inline constexpr int first_number = 10;           // those below belong to the harness
inline constexpr std::size_t signal_count = static_cast<std::size_t>(Signal::other) + 1;

constexpr std::uint32_t bit_of(Signal signal) { return 1u << static_cast<unsigned>(signal); }

// An object and its bytes.
struct Tube {
    byte_stream::Pipe pipe;
    ObjectId object = 0;
    std::uint32_t arrivals = 0;  // writes, so far
    bool by_leader = false;
    bool named = false;                 // a FIFO: what is in it goes with the last reference
    std::uint32_t waiting[2] = {0, 0};  // opens of each end that nobody has let in yet
};

// A semaphore: its tokens, and how many posts have counted beside it.
struct Semaphore {
    ObjectId object = 0;
    std::int64_t tokens = 0, counted = 0;
};

// A message of a queue: bytes of a step's stream, from `offset` on.
struct Letter {
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t offset = 0, length = 0, priority = 0;
};

// A message queue, whether a name leads to it or not: its messages, the next one first, and who is to be told of one.
struct Queue {
    ObjectId object = 0;
    bool by_leader = false;
    std::vector<Letter> letters{};
    std::uint8_t registered = no_process;
    Signal signal = Signal::none;          // none: is told in silence
    std::int16_t registered_by = unbound;  // the description, and
    Slot slot = no_slot;                   // the slot that held it
};

// What an open file description is of.
enum class Kind : std::uint8_t { tube, queue, socket, file };

// An open file description.
struct Description {
    Kind kind = Kind::tube;
    std::uint16_t tube = 0;
    std::uint16_t thing = 0;  // of another kind, which one
    Access access = Access::both;
    std::uint8_t end = 0;
    std::uint16_t flags = 0;
    bool ended = false;       // a read has found the end of file
    std::uint32_t heard = 0;  // opened for reading while nobody wrote: 1 + how many had by then
    std::uint32_t references = 0;
    std::uint8_t owner = no_process;  // F_SETOWN
    std::int16_t watches = unbound;   // of an epoll instance: what it waits for, how, and what it has told
    std::uint32_t told_arrivals = 0;
    bool told = false;
};

struct Disposition {
    bool ignored = false, standard = true, restarts = false;
};

// How far a process is on its way out.
enum class Stage : std::uint8_t { lives, dying, closing, gone };

struct Process {
    ActorId leader = 0;
    std::array<std::int16_t, first_mailbox> description{}, number{};
    std::bitset<first_mailbox> close_on_exec;
    std::array<std::int16_t, first_mailbox> semaphore{};  // of a slot that holds one
    std::bitset<first_mailbox> opened;                    // those that sem_open gave
    std::bitset<most_numbers> used;
    int limit = no_limit;  // RLIMIT_NOFILE
    std::array<Disposition, signal_count> dispositions{};
    std::uint32_t pending = 0;   // signals to the process, one bit each
    std::uint32_t of_queue = 0;  // of them, those that a message brought
    bool threads = false;
    bool stopped = false;            // by SIGSTOP: none of its threads moves
    bool is_due = false;             // the turns that it was to wait for are over
    std::int64_t turns_to_wait = 0;  // until it is continued; 0: when nobody else can move
    Stage stage = Stage::lives;
    Stamp dying_since = 0;
    Signal killer = Signal::none;
    std::int64_t status = 0;
    Process() { description.fill(unbound), number.fill(unbound), semaphore.fill(unbound); }
};

// Descriptors on their way.
struct Message {
    ActorId from = 0;
    StepId step = 0;
    std::array<std::int16_t, 3> descriptions{unbound, unbound, unbound};
};

enum class Phase : std::uint8_t { unborn, ready, called, asleep, done, leaving, ended, dead };

// An actor, and the call that it is in.
struct Life {
    Phase phase = Phase::unborn;
    std::uint8_t process = no_process;
    StepId step = 0;
    std::uint32_t blocked = 0, pending = 0;  // signals, one bit each
    bool doomed = false;                     // it never returns from its call
    bool still = false;                      // ... nor does anything more in it
    bool forgotten = false;                  // a broken promise: nothing wakes it
    Event event;
    std::uint32_t calls = 0;             // of the step, that have ended
    std::uint64_t moved = 0, total = 0;  // bytes of this call; of the step
    bool slept = false;
    bool counted = false;                                // a post, beside its semaphore
    std::int16_t opening = unbound;                      // of an open that waits: the description to be
    bool met = false;                                    // ... and somebody has opened the other end since
    std::optional<Letter> handed;                        // asleep at a queue: what another has done for it
    std::array<std::int16_t, 2> held{unbound, unbound};  // descriptions that its call holds
    std::int16_t from = unbound, to = unbound;           // tubes of a transfer going on
    std::uint8_t looked_at = 0;                          // poll: descriptors so far
    std::int64_t seen = 0, ready = 0;                    // poll: bits, descriptors with bits
    std::vector<byte_stream::Piece> data;                // received
    std::uint32_t runs_used = 0, raw_used = 0, notes = 0;
    Returned returned;          // what its last call answered, for faults that ask
    int former_limit = 0;       // of RLIMIT_NOFILE, while it is lowered for its call; 0: it is not
    std::size_t last_note = 0;  // in the history; all of the actor's log, which is bounded
};

// What one call answers now.
struct Effect {
    std::int64_t result = 0;
    Errno error = Errno::none;
    std::int64_t value = 0;
    bool sleeps = false;
    bool pauses = false;        // it goes on, but others may move first
    std::int64_t left_out = 0;  // receive: descriptors that found no number
};
constexpr Effect fails(Errno error) { return {.result = -1, .error = error}; }
inline constexpr Effect falls_asleep{.sleeps = true};

}  // namespace crosstalk::mirror
