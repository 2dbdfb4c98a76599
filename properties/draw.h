// Drawing cases: one rapidcheck generator a property, from plain drawing functions; boundary values on purpose.
#pragma once

#include <rapidcheck.h>

#include "faults/case.h"
#include "mechanisms/history.h"
#include "properties/property.h"

namespace crosstalk {

// What a generator must know of where its case will be played: limits and abilities decide which values are boundaries.
struct Ground {
    std::uint64_t page_bytes = 4096, pipe_buf = 4096, pipe_max_bytes = 1u << 20, default_capacity_bytes = 65536;
    std::uint32_t iov_max = 1024;
    std::uint32_t largest_actors = 8;  // of one case; 64 rarely
    // mq_overview(7): of a new queue without attributes, and what attributes may ask for.
    std::uint32_t queue_messages_default = 10, queue_messages_max = 10;
    std::uint32_t queue_bytes_default = 8192, queue_bytes_max = 8192;
    // socket(7): what SO_SNDBUF and SO_RCVBUF may be set to; listen(2): what a backlog is cut to; netdevice(7).
    std::uint32_t send_buffer_max = 212'992, receive_buffer_max = 212'992, backlog_max = 4096, loopback_mtu = 65'536;
    bool root = false;
    bool own_machine = false;           // nobody else's kernel: trials may change what the whole system shares
    bool fifo_scheduling = false;       // else at most one sleeper per wake-all object in turns
    std::optional<Mode> only_mode;      // --schedule
    std::int64_t sem_value_max = 0x7fffffff;
};
Ground ground_of(const Environment& environment);

// Cases of one property on one mechanism under one fault (no_fault: none). Shrinks towards fewer actors, steps,
// faults, bytes and choices. Every value drawn passes why_not().
rc::Gen<Case> cases_of(PropertyId property, MechanismId mechanism, FaultId fault, const Ground& ground);

// Smaller cases than this one, most promising first; lazily. Each passes why_not().
rc::Seq<Case> smaller(const Case& value);

// The case without what its history shows to have begun after this event ended: with its steps taken in turns, in the
// order in which they went; of a `free` case also as it was. First only with the actors that the event names, then
// with those too that were in a call beside it, then with all. None if nothing changes. Each passes why_not().
std::vector<Case> first_cuts(const Case& value, const History& history, std::size_t event);

}  // namespace crosstalk
