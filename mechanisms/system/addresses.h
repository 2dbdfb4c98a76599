// The operations of sockets with addresses, for the table in operations.cc: socket(2), bind(2), listen(2), connect(2)
// and accept(2). What an address is called stands behind the doors of each sheet (mechanism.h).
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

Answer socket_call(const Call& call);
Answer bind_call(const Call& call);
Answer listen_call(const Call& call);
Answer connect_call(const Call& call);
Answer accept_call(const Call& call);  // accept4; whose connection it was is not asked

// unix(7), as doors: sockets without an address, and a path for one. Negated error numbers.
long make_stream_socket(const Making& making);
long make_seqpacket_socket(const Making& making);
long make_dgram_socket(const Making& making);
long bind_to_path(int socket, const Making& making);
long connect_to_path(int socket, const Making& making);

}  // namespace crosstalk
