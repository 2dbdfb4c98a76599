// Faults are real ones: the processor's, told by SIGBUS or SIGSEGV. The handler leaves the copy by _longjmp; whose copy
// it was is found by the thread's number, since threads of one process share everything else.
#include "mechanisms/system/memory.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/trap.h"

namespace crosstalk {
namespace {

long answer(long result) { return result < 0 ? -errno : result; }

int open_flags(std::uint16_t flags, Access access) {
    const int mode = access == Access::read ? O_RDONLY : access == Access::write ? O_WRONLY : O_RDWR;
    return mode | ((flags & flag_create) != 0 ? O_CREAT : 0) | ((flags & flag_exclusive) != 0 ? O_EXCL : 0) |
           ((flags & flag_truncate) != 0 ? O_TRUNC : 0);
}

long with_length(long fd, const Making& making, int* ends) {
    if (fd < 0) return fd;
    ends[0] = static_cast<int>(fd);
    return kernel::call(SYS_ftruncate, fd, static_cast<long>(making.asked.capacity_bytes));
}

// One copy that may fault: of this thread, while `tid` is set.
struct Guard {
    std::atomic<int> tid = 0;
    volatile Trap trap = Trap::none;
    jmp_buf back;
};
std::array<Guard, max_actors> guards;

void on_fault(int number, siginfo_t* info, void*) {
    const int tid = kernel::tid();
    for (Guard& guard : guards) {
        if (guard.tid.load(std::memory_order_relaxed) != tid) continue;
        guard.trap = number == SIGBUS ? Trap::bus : info->si_code == SEGV_ACCERR ? Trap::protection : Trap::unmapped;
        ::_longjmp(guard.back, 1);
    }
    ::signal(number, SIG_DFL);  // nobody's copy: the access is made again, and ends the process
}

void catch_faults() {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;  // the handler is left by a jump, which restores no mask
    ::sigaction(SIGBUS, &action, nullptr);
    ::sigaction(SIGSEGV, &action, nullptr);
}

// The word behind `count` bytes that a load takes before them, or a store puts in place after them.
enum class Apart : std::uint8_t { none, loaded_first, stored_last };
constexpr std::uint64_t word_bytes = sizeof(std::uint64_t);

void load_word(std::uint8_t* to, const std::uint8_t* from) {
    const std::uint64_t word = __atomic_load_n(reinterpret_cast<const std::uint64_t*>(from), __ATOMIC_ACQUIRE);
    std::memcpy(to, &word, sizeof word);
}

void store_word(std::uint8_t* to, const std::uint8_t* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    __atomic_store_n(reinterpret_cast<std::uint64_t*>(to), word, __ATOMIC_RELEASE);
}

// Copies page by page of the view, so that a fault leaves whole pages copied. How many bytes were.
std::uint64_t copy(Guard& guard, std::uint8_t* to, const std::uint8_t* from, std::uint64_t count, std::uint64_t first,
                   Apart apart) {
    volatile std::uint64_t done = 0;
    if (::_setjmp(guard.back) == 0) {
        guard.tid.store(kernel::tid());
        if (apart == Apart::loaded_first) load_word(to + count, from + count);
        while (done < count) {
            const std::uint64_t now = std::min<std::uint64_t>(count - done, first);
            first = page_bytes();
            std::memcpy(to + done, from + done, static_cast<std::size_t>(now));
            std::atomic_signal_fence(std::memory_order_seq_cst);
            done = done + now;
        }
        if (apart == Apart::stored_last) store_word(to + count, from + count);
        if (apart != Apart::none) done = done + word_bytes;
    }
    guard.tid.store(0);
    return done;
}

Answer transfer(const Call& call, bool loads) {
    auto* const view = static_cast<std::uint8_t*>(call.places[0]);
    if (view == nullptr) return {.result = -EBADF};
    const auto offset = static_cast<std::uint64_t>(call.operation->value);
    const std::uint64_t bytes = call.place_bytes[0];
    if (call.count > bytes || offset > bytes - call.count) return {.result = -ERANGE};
    Guard& guard = guards[call.actor];
    guard.trap = Trap::none;
    catch_faults();
    std::uint8_t* const at = view + offset;
    const std::uint64_t first = page_bytes() - offset % page_bytes();
    const Apart apart = !moves_word_apart(*call.operation, page_bytes()) ? Apart::none
                        : loads                                          ? Apart::loaded_first
                                                                         : Apart::stored_last;
    const std::uint64_t count = call.count - (apart != Apart::none ? word_bytes : 0);
    const std::uint64_t done =
        loads ? copy(guard, call.bytes, at, count, first, apart) : copy(guard, at, call.bytes, count, first, apart);
    const Trap trap = guard.trap;
    Answer answer{.result = static_cast<std::int64_t>(done), .value = static_cast<std::int64_t>(trap)};
    if (done == 0 && trap != Trap::none)
        answer.result = trap == Trap::bus ? -ENXIO : trap == Trap::protection ? -EACCES : -EFAULT;
    return answer;
}

}  // namespace

long make_memory_object(const Making& making, int* ends) {
    return with_length(answer(::shm_open(making.name, O_CREAT | O_EXCL | O_RDWR, making.mode)), making, ends);
}

long open_memory_object(const Making& making, Access access, void**) {
    const char* const name = (making.flags & flag_unknown) != 0 ? "/" : making.name;
    return answer(::shm_open(name, open_flags(making.flags, access), making.mode));
}

long remove_memory_object(const char* name) { return answer(::shm_unlink(name)); }

long make_memory_file(const Making& making, int* ends) {
    return with_length(kernel::call(SYS_openat, AT_FDCWD, making.name, O_CREAT | O_EXCL | O_RDWR, making.mode), making,
                       ends);
}

long open_memory_file(const Making& making, Access access, void**) {
    return kernel::call(SYS_openat, AT_FDCWD, making.name, open_flags(making.flags, access), making.mode);
}

Answer attach_call(const Call& call) {
    const Operation& operation = *call.operation;
    const bool anonymous = operation.uses[0] == no_slot;
    const int protection = PROT_READ | ((operation.flags & flag_writable) != 0 ? PROT_WRITE : 0);
    const int kind =
        ((operation.flags & flag_private) != 0 ? MAP_PRIVATE : MAP_SHARED) | (anonymous ? MAP_ANONYMOUS : 0);
    const auto bytes = static_cast<std::size_t>(operation.buffer.bytes);
    const std::size_t page = page_bytes(), whole = (bytes + page - 1) / page * page;
    Mapping taken;  // memory that is there already
    int where = 0;
    if ((operation.flags & (flag_fixed | flag_no_replace)) != 0) {
        taken = Mapping::anonymous(whole == 0 ? page : whole, false);
        if (!taken) return {.result = -ENOMEM};
        where = (operation.flags & flag_fixed) != 0 ? MAP_FIXED : MAP_FIXED_NOREPLACE;
    }
    void* const start = ::mmap(taken.start(), bytes, protection, kind | where, anonymous ? -1 : call.fds[0],
                               static_cast<off_t>(operation.value));
    if (start == MAP_FAILED) return {.result = -errno};
    const bool replaced = taken && start == taken.start();
    if (replaced) taken.release();
    return {.result = 0, .value = replaced, .place = start, .place_bytes = whole};
}

Answer detach_call(const Call& call) {
    auto* const view = static_cast<std::uint8_t*>(call.places[0]);
    if (view == nullptr) return {.result = -EBADF};
    const std::uint64_t bytes = call.place_bytes[0];
    switch (static_cast<Detaching>(call.operation->value)) {
        case Detaching::no_length: return {.result = kernel::call(SYS_munmap, view, 0)};
        case Detaching::unaligned: return {.result = kernel::call(SYS_munmap, view + 1, bytes)};
        case Detaching::nothing: {
            Mapping gone = Mapping::anonymous(page_bytes(), false);
            if (!gone) return {.result = -ENOMEM};
            void* const hole = gone.release();
            kernel::call(SYS_munmap, hole, page_bytes());
            return {.result = kernel::call(SYS_munmap, hole, page_bytes())};
        }
        case Detaching::view: break;
    }
    return {.result = kernel::call(SYS_munmap, view, bytes)};
}

bool can_store(ActorId actor, std::uint32_t* word) {
    Guard& guard = guards[actor];
    guard.trap = Trap::none;
    catch_faults();
    if (::_setjmp(guard.back) == 0) {
        guard.tid.store(kernel::tid());
        __atomic_fetch_or(word, 0u, __ATOMIC_RELAXED);
    }
    guard.tid.store(0);
    return guard.trap == Trap::none;
}

Answer load_call(const Call& call) { return transfer(call, true); }
Answer store_call(const Call& call) { return transfer(call, false); }

}  // namespace crosstalk
