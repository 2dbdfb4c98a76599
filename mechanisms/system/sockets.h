// The operations of connected sockets, for the table in operations.cc: sendmsg(2), recvmsg(2), shutdown(2) and
// getsockopt(2). Those of sockets with addresses are in addresses.h.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

int message_flags(const Operation& operation);  // MSG_DONTWAIT and so on
Answer send_call(const Call& call);
Answer recv_call(const Call& call);  // value: MessageBits of the last call
Answer shutdown_call(const Call& call);
Answer get_option_call(const Call& call);  // the pending error is told as an Errno
Answer set_option_call(const Call& call);

// socketpair(2) in the UNIX domain, as doors. A capacity that is asked for becomes each end's SO_SNDBUF.
long make_stream_pair(const Making& making, int* ends);
long make_seqpacket_pair(const Making& making, int* ends);
long make_dgram_pair(const Making& making, int* ends);

}  // namespace crosstalk
