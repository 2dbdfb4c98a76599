// Addresses of TCP sockets: what they are called, and the doors of those that bind and connect. A name is "HOST PORT".
#include "mechanisms/system/inet_addresses.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet_address.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

constexpr std::size_t longest_host = INET6_ADDRSTRLEN;

int type_of_socket(std::uint16_t flags) {
    return SOCK_STREAM | ((flags & flag_nonblock) != 0 ? SOCK_NONBLOCK : 0) |
           ((flags & flag_cloexec) != 0 ? SOCK_CLOEXEC : 0);
}

// socket(7), SO_REUSEADDR: so that the address may be bound again unless somebody listens there.
long make_tcp_socket(int family, const Making& making) {
    const long made = kernel::call(SYS_socket, family, type_of_socket(making.flags), IPPROTO_TCP);
    if (made < 0) return made;
    const int yes = 1;
    const long set = kernel::call(SYS_setsockopt, made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (set < 0) kernel::close(static_cast<int>(made));
    return set < 0 ? set : made;
}

InetAddress address_named(const char* name) {
    char host[longest_host] = "";
    const char* const space = std::strchr(name, ' ');
    const std::size_t length = space == nullptr ? 0 : static_cast<std::size_t>(space - name);
    if (length == 0 || length >= sizeof host) return {};
    std::memcpy(host, name, length);
    InetAddress address;
    in_addr ipv4{};
    if (::inet_pton(AF_INET, host, &ipv4) == 1) {
        address = ipv4_address(ntohl(ipv4.s_addr));
    } else {
        address.bytes.sin6_family = AF_INET6;
        ::inet_pton(AF_INET6, host, &address.bytes.sin6_addr);
    }
    address.set_port(static_cast<std::uint16_t>(std::atoi(space + 1)));
    return address;
}

long reserve(int family, std::span<char> name) {
    const Asked asked;
    Making making{asked};
    making.flags = flag_cloexec;
    long result = make_tcp_socket(family, making);
    if (result < 0) return result;
    Fd kept(static_cast<int>(result));
    InetAddress address = loopback(family);
    result = kernel::call(SYS_bind, kept.number(), &address.bytes, address.length);
    if (result >= 0) result = kernel::call(SYS_getsockname, kept.number(), &address.bytes, &address.length);
    if (result < 0) return result;
    char host[longest_host] = "::1";
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address.bytes, sizeof ipv4);
    if (family == AF_INET) ::inet_ntop(AF_INET, &ipv4.sin_addr, host, sizeof host);
    std::snprintf(name.data(), name.size(), "%s %u", host, unsigned{address.port()});
    return kept.release();
}

}  // namespace

InetAddress ipv4_address(std::uint32_t host) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = htonl(host);
    InetAddress address;
    std::memcpy(&address.bytes, &made, address.length = sizeof made);
    return address;
}

// Connections come and go by the thousand, and TIME_WAIT keeps their ports for a minute. IPv4 has loopback addresses
// enough (RFC 1122, 3.2.1.3: all of 127/8) for each to begin with one that has not been used for long.
InetAddress loopback(int family) {
    static std::uint32_t made = 0;
    if (family == AF_INET)
        return ipv4_address((127u << 24) + (1u << 22) + (static_cast<std::uint32_t>(kernel::pid()) % 16'000 << 8) + 1 +
                            made++ % 250);
    InetAddress address;
    address.bytes.sin6_family = AF_INET6;
    address.bytes.sin6_addr.s6_addr[15] = 1;
    return address;
}

long make_tcp4_socket(const Making& making) { return make_tcp_socket(AF_INET, making); }
long make_tcp6_socket(const Making& making) { return make_tcp_socket(AF_INET6, making); }
long reserve_tcp4(std::span<char> name) { return reserve(AF_INET, name); }
long reserve_tcp6(std::span<char> name) { return reserve(AF_INET6, name); }

long bind_to_port(int socket, const Making& making) {
    InetAddress address = address_named(making.name);
    if (making.form == NameForm::automatic) address.set_port(0);
    return kernel::call(SYS_bind, socket, &address.bytes, address.length);
}

long connect_to_port(int socket, const Making& making) {
    const InetAddress address = address_named(making.name);
    return kernel::call(SYS_connect, socket, &address.bytes, address.length);
}

}  // namespace crosstalk
