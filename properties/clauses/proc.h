// What the documents promise of processes: fork, exec, exit, death, descriptors and limits around any mechanism.
// Linux man pages were read in release 6.03; POSIX pages (XSH) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause proc_clauses[] = {
    {"PROC-FORK-1", "A forked child's descriptors refer to its parent's open file descriptions and share their flags.",
     "fork(2), DESCRIPTION; XSH fork (not re-read)", Strength::must, property("descriptors"), binds::forkable},
    {"PROC-FORK-2", "A fork by one thread costs the others no data.", "fork(2), DESCRIPTION; XSH fork (not re-read)",
     Strength::must, property("descriptors"), binds::forkable},
    {"PROC-EXEC-1",
     "exec closes the descriptors whose close-on-exec flag is set, which counts as any close; the others stay open.",
     "execve(2), DESCRIPTION; XSH exec (not re-read)", Strength::must, property("descriptors"), binds::executable},
    {"PROC-EXEC-2", "exec drops message queue descriptors, named semaphores and mappings.",
     "execve(2), DESCRIPTION; XSH exec (not re-read)", Strength::must, property("descriptors"), binds::dropped_by_exec},
    {"PROC-EXIT-1", "A process that exits or dies of a signal closes all its descriptors, in finite time.",
     "_exit(2), DESCRIPTION; XSH _Exit, Consequences of Process Termination (not re-read)", Strength::must,
     property("peer-death"), binds::everything},
    {"PROC-KILL-1", "A process killed inside a sleeping call leaves the object sound for those who survive.",
     "derived from XSH read, write (not re-read); no document says it", Strength::observed, property("peer-death"),
     binds::everything},
    {"PROC-KILL-2", "A process killed in the middle of a write leaves a prefix of that write and nothing else.",
     "derived from XSH write (not re-read); no document says it", Strength::observed, property("peer-death"),
     binds::streams},
    {"PROC-DUP-1", "References made by dup, dup2, dup3 and F_DUPFD all keep an open file description alive.",
     "dup(2), DESCRIPTION; fcntl(2), Duplicating a file descriptor; XSH dup, close (not re-read)", Strength::must,
     property("descriptors"), binds::descriptors},
    {"PROC-LIM-1", "At the limit of open descriptors every call that makes one fails with EMFILE and keeps nothing.",
     "getrlimit(2), RLIMIT_NOFILE; dup(2) and pipe(2), ERRORS EMFILE; XSH dup, pipe (not re-read)", Strength::must,
     property("descriptors"), binds::descriptors},
    {"PROC-LIM-2", "What RLIMIT_MSGQUEUE counts returns to zero when the queues are gone.",
     "getrlimit(2), RLIMIT_MSGQUEUE", Strength::linux_, property("descriptors"), binds::queues},
    {"PROC-NS-1",
     "Message queues belong to an IPC namespace; abstract socket names and ports belong to a network namespace.",
     "namespaces(7), ipc_namespaces(7), network_namespaces(7)", Strength::linux_, property("descriptors"),
     binds::queues},
    {"PROC-LEAK-1", "When a case is over, no process has a descriptor open that no call has given to it.",
     "derived; no document says it", Strength::observed, property("descriptors"), binds::has_descriptors},
    {"PROC-PASS-1",
     "A descriptor received in a message refers to the sender's open file description, and counts as a reference "
     "while it is on its way.",
     "unix(7), Ancillary messages SCM_RIGHTS; XBD sys/socket.h (not re-read)", Strength::linux_,
     property("descriptors"), binds::passable},
    {"PROC-PASS-2", "A received descriptor's close-on-exec flag is set only if MSG_CMSG_CLOEXEC asked for it.",
     "recvmsg(2), DESCRIPTION MSG_CMSG_CLOEXEC", Strength::linux_, property("descriptors"), binds::passable},
};

}  // namespace crosstalk
