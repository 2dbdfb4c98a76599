// What the documents promise of FIFOs beyond what pipes keep anyway (properties/clauses/pipe.h): names and opening.
// Linux man pages were read in release 6.03; POSIX pages (XSH) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause fifo_clauses[] = {
    {"FIFO-CREATE-1",
     "mkfifo of a name that is there fails with EEXIST; of several that race for a new name exactly one succeeds.",
     "mkfifo(3), ERRORS EEXIST; XSH mkfifo, 2.9.7 (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-CREATE-2", "The mode of a new FIFO is masked by the process's umask.",
     "mkfifo(3), DESCRIPTION; XSH mkfifo (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-CREATE-3",
     "A name that cannot be made fails with the error that says why: ENOENT, ENOTDIR, ENAMETOOLONG, EROFS, EACCES or "
     "ENOSPC.",
     "mkfifo(3), ERRORS; XSH mkfifo (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-CREATE-4", "Making a FIFO enters a name and opens nothing.", "fifo(7), DESCRIPTION; mkfifo(3), RETURN VALUE",
     Strength::linux_, property("names"), binds::fifos},
    {"FIFO-OPEN-1", "A blocking open of one end sleeps until the other end is open, and no longer.",
     "fifo(7), DESCRIPTION; mkfifo(3), DESCRIPTION; XSH open, O_NONBLOCK (not re-read)", Strength::must,
     property("names"), binds::fifos},
    {"FIFO-OPEN-2", "With O_NONBLOCK an open for reading returns at once, also when nobody writes.",
     "fifo(7), DESCRIPTION; XSH open, O_NONBLOCK (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-OPEN-3", "With O_NONBLOCK an open for writing fails with ENXIO when nobody has the FIFO open for reading.",
     "fifo(7), DESCRIPTION; open(2), ERRORS ENXIO; XSH open (not re-read)", Strength::must, property("names"),
     binds::fifos},
    {"FIFO-OPEN-4", "With O_NONBLOCK an open for writing succeeds when somebody has the FIFO open for reading.",
     "fifo(7), DESCRIPTION; XSH open, O_NONBLOCK (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-OPEN-5", "An open for reading and writing succeeds at once, in both modes.", "fifo(7), DESCRIPTION",
     Strength::linux_, property("names"), binds::fifos},
    {"FIFO-OPEN-6", "A signal whose handler has no SA_RESTART ends a sleeping open with EINTR, and nothing else does.",
     "open(2), ERRORS EINTR; XSH open (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-OPEN-7", "One open of the other end lets in everybody who sleeps in an open, not just one.",
     "fifo(7), DESCRIPTION; XSH open (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-OPEN-8", "An open of the other end that closes again at once still lets in who slept in an open.",
     "XSH open, O_NONBLOCK: until a thread opens the file (not re-read)", Strength::must, property("names"),
     binds::fifos},
    {"FIFO-OPEN-9", "An open that the permission bits forbid fails with EACCES.",
     "open(2), ERRORS EACCES; XSH open (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-OPEN-10", "An open of a name that is not there fails with ENOENT.",
     "open(2), ERRORS ENOENT; XSH open (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-DATA-1",
     "While anybody has it open there is one pipe behind a FIFO, shared by all who open it, related or not.",
     "fifo(7), DESCRIPTION", Strength::linux_, property("names"), binds::fifos},
    {"FIFO-DATA-2", "Bytes pass through a FIFO as through a pipe.",
     "fifo(7), DESCRIPTION; pipe(7), I/O on pipes and FIFOs", Strength::linux_, property("names"), binds::fifos,
     Standing::not_testable, "each clause of pipes is judged on FIFOs under its own id"},
    {"FIFO-DATA-3", "Bytes of a writer that has closed stay for as long as a reader holds the FIFO.",
     "XSH read, close (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-DATA-4", "What is unread when the last opener closes is gone.",
     "XSH close: any data remaining in the pipe or FIFO is discarded (not re-read)", Strength::must, property("names"),
     binds::fifos},
    {"FIFO-DATA-5", "A reader that has seen the end of file sees bytes again when a new writer has opened the FIFO.",
     "XSH read (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-DATA-6", "Two hard links to one FIFO lead to the same pipe; two FIFOs never share one.",
     "fifo(7), DESCRIPTION", Strength::linux_, property("names"), binds::fifos},
    {"FIFO-LIFE-1", "unlink removes the name at once, and those who have the FIFO open go on using it.",
     "unlink(2), DESCRIPTION; XSH unlink (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-LIFE-2", "After unlink a new FIFO of the same name is another object.",
     "unlink(2), DESCRIPTION; XSH unlink (not re-read)", Strength::must, property("names"), binds::fifos},
    {"FIFO-LIFE-3", "O_TRUNC has no effect on a FIFO.", "XSH open, O_TRUNC (not re-read)", Strength::must,
     property("names"), binds::fifos},
    {"FIFO-POLL-1",
     "A reader that opened without waiting and never had a writer is not told POLLHUP; once a writer has come and gone "
     "it is.",
     "poll(2), DESCRIPTION POLLHUP; fifo(7)", Strength::observed, property("readiness"), binds::fifos},
};

}  // namespace crosstalk
