// The calls of POSIX semaphores, and their doors (mechanism.h). The kernel has none: they are the C library's, over
// futex(2), and set errno, so that they are for programs without threads (which share even errno here).
// A counter that has a descriptor is read and written instead: eight bytes, each read takes one token (eventfd(2)).
// A slot that holds no semaphore is answered EBADF without a call: the documents leave such a call undefined.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

// sem_init, shared between processes, with the object's first value.
long make_semaphore(const Making& making, void* place);
// sem_open. A semaphore is always open for both; what stands for the access is added to the object's first value.
// flag_unknown: the name is just a slash.
// Event::value of the step: 1 + the lowest other slot of the process that has it at the same address, 0: none.
long open_semaphore(const Making& making, Access more, void** place);
long remove_semaphore(const char* name);
// sem_close; negated error number.
long close_semaphore(void* place);

// sem_wait, sem_trywait, sem_timedwait. flag_ordered, of semaphores that have no name: a post adds 1 to a count beside
// the semaphore before it posts; Event::value of a wait that got its token is the count as it then reads.
Answer sem_wait_call(const Call& call);
Answer sem_post_call(const Call& call);
Answer sem_value_call(const Call& call);

// One token of a counter that has a descriptor: 0, a negated error number, -EBADMSG where it was not one. tries:
// without sleeping.
Answer take_token(int fd, bool tries);
Answer give_token(int fd);

}  // namespace crosstalk
