// ioctl, fcntl, ppoll, and parts of transfers. Nothing here knows a lie.
#include "faults/lies/asking.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/queues.h"
#include "mechanisms/system/sockets.h"

#ifndef F_GETPIPE_SZ
#define F_GETPIPE_SZ 1032
#endif

namespace crosstalk::lies {
namespace {

constexpr int hidden_numbers = 120;            // and above: far from the lowest free ones
constexpr std::uint64_t most_bytes = 2 << 20;  // of a buffer that lies in one piece
constexpr std::uint32_t most_segments = 1024;  // IOV_MAX
constexpr int turns_given = 3;

bool moves_between(Verb verb) { return verb == Verb::splice || verb == Verb::tee; }

}  // namespace

std::int64_t unread_bytes(int fd) {
    const std::int64_t messages = messages_in(fd);  // first: a queue answers FIONREAD with the size of its file
    if (messages >= 0) return messages;
    int unread = 0;
    return kernel::call(SYS_ioctl, fd, FIONREAD, &unread) < 0 ? -1 : unread;
}

std::int64_t capacity_bytes(int fd) {
    const int capacity = kernel::fcntl(fd, F_GETPIPE_SZ, 0);
    return capacity < 0 ? -1 : capacity;
}

int status_flags(int fd) {
    const int flags = kernel::fcntl(fd, F_GETFL, 0);
    return flags < 0 ? 0 : flags;
}

bool is_write_end(int fd) { return (status_flags(fd) & O_ACCMODE) == O_WRONLY; }

short ready(int fd) {
    pollfd asked{fd, POLLIN | POLLOUT, 0};
    const kernel::Timespec at_once;
    return kernel::call(SYS_ppoll, &asked, 1, &at_once, nullptr, 0) < 0 ? short{0} : asked.revents;
}

int fd_read(const Call& call) { return call.fds[0]; }
int fd_written(const Call& call) { return call.fds[moves_between(call.operation->verb) ? 1 : 0]; }

int opened_anew(int fd, int access) {
    if (fd < 0) return -1;
    char path[32] = "/proc/self/fd/";
    char digits[12];
    int count = 0;
    for (int rest = fd; rest > 0 || count == 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
    for (int i = 0; i < count; ++i) path[14 + i] = digits[count - 1 - i];
    path[14 + count] = 0;
    return static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, path, access | O_NONBLOCK | O_CLOEXEC, 0));
}

long stolen(int fd, std::uint64_t bytes) {
    const int from = opened_anew(fd, O_RDONLY);
    if (from < 0) return 0;
    std::uint8_t away[256];
    const long got = kernel::call(SYS_read, from, away, bytes < sizeof away ? bytes : sizeof away);
    kernel::close(from);
    return got < 0 ? 0 : got;
}

int hidden_duplicate(int fd) { return kernel::fcntl(fd, F_DUPFD, hidden_numbers); }

bool writes(Verb verb) {
    return verb == Verb::write || verb == Verb::writev || verb == Verb::vmsplice || verb == Verb::mq_send ||
           verb == Verb::pwrite || verb == Verb::store || verb == Verb::send;
}
bool reads(Verb verb) {
    return verb == Verb::read || verb == Verb::readv || verb == Verb::mq_receive || verb == Verb::pread ||
           verb == Verb::load || verb == Verb::recv;
}

bool is_whole(const Call& call) {
    const Buffer& buffer = call.operation->buffer;
    if (!sheet_of(call.operation->verb).moves_bytes() || buffer.bytes > most_bytes) return false;
    return buffer.bytes <= buffer.mapped && buffer.segments > 0 && buffer.segments <= most_segments;
}

long moved(const Call& call, std::uint64_t from, std::uint64_t bytes) {
    const unsigned flags = (call.operation->flags & flag_nonblock) != 0 ? SPLICE_F_NONBLOCK : 0;
    const int wanted = message_flags(*call.operation);
    const iovec part{call.bytes + from, static_cast<std::size_t>(bytes)};
    switch (call.operation->verb) {
        case Verb::write:
        case Verb::writev: return kernel::call(SYS_write, call.fds[0], part.iov_base, bytes);
        case Verb::read:
        case Verb::readv: return kernel::call(SYS_read, call.fds[0], part.iov_base, bytes);
        case Verb::send: return kernel::call(SYS_sendto, call.fds[0], part.iov_base, bytes, wanted, nullptr, 0);
        case Verb::recv: return kernel::call(SYS_recvfrom, call.fds[0], part.iov_base, bytes, wanted, nullptr, nullptr);
        case Verb::vmsplice: return kernel::call(SYS_vmsplice, call.fds[0], &part, 1, flags);
        case Verb::splice: return kernel::call(SYS_splice, call.fds[0], nullptr, call.fds[1], nullptr, bytes, flags);
        case Verb::tee: return kernel::call(SYS_tee, call.fds[0], call.fds[1], bytes, flags);
        default: return -ENOSYS;
    }
}

long sleep_for_good() { return kernel::call(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0); }

void let_others_run() {
    for (int i = 0; i < turns_given; ++i) kernel::call(SYS_sched_yield);
}

}  // namespace crosstalk::lies
