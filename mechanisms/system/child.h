// Child processes: made by raw clone(2), so that nothing of the C library runs between parent and child, and the
// parent may be given away (CLONE_PARENT). Reaped by their one parent; no handlers, no waiting threads.
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "mechanisms/system/kernel.h"

namespace crosstalk {

// 0 in the child, the pid in the parent, a negated error number. With `sibling` the child's parent is the caller's.
// `place`, if given, holds the pid before the child runs, even if the caller dies before it knows.
inline int fork_raw(bool sibling, void* place = nullptr) {
    const int flags = SIGCHLD | (sibling ? CLONE_PARENT : 0) | (place != nullptr ? CLONE_PARENT_SETTID : 0);
    return static_cast<int>(kernel::call(SYS_clone, flags, 0, place, 0, 0));
}

// The same as a sibling's, at last, where there is no CLONE_PARENT: a process in between ends at once, and whoever
// adopts orphans (prctl(2), PR_SET_CHILD_SUBREAPER), an ancestor of the caller, is the parent. `place`, which holds the
// pid, must be shared memory (MAP_SHARED) of one int.
inline int fork_orphan(void* place) {
    const int between = fork_raw(false);
    if (between == 0) {
        const long self = kernel::call(SYS_getpid);
        const int pid = fork_raw(false, place);
        if (pid != 0) kernel::exit_process(pid > 0 ? 0 : 1);
        while (kernel::call(SYS_getppid) == self) kernel::call(SYS_sched_yield);
        return 0;
    }
    if (between < 0) return between;
    int status = 0;
    while (kernel::call(SYS_wait4, between, &status, __WALL, nullptr) == -EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? *static_cast<volatile int*>(place) : -EAGAIN;
}

// In a child: die with the parent. False if the parent is gone already (getppid is not `parent`).
inline bool die_with_parent(int parent) {
    kernel::call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return kernel::call(SYS_getppid) == parent;
}

// A child that is killed and reaped when its owner goes.
class Child {
  public:
    Child() = default;
    explicit Child(int pid) : pid_(pid > 0 ? pid : 0) {}
    Child(Child&& other) noexcept : pid_(other.pid_) { other.pid_ = 0; }
    Child& operator=(Child&& other) noexcept {
        if (this != &other) {
            end();
            pid_ = other.pid_;
            other.pid_ = 0;
        }
        return *this;
    }
    ~Child() { end(); }
    int pid() const { return pid_; }
    explicit operator bool() const { return pid_ > 0; }
    void reaped() { pid_ = 0; }
    void end() {
        if (pid_ <= 0) return;
        kernel::kill(pid_, SIGKILL);
        while (kernel::call(SYS_wait4, pid_, nullptr, __WALL, nullptr) == -EINTR) {
        }
        pid_ = 0;
    }

  private:
    int pid_ = 0;
};

}  // namespace crosstalk
