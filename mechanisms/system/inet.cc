// Connected pairs over loopback, or between two network namespaces: listen, connect and accept, or two sockets that are
// connected to each other. Ports are the kernel's choice (ip(7): port 0). Nothing stays but the two ends; a stranger
// who gets in between is turned away.
#include "mechanisms/system/inet.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet_address.h"
#include "mechanisms/system/kernel.h"
#include "mechanisms/trial.h"

namespace crosstalk {
namespace {

const int* hosts = nullptr;  // make_pairs_between()

// Where the socket of this end is made from now on, and the address that it begins with: of both ends the same, where
// there is one host only.
long enter(int end) { return hosts == nullptr ? 0 : kernel::call(SYS_setns, hosts[end], CLONE_NEWNET); }
InetAddress address_of(int family, int end, const InetAddress& on_one_host) {
    if (hosts == nullptr) return on_one_host;
    if (family == AF_INET) return ipv4_address(host_address4(end));
    InetAddress made;
    made.bytes.sin6_family = AF_INET6;
    std::memcpy(&made.bytes.sin6_addr, host_address6(end).data(), host_address6(end).size());
    return made;
}

long fill_in(int call, const Fd& socket, InetAddress& address) {
    return kernel::call(call, socket.number(), &address.bytes, &address.length);
}

struct Kind {
    int family, type, protocol;
};

// Before there is an association (RFC 6458, 8.1.3, SCTP_INITMSG; 8.1.1, SCTP_RTOINFO): how many streams, and that what
// is lost or finds no window is soon sent again, the very first too: nobody waits for the seconds that are usual.
struct SctpTimes {
    std::uint32_t association = 0, first_ms = 50, most_ms = sctp_most_timeout_ms, least_ms = 50;  // sctp_rtoinfo
};
// Nor for TCP's 200 ms until something is sent again, or 40 ms until it is acknowledged: TCP_RTO_MIN_US and
// TCP_DELACK_MAX_US of newer <linux/tcp.h>, which count in ticks of which there are at least two (8 ms at 250 a
// second). Neither changes what a call promises; a kernel that does not know them refuses, and nothing is lost.
constexpr int tcp_rto_min_us = 45, tcp_delack_max_us = 46, tcp_soon_us = 5000;

void hasten(const Kind& kind, const Fd& socket) {
    const auto set = [&](int option, const auto& value) {
        kernel::call(SYS_setsockopt, socket.number(), kind.protocol, option, &value, sizeof value);
    };
    constexpr int times_option = 0, streams_option = 2;
    const std::uint16_t wishes[4] = {streams_of_pairs, streams_of_pairs};  // out, in; attempts and times as usual
    if (kind.protocol == IPPROTO_SCTP) set(times_option, SctpTimes{}), set(streams_option, wishes);
    if (kind.protocol == IPPROTO_TCP) set(tcp_rto_min_us, tcp_soon_us), set(tcp_delack_max_us, tcp_soon_us);
}

// Between hosts a few bytes fill a segment, so that there are some to lose (tcp(7), TCP_MAXSEG).
void limit_segments(const Kind& kind, const Fd& socket) {
    const int most_bytes = 536;
    if (hosts != nullptr && kind.protocol == IPPROTO_TCP)
        kernel::call(SYS_setsockopt, socket.number(), IPPROTO_TCP, TCP_MAXSEG, &most_bytes, sizeof most_bytes);
}

// Bound to a port of the kernel's choice, which `address` then names.
long bound(const Kind& kind, Fd& socket, InetAddress& address) {
    const long made = kernel::call(SYS_socket, kind.family, kind.type | SOCK_CLOEXEC, kind.protocol);
    if (made < 0) return made;
    socket = Fd(static_cast<int>(made));
    hasten(kind, socket);
    const int yes = 1;
    if (kind.type == SOCK_STREAM)
        kernel::call(SYS_setsockopt, socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    limit_segments(kind, socket);
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
    InetAddress there = address_of(kind.family, 1, loopback(kind.family)), here = there;
    Fd listener, pair[2];
    long result = enter(1);
    if (result >= 0) result = bound(kind, listener, there);
    if (result >= 0) result = kernel::call(SYS_listen, listener.number(), 8);
    if (result >= 0) result = enter(0);
    if (result < 0) return result;
    result = kernel::call(SYS_socket, kind.family, kind.type | SOCK_CLOEXEC, kind.protocol);
    if (result < 0) return result;
    pair[0] = Fd(static_cast<int>(result));
    hasten(kind, pair[0]);
    limit_segments(kind, pair[0]);
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

// Of the packets of SCTP each is acknowledged at once (RFC 6458, 8.1.19).
struct SctpAcknowledging {
    std::uint32_t association = 0, delay_ms = 0, each = 1;  // sctp_sack_info
};
// <linux/sctp.h> of Linux: SCTP_DELAYED_SACK, SCTP_RECVRCVINFO
constexpr int sctp_acknowledging = 16, sctp_labels = 32;

long make_association(int family, const Making& making, int* ends) {
    const long made = make_connection({family, SOCK_STREAM, IPPROTO_SCTP}, making, ends);
    const int yes = 1;
    for (int end = 0; made >= 0 && end < 2; ++end) {
        const SctpAcknowledging acknowledging;
        kernel::call(SYS_setsockopt, ends[end], IPPROTO_SCTP, sctp_acknowledging, &acknowledging, sizeof acknowledging);
        kernel::call(SYS_setsockopt, ends[end], IPPROTO_SCTP, sctp_labels, &yes, sizeof yes);
    }
    return made;
}

// Once both are connected they receive from each other alone (udp(7)); what came before is thrown away.
long make_datagram_pair(int family, const Making& making, int* ends) {
    const Kind kind{family, SOCK_DGRAM, 0};
    const InetAddress here = loopback(family);
    InetAddress first = address_of(family, 0, here), second = address_of(family, 1, here);
    Fd pair[2];
    long result = enter(0);
    if (result >= 0) result = bound(kind, pair[0], first);
    if (result >= 0) result = enter(1);
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

long raise_loopback() {
    const Fd any(static_cast<int>(kernel::call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return kernel::call(SYS_ioctl, any.number(), SIOCSIFFLAGS, &request);
}

void make_pairs_between(const int (&namespaces)[2]) { hosts = namespaces; }
std::uint32_t host_address4(int end) { return (10u << 24) + (77u << 16) + 1u + static_cast<unsigned>(end); }
std::array<std::uint8_t, 16> host_address6(int end) {
    std::array<std::uint8_t, 16> address{0xfd, 0x77};
    address.back() = static_cast<std::uint8_t>(1 + end);
    return address;
}

long make_tcp4_pair(const Making& making, int* ends) {
    return make_connection({AF_INET, SOCK_STREAM, IPPROTO_TCP}, making, ends);
}
long make_tcp6_pair(const Making& making, int* ends) {
    return make_connection({AF_INET6, SOCK_STREAM, IPPROTO_TCP}, making, ends);
}
long make_udp4_pair(const Making& making, int* ends) { return make_datagram_pair(AF_INET, making, ends); }
long make_udp6_pair(const Making& making, int* ends) { return make_datagram_pair(AF_INET6, making, ends); }
long make_udp4_socket(const Making&) { return kernel::call(SYS_socket, AF_INET, SOCK_DGRAM, 0); }
long make_udp6_socket(const Making&) { return kernel::call(SYS_socket, AF_INET6, SOCK_DGRAM, 0); }
long make_sctp4_pair(const Making& making, int* ends) { return make_association(AF_INET, making, ends); }
long make_sctp6_pair(const Making& making, int* ends) { return make_association(AF_INET6, making, ends); }

}  // namespace crosstalk
