// Trials of addresses and ports: which may be bound, and by how many. See trials_of_addresses.h.
#include <fcntl.h>
#include <linux/capability.h>

#include <cstdlib>

#include "mechanisms/system/trial_sockets.h"

namespace crosstalk::trials {
namespace {

constexpr std::uint16_t a_low_port = 1021;
constexpr char range_of_ports[] = "/proc/sys/net/ipv4/ip_local_port_range";  // ip(7); of both families
constexpr char first_free_port[] = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

InetAddress wildcard(int family, std::uint16_t port) {
    InetAddress address = family == AF_INET ? ipv4_address(INADDR_ANY) : InetAddress{};
    if (family == AF_INET6) address.bytes.sin6_family = AF_INET6;
    address.set_port(port);
    return address;
}

// Of no host: both are for use in documents (RFC 5737, RFC 3849).
InetAddress of_no_host(int family) {
    if (family == AF_INET) return ipv4_address(0xc0000201);
    InetAddress address;
    address.bytes.sin6_family = AF_INET6;
    address.bytes.sin6_addr.s6_addr[0] = 0x20, address.bytes.sin6_addr.s6_addr[1] = 0x01;
    address.bytes.sin6_addr.s6_addr[2] = 0x0d, address.bytes.sin6_addr.s6_addr[3] = 0xb8;
    address.bytes.sin6_addr.s6_addr[15] = 1;
    return address;
}

Answer any_port(const Kind& kind) {
    long range[2];
    const Fd first = socket_of(kind), second = socket_of(kind);
    if (!first || !second || read_numbers(range_of_ports, range) != 2) return not_held;
    InetAddress one = loopback(kind.family);
    InetAddress another = one;
    const long result = bind(first, one);
    if (result < 0 || !learn(SYS_getsockname, first, one) || bind(second, another) < 0 ||
        !learn(SYS_getsockname, second, another))
        return told(result);
    return told(result, one.port() >= range[0] && one.port() <= range[1], one.port() != another.port());
}

Answer foreign_address(const Kind& kind) {
    long allowed[2] = {0, 0};
    const bool ipv4 = kind.family == AF_INET;
    read_numbers(ipv4 ? "/proc/sys/net/ipv4/ip_nonlocal_bind" : "/proc/sys/net/ipv6/ip_nonlocal_bind", allowed);
    const Fd socket = socket_of(kind);
    if (!socket || allowed[0] != 0) return not_held;
    return told(bind(socket, of_no_host(kind.family)));
}

Answer taken_port(const Kind& kind) {
    const Fd first = socket_of(kind), second = socket_of(kind);
    InetAddress address = loopback(kind.family);
    if (!second || !bind_somewhere(first, address)) return not_held;
    return told(bind(second, address));
}

Answer low_port(const Kind& kind) {
    long first_free[2];
    const Fd socket = socket_of(kind);
    if (!socket || read_numbers(first_free_port, first_free) < 1 || first_free[0] <= a_low_port) return not_held;
    InetAddress address = loopback(kind.family);
    address.set_port(a_low_port);
    const Without privilege(CAP_NET_BIND_SERVICE);
    return privilege.failed() ? not_held : told(bind(socket, address));
}

Answer reused_address(const Kind& kind) {
    const Fd first = socket_of(kind), second = socket_of(kind), third = socket_of(kind);
    if (set_yes(first, SO_REUSEADDR) < 0 || set_yes(second, SO_REUSEADDR) < 0 || set_yes(third, SO_REUSEADDR) < 0)
        return not_held;
    InetAddress address = loopback(kind.family);
    if (!bind_somewhere(first, address)) return not_held;
    const bool shared = bind(second, address) >= 0;
    if (listen(first) < 0) return not_held;
    return told(bind(third, address), shared);
}

Answer shared_port(const Kind& kind) {
    const Fd first = socket_of(kind), second = socket_of(kind), third = socket_of(kind);
    if (set_yes(first, SO_REUSEPORT) < 0 || set_yes(second, SO_REUSEPORT) < 0 || !third) return not_held;
    InetAddress address = loopback(kind.family);
    if (!bind_somewhere(first, address)) return not_held;
    const bool shared = bind(second, address) >= 0;
    const bool both = listen(first) >= 0 && listen(second) >= 0;
    return told(bind(third, address), shared, both);
}

// Of ports that the kernel takes for free over IPv6 some may be in use over IPv4 alone: then it tries others.
Answer over_both(const Kind& kind, bool one_family) {
    constexpr int most_tries = 16;
    long result = -EADDRINUSE;
    for (int tries = 0; tries < (one_family ? most_tries : 1) && result == -EADDRINUSE; ++tries) {
        const Fd wide = socket_of(kind), narrow = made(socket_of(AF_INET, SOCK_STREAM, 0));
        InetAddress address = wildcard(AF_INET6, 0);
        if (!narrow || set(wide, IPPROTO_IPV6, IPV6_V6ONLY, one_family ? 1 : 0) < 0 || !bind_somewhere(wide, address))
            return not_held;
        result = bind(narrow, wildcard(AF_INET, address.port()));
    }
    return told(result);
}

// ::ffff:a.b.c.d, as ipv6(7) has it.
bool is_mapped(const InetAddress& address, const InetAddress& ipv4) {
    constexpr std::uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    sockaddr_in host{};
    std::memcpy(&host, &ipv4.bytes, sizeof host);
    return address.bytes.sin6_family == AF_INET6 && std::memcmp(&address.bytes.sin6_addr, prefix, sizeof prefix) == 0 &&
           std::memcmp(address.bytes.sin6_addr.s6_addr + sizeof prefix, &host.sin_addr, sizeof host.sin_addr) == 0 &&
           address.port() == ipv4.port();
}

Answer mapped_address(const Kind& kind) {
    InetAddress there = loopback(AF_INET), mapped, here, peer, own;
    sockaddr_in host{};
    std::memcpy(&host, &there.bytes, sizeof host);
    mapped.bytes.sin6_family = AF_INET6;
    mapped.bytes.sin6_addr.s6_addr[10] = mapped.bytes.sin6_addr.s6_addr[11] = 0xff;
    std::memcpy(mapped.bytes.sin6_addr.s6_addr + 12, &host.sin_addr, sizeof host.sin_addr);
    const Fd listener = socket_of(kind), client = made(socket_of(AF_INET, SOCK_STREAM, 0));
    if (set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0) < 0 || !bind_somewhere(listener, mapped) || listen(listener) < 0)
        return not_held;
    there.set_port(mapped.port());
    if (!client || connect(client, there) < 0 || !learn(SYS_getsockname, client, here) || !shows(listener, POLLIN))
        return not_held;
    const long result = kernel::call(SYS_accept4, listener.number(), &peer.bytes, &peer.length, SOCK_CLOEXEC);
    const Fd served = made(result);
    return told(result, is_mapped(peer, here), served && learn(SYS_getsockname, served, own) && is_mapped(own, there));
}

}  // namespace

int read_numbers(const char* path, long (&numbers)[2]) {
    char text[64] = "";
    const Fd file = made(kernel::call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
    if (!file || kernel::call(SYS_read, file.number(), text, sizeof text - 1) <= 0) return 0;
    char* rest = text;
    int found = 0;
    for (long& number : numbers) {
        char* const begun = rest;
        number = std::strtol(begun, &rest, 10);
        found += rest != begun;
    }
    return found;
}

Answer on_ports(Trial trial, const Kind& kind) {
    switch (trial) {
        case Trial::any_port: return any_port(kind);
        case Trial::foreign_address: return foreign_address(kind);
        case Trial::taken_port: return taken_port(kind);
        case Trial::low_port: return low_port(kind);
        case Trial::reused_address: return reused_address(kind);
        case Trial::shared_port: return shared_port(kind);
        default: break;
    }
    if (kind.family != AF_INET6) return not_held;
    return trial == Trial::mapped_address ? mapped_address(kind) : over_both(kind, trial == Trial::one_family);
}

}  // namespace crosstalk::trials
