// Trials of waiting: handlers that post (sem_post(3), signal-safety(7)), a semaphore that is gone as soon as its token
// is taken (sem_destroy(3posix)), what goes on after a handler with SA_RESTART and what never does (signal(7)).
// The ticks come from a timer; whether one comes inside a call or before it, the same is promised.
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/futex.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {
namespace {

constexpr long tick_us = 500;

// What handlers act on.
sem_t* posted = nullptr;
volatile int ticks = 0, posts_left = 0;
int told_end = -1;

void post_once(int) {
    ticks = ticks + 1;
    if (posts_left > 0 && ::sem_post(posted) == 0) posts_left = posts_left - 1;
}

void tell_on_third(int) {
    const int saved = errno;
    ticks = ticks + 1;
    if (ticks == 3) kernel::call(SYS_write, told_end, "x", 1);
    errno = saved;
}

int value_of(sem_t* semaphore) {
    int value = -1;
    ::sem_getvalue(semaphore, &value);
    return value;
}

// However often a handler interrupts it.
bool waits(sem_t* semaphore) {
    int result = 0;
    while ((result = ::sem_wait(semaphore)) < 0 && errno == EINTR) {
    }
    return result == 0;
}

}  // namespace

sem_t* semaphore_for(const Call& call) {
    if (call.mechanism->doors.open == nullptr) {
        auto* const unnamed = static_cast<sem_t*>(shared_page());
        return unnamed != nullptr && ::sem_init(unnamed, 1, 0) == 0 ? unnamed : nullptr;
    }
    char name[longest_path];
    name_for_step(call.name, call.actor, name);
    sem_t* const named = ::sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    if (named == SEM_FAILED) return nullptr;
    ::sem_unlink(name);
    return named;
}

void handler_posts(const Call& call, Findings& findings) {
    posted = semaphore_for(call);
    if (posted == nullptr) return;
    for (const bool restarts : {false, true}) {
        ticks = 0;
        posts_left = 1;
        on_signal(SIGALRM, post_once, restarts);
        tick(tick_us, true);
        const bool got = waits(posted);
        tick(0, false);
        findings.fact(restarts ? 1 : 0, got && ticks > 0 && value_of(posted) == 0);
    }
}

// Two posts by a handler of one who waits, two by another process: four wait.
void posts_together(const Call& call, Findings& findings) {
    constexpr int by_handler = 2, waiters = 4;
    posted = semaphore_for(call);
    if (posted == nullptr) return;
    int children[waiters], started = 0;
    for (int who = 0; who < waiters; ++who) {
        children[who] = fork_child();
        if (children[who] < 0) break;
        ++started;
        if (children[who] != 0) continue;
        if (who == 0) {
            posts_left = by_handler;
            on_signal(SIGALRM, post_once, false);
            tick(tick_us, true);
        }
        const bool got = waits(posted);
        while (posts_left > 0) pause_briefly();
        kernel::exit_process(got ? 0 : 1);
    }
    for (int post = by_handler; post < started; ++post) {
        sleeps_in(children[post], SYS_futex);  // if it can be seen to; whoever does not gets its token all the same
        ::sem_post(posted);
    }
    bool all = started == waiters, ended = true;
    for (int who = 0; who < started; ++who) {
        int status = 0;
        const int left = value_of(posted);
        if (!ends_soon(children[who], status)) {
            ended = false;
            if (left > 0) findings.fact(0, false);  // it slept beside a token
        }
        all = all && status == 0;
    }
    if (!ended || started < waiters) return;
    findings.fact(0, all);
    findings.fact(1, value_of(posted) == 0);
}

// Who takes the token destroys the semaphore and uses its memory for something else, while who posted may still be on
// its way out of the call.
void post_and_destroy(const Call&, Findings& findings) {
    struct Shared {
        sem_t semaphore;
        FutexWord round, posted;
    };
    constexpr std::uint32_t rounds = 100;
    auto* const shared = static_cast<Shared*>(shared_page());
    if (shared == nullptr) return;
    const auto wait_for = [](FutexWord& word, std::uint32_t wanted) {
        for (std::uint32_t seen = word.load(); seen < wanted; seen = word.load()) futex_wait(word, seen);
    };
    const auto say = [](FutexWord& word, std::uint32_t value) {
        word.store(value);
        futex_wake_all(word);
    };
    const int poster = fork_child();
    for (std::uint32_t round = 1; poster == 0 && round <= rounds; ++round) {
        wait_for(shared->round, round);
        ::sem_post(&shared->semaphore);
        say(shared->posted, round);
    }
    if (poster == 0) kernel::exit_process(0);
    bool untouched = poster > 0;
    for (std::uint32_t round = 1; poster > 0 && round <= rounds; ++round) {
        std::uint8_t soiled[sizeof(sem_t)];
        std::memset(soiled, 0xa5, sizeof soiled);
        if (::sem_init(&shared->semaphore, 1, 0) < 0) return;
        say(shared->round, round);
        if (!waits(&shared->semaphore) || ::sem_destroy(&shared->semaphore) < 0) return;
        std::memcpy(&shared->semaphore, soiled, sizeof soiled);
        wait_for(shared->posted, round);
        untouched = untouched && std::memcmp(&shared->semaphore, soiled, sizeof soiled) == 0;
    }
    int status = 0;
    if (poster > 0 && ends_soon(poster, status)) findings.fact(0, untouched);
}

namespace {

// A child that waits for a byte; then it ends, or lets go of the lock that it has.
int child_until_told(int fd_of_lock, int& end) {
    int told[2], locked[2];
    if (::pipe(told) < 0 || ::pipe(locked) < 0) return -1;
    const int child = fork_child();
    if (child == 0) {
        char byte = 0;
        struct flock whole {};
        whole.l_type = F_WRLCK;
        if (fd_of_lock >= 0) ::fcntl(fd_of_lock, F_SETLK, &whole);
        kernel::call(SYS_write, locked[1], "x", 1);
        kernel::call(SYS_read, told[0], &byte, 1);
        kernel::exit_process(0);
    }
    char byte = 0;
    kernel::call(SYS_read, locked[0], &byte, 1);
    for (const int fd : {told[0], locked[0], locked[1]}) kernel::close(fd);
    end = told[1];
    return child;
}

}  // namespace

void waits_and_sleeps(const Call&, Findings& findings) {
    int status = 0;
    const int child = child_until_told(-1, told_end);
    on_signal(SIGALRM, tell_on_third, true);
    if (child > 0) {
        ticks = 0;
        tick(tick_us, true);
        const long waited = kernel::call(SYS_wait4, child, &status, 0, nullptr);
        tick(0, false);
        findings.fact(0, waited == child);
        if (waited != child) kernel::kill(child, SIGKILL);
    }
    const Fd file(static_cast<int>(kernel::call(SYS_memfd_create, "crosstalk", 0)));
    const int holder = file.number() < 0 ? -1 : child_until_told(file.number(), told_end);
    if (holder > 0) {
        ticks = 0;
        tick(tick_us, true);
        struct flock whole {};
        whole.l_type = F_WRLCK;
        const int locked = ::fcntl(file.number(), F_SETLKW, &whole);
        tick(0, false);
        findings.fact(1, locked == 0);
        ends_soon(holder, status);
    }
    told_end = -1;
    ticks = 0;
    const timespec long_time{0, 200'000'000};
    timespec left{};
    tick(tick_us, true);
    const int slept = ::nanosleep(&long_time, &left);
    const int error = errno;
    tick(0, false);
    findings.fact(2, slept < 0 && error == EINTR);
    if (slept < 0) findings.fact(3, left.tv_nsec > 0 && left.tv_nsec < long_time.tv_nsec);
}

}  // namespace crosstalk::trials
