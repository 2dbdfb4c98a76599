// How a lie is told: one row of a table. A mutator says how a call goes wrong, triggers say when; a lie is one row of a
// table. A trigger is a function of what the case is and of how it has gone (the stage), never of chance or of earlier
// cases, so that a case in turns goes equally in each replay. What a clause says is written in properties/ and not
// here.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "faults/lies/stage.h"
#include "mechanisms/system/operations.h"

namespace crosstalk {

namespace lies {

struct Row;

// When a lie is told. In the comments `bytes` are those that the call asks for, `unread` those in the pipe of uses[0],
// the tokens of the semaphore there, or the messages of a queue.
enum class On : std::uint8_t {
    always,
    bytes_at_least,    // argument, taken as unsigned
    bytes_at_most,     //
    bytes_are,         //
    unread_at_least,   //
    unread_are,        //
    fills_exactly,     // unread + bytes == capacity
    has_room,          // a writer would not sleep; argument: bytes that are free at least
    is_full,           // a writer would sleep, and there is a reader
    no_reader,         // of the pipe that is written to
    no_writer,         // of the pipe that is read from
    capacity_not,      // not so many bytes: the argument is the usual capacity
    in_flight,         // at least so many others are inside a call that moves bytes or waits
    alike_in_flight,   // ... inside the same verb
    actors_at_least,   // take part
    interrupted_once,  // a call of this actor has failed with EINTR
    pipe_made,         // a `create` step has been made in this case
    fellow_killed,     // somebody died inside the same verb, or verb argument - 1
    killed_here,       // the plan kills this actor in this step
    doomed,            // ... here or later
    one_in,            // by a hash of actor, step and bytes
    segments_at_least,
    segments_at_most,
    times_at_least,
    forked,       // the caller is a forked actor
    threaded,     // the caller is a thread
    nonblocking,  // O_NONBLOCK on uses[0], or SPLICE_F_NONBLOCK
    blocking,
    packets,          // O_DIRECT on uses[0]
    flags_asked,      // the operation has all these Flag bits
    flags_not_asked,  // ... none of these
    value_is,         // Operation::value
    value_below_capacity,
    value_above_capacity,
    disposed,       // the actor's last `signal` step had one of these Flag bits
    faulty_buffer,  // a part of the buffer is not mapped
    writable,       // uses[0] is a write end
    readable,       // uses[0] is a read end
    readers,        // uses[0] is open for reading only
    late_slot,      // uses[0] is none of the ends that the case begins with: a duplicate or a received one
    timed,          // it has a time limit above 0
    past,           // its time limit lies in the past
    waits,          // it has none
};

struct Trigger {
    On on = On::always;
    std::int64_t argument = 0;
};

// Makes the call, falsely. Takes the place of an operation: agent-safe as those are.
using Mutator = Answer (*)(const Row& lie, const Call& call);

// Some of the verbs, of which there are more than a word has bits.
struct Verbs {
    std::array<std::uint64_t, verb_count / 64 + 1> words{};
    constexpr void add(Verb verb) { words[static_cast<std::size_t>(verb) / 64] |= bit(verb); }
    constexpr bool has(Verb verb) const { return (words[static_cast<std::size_t>(verb) / 64] & bit(verb)) != 0; }
    static constexpr std::uint64_t bit(Verb verb) { return std::uint64_t{1} << static_cast<unsigned>(verb) % 64; }
    bool operator==(const Verbs&) const = default;
};
constexpr Verbs verbs(auto... each) {
    Verbs all;
    (all.add(each), ...);
    return all;
}

// The fields of Lie (catalog.h), then how it is told.
struct Row {
    std::string_view id;      // kebab-case; names the target lie:ID
    std::string_view clause;  // that it breaks
    std::string_view bug;     // row of the list of known bugs that it re-enacts, "" for none
    std::string_view about;   // one sentence
    Verbs verbs{};
    Mutator mutate = nullptr;
    std::array<std::int64_t, 2> arguments{};  // meaning belongs to the mutator
    std::array<Trigger, 4> when{};            // all must hold
    std::string_view mechanism = "pipe";
};

constexpr bool concerns(const Row& lie, Verb verb) { return lie.verbs.has(verb); }

// Of the table: who lies, what is true, and where the case's actors meet.
struct Telling {
    const Row* lie = nullptr;
    OperationTable honest{};
    Stage* stage = nullptr;
};
extern Telling telling;  // this process's

// The table that tells the lie instead of `honest`, in this process and all that it forks. `stage` is shared by them.
OperationTable lied(const Row& lie, const OperationTable& honest, Stage& stage);

// For mutators: the call as it would be, the caller's part, and whether a trigger holds.
Answer honestly(const Call& call);
Part& part_of(const Call& call);
bool holds(const Trigger& trigger, const Call& call);

}  // namespace lies
}  // namespace crosstalk
