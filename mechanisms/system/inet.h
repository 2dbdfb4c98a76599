// Doors of sockets of the internet families: each makes a pair that is connected over this host's own network. A
// capacity that is asked for becomes each end's SO_SNDBUF. Nobody else is connected: peers' addresses are compared.
#pragma once

#include "mechanisms/mechanism.h"

namespace crosstalk {

inline constexpr std::int64_t sctp_most_timeout_ms = 200;  // after which its pairs send again

long make_tcp4_pair(const Making& making, int* ends);
long make_tcp6_pair(const Making& making, int* ends);
long make_udp4_pair(const Making& making, int* ends);
long make_udp6_pair(const Making& making, int* ends);
long make_udp4_socket(const Making& making);  // of a trial
long make_udp6_socket(const Making& making);
long make_sctp4_pair(const Making& making, int* ends);
long make_sctp6_pair(const Making& making, int* ends);

}  // namespace crosstalk
