// One function an ability; each runs in a child of its own, killed if it does not end in time.
#include "runners/agent/abilities.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "mechanisms/catalog.h"
#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/machine.h"
#include "runners/agent/hosts.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

namespace crosstalk::agent {
namespace {

bool user_namespace() { return kernel::call(SYS_unshare, CLONE_NEWUSER) == 0; }

bool fifo_scheduling() {
    const sched_param low{1};
    return ::sched_setscheduler(0, SCHED_FIFO, &low) == 0 && ::sched_getscheduler(0) == SCHED_FIFO;
}

bool idle_scheduling() {
    const sched_param none{};
    return ::sched_setscheduler(0, SCHED_IDLE, &none) == 0;
}

// The state of a process, as turns need it.
bool proc() {
    const Fd stat(::open("/proc/self/stat", O_RDONLY));
    char text[256];
    return stat && kernel::call(SYS_read, stat.number(), text, sizeof text) > 0;
}

bool pidfd_getfd() {
    int ends[2];
    if (kernel::call(SYS_pipe2, ends, 0) < 0) return false;
    const long self = kernel::call(SYS_pidfd_open, kernel::pid(), 0);
    return self >= 0 && kernel::call(SYS_pidfd_getfd, self, ends[0], 0) >= 0;
}

bool memfd() {
    const Fd fd(static_cast<int>(kernel::call(SYS_memfd_create, "probe", 0)));
    return fd && kernel::call(SYS_ftruncate, fd.number(), 4096) == 0;
}

// An image by descriptor: here of a program that must fail to start, with the error of one that was looked at.
bool execveat() {
    char* const nothing[] = {nullptr};
    const long answer = kernel::call(SYS_execveat, -1, "", nothing, nothing, 0x1000 /* AT_EMPTY_PATH */);
    return answer == -EBADF;
}

bool seccomp() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    sock_filter allow{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    const sock_fprog program{1, &allow};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// A user that nobody else is.
bool lane_user() {
    constexpr unsigned user = 0x60000000;
    return kernel::call(SYS_getuid) == 0 && ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
}

// A kernel that runs for this agent alone: what the whole system shares may be changed.
bool own_machine() { return owns_machine; }

// clone(2), CLONE_PARENT: a process of which its maker is not the parent. Some places refuse the flag, some ignore it.
bool clone_parent() {
    const int pid = fork_raw(true);
    if (pid == 0) kernel::exit_process(0);
    return pid > 0 && kernel::call(SYS_wait4, pid, nullptr, __WALL, nullptr) == -ECHILD;
}

struct Probe {
    Ability bit;
    const char* name;
    bool (*works)();
};
constexpr std::array probes{
    Probe{ability_user_namespace, "user_namespace", user_namespace},
    Probe{ability_fifo_scheduling, "fifo_scheduling", fifo_scheduling},
    Probe{ability_idle_scheduling, "idle_scheduling", idle_scheduling},
    Probe{ability_proc, "proc", proc},
    Probe{ability_pidfd_getfd, "pidfd_getfd", pidfd_getfd},
    Probe{ability_memfd, "memfd", memfd},
    Probe{ability_execveat, "execveat", execveat},
    Probe{ability_seccomp, "seccomp", seccomp},
    Probe{ability_lane_user, "lane_user", lane_user},
    Probe{ability_two_hosts, "two_hosts", two_hosts},
    Probe{ability_own_machine, "own_machine", own_machine},
    Probe{ability_clone_parent, "clone_parent", clone_parent},
};

constexpr int probe_limit_ms = 5000;  // seconds on the slowest place

// Makes one object of a mechanism, or opens a new one by name; its name goes at once, the rest with the child.
const Mechanism* tried = nullptr;
bool can_be_made() {
    const Doors& doors = tried->doors;
    const Asked asked;
    Making making{asked};
    making.flags = flag_create | flag_exclusive;
    char name[64];
    std::snprintf(name, sizeof name, "%s/crosstalk-%d-probe", tried->facts.naming == Naming::path ? "/tmp" : "",
                  kernel::pid());
    making.name = tried->facts.naming == Naming::none ? "" : name;
    int ends[2] = {-1, -1};
    alignas(64) std::byte bytes[object_bytes];
    void* place = nullptr;
    long made = doors.name != nullptr      ? doors.name(making)
                : doors.make_at != nullptr ? doors.make_at(making, bytes)
                : doors.make != nullptr    ? doors.make(making, ends)
                : doors.open != nullptr    ? doors.open(making, Access::both, &place)
                                           : 0;
    if (doors.remove != nullptr) doors.remove(name);
    if (made >= 0 && doors.use != nullptr) made = doors.use(ends[0]);
    return made >= 0;
}

// The child alone holds the writing end of a pipe, so that its end, however it comes, is an end of file (poll(2)).
bool works_in_child(bool (*works)()) {
    const int leader = kernel::pid();
    int ends[2];
    if (::pipe2(ends, 0) != 0) return false;  // kept over the exec of the probe that execs
    Fd alive(ends[0]), living(ends[1]);
    Child child(fork_raw(false));
    if (!child) {
        if (kernel::pid() == leader) return false;  // could not fork
        kernel::exit_process(die_with_parent(leader) && works() ? 0 : 1);
    }
    living.reset();
    pollfd end{alive.number(), POLLIN, 0};
    int ended = 0;
    do {  // the child's own SIGCHLD may come first
        ended = ::poll(&end, 1, probe_limit_ms);
    } while (ended < 0 && errno == EINTR);
    if (ended != 1) return false;  // it hangs: ~Child ends it
    int status = 0;
    if (kernel::call(SYS_wait4, child.pid(), &status, 0, nullptr) != child.pid()) return false;
    child.reaped();
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::uint32_t probe_abilities() {
    std::uint32_t bits = 0;
    for (const Probe& probe : probes)
        if (works_in_child(probe.works)) bits |= probe.bit;
    return bits;
}

std::string names_of_mechanisms() {
    std::string names;
    for (const Mechanism* const mechanism : mechanisms()) {
        tried = mechanism;
        if (!works_in_child(can_be_made)) continue;
        if (!names.empty()) names += ',';
        names += mechanism->name;
    }
    return names;
}

std::string names_of_abilities(std::uint32_t bits) {
    std::string names;
    for (const Probe& probe : probes) {
        if ((bits & probe.bit) == 0) continue;
        if (!names.empty()) names += ',';
        names += probe.name;
    }
    return names;
}

}  // namespace crosstalk::agent
