// What the documents promise of semaphores, POSIX ones and other counters of tokens: a table of facts, one row a
// clause. Ids are for ever; order is by subject. Linux man pages were read in release 6.03; POSIX pages (XSH, XBD) are
// cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause sem_clauses[] = {
    // Making an unnamed one.
    {"SEM-INIT-1", "sem_init takes values from 0 to SEM_VALUE_MAX, and fails with EINVAL above.",
     "sem_init(3), ERRORS EINVAL; XSH sem_init, ERRORS (not re-read)", Strength::must, property("creation"),
     binds::unnamed_semaphores},
    {"SEM-INIT-2",
     "Initialised as shared and in memory that processes share, it serves every process that has this memory.",
     "sem_init(3), DESCRIPTION; XSH sem_init (not re-read)", Strength::must, property("creation"),
     binds::unnamed_semaphores},
    {"SEM-INIT-3", "A shared semaphore works whatever address each process has its memory at.",
     "sem_init(3), DESCRIPTION (derived); XSH sem_init (not re-read)", Strength::must, property("creation"),
     binds::unnamed_semaphores},
    {"SEM-INIT-4", "A forked child has the semaphores in the mappings that it inherits.",
     "sem_init(3), DESCRIPTION; XSH fork (not re-read)", Strength::must, property("creation"),
     binds::unnamed_semaphores},

    // Waiting.
    {"SEM-WAIT-1", "A wait takes a token and returns at once if there is one.",
     "sem_wait(3), DESCRIPTION; XSH sem_wait (not re-read)", Strength::must, property("transfer"), binds::counters},
    {"SEM-WAIT-2", "A wait at the value 0 blocks until it can take a token or a signal handler interrupts it.",
     "sem_wait(3), DESCRIPTION; XSH sem_wait (not re-read)", Strength::must, property("progress"), binds::counters},
    {"SEM-WAIT-3", "sem_trywait at the value 0 fails with EAGAIN.",
     "sem_wait(3), DESCRIPTION, ERRORS EAGAIN; XSH sem_trywait (not re-read)", Strength::must, property("transfer"),
     binds::counters},
    {"SEM-WAIT-4", "A wait that fails leaves the value as it was.",
     "sem_wait(3), RETURN VALUE; XSH sem_wait (not re-read)", Strength::must, property("transfer"), binds::counters},
    {"SEM-WAIT-5", "A wait that a handler without SA_RESTART interrupts fails with EINTR, and with no other error.",
     "sem_wait(3), ERRORS EINTR; signal(7), Interruption of system calls; XSH sem_wait (not re-read)", Strength::must,
     property("interruption"), binds::counters},

    // Tokens are conserved.
    {"SEM-CONS-1", "The value is the first value, plus the posts, minus the waits that succeeded.",
     "sem_overview(7), DESCRIPTION; XBD 4.16 Semaphore (not re-read)", Strength::must, property("transfer"),
     binds::counters},
    {"SEM-CONS-2", "No more waits have succeeded at any moment than there were tokens up to then.",
     "sem_overview(7), DESCRIPTION (\"never allowed to fall below zero\"); XSH sem_wait (not re-read)", Strength::must,
     property("transfer"), binds::counters},
    {"SEM-CONS-3",
     "Who is killed while waiting for a token takes none that comes later; who is killed with one does not give it "
     "back.",
     "derived from XSH sem_wait (not re-read); no document says it", Strength::observed, property("peer-death"),
     binds::counters},

    // Posting.
    {"SEM-POST-1", "A post frees exactly one wait, and wakes one that sleeps.",
     "sem_post(3), DESCRIPTION; XSH sem_post (not re-read)", Strength::must, property("progress"), binds::counters},
    {"SEM-POST-2", "A post at SEM_VALUE_MAX fails with EOVERFLOW and leaves the value as it was.",
     "sem_post(3), ERRORS EOVERFLOW, RETURN VALUE; XSH sem_post (2024; not re-read)", Strength::must,
     property("capacity"), binds::semaphores},
    {"SEM-POST-3", "A handler that interrupted a wait may post to the same semaphore.",
     "sem_post(3), NOTES; signal-safety(7); XSH 2.4.3 (not re-read)", Strength::must, property("interruption"),
     binds::semaphores},
    {"SEM-POST-4",
     "A post leaves the memory alone once its token can be taken: who takes it may destroy the semaphore.",
     "XSH sem_destroy, RATIONALE (not re-read)", Strength::must, property("bad-buffers"), binds::unnamed_semaphores},
    {"SEM-POST-5", "With priority scheduling a post releases the thread of highest priority that waits longest.",
     "XSH sem_post, DESCRIPTION (not re-read)", Strength::must, property("order"), binds::semaphores},

    // Deadlines.
    {"SEM-TIME-1", "The deadline of sem_timedwait is a moment of CLOCK_REALTIME.",
     "sem_wait(3), DESCRIPTION; XSH sem_clockwait (not re-read)", Strength::must, property("transfer"),
     binds::semaphores, Standing::needs,
     "the ability own_machine, as in --target=debian-kernel: a clock that may be set"},
    {"SEM-TIME-2", "sem_timedwait without a token fails with ETIMEDOUT, never before its deadline.",
     "sem_wait(3), DESCRIPTION, ERRORS ETIMEDOUT; XSH sem_timedwait (not re-read)", Strength::must,
     property("transfer"), binds::semaphores},
    {"SEM-TIME-3", "sem_timedwait takes a token that is there whatever its deadline, also one that is past.",
     "sem_wait(3), DESCRIPTION; XSH sem_timedwait (not re-read)", Strength::must, property("transfer"),
     binds::semaphores},
    {"SEM-TIME-4", "sem_timedwait does not check its deadline where a token is there.",
     "sem_wait(3), DESCRIPTION; XSH sem_timedwait (\"need not be checked\"; not re-read)", Strength::linux_,
     property("transfer"), binds::semaphores},
    {"SEM-TIME-5", "sem_timedwait that would block with nanoseconds out of range fails with EINVAL.",
     "sem_wait(3), ERRORS EINVAL; XSH sem_timedwait, ERRORS (not re-read)", Strength::must, property("transfer"),
     binds::semaphores},

    // Looking.
    {"SEM-VALUE-1", "sem_getvalue gives 0, or as a negative number how many wait, while somebody waits.",
     "sem_getvalue(3), DESCRIPTION; XSH sem_getvalue (not re-read)", Strength::must, property("transfer"),
     binds::semaphores},

    // Names.
    {"SEM-NAME-1", "A name of a slash and up to 250 more characters is accepted, a longer one ENAMETOOLONG.",
     "sem_overview(7), DESCRIPTION; sem_open(3), ERRORS ENAMETOOLONG", Strength::linux_, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-2", "sem_open of just a slash fails with EINVAL.",
     "sem_open(3), ERRORS EINVAL; sem_overview(7), DESCRIPTION", Strength::linux_, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-3",
     "sem_open with O_CREAT and O_EXCL fails with EEXIST where the name is taken; of several at one time one wins.",
     "sem_open(3), DESCRIPTION, ERRORS EEXIST; XSH sem_open (not re-read)", Strength::must, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-4", "sem_open without O_CREAT fails with ENOENT where there is no such name.",
     "sem_open(3), ERRORS ENOENT; XSH sem_open, ERRORS (not re-read)", Strength::must, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-5", "sem_open that would create with a value above SEM_VALUE_MAX fails with EINVAL.",
     "sem_open(3), ERRORS EINVAL; XSH sem_open, ERRORS (not re-read)", Strength::must, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-6", "sem_open with O_CREAT of a name that is taken ignores the value that it gives.",
     "sem_open(3), DESCRIPTION; XSH sem_open (not re-read)", Strength::must, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-7", "A process that opens one semaphore again gets the same address.",
     "XSH sem_open, DESCRIPTION (not re-read)", Strength::must, property("descriptors"), binds::named_semaphores},
    {"SEM-NAME-8", "Who lacks the permission that the mode gives, masked by umask, is refused with EACCES.",
     "sem_open(3), DESCRIPTION, ERRORS EACCES; XSH sem_open (not re-read)", Strength::must, property("creation"),
     binds::named_semaphores},
    {"SEM-NAME-9", "Who opens a semaphore while another creates it never sees it without its first value.",
     "XSH sem_open (derived; not re-read)", Strength::must, property("creation"), binds::named_semaphores},

    // Lives.
    {"SEM-LIFE-1", "A named semaphore lasts until it is unlinked, and its value with it, whoever has it open.",
     "sem_overview(7), Persistence; XSH sem_close (not re-read)", Strength::must, property("descriptors"),
     binds::named_semaphores},
    {"SEM-LIFE-2", "sem_unlink removes the name at once; who has the semaphore open can still use it.",
     "sem_unlink(3), DESCRIPTION; XSH sem_unlink (not re-read)", Strength::must, property("descriptors"),
     binds::named_semaphores},
    {"SEM-LIFE-3", "A name that is created again after sem_unlink is another semaphore.",
     "XSH sem_unlink, DESCRIPTION (not re-read)", Strength::must, property("descriptors"), binds::named_semaphores},
    {"SEM-LIFE-4", "sem_unlink fails with ENOENT where there is no such name, and else succeeds.",
     "sem_unlink(3), ERRORS ENOENT; XSH sem_unlink, ERRORS (not re-read)", Strength::must, property("descriptors"),
     binds::named_semaphores},
    {"SEM-LIFE-5", "sem_close succeeds; it, exit and exec give the reference up and leave the value as it was.",
     "sem_close(3), DESCRIPTION, NOTES; XSH sem_close, exec (not re-read)", Strength::must, property("descriptors"),
     binds::named_semaphores},
    {"SEM-LIFE-6", "A forked child has its parent's open named semaphores open.", "XSH fork, DESCRIPTION (not re-read)",
     Strength::must, property("descriptors"), binds::named_semaphores},
    {"SEM-LIFE-7", "Destroying a semaphore that somebody waits for, or using one after, is undefined.",
     "sem_destroy(3), DESCRIPTION; XSH sem_destroy (not re-read)", Strength::must, property("descriptors"),
     binds::unnamed_semaphores, Standing::not_testable, "nothing is promised; no case does so"},

    // Memory, and progress of many.
    {"SEM-SYNC-1", "What was written before a post is there to be read after the wait that took its token.",
     "XBD 4.12 Memory Synchronization (not re-read)", Strength::must, property("order"), binds::unnamed_semaphores},
    {"SEM-LIVE-1", "Of the waits that sleep none sleeps on while there are tokens for it.",
     "sem_post(3), DESCRIPTION; XSH sem_wait, sem_post (not re-read)", Strength::must, property("progress"),
     binds::counters},
    {"SEM-LIVE-2", "Posts from a handler and from other processes at one time free as many waits.",
     "sem_post(3), NOTES; XSH sem_post (not re-read)", Strength::must, property("progress"), binds::semaphores},
};

}  // namespace crosstalk
