// What the documents promise of POSIX shared memory: names, lengths, lives, what is seen.
// Linux man pages were read in release 6.03; POSIX pages (XSH, XBD) are cited from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause shm_clauses[] = {
    {"SHM-NAME-1", "A name that is only a slash is refused with EINVAL.",
     "shm_open(3), ERRORS EINVAL; XSH shm_open (not re-read)", Strength::must, property("creation"),
     binds::posix_memory},
    {"SHM-OPEN-1", "A new object has length 0, and what it grows by reads as zero bytes.",
     "shm_open(3), O_CREAT; ftruncate(2); XSH shm_open (not re-read)", Strength::must, property("visibility"),
     binds::posix_memory},
    {"SHM-OPEN-2", "shm_open gives the lowest free descriptor, with FD_CLOEXEC set.",
     "shm_open(3), DESCRIPTION; XSH shm_open (not re-read)", Strength::must, property("descriptors"),
     binds::posix_memory},
    {"SHM-OPEN-3",
     "With O_CREAT and O_EXCL the look for the name and the making of the object are one atomic step: one of several "
     "wins.",
     "shm_open(3), O_EXCL; XSH shm_open (not re-read)", Strength::must, property("creation"), binds::memory_objects},
    {"SHM-OPEN-4",
     "Opening fails with EEXIST where O_EXCL finds the name, with ENOENT where nothing is to be found, else it "
     "succeeds.",
     "shm_open(3), ERRORS; open(2), ERRORS; XSH shm_open (not re-read)", Strength::must, property("creation"),
     binds::memory_objects},
    {"SHM-OPEN-5", "O_TRUNC gives an existing object length 0, for those who may write it.",
     "shm_open(3), O_TRUNC; XSH shm_open (not re-read)", Strength::must, property("creation"), binds::memory_objects},
    {"SHM-OPEN-6",
     "A new object has the mode asked for under the umask and the maker's effective ids; later opens ignore the mode.",
     "shm_open(3), O_CREAT; XSH shm_open (not re-read)", Strength::must, property("creation"), binds::memory_objects},
    {"SHM-OPEN-7",
     "Of an object opened for reading a writable shared mapping is refused, a writable private one is not.",
     "shm_open(3), O_RDONLY; mmap(2), ERRORS EACCES; XSH shm_open (not re-read)", Strength::must,
     property("descriptors"), binds::memory_objects},
    {"SHM-SIZE-1", "ftruncate gives the object that length: what it grows by reads as zeros, what it loses is gone.",
     "ftruncate(2), DESCRIPTION; XSH ftruncate (not re-read)", Strength::must, property("visibility"),
     binds::memory_objects},
    {"SHM-SIZE-2",
     "ftruncate refuses a negative length with EINVAL, and a descriptor that is not open for writing with EINVAL or "
     "EBADF.",
     "ftruncate(2), ERRORS; XSH ftruncate (not re-read)", Strength::must, property("descriptors"),
     binds::memory_objects},
    {"SHM-SIZE-3",
     "What the file system has no room for fails with ENOSPC when it is asked for, or with SIGBUS at the first touch.",
     "mmap(2), SIGBUS; XSH posix_fallocate (not re-read)", Strength::must, property("capacity"), binds::posix_memory},
    {"SHM-LIFE-1", "Unlinking removes the name at once; mappings and descriptors stay as they are.",
     "shm_open(3), shm_unlink; XSH shm_unlink (not re-read)", Strength::must, property("visibility"),
     binds::memory_objects},
    {"SHM-LIFE-2",
     "After an unlink the name leads nowhere: opening and unlinking fail with ENOENT, and O_CREAT makes another "
     "object.",
     "shm_open(3), shm_unlink; XSH shm_unlink (not re-read)", Strength::must, property("creation"),
     binds::memory_objects},
    {"SHM-LIFE-3", "The contents stay while the name is there, with nobody attached.",
     "shm_overview(7), Persistence; XSH shm_open (not re-read)", Strength::must, property("visibility"),
     binds::memory_objects},
    {"SHM-LIFE-4", "Closing the descriptor does not touch the mappings.",
     "shm_open(3), DESCRIPTION; mmap(2), munmap; XSH shm_open (not re-read)", Strength::must, property("visibility"),
     binds::memory_objects},
    {"SHM-LIFE-5", "A process that is killed while attached leaves the data as it last wrote them, and others go on.",
     "shm_overview(7), Persistence", Strength::linux_, property("peer-death"), binds::memory_objects},
    {"SHM-LIFE-6", "Where makers and unlinkers race, each successful open refers to exactly one incarnation.",
     "shm_open(3), DESCRIPTION; XSH shm_open (not re-read)", Strength::must, property("creation"), binds::posix_memory},
    {"SHM-VIS-1", "What is stored through one mapping of an object is loaded through every other.",
     "shm_overview(7), DESCRIPTION; mmap(2), MAP_SHARED; XSH mmap (not re-read)", Strength::must,
     property("visibility"), binds::posix_memory},
    {"SHM-VIS-2", "Reading and writing through the descriptor and through mappings show the same bytes.",
     "shm_overview(7), DESCRIPTION; mmap(2), MAP_SHARED", Strength::linux_, property("visibility"),
     binds::memory_objects},
    {"SHM-VIS-3", "Aligned lock-free atomics work between processes and between addresses: no torn value.",
     "XBD 4.12 (not re-read); ISO C 7.17.5", Strength::must, property("visibility"), binds::memory},
    {"SHM-VIS-4", "Who has seen a flag that was released sees the data that were stored before it.",
     "XBD 4.12 (not re-read)", Strength::must, property("visibility"), binds::memory},
    {"SHM-SYNC-1", "Process-shared mutexes, conditions, barriers and locks work in an object.",
     "XSH pthread_mutexattr_setpshared (not re-read)", Strength::must, property("progress"), binds::memory},
    {"SHM-ROBUST-1", "The death of a robust mutex's owner gives the next locker EOWNERDEAD.",
     "XSH pthread_mutex_lock (not re-read)", Strength::must, property("peer-death"), binds::memory},
    {"SHM-ROBUST-2",
     "Wherever in locking or unlocking the owner is killed, nobody sleeps for ever and there are never two owners.",
     "XSH pthread_mutexattr_setrobust (not re-read)", Strength::must, property("peer-death"), binds::memory},
    {"SHM-ROBUST-3", "What the kernel does for robust locks writes to lock words only.",
     "set_robust_list(2), DESCRIPTION", Strength::linux_, property("peer-death"), binds::memory},
};

}  // namespace crosstalk
