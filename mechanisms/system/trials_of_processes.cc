// The table of trials, and the child that each runs in.
#include "mechanisms/system/trials_of_processes.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/names.h"

namespace crosstalk {

namespace {

struct Row {
    Trial trial;
    trials::Try run;
};
constexpr Row rows[] = {
    {Trial::seals, trials::seals},
    {Trial::exec_memory, trials::exec_memory},
    {Trial::exec_queue, trials::exec_queue},
    {Trial::exec_semaphore, trials::exec_semaphore},
    {Trial::queue_line, trials::queue_line},
    {Trial::times, trials::times},
    {Trial::handler_posts, trials::handler_posts},
    {Trial::posts_together, trials::posts_together},
    {Trial::post_and_destroy, trials::post_and_destroy},
    {Trial::waits_and_sleeps, trials::waits_and_sleeps},
    {Trial::full_file_system, trials::full_file_system},
    {Trial::queue_limit, trials::queue_limit},
    {Trial::queue_count, trials::queue_count},
    {Trial::namespaces, trials::namespaces},
    {Trial::privileged_queue, trials::privileged_queue},
    {Trial::thread_notified, trials::thread_notified},
    {Trial::library_locks, trials::library_locks},
    {Trial::library_robust, trials::library_robust},
    {Trial::stepwise_death, trials::stepwise_death},
    {Trial::queue_priorities, trials::queue_priorities},
    {Trial::semaphore_priorities, trials::semaphore_priorities},
    {Trial::supervised, trials::supervised},
    {Trial::grown_buffer, trials::grown_buffer},
    {Trial::least_buffers, trials::least_buffers},
    {Trial::small_receiver, trials::small_receiver},
    {Trial::bad_checksum, trials::bad_checksum},
    {Trial::unacknowledged, trials::unacknowledged},
    {Trial::unanswered, trials::unanswered},
    {Trial::full_tables, trials::full_tables},
    {Trial::set_clock, trials::set_clock},
};

constexpr auto first = static_cast<std::size_t>(Trial::seals);
consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (static_cast<std::size_t>(rows[i].trial) != first + i) return false;
    return rows[std::size(rows) - 1].trial == last_trial;
}
static_assert(in_order(), "one row a trial, in the order of Trial");

constexpr int last_signal = 64;
constexpr std::int64_t child_limit_ns = 3'000'000'000;  // of what a trial waits for: above what a busy machine needs

void be_plain() {
    for (int number = 1; number <= last_signal; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
}

// 0 and reaped, or an error number. EINTR and early looks are one.
long wait_until(int pid, int& status, std::int64_t deadline_ns) {
    for (;;) {
        const long ended = kernel::call(SYS_wait4, pid, &status, WNOHANG | __WALL, nullptr);
        if (ended == pid) return 0;
        if (ended < 0 && ended != -EINTR) return ended;
        if (trials::now_ns() > deadline_ns) break;
        trials::pause_briefly();
    }
    kernel::kill(pid, SIGKILL);
    while (kernel::call(SYS_wait4, pid, &status, __WALL, nullptr) == -EINTR) {
    }
    return -ETIMEDOUT;
}

// No signal tells of its end: the case's own SIGCHLD is not to be disturbed.
int fork_quietly() { return static_cast<int>(kernel::call(SYS_clone, 0, 0, nullptr, nullptr, 0)); }

bool put(const char* file, const char* text) {
    const long fd = kernel::call(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0) return false;
    std::size_t length = 0;
    while (text[length] != 0) ++length;
    const bool done = kernel::call(SYS_write, fd, text, length) == static_cast<long>(length);
    kernel::close(static_cast<int>(fd));
    return done;
}

}  // namespace

Answer try_in_child(const Call& call) {
    Mapping place = Mapping::anonymous(sizeof(trials::Findings), true);
    if (!place) return {.result = -ENOMEM};
    auto& findings = *static_cast<trials::Findings*>(place.start());
    const int parent = kernel::pid();
    const int pid = fork_quietly();
    if (pid < 0) return {.result = pid};
    if (pid == 0) {
        be_plain();
        if (die_with_parent(parent)) rows[static_cast<std::size_t>(call.operation->value) - first].run(call, findings);
        kernel::exit_process(0);
    }
    int status = 0;
    const long waited = wait_until(pid, status, trials::now_ns() + call.operation->timeout_ns);
    char name[longest_path];
    name_for_step(call.name, call.actor, name);  // what a trial has left, or could not remove from where it was
    if (call.mechanism->doors.remove != nullptr) call.mechanism->doors.remove(name);
    if (waited < 0) return {.result = waited};
    return {.result = findings.found, .value = findings.looked};
}

namespace trials {

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

long pause_briefly() {
    const timespec brief{0, 50'000};
    return ::nanosleep(&brief, nullptr);
}

namespace {

// What /proc says of a process in this file, as a string; false: nothing.
bool told_of(int pid, const char* file, char (&text)[160]) {
    char name[40];
    std::snprintf(name, sizeof name, "/proc/%d/%s", pid, file);
    const Fd fd(static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0)));
    const long got = fd ? kernel::call(SYS_read, fd.number(), text, sizeof text - 1) : -1;
    text[std::max(got, 0L)] = 0;
    return got > 0;
}

}  // namespace

char state_of(int pid) {
    char text[160];
    const char* const behind = told_of(pid, "stat", text) ? std::strrchr(text, ')') : nullptr;
    return behind != nullptr && behind[1] == ' ' ? behind[2] : '\0';
}

// "running", or the number of the call and its arguments. Who may not read it cannot tell.
bool sleeps_in(int pid, long number) {
    for (const std::int64_t until = now_ns() + child_limit_ns; now_ns() < until; pause_briefly()) {
        char text[160];
        long called = -1;
        const char state = state_of(pid);
        if (state == 0 || state == 'Z' || !told_of(pid, "syscall", text)) return false;
        if (state == 'S' && std::sscanf(text, "%ld", &called) == 1 && called == number) return true;
    }
    return false;
}

// Often for a short time, not once for a long one: see becomes_so.
bool comes_soon(int fd) {
    constexpr int rounds = 50, longest_ms = 100;
    pollfd waited{fd, POLLIN, 0};
    int seen = 0;
    for (int round = 0; round < rounds && seen <= 0; ++round) seen = ::poll(&waited, 1, longest_ms);
    return seen > 0;
}

bool ends_soon(int pid, int& status) { return wait_until(pid, status, now_ns() + child_limit_ns) == 0; }

int fork_child() {
    const int parent = kernel::pid();
    const int pid = fork_raw(false);
    if (pid == 0 && !die_with_parent(parent)) kernel::exit_process(0);
    return pid;
}

int fork_by_library() {
    const int parent = kernel::pid();
    const int pid = ::fork();
    if (pid == 0 && !die_with_parent(parent)) kernel::exit_process(0);
    return pid < 0 ? -errno : pid;
}

void* shared_page() { return Mapping::anonymous(page_bytes(), true).release(); }

// user_namespaces(7): one's own ids stay what they are.
long own_namespaces(int flags) {
    const unsigned user = ::geteuid(), group = ::getegid();
    long made = kernel::call(SYS_unshare, flags | CLONE_NEWUSER);
    if (made < 0) return made;
    char line[40];
    std::snprintf(line, sizeof line, "%u %u 1", user, user);
    if (!put("/proc/self/uid_map", line)) return -EPERM;
    put("/proc/self/setgroups", "deny");
    std::snprintf(line, sizeof line, "%u %u 1", group, group);
    return put("/proc/self/gid_map", line) ? 0 : -EPERM;
}

void on_signal(int number, void (*handler)(int), bool restarts) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = restarts ? SA_RESTART : 0;
    ::sigaction(number, &action, nullptr);
}

void tick(long microseconds, bool again) {
    itimerval when{};
    when.it_value.tv_usec = microseconds;
    if (again) when.it_interval.tv_usec = microseconds;
    ::setitimer(ITIMER_REAL, &when, nullptr);
}

}  // namespace trials
}  // namespace crosstalk
