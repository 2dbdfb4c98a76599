// What the documents promise of signals and the calls that they interrupt, for any mechanism.
// Linux man pages were read in release 6.03; POSIX pages (XSH) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause sig_clauses[] = {
    {"SIG-RW-1",
     "A read or write that a handler without SA_RESTART interrupts before any byte has moved fails with EINTR.",
     "signal(7), Interruption of system calls; read(2) and write(2), ERRORS EINTR; XSH read, write (not re-read)",
     Strength::must, property("interruption"), binds::streams},
    {"SIG-RW-2", "A read or write interrupted after some bytes have moved returns exactly their count, never EINTR.",
     "signal(7), Interruption of system calls; write(2), RETURN VALUE, NOTES; XSH read, write (not re-read)",
     Strength::must, property("interruption"), binds::streams},
    {"SIG-RW-3",
     "A read or write interrupted by a handler with SA_RESTART before any byte has moved goes on; its caller sees no "
     "EINTR.",
     "signal(7), Interruption of system calls; sigaction(2), SA_RESTART; XSH sigaction (not re-read)", Strength::must,
     property("interruption"), binds::streams},
    {"SIG-OPEN-1", "A sleeping open of a FIFO fails with EINTR, or goes on if the handler has SA_RESTART.",
     "signal(7), Interruption of system calls; XSH open (not re-read)", Strength::must, property("interruption"),
     binds::fifos},
    {"SIG-SOCK-1",
     "accept, connect, receiving and sending go on after a handler with SA_RESTART if the socket has no timeout.",
     "signal(7), Interruption of system calls", Strength::linux_, property("interruption"), binds::sockets},
    {"SIG-SOCK-2",
     "With a timeout on the socket receiving and sending fail with EINTR, also after a handler with SA_RESTART.",
     "signal(7), Interruption of system calls (where it names SO_RCVTIMEO twice; the second is the send timeout)",
     Strength::linux_, property("interruption"), binds::limited_sockets},
    {"SIG-SOCK-3", "A receive with MSG_WAITALL that is interrupted returns the bytes it has.",
     "recv(2), DESCRIPTION MSG_WAITALL", Strength::linux_, property("interruption"), binds::socket_streams},
    {"SIG-MQ-1",
     "Sending to and receiving from a message queue go on after a handler with SA_RESTART, with the same absolute "
     "deadline.",
     "signal(7), Interruption of system calls", Strength::linux_, property("interruption"), binds::queues},
    {"SIG-SEM-1", "Waiting for a semaphore, timed or not, goes on after a handler with SA_RESTART.",
     "signal(7), Interruption of system calls", Strength::linux_, property("interruption"), binds::counters},
    {"SIG-POLL-1", "A sleeping poll that a handler interrupts fails with EINTR, also if the handler has SA_RESTART.",
     "signal(7), Interruption of system calls; poll(2), ERRORS EINTR", Strength::linux_, property("interruption"),
     binds::pollable},
    {"SIG-WAIT-1",
     "Waiting for children and for locks goes on after a handler with SA_RESTART; interrupted sleeps never do.",
     "signal(7), Interruption of system calls", Strength::linux_, property("interruption"), binds::semaphores},
    {"SIG-STOP-1",
     "Stopping and continuing a process that has no handler for it gives no EINTR in calls of pipes, semaphores, "
     "message queues and sockets without a timeout.",
     "signal(7), Interruption by stop signals (pipes and queues are not in its list, semaphores only before 2.6.22)",
     Strength::linux_, property("interruption"), binds::stoppable},
    {"SIG-STOP-2",
     "A call whose process is stopped and continued goes on where it stood: a blocking write returns its full count.",
     "XSH 2.4.3, stop and continue (not re-read); signal(7), Interruption by stop signals (pipes are not in its list)",
     Strength::must, property("interruption"), binds::stoppable_in_part},
    {"SIG-LOSS-1", "No interruption loses, doubles or reorders data.",
     "signal(7), Interruption of system calls; XSH 2.4, read, write (not re-read)", Strength::must,
     property("interruption"), binds::stoppable},
    {"SIG-MASK-1", "A signal that is blocked neither interrupts a call nor runs its handler before it is unblocked.",
     "signal(7), Signal mask and pending signals; XSH 2.4 (not re-read)", Strength::must, property("interruption"),
     binds::signal_handlers},
    {"SIG-PIPE-1", "SIGPIPE goes to the very thread whose write failed, before that call returns.",
     "XSH write, ERRORS EPIPE (not re-read); write(2), ERRORS EPIPE (says \"the writing process\")", Strength::must,
     property("peer-death"), binds::pipes},
    {"SIG-PIPE-2", "SIGPIPE with its default disposition ends the process.",
     "signal(7), Standard signals; XBD signal.h (not re-read)", Strength::must, property("peer-death"), binds::pipes},
    {"SIG-IGN-1", "A signal that is ignored does not interrupt a call.",
     "signal(7), Signal dispositions; XSH 2.4.3 (not re-read)", Strength::must, property("interruption"),
     binds::signal_handlers},
    {"SIG-SPLICE-1",
     "A sleeping splice, tee or vmsplice follows the rules of read and write when a handler interrupts it.",
     "no document: signal(7) does not list them; Linux does so", Strength::observed, property("interruption"),
     binds::settable_pipes},
    {"SIG-NOTIF-1",
     "A call that waits under a seccomp user notification is begun anew after a handler with SA_RESTART, also one that "
     "never is otherwise: the answer to its notification fails with ENOENT, and another comes.",
     "seccomp_unotify(2), Interaction with SA_RESTART signal handlers", Strength::linux_, property("interruption"),
     binds::queues},
};

}  // namespace crosstalk
