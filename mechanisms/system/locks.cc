// See locks.h. Order is all: the lock is the list's pending operation before its word is touched, and until it is in
// the list or out of it (robust-futex-ABI of the kernel's documentation). Whoever is killed anywhere in between is
// found by the kernel, by the pending operation or by the list.
#include "mechanisms/system/locks.h"

#include <linux/futex.h>

#include <atomic>

#include "mechanisms/system/futex.h"
#include "mechanisms/system/memory.h"

namespace crosstalk {
namespace {

enum State : std::uint32_t { sound = 0, unsound = 1, lost = 2 };

struct Lock {
    robust_list node;
    alignas(8) FutexWord word;
    FutexWord state;
};
static_assert(sizeof(Lock) <= lock_bytes);

robust_list_head head;
int registered = 0;  // the thread that the kernel knows the list of

void fence() { std::atomic_signal_fence(std::memory_order_seq_cst); }

// A forked process has none, whatever its parent had (clone(2)).
std::uint32_t register_list() {
    const int tid = kernel::tid();
    if (registered != tid) {
        head.list.next = &head.list;
        head.futex_offset = static_cast<long>(offsetof(Lock, word)) - static_cast<long>(offsetof(Lock, node));
        head.list_op_pending = nullptr;
        kernel::call(SYS_set_robust_list, &head, sizeof head);
        registered = tid;
    }
    return static_cast<std::uint32_t>(tid);
}

void remember(Lock& lock) {
    lock.node.next = head.list.next;
    fence();
    head.list.next = &lock.node;
    fence();
}

void forget(Lock& lock) {
    for (robust_list* each = &head.list; each->next != &head.list; each = each->next)
        if (each->next == &lock.node) {
            each->next = lock.node.next;
            break;
        }
    fence();
}

// Where the operation says it lies, if it can be stored to there.
Lock* lock_of(const Call& call, long& wrong) {
    auto* const view = static_cast<std::uint8_t*>(call.places[0]);
    const auto at = static_cast<std::uint64_t>(call.operation->value);
    wrong = view == nullptr ? -EBADF : -ERANGE;
    if (view == nullptr || call.place_bytes[0] < lock_bytes || at > call.place_bytes[0] - lock_bytes) return nullptr;
    auto* const lock = reinterpret_cast<Lock*>(view + at);
    wrong = -EFAULT;
    return can_store(call.actor, reinterpret_cast<std::uint32_t*>(&lock->word)) ? lock : nullptr;
}

// Those who sleep are told that there is nothing to wait for: each wakes the next.
long refuse_lost(Lock& lock) {
    futex_wake(lock.word);
    return -ENOTRECOVERABLE;
}

// A signal ends no wait (pthread_mutex_lock(3p): no EINTR) but that of a process whose case is over.
long take(Lock& lock, std::uint32_t tid, const Call& call) {
    const bool only_tries = (call.operation->flags & flag_nonblock) != 0;
    for (;;) {
        std::uint32_t seen = lock.word.load();
        if (lock.state.load() == lost) return refuse_lost(lock);
        const std::uint32_t owner = seen & FUTEX_TID_MASK;
        if (owner == 0) {
            if (!lock.word.compare_exchange_strong(seen, tid | (seen & FUTEX_WAITERS))) continue;
            fence();
            if ((seen & FUTEX_OWNER_DIED) != 0) lock.state.store(unsound);
            remember(lock);
            return (seen & FUTEX_OWNER_DIED) != 0 ? -EOWNERDEAD : 0;
        }
        if (only_tries) return -EBUSY;
        if (owner == tid) return -EDEADLK;
        const std::uint32_t slept_on = seen | FUTEX_WAITERS;
        if (seen != slept_on && !lock.word.compare_exchange_strong(seen, slept_on)) continue;
        if (futex_wait(lock.word, slept_on) == -EINTR && call.is_over != nullptr && call.is_over()) return -EINTR;
    }
}

void release(Lock& lock) {
    const bool gives_up = lock.state.load() == unsound;
    if (gives_up) lock.state.store(lost);
    forget(lock);
    const std::uint32_t had = lock.word.fetch_and(FUTEX_WAITERS);
    if ((had & FUTEX_WAITERS) != 0) futex_wake(lock.word);
}

}  // namespace

Answer lock_call(const Call& call) {
    long wrong = 0;
    Lock* const lock = lock_of(call, wrong);
    if (lock == nullptr) return {.result = wrong};
    const std::uint32_t tid = register_list();
    head.list_op_pending = &lock->node;
    fence();
    const long result = take(*lock, tid, call);
    fence();
    head.list_op_pending = nullptr;
    if (result == -EOWNERDEAD && (call.operation->flags & flag_mend) != 0) lock->state.store(sound);
    return {.result = result};
}

Answer unlock_call(const Call& call) {
    long wrong = 0;
    Lock* const lock = lock_of(call, wrong);
    if (lock == nullptr) return {.result = wrong};
    const std::uint32_t tid = register_list();
    if ((lock->word.load() & FUTEX_TID_MASK) != tid) return {.result = -EPERM};
    head.list_op_pending = &lock->node;
    fence();
    release(*lock);
    fence();
    head.list_op_pending = nullptr;
    return {};
}

void forget_locks() {
    head.list.next = &head.list;
    head.list_op_pending = nullptr;
    fence();
}

}  // namespace crosstalk
