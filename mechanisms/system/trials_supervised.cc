// A trial of seccomp's user notifications: a process whose poll(2) is answered by another (seccomp_unotify(2)) gets a
// signal whose handler has SA_RESTART. Both share one table of descriptors, so that the listener that seccomp(2) makes
// in the one is there in the other.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "mechanisms/system/child.h"
#include "mechanisms/system/trials_of_processes.h"

#ifdef SECCOMP_IOCTL_NOTIF_RECV

namespace crosstalk::trials {
namespace {

constexpr int spoofed = 4711;  // more descriptors than it asks for: no poll of its own says so
int supervised_tells = -1;

void tell_of_signal(int) {
    const int saved = errno;
    kernel::call(SYS_write, supervised_tells, "s", 1);
    errno = saved;
}

// All calls but ppoll(2) go on as ever. The listener, or a negated error number.
long listen_to_polls() {
    sock_filter lines[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_ppoll},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog program{static_cast<unsigned short>(std::size(lines)), lines};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -EPERM;
    return kernel::call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

// What travels to the supervisor: the listener, then what the call said in the end.
[[noreturn]] void be_supervised(int parent, int told) {
    if (!die_with_parent(parent)) kernel::exit_process(0);
    supervised_tells = told;
    on_signal(SIGUSR1, tell_of_signal, true);
    long number = listen_to_polls();
    kernel::call(SYS_write, told, &number, sizeof number);
    if (number >= 0) {
        number = kernel::call(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
        kernel::call(SYS_write, told, &number, sizeof number);
    }
    kernel::exit_process(0);
}

template <class Value>
bool hears(int fd, Value& value) {
    return comes_soon(fd) && kernel::call(SYS_read, fd, &value, sizeof value) == long{sizeof value};
}

// seccomp_unotify(2): the kernel's structures may be longer than those of this build, and begin as they do.
union Notification {
    seccomp_notif it;
    char room[512];
};
bool notified(int listener, Notification& notification) {
    std::memset(&notification, 0, sizeof notification);  // else it is refused
    return comes_soon(listener) && kernel::call(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) == 0 &&
           notification.it.data.nr == SYS_ppoll;
}
long answer_to(int listener, const Notification& notification) {
    union {
        seccomp_notif_resp it;
        char room[512];
    } response;
    std::memset(&response, 0, sizeof response);
    response.it.id = notification.it.id, response.it.val = spoofed;
    return kernel::call(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

}  // namespace

void supervised(const Call&, Findings& findings) {
    int told[2];
    if (::pipe(told) < 0) return;
    const int parent = kernel::pid();
    const auto child = static_cast<int>(kernel::call(SYS_clone, CLONE_FILES | SIGCHLD, 0, nullptr, nullptr, 0));
    if (child == 0) be_supervised(parent, told[1]);
    long listener = -1, result = 0;
    Notification first, second;
    char handled = 0;
    if (child < 0 || !hears(told[0], listener) || listener < 0 || !notified(static_cast<int>(listener), first)) return;
    kernel::kill(child, SIGUSR1);
    if (!hears(told[0], handled) || handled != 's') return;
    findings.fact(0, answer_to(static_cast<int>(listener), first) == -ENOENT);
    const bool again = notified(static_cast<int>(listener), second) && second.it.id != first.it.id;
    findings.fact(1, again);
    if (again && answer_to(static_cast<int>(listener), second) == 0 && hears(told[0], result))
        findings.fact(2, result == spoofed);
}

}  // namespace crosstalk::trials

#else

namespace crosstalk::trials {
void supervised(const Call&, Findings&) {}
}  // namespace crosstalk::trials

#endif
