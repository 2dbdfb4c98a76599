// The keeper of a machine of one's own, and who asks it: unix(7), a seqpacket socket with an abstract name, which any
// user may connect to. One is served at a time.
#include "mechanisms/system/machine.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace crosstalk {

bool owns_machine = false;

namespace {

struct Wish {
    MachineChange what{};
    std::int64_t value = 0;
};

sockaddr_un keeper_name() {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strcpy(name.sun_path + 1, "crosstalk-machine");  // unix(7): a null byte comes first
    return name;
}
constexpr unsigned keeper_name_bytes = offsetof(sockaddr_un, sun_path) + sizeof "crosstalk-machine";

Fd keeper_socket() { return Fd(static_cast<int>(kernel::call(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0))); }

// A number below /proc/sys, which is as before when this goes.
class Setting {
  public:
    explicit Setting(const char* path)
        : file_(static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0))) {
        if (file_) length_ = kernel::call(SYS_pread64, file_.number(), before_, sizeof before_, 0, 0, 0);
    }
    ~Setting() {
        if (length_ > 0) kernel::call(SYS_pwrite64, file_.number(), before_, length_, 0, 0, 0);
    }
    bool becomes_one() const { return length_ > 0 && kernel::call(SYS_pwrite64, file_.number(), "1", 1, 0, 0, 0) == 1; }

  private:
    Fd file_;
    char before_[32] = "";
    long length_ = 0;
};

std::int64_t clock_ns(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}
bool set_real_time(std::int64_t ns) {
    const timespec wanted{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
    return ::clock_settime(CLOCK_REALTIME, &wanted) == 0;
}

// What one who asks has changed.
class Changes {
  public:
    ~Changes() {
        if (set_) set_real_time(clock_ns(CLOCK_MONOTONIC) + ahead_ns_);
    }
    bool make(const Wish& wish) {
        switch (wish.what) {
            case MachineChange::clock: return set_ = set_real_time(wish.value);
            case MachineChange::open_files: return files_.becomes_one();
            case MachineChange::pages_of_pipes: return pages_.becomes_one();
        }
        return false;
    }

  private:
    std::int64_t ahead_ns_ = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    bool set_ = false;
    Setting files_{"/proc/sys/fs/file-max"}, pages_{"/proc/sys/fs/pipe-user-pages-hard"};
};

}  // namespace

void keep_machine() {
    const Fd listener = keeper_socket();
    const sockaddr_un name = keeper_name();
    kernel::call(SYS_bind, listener.number(), &name, keeper_name_bytes);
    kernel::call(SYS_listen, listener.number(), 8);
    for (;;) {
        const Fd asker(static_cast<int>(kernel::call(SYS_accept4, listener.number(), nullptr, nullptr, SOCK_CLOEXEC)));
        if (!asker) kernel::exit_process(1);
        Changes changes;
        Wish wish;
        while (kernel::call(SYS_read, asker.number(), &wish, sizeof wish) == long{sizeof wish}) {
            const bool done = changes.make(wish);
            kernel::call(SYS_sendto, asker.number(), &done, sizeof done, MSG_NOSIGNAL, nullptr, 0);
        }
    }
}

MachineKeeper::MachineKeeper() : socket_(owns_machine ? keeper_socket() : Fd()) {
    const sockaddr_un name = keeper_name();
    if (socket_ && kernel::call(SYS_connect, socket_.number(), &name, keeper_name_bytes) < 0) socket_.reset();
}

// Its end closes once the changes are undone.
MachineKeeper::~MachineKeeper() {
    char byte = 0;
    if (!socket_) return;
    kernel::call(SYS_shutdown, socket_.number(), SHUT_WR);
    kernel::call(SYS_read, socket_.number(), &byte, 1);
}

bool MachineKeeper::changes(MachineChange what, std::int64_t value) const {
    Wish wish;
    wish.what = what, wish.value = value;
    bool done = false;
    return socket_ &&
           kernel::call(SYS_sendto, socket_.number(), &wish, sizeof wish, MSG_NOSIGNAL, nullptr, 0) ==
               long{sizeof wish} &&
           kernel::call(SYS_read, socket_.number(), &done, sizeof done) == long{sizeof done} && done;
}

}  // namespace crosstalk
