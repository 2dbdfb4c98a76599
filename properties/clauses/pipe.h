// What the documents promise of pipes: a table of facts, one row a clause. Ids are for ever; order is by subject.
// Linux man pages were read in release 6.03; POSIX pages (XSH, XBD) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause pipe_clauses[] = {
    // Making one.
    {"PIPE-CREATE-1", "A new pipe's two descriptors have the two lowest numbers that were free in the process.",
     "XSH pipe, DESCRIPTION (not re-read)", Strength::must, property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-2",
     "The first descriptor only reads and the second only writes; a transfer through the wrong one fails with EBADF.",
     "pipe(2), DESCRIPTION; read(2) and write(2), ERRORS EBADF; XSH pipe, read, write (not re-read)", Strength::must,
     property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-3",
     "Close-on-exec and O_NONBLOCK are clear on both new descriptors, unless the flags of pipe2 ask for them: then "
     "each is set on both.",
     "pipe(2), DESCRIPTION O_CLOEXEC and O_NONBLOCK; XSH pipe, DESCRIPTION (not re-read)", Strength::must,
     property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-4", "pipe2 with an unknown flag fails with EINVAL and makes nothing.",
     "pipe(2), ERRORS EINVAL, RETURN VALUE", Strength::linux_, property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-5", "A result pointer outside the address space gives EFAULT and leaves no descriptor behind.",
     "pipe(2), ERRORS EFAULT, RETURN VALUE", Strength::linux_, property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-6",
     "With fewer than two descriptors left under RLIMIT_NOFILE creation fails with EMFILE, and neither of them is "
     "used up.",
     "pipe(2), ERRORS EMFILE; XSH pipe, ERRORS (not re-read)", Strength::must, property("creation"),
     binds::unnamed_pipes},
    {"PIPE-CREATE-7",
     "Creation fails with ENFILE when the system's table of open files is full, or when the user has reached the hard "
     "limit on pipe memory.",
     "pipe(2), ERRORS ENFILE (both entries); pipe(7), /proc files", Strength::linux_, property("creation"),
     binds::unnamed_pipes, Standing::needs,
     "the ability own_machine, as in --target=debian-kernel: limits that nobody else shares"},
    {"PIPE-CREATE-8", "fstat says that either end is a FIFO; lseek, pread and pwrite on it fail with ESPIPE.",
     "pipe(7), I/O on pipes and FIFOs; lseek(2) and pread(2), ERRORS ESPIPE; XSH lseek, read, write (not re-read)",
     Strength::must, property("creation"), binds::unnamed_pipes},
    {"PIPE-CREATE-9",
     "fsync and ftruncate on a pipe fail with EINVAL (ftruncate of the read end may say EBADF); mmap fails with "
     "ENODEV or EACCES.",
     "fsync(2), ERRORS EINVAL; ftruncate(2), ERRORS EBADF or EINVAL; mmap(2), ERRORS EACCES and ENODEV; XSH fsync, "
     "ftruncate, mmap (not re-read)",
     Strength::must, property("creation"), binds::pipes},

    // The stream.
    {"PIPE-STREAM-1", "The bytes of one writer come out in the order written: none lost, doubled or changed.",
     "pipe(7), DESCRIPTION; XSH pipe, DESCRIPTION (not re-read)", Strength::must, property("order"), binds::pipes},
    {"PIPE-STREAM-2",
     "There are no message boundaries: however reads are cut, the bytes read form one and the same sequence.",
     "pipe(7), I/O on pipes and FIFOs", Strength::linux_, property("order"), binds::pipes},
    {"PIPE-STREAM-3", "With several readers, each byte is delivered to exactly one of them.",
     "XSH pipe, read (not re-read)", Strength::must, property("order"), binds::pipes},

    // Reading.
    {"PIPE-READ-1",
     "A read of a pipe that holds bytes returns at once with as many as it asked for, or with all there are if these "
     "are fewer.",
     "read(2), RETURN VALUE; XSH read, DESCRIPTION (not re-read)", Strength::must, property("transfer"), binds::pipes},
    {"PIPE-READ-2",
     "A blocking read of an empty pipe that somebody has open for writing sleeps until a byte comes or the last "
     "writer goes, and no longer.",
     "pipe(7), I/O on pipes and FIFOs; XSH read, DESCRIPTION (not re-read)", Strength::must, property("progress"),
     binds::pipes},
    {"PIPE-READ-3", "With O_NONBLOCK a read of an empty pipe that somebody has open for writing fails with EAGAIN.",
     "read(2), ERRORS EAGAIN; pipe(7), I/O on pipes and FIFOs; XSH read, DESCRIPTION (not re-read)", Strength::must,
     property("transfer"), binds::pipes},
    {"PIPE-READ-4",
     "A read of an empty pipe that nobody has open for writing returns 0, each time, with and without O_NONBLOCK.",
     "pipe(7), I/O on pipes and FIFOs; XSH read, DESCRIPTION (not re-read)", Strength::must, property("end-of-file"),
     binds::pipes},
    {"PIPE-READ-5", "Bytes written before the last writer closed are read before the end of file is seen.",
     "poll(2), DESCRIPTION POLLHUP; XSH read, close (not re-read)", Strength::must, property("end-of-file"),
     binds::pipes},
    {"PIPE-READ-6", "When the last writer closes, every reader that sleeps on the empty pipe returns 0, not just one.",
     "pipe(7), I/O on pipes and FIFOs; XSH read, DESCRIPTION (not re-read)", Strength::must, property("end-of-file"),
     binds::pipes},
    {"PIPE-READ-7", "A read of 0 bytes returns 0 and consumes nothing, unless it reports an error.",
     "read(2), DESCRIPTION; XSH read, DESCRIPTION (not re-read)", Strength::must, property("transfer"), binds::pipes},

    // Writing.
    {"PIPE-WRITE-1",
     "A blocking write returns the count that it was asked to write, unless a signal or the loss of the last reader "
     "cuts it.",
     "pipe(7), PIPE_BUF; XSH write, DESCRIPTION (not re-read)", Strength::must, property("transfer"), binds::pipes},
    {"PIPE-WRITE-2",
     "A write to a pipe that nobody has open for reading fails with EPIPE and sends SIGPIPE; with SIGPIPE ignored or "
     "blocked it still fails with EPIPE.",
     "pipe(7), I/O on pipes and FIFOs; write(2), ERRORS EPIPE; XSH write, ERRORS (not re-read)", Strength::must,
     property("peer-death"), binds::pipes},
    {"PIPE-WRITE-3",
     "When the last reader closes, every writer that sleeps on the full pipe returns, with EPIPE or a short count.",
     "write(2), ERRORS EPIPE; XSH write, ERRORS (not re-read)", Strength::must, property("peer-death"), binds::pipes},
    {"PIPE-WRITE-4",
     "A sleeping write that has moved some bytes when the last reader closes returns that count (SIGPIPE may come "
     "with it), and the next write fails with EPIPE.",
     "no document; Linux does so", Strength::observed, property("peer-death"), binds::pipes},
    {"PIPE-WRITE-5",
     "A write of 0 bytes returns 0 and has no effect, even when the pipe is full or nobody has it open for reading.",
     "write(2), RETURN VALUE (\"not specified\"); XSH write, DESCRIPTION (not re-read); Linux does so",
     Strength::observed, property("transfer"), binds::pipes},
    {"PIPE-WRITE-6",
     "A blocking write to a pipe without room for it sleeps until enough has been read to let it go on, and no "
     "longer.",
     "pipe(7), I/O on pipes and FIFOs; XSH write, DESCRIPTION (not re-read)", Strength::must, property("progress"),
     binds::pipes},

    // Atomic writes.
    {"PIPE-ATOMIC-1",
     "A blocking write of at most PIPE_BUF bytes lies in one piece in the stream, never mixed with another writer's "
     "bytes.",
     "pipe(7), PIPE_BUF; XSH write, DESCRIPTION (not re-read)", Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-2",
     "A non-blocking write of at most PIPE_BUF bytes moves all of them or fails with EAGAIN; it is never short.",
     "pipe(7), PIPE_BUF; XSH write, DESCRIPTION (not re-read)", Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-3",
     "A blocking write of more than PIPE_BUF bytes may be mixed with others, but writes all its bytes, in order.",
     "pipe(7), PIPE_BUF; XSH write, DESCRIPTION (not re-read)", Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-4",
     "A non-blocking write of more than PIPE_BUF bytes fails with EAGAIN if the pipe is full, else moves one byte at "
     "least, perhaps mixed with others.",
     "pipe(7), PIPE_BUF; XSH write, DESCRIPTION (not re-read)", Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-5",
     "A non-blocking write of more than PIPE_BUF bytes to an empty pipe moves PIPE_BUF bytes at least.",
     "XSH write, DESCRIPTION (not re-read)", Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-6", "The atomic limit includes PIPE_BUF itself.",
     "XSH write, DESCRIPTION (not re-read); pipe(7), PIPE_BUF (its list; its first sentence says \"less than\")",
     Strength::must, property("atomicity"), binds::pipes},
    {"PIPE-ATOMIC-7", "A writev of at most PIPE_BUF bytes in all is atomic as one write.",
     "readv(2), DESCRIPTION; XSH writev, DESCRIPTION (not re-read)", Strength::must, property("atomicity"),
     binds::pipes},
    {"PIPE-ATOMIC-8", "PIPE_BUF is at least 512, and fpathconf of either end agrees with the header's value.",
     "pipe(7), PIPE_BUF; fpathconf(3), _PC_PIPE_BUF; XBD limits.h (not re-read)", Strength::must, property("atomicity"),
     binds::pipes},
    {"PIPE-ATOMIC-9", "A reader with a buffer large enough never sees only a part of an atomic write.",
     "no document: they exclude mixing, not a reader between two parts; Linux does so", Strength::observed,
     property("atomicity"), binds::pipes},

    // Capacity.
    {"PIPE-CAP-1", "A new pipe holds 16 pages, and both ends report the same capacity.",
     "pipe(7), Pipe capacity; fcntl(2), Changing the capacity of a pipe", Strength::linux_, property("capacity"),
     binds::settable_pipes},
    {"PIPE-CAP-2", "An empty pipe takes exactly its capacity, by single bytes as well as by whole pages.",
     "pipe(7), Pipe capacity", Strength::linux_, property("capacity"), binds::settable_pipes},
    {"PIPE-CAP-3",
     "A non-blocking write of at most PIPE_BUF bytes succeeds whenever that many bytes of the capacity are free.",
     "pipe(7), PIPE_BUF (O_NONBLOCK enabled, n <= PIPE_BUF)", Strength::linux_, property("capacity"),
     binds::settable_pipes},
    {"PIPE-CAP-4", "Once a whole page has been read from a full pipe, a write of PIPE_BUF bytes succeeds at once.",
     "pipe(7), Pipe capacity, PIPE_BUF", Strength::linux_, property("capacity"), binds::settable_pipes},
    {"PIPE-CAP-5",
     "Setting the capacity gives the next power of two of pages that holds what was asked, one page at least, and "
     "returns what it gave.",
     "fcntl(2), Changing the capacity of a pipe", Strength::linux_, property("capacity"), binds::settable_pipes},
    {"PIPE-CAP-6",
     "Setting the capacity below the buffer space in use (on Linux: occupied pages) fails with EBUSY and changes "
     "nothing.",
     "fcntl(2), ERRORS EBUSY", Strength::linux_, property("capacity"), binds::settable_pipes},
    {"PIPE-CAP-7",
     "An unprivileged process can set a capacity up to the limit in pipe-max-size; above it the call fails with EPERM.",
     "fcntl(2), Changing the capacity of a pipe; pipe(7), /proc files", Strength::linux_, property("capacity"),
     binds::settable_pipes},
    {"PIPE-CAP-8", "A change of capacity keeps the buffered bytes and their order.", "no document; Linux does so",
     Strength::observed, property("capacity"), binds::settable_pipes},
    {"PIPE-CAP-9", "Enlarging a full pipe lets its sleeping writers go on.", "no document; Linux does so",
     Strength::observed, property("progress"), binds::settable_pipes},
    {"PIPE-CAP-10",
     "An unprivileged user over the soft limit on pipe memory gets new pipes of less than the usual capacity and "
     "EPERM for enlarging one, but can always shrink one.",
     "pipe(7), /proc files pipe-user-pages-soft (\"one page\"), BUGS (b)", Strength::linux_, property("capacity"),
     binds::settable_pipes},
    {"PIPE-CAP-11", "FIONREAD gives the number of unread bytes on either end, and 0 once all are read.",
     "pipe(7), Pipe capacity", Strength::linux_, property("capacity"), binds::pipes},
    {"PIPE-CAP-12", "A pipe never holds more bytes than its capacity.", "pipe(7), Pipe capacity", Strength::linux_,
     property("capacity"), binds::settable_pipes},

    // Packets.
    {"PIPE-PKT-1",
     "With O_DIRECT each write of at most PIPE_BUF bytes is one packet, and a read returns bytes of one packet only.",
     "pipe(2), DESCRIPTION O_DIRECT", Strength::linux_, property("packets"), binds::settable_pipes},
    {"PIPE-PKT-2", "A read shorter than the next packet returns its first bytes and discards the rest of it.",
     "pipe(2), DESCRIPTION O_DIRECT", Strength::linux_, property("packets"), binds::settable_pipes},
    {"PIPE-PKT-3", "With O_DIRECT a write of more than PIPE_BUF bytes becomes several packets.",
     "pipe(2), DESCRIPTION O_DIRECT", Strength::linux_, property("packets"), binds::settable_pipes},
    {"PIPE-PKT-4", "There are no packets of 0 bytes: a write of 0 bytes leaves nothing to be read.",
     "pipe(2), DESCRIPTION O_DIRECT", Strength::linux_, property("packets"), binds::settable_pipes},

    // Buffers that are not all there.
    {"PIPE-FAULT-1",
     "With a buffer that is partly unmapped a call moves a count up to the gap or fails with EFAULT; it invents no "
     "byte, leaves nothing else behind and spoils none that follows.",
     "read(2) and write(2), ERRORS EFAULT; XSH 2.3 (not re-read)", Strength::linux_, property("bad-buffers"),
     binds::pipes},

    // Status flags.
    {"PIPE-FLAGS-1",
     "O_NONBLOCK belongs to the open file description: duplicates and forked copies share it, the other end does not.",
     "dup(2), DESCRIPTION; fork(2), DESCRIPTION; fcntl(2), File status flags; XSH fcntl (not re-read)", Strength::must,
     property("descriptors"), binds::pipes},
    {"PIPE-FLAGS-2",
     "F_SETFL makes the status flags what it is given, leaves the access mode, and F_GETFL reports both.",
     "fcntl(2), File status flags; XSH fcntl, DESCRIPTION (not re-read)", Strength::must, property("descriptors"),
     binds::pipes},
    {"PIPE-FLAGS-3", "F_SETFL turns packet mode on and off for the writes that follow.",
     "pipe(2), DESCRIPTION O_DIRECT; fcntl(2), File status flags", Strength::linux_, property("packets"),
     binds::settable_pipes},

    // Signals of arrival.
    {"PIPE-ASYNC-1", "With O_ASYNC on the read end, new input sends SIGIO to the owner that F_SETOWN named.",
     "pipe(7), Open file status flags; fcntl(2), Managing signals", Strength::linux_, property("notification"),
     binds::pipes},

    // Descriptors.
    {"PIPE-DUP-1",
     "An end stays open until its last reference is closed: every duplicate and every inherited copy counts for end "
     "of file and EPIPE.",
     "pipe(7), I/O on pipes and FIFOs; XSH dup, close (not re-read)", Strength::must, property("descriptors"),
     binds::pipes},
    {"PIPE-DUP-2",
     "dup2 and dup3 onto an open descriptor close it as they replace it, and that close counts like any other.",
     "dup(2), dup2(); XSH dup2, DESCRIPTION (not re-read)", Strength::must, property("descriptors"), binds::pipes},
    {"PIPE-DUP-3",
     "A duplicate's close-on-exec flag is clear, unless dup3 with O_CLOEXEC or F_DUPFD_CLOEXEC asked for it.",
     "dup(2), DESCRIPTION, dup3(); fcntl(2), F_DUPFD_CLOEXEC; XSH dup, fcntl (not re-read)", Strength::must,
     property("descriptors"), binds::pipes},
    {"PIPE-DUP-4", "Duplicating what is not open fails with EBADF, and dup2 then leaves its target open.",
     "dup(2), dup2(), ERRORS EBADF; XSH dup2 (not re-read)", Strength::must, property("descriptors"), binds::pipes},
    {"PIPE-CLOSE-1", "close of an open descriptor succeeds, and every call on what is not open fails with EBADF.",
     "close(2), RETURN VALUE, ERRORS EBADF; read(2) and write(2), ERRORS EBADF; XSH close (not re-read)",
     Strength::must, property("descriptors"), binds::pipes},

    // Vectors and counts.
    {"PIPE-VEC-1", "writev sends its segments in the order of the array, each whole before the next.",
     "readv(2), DESCRIPTION; XSH writev, DESCRIPTION (not re-read)", Strength::must, property("order"), binds::pipes},
    {"PIPE-VEC-2", "readv fills its segments in the order of the array, each whole before the next.",
     "readv(2), DESCRIPTION; XSH readv, DESCRIPTION (not re-read)", Strength::must, property("order"), binds::pipes},
    {"PIPE-VEC-3", "A vector of more than IOV_MAX segments fails with EINVAL and moves nothing.",
     "readv(2), ERRORS EINVAL; XSH readv, writev (there only \"may fail\"; not re-read)", Strength::linux_,
     property("transfer"), binds::pipes},
    {"PIPE-VEC-4", "A vector of no segments returns 0 or fails with EINVAL, and moves nothing.",
     "readv(2), ERRORS EINVAL (less than zero only); XSH readv (\"may fail\"; not re-read)", Strength::observed,
     property("transfer"), binds::pipes},
    {"PIPE-VEC-5",
     "A vector whose lengths add up to more than SSIZE_MAX fails with EINVAL (or EFAULT: no such buffer exists) and "
     "moves nothing.",
     "readv(2), ERRORS EINVAL; read(2), ERRORS EFAULT; XSH readv, writev, ERRORS (not re-read)", Strength::must,
     property("transfer"), binds::pipes},
    {"PIPE-COUNT-1",
     "A read or write with a count above SSIZE_MAX moves no more bytes than there are and no byte out of order, or "
     "fails with EINVAL or EFAULT.",
     "read(2) and write(2), DESCRIPTION, NOTES; XSH read (\"implementation-defined\"; not re-read)", Strength::observed,
     property("transfer"), binds::pipes},

    // Moving bytes between pipes without a buffer.
    {"PIPE-SPLICE-1",
     "splice takes up to the asked count from the front of one pipe and appends it to the other, each byte once and "
     "in order, and returns how many.",
     "splice(2), DESCRIPTION, RETURN VALUE", Strength::linux_, property("order"), binds::settable_pipes},
    {"PIPE-SPLICE-2", "splice returns 0 from an empty pipe that nobody has open for writing.",
     "splice(2), RETURN VALUE", Strength::linux_, property("end-of-file"), binds::settable_pipes},
    {"PIPE-SPLICE-3",
     "splice fails with EAGAIN, having moved nothing, where it would sleep and SPLICE_F_NONBLOCK or O_NONBLOCK forbids "
     "it.",
     "splice(2), ERRORS EAGAIN", Strength::linux_, property("transfer"), binds::settable_pipes},
    {"PIPE-SPLICE-4", "splice from a pipe to itself fails with EINVAL; through a wrong or closed end, with EBADF.",
     "splice(2), ERRORS EBADF and EINVAL", Strength::linux_, property("transfer"), binds::settable_pipes},
    {"PIPE-SPLICE-5", "splice, tee and vmsplice into a pipe that nobody has open for reading: EPIPE and SIGPIPE.",
     "no document; Linux does so", Strength::observed, property("peer-death"), binds::settable_pipes},
    {"PIPE-SPLICE-6",
     "A splice, tee or vmsplice that may sleep does so only while its source is empty with a writer, or its target "
     "is full with a reader.",
     "splice(2), ERRORS EAGAIN (derived)", Strength::linux_, property("progress"), binds::settable_pipes},
    {"PIPE-TEE-1",
     "tee appends a copy of up to the asked count from the front of one pipe to the other, and the source keeps all.",
     "tee(2), DESCRIPTION, RETURN VALUE", Strength::linux_, property("order"), binds::settable_pipes},
    {"PIPE-TEE-2", "tee returns 0 from an empty pipe that nobody has open for writing.", "tee(2), RETURN VALUE",
     Strength::linux_, property("end-of-file"), binds::settable_pipes},
    {"PIPE-TEE-3",
     "tee fails with EAGAIN, having copied nothing, where it would sleep and SPLICE_F_NONBLOCK or O_NONBLOCK forbids "
     "it.",
     "tee(2), ERRORS EAGAIN", Strength::linux_, property("transfer"), binds::settable_pipes},
    {"PIPE-TEE-4",
     "tee from a pipe to itself fails with EINVAL; through a wrong or closed end, with EBADF (the page names only "
     "EINVAL).",
     "tee(2), ERRORS EINVAL; EBADF in no document", Strength::linux_, property("transfer"), binds::settable_pipes},
    {"PIPE-VMSPLICE-1",
     "vmsplice appends the bytes of its segments in the order of the array and returns how many, at most the count "
     "asked.",
     "vmsplice(2), DESCRIPTION, RETURN VALUE", Strength::linux_, property("order"), binds::settable_pipes},
    {"PIPE-VMSPLICE-2",
     "vmsplice fails with EAGAIN, having moved nothing, where it would sleep and SPLICE_F_NONBLOCK forbids it.",
     "vmsplice(2), ERRORS EAGAIN", Strength::linux_, property("transfer"), binds::settable_pipes},
    {"PIPE-VMSPLICE-3", "vmsplice of more than IOV_MAX segments fails with EINVAL, of what is not open with EBADF.",
     "vmsplice(2), ERRORS EBADF and EINVAL, NOTES", Strength::linux_, property("transfer"), binds::settable_pipes},
};

}  // namespace crosstalk
