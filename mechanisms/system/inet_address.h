// An address of the internet families with its port, as the kernel reads it. Ports are the kernel's choice (ip(7): port
// 0), hosts are this one's own. It opens nothing.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <cstring>

namespace crosstalk {

// Of either family, and how long it is.
struct InetAddress {
    sockaddr_in6 bytes{};  // sockaddr_in is shorter, and has its port in the same place
    unsigned length = sizeof bytes;
    bool operator==(const InetAddress& other) const {
        return length == other.length && std::memcmp(&bytes, &other.bytes, length) == 0;
    }
    std::uint16_t port() const { return ntohs(bytes.sin6_port); }
    void set_port(std::uint16_t port) { bytes.sin6_port = htons(port); }
};

// Of this host, with port 0: one that has not been used for long, where there are many.
InetAddress loopback(int family);
InetAddress ipv4_address(std::uint32_t host);

}  // namespace crosstalk
