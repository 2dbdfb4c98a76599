// Making, copying, limiting and passing descriptors: pipe2, dup, prlimit, and SCM_RIGHTS over UNIX sockets (unix(7)).
#include "mechanisms/system/descriptors.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/semaphores.h"

#ifndef F_SETPIPE_SZ
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032
#endif
#ifndef O_DIRECT
#define O_DIRECT __O_DIRECT
#endif

namespace crosstalk {
namespace {

constexpr int unknown_pipe_flag = O_TRUNC;  // a flag that pipe2 does not know: EINVAL (pipe(2))

int pipe_flags(std::uint16_t flags) {
    int wanted = 0;
    if ((flags & flag_nonblock) != 0) wanted |= O_NONBLOCK;
    if ((flags & flag_cloexec) != 0) wanted |= O_CLOEXEC;
    if ((flags & flag_direct) != 0) wanted |= O_DIRECT;
    if ((flags & flag_unknown) != 0) wanted |= unknown_pipe_flag;
    return wanted;
}

// prlimit(2)'s own layout, the same everywhere.
struct Limit {
    std::uint64_t current = 0, highest = 0;
};

// The control part of a message that carries descriptors.
union Control {
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * max_passed)];
};

}  // namespace

long make_pipe(std::uint16_t flags, int* ends) { return kernel::call(SYS_pipe2, ends, pipe_flags(flags)); }

int lowest_free(int least) {
    while (kernel::fcntl(least, F_GETFD, 0) >= 0) ++least;
    return least;
}

long make_pipe_of(const Making& making, int* ends) {
    int* const where = making.bad_pointer != nullptr ? static_cast<int*>(making.bad_pointer) : ends;
    const long made = make_pipe(making.flags, where);
    if (made < 0) return made;
    if (making.asked.capacity_bytes != 0)
        kernel::fcntl(ends[1], F_SETPIPE_SZ, static_cast<long>(making.asked.capacity_bytes));
    const int capacity = kernel::fcntl(ends[1], F_GETPIPE_SZ, 0);
    return capacity > 0 ? capacity : 0;
}

long make_fifo(const Making& making) {
    return kernel::call(SYS_mknodat, AT_FDCWD, making.name, S_IFIFO | making.mode, 0);
}

long open_path(const Making& making, Access access, void**) {
    int flags = access == Access::read ? O_RDONLY : access == Access::write ? O_WRONLY : O_RDWR;
    if ((making.flags & flag_nonblock) != 0) flags |= O_NONBLOCK;
    if ((making.flags & flag_cloexec) != 0) flags |= O_CLOEXEC;
    if ((making.flags & flag_truncate) != 0) flags |= O_TRUNC;
    if ((making.flags & flag_linked) == 0) return kernel::call(SYS_openat, AT_FDCWD, making.name, flags);
    char second[longest_path];
    if (const long linked = make_second_name(making.name, second); linked < 0) return linked;
    const long fd = kernel::call(SYS_openat, AT_FDCWD, second, flags);
    kernel::call(SYS_unlinkat, AT_FDCWD, second, 0);
    return fd;
}

// Opened without waiting for each other, the reader first (fifo(7)); O_NONBLOCK is then set as asked.
long make_fifo_of(const Making& making, int* ends) {
    if (const long made = make_fifo(making); made < 0) return made;
    ends[0] = static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, making.name, O_RDONLY | O_NONBLOCK));
    ends[1] = static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, making.name, O_WRONLY | O_NONBLOCK));
    for (const int end : {ends[0], ends[1]})
        if (end < 0) return end;
    const long nonblock = (making.flags & flag_nonblock) != 0 ? O_NONBLOCK : 0;
    kernel::fcntl(ends[0], F_SETFL, nonblock);
    kernel::fcntl(ends[1], F_SETFL, nonblock | ((making.flags & flag_direct) != 0 ? O_DIRECT : 0));
    if (making.asked.capacity_bytes != 0)
        kernel::fcntl(ends[1], F_SETPIPE_SZ, static_cast<long>(making.asked.capacity_bytes));
    const int capacity = kernel::fcntl(ends[1], F_GETPIPE_SZ, 0);
    return capacity > 0 ? capacity : 0;
}

long remove_path(const char* name) { return kernel::call(SYS_unlinkat, AT_FDCWD, name, 0); }

// A slot that holds a place and is closed holds a named semaphore: views of memory are detached.
Answer close_call(const Call& call) {
    return {.result = call.places[0] != nullptr ? close_semaphore(call.places[0]) : kernel::close(call.fds[0])};
}

