// Connected sockets, by the kernel's door. See sockets.h.
#include "mechanisms/system/sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "mechanisms/names.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

long make_pair_of(int type, const Making& making, int* ends) {
    if ((making.flags & flag_nonblock) != 0) type |= SOCK_NONBLOCK;
    if ((making.flags & flag_cloexec) != 0) type |= SOCK_CLOEXEC;
    if ((making.flags & flag_unknown) != 0) type |= 0x40000000;  // a bit that is neither type nor flag: EINVAL
    int* const where = making.bad_pointer != nullptr ? static_cast<int*>(making.bad_pointer) : ends;
    const long made = kernel::call(SYS_socketpair, AF_UNIX, type, 0, where);
    const auto bytes = static_cast<int>(making.asked.capacity_bytes);
    for (int end = 0; made >= 0 && bytes != 0 && end < 2; ++end)
        kernel::call(SYS_setsockopt, ends[end], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return made;
}

struct OptionName {
    int level, name;
};
OptionName name_of_option(std::int64_t value) {
    switch (static_cast<SocketOption>(value & 0xff)) {
        case SocketOption::send_buffer: return {SOL_SOCKET, SO_SNDBUF};
        case SocketOption::receive_buffer: return {SOL_SOCKET, SO_RCVBUF};
        case SocketOption::error: return {SOL_SOCKET, SO_ERROR};
        case SocketOption::type: return {SOL_SOCKET, SO_TYPE};
        case SocketOption::linger: return {SOL_SOCKET, SO_LINGER};
        case SocketOption::no_delay: return {IPPROTO_TCP, TCP_NODELAY};
        case SocketOption::cork: return {IPPROTO_TCP, TCP_CORK};
        case SocketOption::quick_ack: return {IPPROTO_TCP, TCP_QUICKACK};
    }
    return {SOL_SOCKET, -1};  // ENOPROTOOPT
}

}  // namespace

long make_stream_pair(const Making& making, int* ends) { return make_pair_of(SOCK_STREAM, making, ends); }
long make_seqpacket_pair(const Making& making, int* ends) { return make_pair_of(SOCK_SEQPACKET, making, ends); }
long make_dgram_pair(const Making& making, int* ends) { return make_pair_of(SOCK_DGRAM, making, ends); }

int message_flags(const Operation& operation) {
    int wanted = 0;
    if ((operation.flags & flag_nonblock) != 0) wanted |= MSG_DONTWAIT;
    if ((operation.flags & flag_no_signal) != 0) wanted |= MSG_NOSIGNAL;
    if ((operation.flags & flag_peek) != 0) wanted |= MSG_PEEK;
    if ((operation.flags & flag_wait_all) != 0) wanted |= MSG_WAITALL;
    if ((operation.flags & flag_more) != 0) wanted |= MSG_MORE;
    return wanted;
}

Answer send_call(const Call& call) {
    iovec part{call.bytes, static_cast<std::size_t>(call.count)};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    return {.result = kernel::call(SYS_sendmsg, call.fds[0], &message, message_flags(*call.operation))};
}

Answer recv_call(const Call& call) {
    iovec part{call.bytes, static_cast<std::size_t>(call.count)};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    Answer answer{.result = kernel::call(SYS_recvmsg, call.fds[0], &message, message_flags(*call.operation))};
    if (answer.result < 0) return answer;
    if ((message.msg_flags & MSG_TRUNC) != 0) answer.value |= message_cut;
    if ((message.msg_flags & MSG_EOR) != 0) answer.value |= message_ends;
    return answer;
}

Answer shutdown_call(const Call& call) {
    static_assert(SHUT_RD == static_cast<int>(Access::read) && SHUT_WR == static_cast<int>(Access::write) &&
                  SHUT_RDWR == static_cast<int>(Access::both));
    return {.result = kernel::call(SYS_shutdown, call.fds[0], static_cast<int>(call.operation->value))};
}

Answer get_option_call(const Call& call) {
    int value = 0;
    unsigned length = sizeof value;
    const auto [level, option] = name_of_option(call.operation->value);
    const long result = kernel::call(SYS_getsockopt, call.fds[0], level, option, &value, &length);
    if (result < 0) return {.result = result};
    return {.result = level == SOL_SOCKET && option == SO_ERROR ? static_cast<std::int64_t>(errno_from(value)) : value};
}

Answer set_option_call(const Call& call) {
    const auto value = static_cast<int>(call.operation->value >> 8);
    const auto [level, option] = name_of_option(call.operation->value);
    if (level == SOL_SOCKET && option == SO_LINGER) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        return {.result = kernel::call(SYS_setsockopt, call.fds[0], level, option, &at_once, sizeof at_once)};
    }
    return {.result = kernel::call(SYS_setsockopt, call.fds[0], level, option, &value, sizeof value)};
}

}  // namespace crosstalk
