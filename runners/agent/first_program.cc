// mount(2), finit_module(2), netdevice(7), then the agent in a child: process 1 has no default actions for signals and
// inherits every orphan, which no actor should have to know.
#include "runners/agent/first_program.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "mechanisms/system/fd.h"

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

// netdevice(7): a machine's own network device is down until somebody says otherwise.
void raise_loopback() {
    const Fd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (!any || ::ioctl(any.number(), SIOCSIFFLAGS, &request) != 0) say("cannot raise", "lo");
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
    raise_loopback();
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
