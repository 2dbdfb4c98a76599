// Doors of sockets of the internet families: each makes a pair that is connected over this host's own network, or
// between two hosts. A capacity that is asked for becomes each end's SO_SNDBUF. Nobody else is connected: peers'
// addresses are compared.
#pragma once

#include <array>

#include "mechanisms/mechanism.h"

namespace crosstalk {

inline constexpr std::int64_t sctp_most_timeout_ms = 200;  // after which its pairs send again

// From now on these doors make their pairs between two network namespaces, of which descriptors are given: end 0 in the
// first, end 1 in the second. For a process that may enter both (setns(2)) and does nothing else; what is given stays.
void make_pairs_between(const int (&namespaces)[2]);
// The addresses of the two hosts, 10.77.0.1 and 10.77.0.2 (host byte order), fd77::1 and fd77::2.
std::uint32_t host_address4(int end);
std::array<std::uint8_t, 16> host_address6(int end);

// netdevice(7): the network of a machine, or of a namespace, that is new has only this device, and it is down.
long raise_loopback();

long make_tcp4_pair(const Making& making, int* ends);
long make_tcp6_pair(const Making& making, int* ends);
long make_udp4_pair(const Making& making, int* ends);
long make_udp6_pair(const Making& making, int* ends);
long make_udp4_socket(const Making& making);  // of a trial
long make_udp6_socket(const Making& making);
long make_sctp4_pair(const Making& making, int* ends);
long make_sctp6_pair(const Making& making, int* ends);

}  // namespace crosstalk
