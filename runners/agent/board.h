// The board: all that the processes of a lane share. The case as flat spans, a seat for each actor, whose turn it is,
// and the journal. Written by the leader between cases, by actors during one; only atomics are shared at one time.
// It holds no pointers, so that a new image after exec may map it anywhere.
#pragma once

#include <cstdint>

#include "faults/case.h"
#include "faults/lies/stage.h"
#include "mechanisms/catalog.h"
#include "mechanisms/journal.h"
#include "mechanisms/system/futex.h"

namespace crosstalk::agent {

inline constexpr std::uint32_t board_magic = 0x58544231;  // an image after exec checks it
inline constexpr std::size_t most_steps = max_actors * max_steps;
inline constexpr int first_high_number =
    512;                                  // descriptors of the lane itself lie here or above, out of the cases' way
inline constexpr int case_numbers = 256;  // descriptors of cases are looked for below this

inline constexpr std::size_t max_name_bytes = 96;
inline constexpr std::size_t most_incarnations = 24;  // objects that one name leads to, one after the other

// Numbers in slots from here on are no descriptors: the place of object 0, 1, ... on the board, then places that this
// process alone has (places.h).
inline constexpr std::int16_t first_place = 0x4000, first_own_place = first_place + std::int16_t{max_objects};

enum class Phase : std::uint32_t {
    unborn,   // nobody has started it yet
    ready,    // at a turn point: has a next step and is not in a call
    moving,   // has the turn, or moves freely
    in_call,  // announced: may be asleep in the kernel
    leaving,  // a forked actor without steps left: waits for the leader to let its process end
    exiting,  // its process is about to end by its own doing
    ended,    // no step left
    dead,     // its process is gone
};

// Bits of Board::marks, for each step: plain is what it is by itself (plain_step.h), the others what the case adds.
inline constexpr std::uint8_t mark_delayed = 1, mark_struck = 2, mark_plain = 4;

// An actor's place. Its process is named by the actor that the process began with.
struct Seat {
    alignas(64) std::atomic<Phase> phase = Phase::unborn;
    std::atomic<std::int32_t> tid = 0;  // a thread's is cleared by the kernel when it is gone
    std::atomic<std::int32_t> pid = 0;
    std::atomic<std::uint32_t> step = 0, occurrence = 0;
    std::atomic<std::uint32_t> told = 0;          // SIGIO handlers that ran in its present call
    std::atomic<Stamp> dying = 0;                 // taken just before it ended its own life
    FutexWord stopped = 0;                        // of a process's first actor: SIGSTOP holds it, SIGCONT has not come
    std::atomic<std::int32_t> turns_to_wait = 0;  // of a stopped one: until it is continued; 0: till nobody can move
    std::atomic<std::uint32_t> clean = 0;         // serial of the case that this worker has cleaned up after
    std::atomic<std::int32_t> leaked = 0;         // descriptors found that no slot names
    ActorKind kind = ActorKind::pooled;
    ActorId process = 0;
    std::uint8_t holds_count = 0;        // descriptors that wait in its mailbox at the start
    std::uint8_t makes_descriptors = 0;  // somebody in this process makes some: look for leaks
    std::uint16_t steps = 0;
    std::uint16_t places_held = 0;  // objects on the board that it holds from the start, one bit each
    std::array<Slot, 2 * max_objects> holds;
};

// What a process's slots hold, shared by its threads, copied to a forked actor.
struct ProcessSlots {
    std::array<std::int16_t, first_mailbox> numbers;
    // What F_GETFL said of the description: twice the era in which it was asked, plus 1 for O_NONBLOCK.
    std::array<std::uint32_t, first_mailbox> said_flags{};
    std::uint16_t orphans = 0;  // descriptors that a step took a slot's name from
    std::uint8_t dirty_signals = 0, dirty_limit = 0;
    std::uint8_t left_image = 0;  // exec has happened
};

// An injection and what became of it.
struct Strike {
    FaultId fault = no_fault;
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t occurrence = 0;
    When when = When::before;
    bool restart = false;
    std::int64_t argument = 0;
    std::uint64_t former = 0;               // the limit that it lowered; 0: none
    std::atomic<std::uint32_t> struck = 0;  // times it struck; a `fault` event was written when > 0
};

// Whose turn it is.
inline constexpr std::uint32_t token_leader = 0x10000;  // the leader decides
inline constexpr std::uint32_t token_in_call = 0x100;   // added to a holder that may be asleep: the leader may take it
constexpr std::uint32_t token_of(ActorId actor) { return actor + 1u; }

struct Board {
    std::uint32_t magic = board_magic;
    std::int32_t leader_pid = 0;
    bool clone_parent = true, adopts_orphans = false;
    std::uint64_t lane_cores = 0;           // cores that `spread` may use, as a mask of the first 64
    std::uint64_t descriptor_limit = 1024;  // soft RLIMIT_NOFILE of the lane
    std::int32_t lane_core = -1;
    std::int32_t binary_fd = -1, board_fd = -1, mailbox_first = 0;
    std::array<char, 4096> binary_path{};  // where execveat is missing

