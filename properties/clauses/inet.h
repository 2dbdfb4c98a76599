// What the documents promise of sockets over IPv4 and IPv6: addresses, UDP, TCP. Pairs that are connected before the
// What the documents promise of sockets over IPv4 and IPv6: addresses, UDP, TCP, and pairs between two hosts of ours.
// Of what is judged the Linux man pages were read in release 6.03; RFCs, POSIX pages (XSH) and the other rows are cited
// from knowledge: "(not re-read)".
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause inet_clauses[] = {
    {"INET-BIND-1", "bind to port 0 gives a port of the range in ip_local_port_range that no other socket has.",
     "ip(7), ip_local_port_range; bind(2)", Strength::linux_, property("creation"), binds::tcp},
    {"INET-BIND-2",
     "bind fails with EADDRNOTAVAIL for an address of no host, with EADDRINUSE for a port in use, with EACCES for one "
     "below 1024 without CAP_NET_BIND_SERVICE, and with EINVAL of a socket that has an address.",
     "bind(2), ERRORS; ip(7)", Strength::linux_, property("creation"), binds::tcp},
    {"INET-BIND-3",
     "With SO_REUSEADDR an address may be bound again unless a socket listens there; sockets that all have "
     "SO_REUSEPORT share one, also to listen.",
     "socket(7), SO_REUSEADDR, SO_REUSEPORT", Strength::linux_, property("creation"), binds::tcp},
    {"INET-BIND-4", "A port of the IPv6 wildcard is taken over IPv4 too, unless its socket has IPV6_V6ONLY.",
     "ipv6(7), IPV6_V6ONLY", Strength::linux_, property("creation"), binds::tcp6},
    {"INET-V6-1", "Of a connection over IPv4 to an IPv6 socket the addresses are told mapped, as ::ffff:a.b.c.d.",
     "ipv6(7), DESCRIPTION", Strength::linux_, property("creation"), binds::tcp6},

    {"UDP-MAX-1", "Over IPv4 a datagram may have 65,507 bytes; one more fails with EMSGSIZE.",
     "udp(7), RFC 768 (not re-read)", Strength::linux_, property("capacity"), binds::udp4},
    {"UDP-MAX-2", "Over IPv6 a datagram may have 65,527 bytes; one more fails with EMSGSIZE.",
     "udp(7), RFC 8200 (not re-read)", Strength::linux_, property("capacity"), binds::udp6},
    {"UDP-LOSS-1", "Who sends is not held up by a receiver that does not receive: what finds no room is dropped.",
     "udp(7), DESCRIPTION; RFC 768 (not re-read)", Strength::linux_, property("progress"), binds::udp},
    {"UDP-LOSS-2",
     "Each datagram received is one that the peer sent, whole and unchanged. It may be lost, doubled or overtaken.",
     "udp(7), DESCRIPTION; RFC 768 (not re-read)", Strength::linux_, property("order"), binds::udp},
    {"UDP-LOSS-3", "SO_RXQ_OVFL counts what was dropped: with what was received no more than was sent.",
     "socket(7), SO_RXQ_OVFL", Strength::linux_, property("capacity"), binds::udp},
    {"UDP-LOSS-4", "On loopback from one sender to one receiver order is kept in practice.",
     "no document: Linux does so", Strength::observed, property("order"), binds::nothing_yet, Standing::not_testable,
     "no document promises it: a datagram that is overtaken breaks nothing"},
    {"UDP-LINK-1",
     "Between two hosts datagrams are doubled or overtaken before they arrive, or never: what the link's log says to "
     "have arrived is received once, in that order.",
     "udp(7), DESCRIPTION", Strength::linux_, property("order"), binds::udp},
    {"UDP-LINK-2",
     "Between two hosts what was sent reaches the link, and what the link handed over is there to be received, unless "
     "a counter of the host says that it was dropped.",
     "udp(7), DESCRIPTION; proc(5), /proc/net/snmp; no document: Linux is done with a packet once it has taken it",
     Strength::linux_, property("progress"), binds::udp},
    {"UDP-CONN-1", "A connected socket receives from its peer only.", "udp(7), DESCRIPTION; connect(2)",
     Strength::linux_, property("transfer"), binds::udp},
    {"UDP-CONN-2",
     "ECONNREFUSED says that a datagram met a closed port; each such datagram makes at most one call fail.",
     "udp(7), ERRORS", Strength::linux_, property("peer-death"), binds::udp},
    {"UDP-CONN-3", "A socket that is not connected is not told that its datagrams met a closed port.",
     "no document: Linux does so; udp(7), Error handling, says the opposite", Strength::observed,
     property("peer-death"), binds::udp},
    {"UDP-SEND-1",
     "A send without a destination fails with EDESTADDRREQ, one to a broadcast address without SO_BROADCAST with "
     "EACCES.",
     "send(2), ERRORS EDESTADDRREQ; ip(7), ERRORS EACCES", Strength::linux_, property("transfer"), binds::udp},
    {"UDP-SHUT-1", "shutdown of a socket that is not connected fails with ENOTCONN.", "shutdown(2), ERRORS ENOTCONN",
     Strength::linux_, property("transfer"), binds::udp},
    {"UDP-RECV-1", "An empty datagram is POLLIN like any other.", "udp(7); poll(2)", Strength::linux_,
     property("readiness"), binds::udp},
    // Over IPv6 Linux takes the flag for nothing: send(2) says otherwise, udp(7) does not speak of it.
    {"UDP-RECV-2", "Over IPv4 sending with MSG_OOB fails with EOPNOTSUPP.", "send(2), ERRORS EOPNOTSUPP",
     Strength::linux_, property("transfer"), binds::udp4},
    {"UDP-RECV-3", "FIONREAD tells the size of the next datagram; 0 stands for none and for an empty one.",
     "udp(7), FIONREAD", Strength::linux_, property("transfer"), binds::udp},

    {"TCP-CONN-1",
     "Where nobody listens connect fails with ECONNREFUSED, or SO_ERROR says so later if it may not sleep "
     "(EINPROGRESS).",
     "connect(2), ERRORS ECONNREFUSED, EINPROGRESS", Strength::linux_, property("creation"), binds::tcp},
    {"TCP-CONN-2",
     "A connect that may not sleep fails with EINPROGRESS and goes on; once POLLOUT is told SO_ERROR of 0 says that it "
     "is connected.",
     "connect(2), ERRORS EINPROGRESS", Strength::linux_, property("creation"), binds::tcp},
    {"TCP-CONN-3", "After a failed connect, which leaves its socket in no state to rely on, a new socket connects.",
     "connect(2), NOTES", Strength::linux_, property("creation"), binds::tcp},
    {"TCP-CONN-4", "Two sockets that connect to each other, and one that connects to its own address, are connected.",
     "RFC 9293 3.5 (not re-read)", Strength::must, property("creation"), binds::tcp},
    {"TCP-STREAM-1", "What is sent arrives in the end, however it was written and is read.",
     "tcp(7), DESCRIPTION; RFC 9293 (not re-read)", Strength::linux_, property("progress"), binds::tcp},
    {"TCP-CLOSE-1",
     "When the peer has closed, a receive brings what it sent and then 0; a send may succeed until the peer's host "
     "answers, then it fails with EPIPE or ECONNRESET.",
     "tcp(7), RFC 9293 3.6 (not re-read)", Strength::linux_, property("end-of-file"), binds::tcp},
    {"TCP-CLOSE-2", "A peer that closes with bytes unread resets the connection: one call fails with ECONNRESET.",
     "RFC 1122 4.2.2.13, SHOULD; RFC 2525 2.17 (not re-read)", Strength::linux_, property("peer-death"), binds::tcp},
    {"TCP-CLOSE-3", "After SHUT_WR on one end the other end may go on sending.", "RFC 9293 3.6 (not re-read)",
     Strength::must, property("end-of-file"), binds::tcp},
    {"TCP-CLOSE-4", "Closing with SO_LINGER of 0 seconds resets the connection: the peer sees no end of file.",
     "socket(7), SO_LINGER; no document: Linux resets", Strength::linux_, property("peer-death"), binds::tcp},
    {"TCP-CLOSE-5",
     "The port of a connection that was closed there first is in use for a while: EADDRINUSE without SO_REUSEADDR.",
     "ip(7), DESCRIPTION; socket(7), SO_REUSEADDR", Strength::linux_, property("creation"), binds::tcp},
    {"TCP-CLOSE-6", "An end that goes by exit, a signal or exec ends the connection as close does.",
     "close(2), _exit(2)", Strength::linux_, property("peer-death"), binds::tcp},
    {"TCP-BUF-1", "A sender that sleeps since its peer does not read goes on once everything is read.",
     "RFC 9293 3.8.6 (not re-read)", Strength::must, property("progress"), binds::tcp},
    {"TCP-OOB-1",
     "A receive stops at the mark of the urgent byte, where SIOCATMARK is true. MSG_OOB takes that byte once, then "
     "fails with EINVAL; SIGURG and POLLPRI tell of it.",
     "tcp(7), DESCRIPTION, Sockets API, SIOCATMARK; recv(2), MSG_OOB", Strength::linux_, property("transfer"),
     binds::tcp},
    {"TCP-OOB-2",
     "A later urgent byte makes the earlier one ordinary data, unless that was taken or the receiver stands at it.",
     "tcp(7), Sockets API (which has no exception: Linux gives the first again, and drops the second)",
     Strength::linux_, property("transfer"), binds::tcp},
    {"TCP-OPT-1", "TCP_NODELAY, TCP_CORK and TCP_QUICKACK can be set at any time; the bytes stay what they are.",
     "tcp(7), Socket options", Strength::linux_, property("transfer"), binds::tcp},
    {"TCP-OPT-2", "MSG_MORE holds bytes back for a time; they stay what they are.", "tcp(7), send(2) MSG_MORE",
     Strength::linux_, property("transfer"), binds::tcp},
    {"TCP-OPT-3",
     "When a peer has answered nothing for TCP_USER_TIMEOUT, or no keepalive probe, one call says ETIMEDOUT, and none "
     "after it.",
     "tcp(7), TCP_USER_TIMEOUT, TCP_KEEPCNT, ERRORS ETIMEDOUT; socket(7), SO_ERROR", Strength::linux_,
     property("peer-death"), binds::tcp},
    {"TCP-ACC-1",
     "Of a connection that was reset before it is accepted accept says ECONNABORTED, or a receive from its socket "
     "ECONNRESET.",
     "accept(2), ERRORS ECONNABORTED; no document: Linux resets", Strength::linux_, property("creation"), binds::tcp},
    {"TCP-TRUNC-1", "A receive with MSG_TRUNC takes bytes away without giving them.", "tcp(7), MSG_TRUNC",
     Strength::linux_, property("transfer"), binds::tcp},
};

}  // namespace crosstalk
