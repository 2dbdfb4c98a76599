// Trials of the C library's process-shared locks in an object of shared memory: mutexes, conditions, barriers and
// read-write locks, and robust mutexes whose owners die, also after any single instruction of locking and unlocking
// (ptrace(2)). All processes are forked by the C library, since its locks know their owners by its thread record.
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {
namespace {

struct Shared {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    pthread_barrier_t barrier;
    pthread_rwlock_t both;
    volatile int count, flag, first, second, torn, arrived, early, serial;
    volatile int results[4];
};

// A page of such an object as the mechanism makes, or of an anonymous mapping.
Shared* memory_for(const Call& call) {
    const std::size_t page = page_bytes();
    static_assert(sizeof(Shared) <= 4096);
    if (call.mechanism->doors.make == nullptr) return static_cast<Shared*>(shared_page());
    const Asked asked{.capacity_bytes = page};
    Making making{asked};
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    making.name = name;
    int ends[2] = {-1, -1};
    if (call.mechanism->doors.make(making, ends) < 0) return nullptr;
    call.mechanism->doors.remove(name);
    return static_cast<Shared*>(Mapping::of(ends[0], page).release());
}

bool make_mutex(pthread_mutex_t& mutex, bool robust) {
    pthread_mutexattr_t how;
    return ::pthread_mutexattr_init(&how) == 0 && ::pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED) == 0 &&
           (!robust || ::pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST) == 0) &&
           ::pthread_mutex_init(&mutex, &how) == 0;
}

bool make_others(Shared& shared, unsigned parties) {
    pthread_condattr_t condition;
    pthread_barrierattr_t barrier;
    pthread_rwlockattr_t both;
    return ::pthread_condattr_init(&condition) == 0 &&
           ::pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED) == 0 &&
           ::pthread_cond_init(&shared.condition, &condition) == 0 && ::pthread_barrierattr_init(&barrier) == 0 &&
           ::pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED) == 0 &&
           ::pthread_barrier_init(&shared.barrier, &barrier, parties) == 0 && ::pthread_rwlockattr_init(&both) == 0 &&
           ::pthread_rwlockattr_setpshared(&both, PTHREAD_PROCESS_SHARED) == 0 &&
           ::pthread_rwlock_init(&shared.both, &both) == 0;
}

constexpr int parties = 3, rounds = 50;

void use_mutex(Shared& shared) {
    for (int round = 0; round < rounds; ++round) {
        ::pthread_mutex_lock(&shared.mutex);
        const int seen = shared.count;
        ::sched_yield();
        shared.count = seen + 1;
        ::pthread_mutex_unlock(&shared.mutex);
    }
}

void use_barrier(Shared& shared) {
    ::pthread_mutex_lock(&shared.mutex);
    shared.arrived = shared.arrived + 1;
    ::pthread_mutex_unlock(&shared.mutex);
    const int told = ::pthread_barrier_wait(&shared.barrier);
    ::pthread_mutex_lock(&shared.mutex);
    if (shared.arrived != parties) shared.early = shared.early + 1;
    if (told == PTHREAD_BARRIER_SERIAL_THREAD) shared.serial = shared.serial + 1;
    ::pthread_mutex_unlock(&shared.mutex);
}

void use_both(Shared& shared, bool writes) {
    for (int round = 0; round < rounds; ++round) {
        writes ? ::pthread_rwlock_wrlock(&shared.both) : ::pthread_rwlock_rdlock(&shared.both);
        if (shared.first != shared.second) shared.torn = 1;
        if (writes) shared.first = shared.first + 1;
        ::sched_yield();
        if (writes) shared.second = shared.second + 1;
        ::pthread_rwlock_unlock(&shared.both);
    }
}

void use_condition(Shared& shared, bool gives) {
    ::pthread_mutex_lock(&shared.mutex);
    if (gives) shared.flag = 1;
    if (gives) ::pthread_cond_broadcast(&shared.condition);
    while (shared.flag == 0) ::pthread_cond_wait(&shared.condition, &shared.mutex);
    ::pthread_mutex_unlock(&shared.mutex);
}

}  // namespace

void library_locks(const Call& call, Findings& findings) {
    Shared* const shared = memory_for(call);
    if (shared == nullptr || !make_mutex(shared->mutex, false) || !make_others(*shared, parties)) return;
    int children[parties];
    for (int who = 0; who < parties; ++who) {
        children[who] = fork_by_library();
        if (children[who] != 0) continue;
        use_mutex(*shared);
        use_barrier(*shared);
        use_both(*shared, who == 0);
        use_condition(*shared, who == 0);
        kernel::exit_process(0);
    }
    for (int who = 0; who < parties; ++who) {
        int status = 0;
        if (children[who] < 0 || !ends_soon(children[who], status)) return;
    }
    findings.fact(0, shared->count == parties * rounds);
    findings.fact(1, shared->serial == 1 && shared->early == 0);
    findings.fact(2, shared->torn == 0 && shared->second == rounds);
    findings.fact(3, shared->flag == 1);
}