    // Work for the zygote: a worker to fork. 0: none, else 1 + index, plus 0x100 for one without real-time priority.
    alignas(64) FutexWord wanted_worker = 0;
    FutexWord forked_worker = 0;  // its answer: 0 not yet, else a pid, or a negated error number

    // The case.
    std::uint32_t serial = 0;                 // of the case on the board, counted by the lane
    std::atomic<std::uint32_t> flag_era = 0;  // counts cases, and steps that change the flags of a description
    Mode mode = Mode::turns;
    bool passes = false;                   // somebody passes descriptors
    bool spread = false, careful = false;  // careful: every turn goes through the leader (signals may fly)
    std::uint16_t case_number = 0;
    std::uint32_t actor_count = 0, step_count = 0, choice_count = 0, strike_count = 0;
    std::array<std::uint32_t, max_actors + 1> first_step;
    std::array<Operation, most_steps> steps;
    std::array<std::uint64_t, most_steps> lengths;
    std::array<std::uint8_t, most_steps> tags, marks;
    std::array<std::uint32_t, most_steps> spin_ns;
    std::array<MechanismId, max_objects> mechanisms;
    std::array<Asked, max_objects> asked;
    std::array<std::array<char, max_name_bytes>, max_objects> names;  // of those that have one
    struct alignas(64) Place {
        std::array<std::byte, object_bytes> bytes;
    };
    std::array<Place, max_objects> places;   // of those that live in memory
    std::array<char, 32> directory{"/tmp"};  // of names that are paths
    std::array<std::atomic<std::uint64_t>, max_objects> object_inodes;
    // Of memory: inodes that opens of its name have led to, in the order in which they were met. 0: no more.
    std::array<std::array<std::atomic<std::uint64_t>, most_incarnations>, max_objects> incarnations;
    std::array<ActorId, max_choices> choices;
    std::array<std::uint8_t, max_choices> used;
    std::uint32_t first_unused = 0;
    std::array<Strike, max_injections> strikes;

    // Its course.
    alignas(64) std::atomic<std::uint32_t> token = token_leader;
    std::atomic<std::uint32_t> in_call = 0;  // actors in Phase::in_call
    std::atomic<std::uint32_t> live = 0;     // free: actors begun and not ended
    alignas(64) FutexWord bell = 0;          // rung for the leader
    FutexWord leader_waits = 0;
    alignas(64) FutexWord starters = 0;  // free: serial of the case that may begin
    std::atomic<std::uint32_t> arrived = 0;
    alignas(64) FutexWord curtain = 0;        // serial of the case that is over: clean up
    std::atomic<std::uint32_t> cleaning = 0;  // pooled workers that still clean up

    // The serial of a case whose turn, or beginning, is given; taken by exchange. A pooled actor's belongs to its
    // worker, of which there may be two: with real-time priority (0) and without (1). Those of forked actors and
    // threads stand apart (2).
    struct alignas(64) Gate {
        FutexWord word = 0;
    };
    std::array<std::array<Gate, max_actors>, 3> gates;
    bool plain_workers = false;  // which of the two plays this case

    alignas(64) std::array<Seat, max_actors> seats;
    std::array<ProcessSlots, max_actors> slots;
    std::int32_t lie = -1;  // that the operations tell, an index into the catalogue of lies; -1: none
    lies::Stage stage;      // for the lie
    Journal journal;

    const Operation& operation(ActorId actor, StepId step) const { return steps[first_step[actor] + step]; }
    bool over() const { return curtain.load(std::memory_order_acquire) == serial; }
    FutexWord& gate_of(ActorId actor) {
        return gates[seats[actor].kind != ActorKind::pooled ? 2 : plain_workers ? 1 : 0][actor].word;
    }
    void ring() {
        bell.fetch_add(1);
        if (leader_waits.exchange(0) != 0) futex_wake(bell);
    }
};

// The board of this process; there is one, at whatever address this image has it.
extern Board* board;

inline int mailbox_in(ActorId actor) { return board->mailbox_first + 2 * actor; }       // receives
inline int mailbox_out(ActorId actor) { return board->mailbox_first + 2 * actor + 1; }  // sends

}  // namespace crosstalk::agent
