// Doors of TCP sockets with addresses. Each allows its address to be bound again (SO_REUSEADDR), so that what an
// earlier connection left in TIME_WAIT, and the descriptor that keeps the address from strangers, are in nobody's way.
#pragma once

#include "mechanisms/mechanism.h"

namespace crosstalk {

// Negated error numbers.
long make_tcp4_socket(const Making& making);
long make_tcp6_socket(const Making& making);
long bind_to_port(int socket, const Making& making);
long connect_to_port(int socket, const Making& making);
long reserve_tcp4(std::span<char> name);
long reserve_tcp6(std::span<char> name);

}  // namespace crosstalk