namespace {

constexpr int not_returned = -1;

// Another process: locks, and says what it was told; what follows depends on that.
enum class Then { dies, unlocks, mends };
int locker(Shared& shared, int result, Then then) {
    shared.results[result] = not_returned;
    const int child = fork_by_library();
    if (child != 0) return child;
    const int told = ::pthread_mutex_lock(&shared.mutex);
    shared.results[result] = told;
    if (then == Then::dies) kernel::kill(kernel::pid(), SIGKILL);
    if (told == EOWNERDEAD && then == Then::mends) ::pthread_mutex_consistent(&shared.mutex);
    if (told == 0 || told == EOWNERDEAD) ::pthread_mutex_unlock(&shared.mutex);
    kernel::exit_process(0);
}

// The same, to its end. What it was told; -1: it never came back.
int told_to(Shared& shared, Then then) {
    int status = 0;
    const int child = locker(shared, 0, then);
    return child > 0 && ends_soon(child, status) ? shared.results[0] : not_returned;
}

}  // namespace

void library_robust(const Call& call, Findings& findings) {
    Shared* const shared = memory_for(call);
    if (shared == nullptr || !make_mutex(shared->mutex, true)) return;
    if (told_to(*shared, Then::dies) != 0) return;
    findings.fact(0, told_to(*shared, Then::mends) == EOWNERDEAD);
    findings.fact(1, told_to(*shared, Then::dies) == 0);
    findings.fact(2, told_to(*shared, Then::unlocks) == EOWNERDEAD);
    findings.fact(3, told_to(*shared, Then::mends) == ENOTRECOVERABLE);
}

namespace {

struct Ends {
    bool begun = false, over = false;  // the traced process has come to its stop; has ended by itself
};

long trace(int request, int pid, void* address, void* data) {
    return kernel::call(SYS_ptrace, request, pid, address, data);
}

bool stops(int pid, int& status) {
    long waited = 0;
    while ((waited = kernel::call(SYS_wait4, pid, &status, __WALL, nullptr)) == -EINTR) {
    }
    return waited == pid && WIFSTOPPED(status);
}

// A process that stops itself, then locks and unlocks, or has the lock already and unlocks.
int traced(Shared& shared, bool has_it) {
    const int child = fork_by_library();
    if (child != 0) return child;
    if (has_it) ::pthread_mutex_lock(&shared.mutex);
    trace(PTRACE_TRACEME, 0, nullptr, nullptr);
    kernel::kill(kernel::pid(), SIGSTOP);
    if (!has_it) ::pthread_mutex_lock(&shared.mutex);
    ::pthread_mutex_unlock(&shared.mutex);
    kernel::exit_process(0);
}

// Kills it after so many instructions. `over`: it came to its end before that.
Ends kill_after(int pid, long instructions) {
    int status = 0;
    Ends ends;
    if (!stops(pid, status)) return ends;
    ends.begun = true;
    for (long done = 0; done < instructions && !ends.over; ++done)
        ends.over = trace(PTRACE_SINGLESTEP, pid, nullptr, nullptr) < 0 || !stops(pid, status);
    if (ends.over) return ends;
    kernel::kill(pid, SIGKILL);
    while (stops(pid, status)) {
    }
    return ends;
}

bool is_sound(int told) { return told == 0 || told == EOWNERDEAD; }

// Asleep 'S', stopped by its tracer 't'. Looked for so many times; it steers, and proves nothing.
void wait_until(int pid, char wanted) {
    constexpr int looks = 200;
    for (int look = 0; look < looks; ++look, pause_briefly()) {
        const char state = state_of(pid);
        if (state == 0 || state == wanted) return;
    }
}

}  // namespace

// Wherever the owner stood when it was killed, the next locker gets the lock, and so does one who slept meanwhile.
void stepwise_death(const Call& call, Findings& findings) {
    constexpr long most = 5'000, stride = 7, sparse_from = 400, sparse_stride = 37;
    const long first = (call.step + call.actor) % stride;  // which instructions: by the step's place
    Shared* const shared = memory_for(call);
    if (shared == nullptr) return;
    const std::int64_t until = now_ns() + call.operation->timeout_ns / 2;
    for (const bool has_it : {false, true}) {
        bool sound = true, sleeper_sound = true;
        long died = 0;
        for (long after = first; after < most && now_ns() < until;
             after += after < sparse_from ? stride : sparse_stride) {
            if (!make_mutex(shared->mutex, true)) return;
            int status = 0;
            const int owner = traced(*shared, has_it);
            if (owner < 0) return;
            int sleeper = 0;
            if (has_it) {
                wait_until(owner, 't');
                sleeper = locker(*shared, 1, Then::mends);
                if (sleeper > 0) wait_until(sleeper, 'S');
            }
            const Ends ends = kill_after(owner, after);
            if (!ends.begun) return;
            if (sleeper > 0)
                sleeper_sound = sleeper_sound && ends_soon(sleeper, status) && is_sound(shared->results[1]);
            sound = sound && is_sound(told_to(*shared, Then::mends)) && told_to(*shared, Then::unlocks) == 0;
            if (ends.over || !sound || !sleeper_sound) break;
            ++died;
        }
        if (died == 0) continue;
        findings.fact(has_it ? 1 : 0, sound);
        if (has_it) findings.fact(2, sleeper_sound);
    }
}

}  // namespace crosstalk::trials
