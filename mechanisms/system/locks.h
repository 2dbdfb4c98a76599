// Robust locks in memory that processes share, over futex(2) and set_robust_list(2). They are not the C library's: its
// mutexes know their owner by the thread record, which the processes of a case share with those that made them, as
// clone(2) runs nothing of it. What is judged here is the kernel's part: FUTEX_OWNER_DIED, and who is woken for the
// dead. The C library's own mutexes are tried out by processes that it forks itself (trials.h).
// FUTEX_WAITERS stays once it is set, so that no taker ever hides a sleeper.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

// 0, -EOWNERDEAD (it is taken all the same), -ENOTRECOVERABLE, -EBUSY where it only tries, -EDEADLK where the caller
// has it. -ERANGE, -EFAULT: no lock can lie there, nothing was done.
Answer lock_call(const Call& call);
// 0, or -EPERM where the caller has it not. What was not made consistent is lost from then on.
Answer unlock_call(const Call& call);

// A process that goes on to another case has no lock any more, whatever it held: its memory is gone.
void forget_locks();

}  // namespace crosstalk
