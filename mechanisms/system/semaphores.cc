// One C library call each; its errno is read at once. Of counters with a descriptor, one system call.
#include "mechanisms/system/semaphores.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/uio.h>

#include <cerrno>

#include "mechanisms/system/deadline.h"

namespace crosstalk {
namespace {

// Behind the semaphore lies a count of those posts that say so, which waits look at: ordinary memory, that only the
// semaphore orders.
constexpr std::size_t count_at = (sizeof(sem_t) + 7) / 8 * 8;
static_assert(count_at + sizeof(std::uint64_t) <= object_bytes);

std::uint64_t* count_beside(void* semaphore) {
    return reinterpret_cast<std::uint64_t*>(static_cast<std::uint8_t*>(semaphore) + count_at);
}
bool is_counted(const Call& call) { return (call.operation->flags & flag_ordered) != 0; }

bool has_descriptor(const Call& call) { return call.places[0] == nullptr && call.fds[0] >= 0; }

sem_t* semaphore_in(const Call& call) { return static_cast<sem_t*>(call.places[0]); }
Answer answer(int result) { return {.result = result < 0 ? -errno : result}; }

}  // namespace

// eventfd(2): a read of less than eight bytes fails, a write adds. O_NONBLOCK would be everybody's: RWF_NOWAIT asks for
// this call alone (preadv2(2)).
Answer take_token(int fd, bool tries) {
    std::uint64_t tokens = 0;
    const iovec part{&tokens, sizeof tokens};
    const long moved = tries ? kernel::call(SYS_preadv2, fd, &part, 1, -1L, -1L, RWF_NOWAIT)
                             : kernel::call(SYS_read, fd, &tokens, sizeof tokens);
    if (moved < 0) return {.result = moved};
    return {.result = moved == sizeof tokens && tokens == 1 ? 0 : -EBADMSG};
}
Answer give_token(int fd) {
    const std::uint64_t one = 1;
    const long moved = kernel::call(SYS_write, fd, &one, sizeof one);
    return {.result = moved == sizeof one ? 0 : moved < 0 ? moved : -EBADMSG};
}

long make_semaphore(const Making& making, void* place) {
    *count_beside(place) = 0;
    return answer(::sem_init(static_cast<sem_t*>(place), 1, static_cast<unsigned>(making.asked.value))).result;
}

long open_semaphore(const Making& making, Access more, void** place) {
    const std::int64_t first = making.asked.value + static_cast<std::int64_t>(more);
    const int flags =
        ((making.flags & flag_create) != 0 ? O_CREAT : 0) | ((making.flags & flag_exclusive) != 0 ? O_EXCL : 0);
    const char* const name = (making.flags & flag_unknown) != 0 ? "/" : making.name;
    sem_t* const opened = ::sem_open(name, flags, making.mode, static_cast<unsigned>(first));
    if (opened == SEM_FAILED) return -errno;
    *place = opened;
    return 0;
}

long remove_semaphore(const char* name) { return answer(::sem_unlink(name)).result; }

long close_semaphore(void* place) { return answer(::sem_close(static_cast<sem_t*>(place))).result; }

namespace {

Answer wait(const Operation& operation, sem_t* semaphore) {
    if ((operation.flags & flag_nonblock) != 0) return answer(::sem_trywait(semaphore));
    if (operation.timeout_ns == forever) return answer(::sem_wait(semaphore));
    const timespec deadline = deadline_of(operation);
    return answer(::sem_timedwait(semaphore, &deadline));
}

}  // namespace

Answer sem_wait_call(const Call& call) {
    if (has_descriptor(call)) return take_token(call.fds[0], (call.operation->flags & flag_nonblock) != 0);
    sem_t* const semaphore = semaphore_in(call);
    if (semaphore == nullptr) return {.result = -EBADF};
    Answer answer = wait(*call.operation, semaphore);
    if (answer.result == 0 && is_counted(call))
        answer.value = static_cast<std::int64_t>(__atomic_load_n(count_beside(semaphore), __ATOMIC_RELAXED));
    return answer;
}

Answer sem_post_call(const Call& call) {
    if (has_descriptor(call)) return give_token(call.fds[0]);
    if (semaphore_in(call) == nullptr) return {.result = -EBADF};
    if (is_counted(call)) __atomic_fetch_add(count_beside(semaphore_in(call)), 1, __ATOMIC_RELAXED);
    return answer(::sem_post(semaphore_in(call)));
}

Answer sem_value_call(const Call& call) {
    if (semaphore_in(call) == nullptr) return {.result = -EBADF};
    int value = 0;
    if (::sem_getvalue(semaphore_in(call), &value) < 0) return {.result = -errno};
    return {.result = value > 0 ? value : 0, .value = value};  // below 0: so many wait (POSIX allows it)
}

}  // namespace crosstalk
