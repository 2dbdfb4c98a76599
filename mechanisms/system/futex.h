// futex(2) on words in shared memory: sleep until a word changes, wake who sleeps on it. No locks are built here.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <climits>

#include "mechanisms/system/kernel.h"

namespace crosstalk {

using FutexWord = std::atomic<std::uint32_t>;
static_assert(sizeof(FutexWord) == 4 && FutexWord::is_always_lock_free);

// Returns 0 when woken, -EAGAIN if the word is not `expected`, -EINTR after a signal, -ETIMEDOUT.
inline int futex_wait(FutexWord& word, std::uint32_t expected) {
    return static_cast<int>(kernel::call(SYS_futex, &word, FUTEX_WAIT, expected, nullptr));
}
inline int futex_wait_for(FutexWord& word, std::uint32_t expected, std::int64_t limit_ns) {
    const kernel::Timespec limit{static_cast<long>(limit_ns / 1000000000), static_cast<long>(limit_ns % 1000000000)};
    return static_cast<int>(kernel::call(SYS_futex, &word, FUTEX_WAIT, expected, &limit));
}
inline int futex_wake(FutexWord& word, int how_many = 1) {
    return static_cast<int>(kernel::call(SYS_futex, &word, FUTEX_WAKE, how_many));
}
inline int futex_wake_all(FutexWord& word) { return futex_wake(word, INT_MAX); }

}  // namespace crosstalk
