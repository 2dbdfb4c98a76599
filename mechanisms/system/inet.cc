// Connected pairs over loopback: listen, connect and accept, or two sockets that are connected to each other. Ports are
// the kernel's choice (ip(7): port 0). Nothing stays but the two ends; a stranger who gets in between is turned away.
#include "mechanisms/system/inet.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet_address.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

long fill_in(int call, const Fd& socket, InetAddress& address) {
    return kernel::call(call, socket.number(), &address.bytes, &address.length);
}

struct Kind {
    int family, type, protocol;
};

// Bound to a port of the kernel's choice, which `address` then names.
long bound(const Kind& kind, Fd& socket, InetAddress& address) {
    const long made = kernel::call(SYS_socket, kind.family, kind.type | SOCK_CLOEXEC, kind.protocol);
    if (made < 0) return made;
    socket = Fd(static_cast<int>(made));
    const int yes = 1;
    if (kind.type == SOCK_STREAM)
        kernel::call(SYS_setsockopt, socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const long result = kernel::call(SYS_bind, socket.number(), &address.bytes, address.length);
    return result < 0 ? result : fill_in(SYS_getsockname, socket, address);
}

long connected(const Fd& socket, const InetAddress& to) {
    return kernel::call(SYS_connect, socket.number(), &to.bytes, to.length);
}

// As asked for, and told: the two ends are the caller's from here on.
long hand_over(const Making& making, Fd (&pair)[2], int* ends) {
    const auto bytes = static_cast<int>(making.asked.capacity_bytes);
    for (int end = 0; end < 2; ++end) {
        const int fd = pair[end].number();
        if (bytes != 0) kernel::call(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
        if ((making.flags & flag_nonblock) != 0) kernel::fcntl(fd, F_SETFL, O_NONBLOCK);
        if ((making.flags & flag_cloexec) == 0) kernel::fcntl(fd, F_SETFD, 0);
        ends[end] = pair[end].release();
    }
    return 0;
}

long make_connection(const Kind& kind, const Making& making, int* ends) {
    InetAddress there = loopback(kind.family), here = there;
    Fd listener, pair[2];
    long result = bound(kind, listener, there);
    if (result >= 0) result = kernel::call(SYS_listen, listener.number(), 8);
    if (result < 0) return result;
    result = kernel::call(SYS_socket, kind.family, kind.type | SOCK_CLOEXEC, kind.protocol);
    if (result < 0) return result;
    pair[0] = Fd(static_cast<int>(result));
    result = connected(pair[0], there);
    if (result == -EINTR) result = 0;  // connect(2): it goes on by itself, and accept waits for it
    if (result >= 0) result = fill_in(SYS_getsockname, pair[0], here);
    for (bool ours = false; result >= 0 && !ours;) {
        InetAddress from;
        const long met = kernel::call(SYS_accept4, listener.number(), &from.bytes, &from.length, SOCK_CLOEXEC);
        if (met == -EINTR) continue;
        if (met < 0) return met;
        pair[1] = Fd(static_cast<int>(met));
        ours = from == here;
    }
    return result < 0 ? result : hand_over(making, pair, ends);
}

// Of the packets of SCTP each is acknowledged at once, and what is lost or finds no window is soon sent again (RFC
// 6458, 8.1.1 and 8.1.19): so nobody waits for the seconds that are usual between hosts.
struct SctpTimes {
    std::uint32_t association = 0, first_ms = 50, most_ms = sctp_most_timeout_ms, least_ms = 50;  // sctp_rtoinfo
};
struct SctpAcknowledging {
    std::uint32_t association = 0, delay_ms = 0, each = 1;  // sctp_sack_info
};
constexpr int sctp_times = 0, sctp_acknowledging = 16;  // SCTP_RTOINFO, SCTP_DELAYED_SACK: <linux/sctp.h> of Linux

long make_association(int family, const Making& making, int* ends) {
    const long made = make_connection({family, SOCK_STREAM, IPPROTO_SCTP}, making, ends);
    for (int end = 0; made >= 0 && end < 2; ++end) {
        const SctpTimes times;
        const SctpAcknowledging acknowledging;
        kernel::call(SYS_setsockopt, ends[end], IPPROTO_SCTP, sctp_times, &times, sizeof times);
        kernel::call(SYS_setsockopt, ends[end], IPPROTO_SCTP, sctp_acknowledging, &acknowledging, sizeof acknowledging);
    }
    return made;
}

// Once both are connected they receive from each other alone (udp(7)); what came before is thrown away.
long make_datagram_pair(int family, const Making& making, int* ends) {
    const Kind kind{family, SOCK_DGRAM, 0};
    InetAddress first = loopback(family), second = first;
    Fd pair[2];
    long result = bound(kind, pair[0], first);
    if (result >= 0) result = bound(kind, pair[1], second);
    if (result >= 0) result = connected(pair[0], second);
    if (result >= 0) result = connected(pair[1], first);
    if (result < 0) return result;
    char byte = 0;
    for (const Fd& end : pair)
        while (kernel::call(SYS_recvfrom, end.number(), &byte, 1, MSG_DONTWAIT, nullptr, nullptr) >= 0) continue;
    return hand_over(making, pair, ends);
}

}  // namespace

long make_tcp4_pair(const Making& making, int* ends) {
    return make_connection({AF_INET, SOCK_STREAM, IPPROTO_TCP}, making, ends);
}
long make_tcp6_pair(const Making& making, int* ends) {
    return make_connection({AF_INET6, SOCK_STREAM, IPPROTO_TCP}, making, ends);
}
long make_udp4_pair(const Making& making, int* ends) { return make_datagram_pair(AF_INET, making, ends); }
long make_udp6_pair(const Making& making, int* ends) { return make_datagram_pair(AF_INET6, making, ends); }
long make_sctp4_pair(const Making& making, int* ends) { return make_association(AF_INET, making, ends); }
long make_sctp6_pair(const Making& making, int* ends) { return make_association(AF_INET6, making, ends); }

}  // namespace crosstalk
