// Options of sockets: getsockopt(2) and setsockopt(2), and what only ioctl(2) tells (SIOCATMARK). socket(7), tcp(7),
// unix(7).
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "mechanisms/names.h"
#include "mechanisms/system/kernel.h"
#include "mechanisms/system/sockets.h"

// The kernel's own, where the C library's headers are older.
#ifndef SO_PEEK_OFF
#define SO_PEEK_OFF 42
#endif
#ifndef SIOCATMARK
#define SIOCATMARK 0x8905
#endif

namespace crosstalk {
namespace {

struct OptionName {
    int level, name;
};
OptionName name_of_option(SocketOption option) {
    switch (option) {
        case SocketOption::send_buffer: return {SOL_SOCKET, SO_SNDBUF};
        case SocketOption::receive_buffer: return {SOL_SOCKET, SO_RCVBUF};
        case SocketOption::error: return {SOL_SOCKET, SO_ERROR};
        case SocketOption::type: return {SOL_SOCKET, SO_TYPE};
        case SocketOption::linger: return {SOL_SOCKET, SO_LINGER};
        case SocketOption::no_delay: return {IPPROTO_TCP, TCP_NODELAY};
        case SocketOption::cork: return {IPPROTO_TCP, TCP_CORK};
        case SocketOption::quick_ack: return {IPPROTO_TCP, TCP_QUICKACK};
        case SocketOption::receive_limit: return {SOL_SOCKET, SO_RCVTIMEO};
        case SocketOption::send_limit: return {SOL_SOCKET, SO_SNDTIMEO};
        case SocketOption::urgent_inline: return {SOL_SOCKET, SO_OOBINLINE};
        case SocketOption::low_water: return {SOL_SOCKET, SO_RCVLOWAT};
        case SocketOption::peek_offset: return {SOL_SOCKET, SO_PEEK_OFF};
        case SocketOption::overflow: return {SOL_SOCKET, SO_RXQ_OVFL};
        case SocketOption::credentials: return {SOL_SOCKET, SO_PASSCRED};
        case SocketOption::peer: return {SOL_SOCKET, SO_PEERCRED};
        case SocketOption::at_mark: break;  // an ioctl
    }
    return {SOL_SOCKET, -1};  // ENOPROTOOPT
}

bool is_limit(SocketOption option) {
    return option == SocketOption::receive_limit || option == SocketOption::send_limit;
}

Answer peer_of(int socket) {
    ucred peer{};
    unsigned length = sizeof peer;
    const long result = kernel::call(SYS_getsockopt, socket, SOL_SOCKET, SO_PEERCRED, &peer, &length);
    if (result < 0) return {.result = result};
    const bool ours = peer.uid == static_cast<uid_t>(kernel::call(SYS_getuid)) &&
                      peer.gid == static_cast<gid_t>(kernel::call(SYS_getgid));
    return {.result = std::int64_t{actor_of_process(peer.pid)} + (ours ? 256 : 0)};
}

Answer limit_of(int socket, int option) {
    timeval limit{};
    unsigned length = sizeof limit;
    const long result = kernel::call(SYS_getsockopt, socket, SOL_SOCKET, option, &limit, &length);
    if (result < 0) return {.result = result};
    return {.result = std::int64_t{limit.tv_sec} * 1000 + limit.tv_usec / 1000};
}

}  // namespace

Answer get_option_call(const Call& call) {
    int value = 0;
    unsigned length = sizeof value;
    const auto which = static_cast<SocketOption>(call.operation->value & 0xff);
    const auto [level, option] = name_of_option(which);
    if (which == SocketOption::at_mark) {
        const long result = kernel::call(SYS_ioctl, call.fds[0], SIOCATMARK, &value);
        return {.result = result < 0 ? result : value};
    }
    if (which == SocketOption::peer) return peer_of(call.fds[0]);
    if (is_limit(which)) return limit_of(call.fds[0], option);
    const long result = kernel::call(SYS_getsockopt, call.fds[0], level, option, &value, &length);
    if (result < 0) return {.result = result};
    return {.result = which == SocketOption::error ? static_cast<std::int64_t>(errno_from(value)) : value};
}

Answer set_option_call(const Call& call) {
    const auto value = static_cast<int>(call.operation->value >> 8);
    const auto which = static_cast<SocketOption>(call.operation->value & 0xff);
    const auto [level, option] = name_of_option(which);
    if (which == SocketOption::linger) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        return {.result = kernel::call(SYS_setsockopt, call.fds[0], level, option, &at_once, sizeof at_once)};
    }
    if (is_limit(which)) {
        timeval limit{};
        limit.tv_sec = value < 0 ? 0 : value / 1000;
        limit.tv_usec = value < 0 ? 1'000'000 : value % 1000 * 1000;
        return {.result = kernel::call(SYS_setsockopt, call.fds[0], level, option, &limit, sizeof limit)};
    }
    return {.result = kernel::call(SYS_setsockopt, call.fds[0], level, option, &value, sizeof value)};
}

}  // namespace crosstalk