Answer dup_call(const Call& call) {
    const int from = call.fds[0];
    // What dup2 and dup3 replace, or the number that dup would give.
    const auto target = [&call] { return call.replaced[0] >= 0 ? call.replaced[0] : lowest_free(call.least_free); };
    long made = -EINVAL;
    switch (static_cast<Duplicate>(call.operation->value)) {
        case Duplicate::dup: made = kernel::call(SYS_dup, from); break;
#ifdef SYS_dup2
        case Duplicate::dup2: made = kernel::call(SYS_dup2, from, target()); break;
#else  // architectures that only have dup3 (AArch64); equal numbers, which dup2 allows, do not occur
        case Duplicate::dup2: made = kernel::call(SYS_dup3, from, target(), 0); break;
#endif
        case Duplicate::dup3_cloexec: made = kernel::call(SYS_dup3, from, target(), O_CLOEXEC); break;
        case Duplicate::fcntl: made = kernel::fcntl(from, F_DUPFD, 0); break;
        case Duplicate::fcntl_cloexec: made = kernel::fcntl(from, F_DUPFD_CLOEXEC, 0); break;
    }
    return {.result = made, .made = {made < 0 ? -1 : static_cast<int>(made), -1, -1, -1}};
}

std::uint64_t limit_leaving(std::uint64_t free_numbers) {
    int next = 0;
    std::uint64_t met = 0;
    for (;; ++next) {
        if (kernel::fcntl(next, F_GETFD, 0) >= 0) continue;
        if (met == free_numbers) return static_cast<std::uint64_t>(next);
        ++met;
    }
}

std::uint64_t inode_of(int fd) {
    struct stat about {};
    return ::fstat(fd, &about) == 0 ? std::uint64_t{about.st_ino} : 0;
}

std::uint64_t descriptor_limit() {
    Limit now{};
    return kernel::call(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &now) < 0 ? 0 : now.current;
}

long set_descriptor_limit(std::uint64_t limit) {
    Limit now{};
    const long got = kernel::call(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &now);
    if (got < 0) return got;
    now.current = limit;
    return kernel::call(SYS_prlimit64, 0, RLIMIT_NOFILE, &now, nullptr);
}

Answer limit_call(const Call& call) {
    const std::int64_t free_numbers = call.operation->value < 0 ? 0 : call.operation->value;
    return {.result = set_descriptor_limit(limit_leaving(static_cast<std::uint64_t>(free_numbers)))};
}

long send_descriptors(int socket, const PassNote& note, const int* fds, std::size_t count, int flags) {
    Control control{};
    iovec part{const_cast<PassNote*>(&note), sizeof note};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (count > max_passed) return -EINVAL;
    if (count != 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * count);
        std::memcpy(CMSG_DATA(header), fds, sizeof(int) * count);
    }
    return kernel::call(SYS_sendmsg, socket, &message, flags | MSG_NOSIGNAL);
}

long receive_descriptors(int socket, PassNote& note, int* fds, std::size_t room, std::size_t& count, int flags) {
    Control control{};
    iovec part{&note, sizeof note};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    // unix(7): what the control buffer has no room for is closed. Its room is counted to the byte, not in CMSG_SPACE.
    message.msg_controllen = room == 0 ? sizeof control.bytes : CMSG_LEN(sizeof(int) * room);
    count = 0;
    const long got = kernel::call(SYS_recvmsg, socket, &message, flags);
    if (got < 0) return got;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t here = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        int received[max_passed];
        std::memcpy(received, CMSG_DATA(header), sizeof(int) * here);
        for (std::size_t i = 0; i < here; ++i) {
            if (count < room) {
                fds[count++] = received[i];
            } else {
                kernel::close(received[i]);
            }
        }
    }
    return got;
}

Answer pass_call(const Call& call) {
    int fds[3];
    std::size_t count = 0;
    for (std::size_t i = 1; i < 4; ++i)
        if (call.operation->uses[i] != no_slot) fds[count++] = call.fds[i];
    const PassNote note{call.actor, static_cast<std::uint8_t>(count), call.step};
    const int flags = (call.operation->flags & flag_nonblock) != 0 ? MSG_DONTWAIT : 0;
    const long sent = send_descriptors(call.fds[0], note, fds, count, flags);
    return {.result = sent, .value = sent < 0 ? 0 : static_cast<std::int64_t>(count)};
}

Answer receive_call(const Call& call) {
    PassNote note;
    std::size_t count = 0;
    Answer answer;
    int flags = 0;
    if ((call.operation->flags & flag_nonblock) != 0) flags |= MSG_DONTWAIT;
    if ((call.operation->flags & flag_cloexec) != 0) flags |= MSG_CMSG_CLOEXEC;
    std::size_t room = 0;
    while (room < 3 && call.operation->makes[room] != no_slot) ++room;
    answer.result = receive_descriptors(call.fds[0], note, answer.made.data(), room, count, flags);
    if (answer.result < 0) return answer;
    answer.value = static_cast<std::int64_t>(count);
    answer.from_actor = note.actor;
    answer.from_step = note.step;
    return answer;
}

}  // namespace crosstalk
