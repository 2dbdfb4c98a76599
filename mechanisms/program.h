// A program: objects, links between hosts, and actors with their straight lines of steps. A plain value.
// Who moves when is a Schedule, what strikes is a plan (faults/case.h).
#pragma once

#include <string>
#include <vector>

#include "mechanisms/operation.h"

namespace crosstalk {

using MechanismId = std::uint8_t;  // index into mechanisms/catalog.h
using HostId = std::uint8_t;

// What is asked of an object when it is made. 0 means: the system's default.
struct Asked {
    std::uint64_t capacity_bytes = 0;  // of a pipe; of a socket's send buffer; of memory: its length
    std::uint16_t flags = 0;           // Flag: nonblock, cloexec, direct
    std::int64_t value = 0;            // a semaphore's first value; of an address: 1 for an abstract name
    std::uint32_t records = 0;         // a message queue's mq_maxmsg
    std::uint32_t record_bytes = 0;    // and its mq_msgsize
    bool operator==(const Asked&) const = default;
};

// An object named by a `create` step is made by that step; one named by a `socket`, `bind` or `connect` step is an
// address; any other is made before the first step, and its ends are handed to the actors whose `holds` name them
// (initial_slot).
struct Object {
    MechanismId mechanism = 0;
    Asked asked;
    bool operator==(const Object&) const = default;
};

// Between two hosts: where there is one, end 0 of each pair of sockets stands on the first host, end 1 on the other.
struct Link {
    HostId from = 0, to = 0;
    bool operator==(const Link&) const = default;
};

enum class ActorKind : std::uint8_t { pooled, forked, thread };

struct Actor {
    ActorKind kind = ActorKind::pooled;
    ActorId parent = 0;  // of a forked actor or thread: whose `start` step begins it
    HostId host = 0;
    std::vector<Slot> holds;  // initial slots of a pooled actor, ascending; others get theirs from the parent
    std::vector<Operation> steps;
};

struct Program {
    std::vector<Object> objects;
    std::vector<Link> links;
    std::vector<Actor> actors;
};

bool operator==(const Buffer&, const Buffer&);
bool operator==(const Operation&, const Operation&);
bool operator==(const Actor&, const Actor&);
bool operator==(const Program&, const Program&);

// Is this object an address, which sockets that steps make bind and connect to? Nothing is made of it before a case.
bool is_address(const Program& program, ObjectId object);
// Does a trial name this object? It may use the object's name.
bool is_tried(const Program& program, ObjectId object);

// May this operation sleep in the kernel? `nonblock` is what the program knows of the description's O_NONBLOCK.
bool may_sleep(const Operation& operation, bool nonblock);

// May this poll be asked by epoll_wait? The instance takes a descriptor for a while: nobody else in the process may
// count on the lowest free number then, nor be born with it, and no limit may stand in its way. Each slot stands once.
bool may_ask_by_epoll(const Program& program, ActorId actor, const Operation& operation);
// Has this actor its process to itself, and does no program's limit stand in the way of a descriptor more?
bool is_left_alone(const Program& program, ActorId actor);

// Is this a name that steps make, remove and make again, so that it leads to several objects?
bool is_named_anew(const Program& program, ObjectId object);

// The initial slots that `actor`, or an actor it starts, uses before making them: what `holds` is when a file omits it.
std::vector<Slot> slots_needed(const Program& program, ActorId actor);

// "" if the program keeps the bounds above and makes sense (parents exist and start their children once, slots in
// range, mailboxes only where they belong, threads do not rebind their process's slots...), else what is wrong, in
// one line. The agent refuses what this refuses.
std::string why_not(const Program& program);

}  // namespace crosstalk
