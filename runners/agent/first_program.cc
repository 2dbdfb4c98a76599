// mount(2), finit_module(2), netdevice(7), then the agent in a child: process 1 has no default actions for signals and
// inherits every orphan, which no actor should have to know.
#include "runners/agent/first_program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet.h"
#include "mechanisms/system/machine.h"

namespace crosstalk::agent {
namespace {

constexpr int device_limit_ms = 10'000;  // a port's node appears when the kernel and its machine have agreed on it

void say(const char* what, const char* where) {
    std::fprintf(stderr, "crosstalk-agent: %s %s: %s\n", what, where, std::strerror(errno));
}

struct Mount {
    const char *type, *place, *options;
};
constexpr Mount mounts[] = {
    {"proc", "/proc", nullptr},         {"sysfs", "/sys", nullptr},         {"devtmpfs", "/dev", nullptr},
    {"tmpfs", "/tmp", "mode=1777"},     {"tmpfs", "/dev/shm", "mode=1777"},  // shm_overview(7)
    {"mqueue", "/dev/mqueue", nullptr},                                      // mq_overview(7)
};

void mount_all() {
    for (const Mount& one : mounts) {
        ::mkdir(one.place, 0755);  // there already, in all but two cases
        if (::mount(one.type, one.place, one.type, 0, one.options) != 0) say("cannot mount", one.place);
    }
}

void load_modules() {
    for (int number = 0; number < 100; ++number) {
        char path[32];
        std::snprintf(path, sizeof path, "/modules/%02d.ko", number);
        const Fd module(::open(path, O_RDONLY | O_CLOEXEC));
        if (!module) return;
        const long loaded = kernel::call(SYS_finit_module, module.number(), "", 0);
        errno = static_cast<int>(-loaded);
        if (loaded < 0 && loaded != -EEXIST) say("cannot load", path);
    }
}

Fd open_device(const char* device) {
    const Fd watch(::inotify_init1(IN_CLOEXEC));
    ::inotify_add_watch(watch.number(), "/dev", IN_CREATE | IN_ATTRIB);
    for (;;) {
        Fd open(::open(device, O_RDWR));
        if (open) return open;
        pollfd change{watch.number(), POLLIN, 0};
        if (::poll(&change, 1, device_limit_ms) != 1) return open;
        char events[4096];
        if (::read(watch.number(), events, sizeof events) <= 0) return open;
    }
}

// Process 1 of a kernel is in the namespace that the kernel began with; that of a container is not.
bool is_whole_machine() {
    constexpr std::string_view first_namespace = "pid:[4026531836]";  // Linux's PROC_PID_INIT_INO
    char name[64];
    const ssize_t length = ::readlink("/proc/self/ns/pid", name, sizeof name);
    return length > 0 && std::string_view(name, static_cast<std::size_t>(length)) == first_namespace;
}

// It has all rights as long as the machine runs.
bool make_keeper() {
    const pid_t keeper = ::fork();
    if (keeper == 0) keep_machine();
    return keeper > 0;
}

[[noreturn]] void turn_off() {
    ::reboot(RB_POWER_OFF);
    ::_exit(1);
}

}  // namespace

void become_first_program() {
    const char* const device = std::getenv("crosstalk_device");
    if (::getpid() != 1 || device == nullptr) return;
    ::umask(0);
    mount_all();
    errno = static_cast<int>(-raise_loopback());
    if (errno != 0) say("cannot raise", "lo");
    load_modules();
    {
        const Fd open = open_device(device);
        if (!open) {
            say("cannot open", device);
            turn_off();
        }
        for (const int number : {STDIN_FILENO, STDOUT_FILENO}) ::dup2(open.number(), number);
    }
    ::umask(022);
    owns_machine = is_whole_machine() && make_keeper();
    const pid_t agent = ::fork();
    if (agent == 0) return;
    for (;;) {
        int status = 0;
        const pid_t ended = ::wait(&status);
        if (ended < 0 && errno == EINTR) continue;
        if (ended >= 0 && ended != agent) continue;
        if (ended < 0 || status != 0)
            std::fprintf(stderr, "crosstalk-agent: it ended with wait status %#x\n", static_cast<unsigned>(status));
        turn_off();
    }
}

}  // namespace crosstalk::agent
