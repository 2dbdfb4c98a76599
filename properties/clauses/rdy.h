// What the documents promise of readiness: poll, select and epoll against what calls then do.
// Linux man pages were read in release 6.03; POSIX pages (XSH) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause rdy_clauses[] = {
    {"RDY-1",
     "POLLIN means that a read would not sleep; while nothing changes, its absence means that a non-blocking read "
     "fails with EAGAIN or sees the end of file.",
     "poll(2), DESCRIPTION POLLIN; XSH poll (not re-read)", Strength::must, property("readiness"), binds::pollable},
    {"RDY-2", "POLLOUT means that a write would not sleep for some size: on a pipe, for PIPE_BUF bytes.",
     "poll(2), DESCRIPTION POLLOUT; XSH poll (not re-read)", Strength::must, property("readiness"), binds::pollable},
    {"RDY-3",
     "A datagram with a bad checksum may make a socket readable for a moment, and is never received: the read sleeps "
     "on.",
     "select(2), BUGS", Strength::linux_, property("readiness"), binds::udp},
    {"RDY-4",
     "A read end without writer shows POLLHUP, with POLLIN while bytes remain; a write end without reader shows "
     "POLLERR.",
     "poll(2), DESCRIPTION POLLERR, POLLHUP; XSH poll (POLLHUP; not re-read)", Strength::linux_, property("readiness"),
     binds::pipes},
    {"RDY-5", "When a stream's peer has closed: POLLIN and POLLRDHUP, and POLLHUP once both directions are down.",
     "poll(2), DESCRIPTION POLLRDHUP, POLLHUP", Strength::linux_, property("readiness"), binds::connected_sockets},
    {"RDY-6", "POLLHUP and POLLERR are reported also when they were not asked for.",
     "poll(2), DESCRIPTION; XSH poll (not re-read)", Strength::must, property("readiness"), binds::pollable},
    {"RDY-7", "A sleeping poll is woken by the event that it waits for.",
     "poll(2), DESCRIPTION; XSH poll (not re-read)", Strength::must, property("progress"), binds::pollable},
    {"RDY-8", "Edge-triggered epoll gives an event for each arrival after a complete drain.",
     "epoll(7), Level-triggered and edge-triggered", Strength::linux_, property("readiness"), binds::pipes},
    {"RDY-9", "Whether edge-triggered epoll tells of an arrival without a drain before it is open.",
     "epoll(7), Level-triggered and edge-triggered", Strength::observed, property("readiness"), binds::nothing_yet,
     Standing::not_testable, "either is right, so that no answer could break it"},
    {"RDY-10", "A one-shot registration gives one event and then none.", "epoll_ctl(2), EPOLLONESHOT, EPOLLEXCLUSIVE",
     Strength::linux_, property("readiness"), binds::pipes},
    {"RDY-11", "poll and level-triggered epoll agree about an object that is at rest.",
     "epoll(7), Level-triggered and edge-triggered", Strength::linux_, property("readiness"), binds::pollable},
    {"RDY-12", "poll ignores a negative descriptor and answers 0 for it; for a closed one it answers POLLNVAL.",
     "poll(2), DESCRIPTION; XSH poll (not re-read)", Strength::must, property("readiness"), binds::pollable},
    {"RDY-13", "poll with a timeout of 0 never sleeps, and no timed poll gives up before its time.",
     "poll(2), DESCRIPTION; XSH poll (not re-read)", Strength::must, property("readiness"), binds::pollable},
    {"RDY-14", "select agrees with poll: an end and an error show as input and output.", "select(2), NOTES",
     Strength::linux_, property("readiness"), binds::pollable},
};

}  // namespace crosstalk
