// The table of claims. Clause ids are those of the tables in clauses/, or of families that no table has yet.
#include "properties/claims.h"

#include <array>

namespace crosstalk {
namespace {

using enum Told;

constexpr std::array table{
    Claim{"unnamed pipe", "one way: one end writes and cannot read, the other reads and cannot write", "it holds",
          holds, "pipe", "PIPE-CREATE-2"},
    Claim{"unnamed pipe", "no place in the file system; limited capacity",
          "it holds; 16 pages by default, counted in page slots", holds, "pipe", "PIPE-CREATE-8 PIPE-CAP-*"},
    Claim{"unnamed pipe", "a byte stream buffer in the kernel",
          "it holds; no message boundaries, packets of O_DIRECT excepted", holds, "pipe", "PIPE-STREAM-* PIPE-PKT-*"},
    Claim{"FIFO", "a named file: any process can open and use it", "it holds within permissions", holds, "fifo",
          "FIFO-CREATE-* FIFO-OPEN-9 FIFO-DATA-1"},
    Claim{"FIFO", "any number of processes, \"but not at the same time\"",
          "it does not hold: many may at once; only writes of up to PIPE_BUF bytes stay whole", refuted, "fifo",
          "FIFO-DATA-2 PIPE-ATOMIC-1 PIPE-ATOMIC-3 PIPE-STREAM-3"},
    Claim{"message queue", "a named object; many processes read and write at the same time", "it holds", holds, "mq",
          "MQ-NAME-* MQ-RECV-5"},
    Claim{"message queue", "priority decides the position", "it holds; first in, first out among equals", holds, "mq",
          "MQ-ORDER-1 MQ-ORDER-2"},
    Claim{"message queue", "notifies a process when a message arrives in an empty queue",
          "it holds; once, and not while a receiver waits", holds, "mq", "MQ-NOTIFY-1 MQ-NOTIFY-2 MQ-NOTIFY-3"},
    Claim{"anonymous mapping", "zero-initialised, of the given length, shared by related processes", "it holds", holds,
          "shm-anonymous", "MAP-ANON-1 MAP-ANON-2"},
    Claim{"file mapping", "initialised from the file; updates reach the file; unrelated processes", "it holds", holds,
          "shm-file", "MAP-FILE-1 MAP-FILE-2 MAP-EOF-*"},
    Claim{"POSIX shared memory", "unrelated processes, no file; for data that need not be remembered",
          "it holds; the object lives until it is unlinked, not until the last process ends", holds, "shm-posix",
          "SHM-LIFE-1 SHM-LIFE-3"},
    Claim{"shared memory", "\"very efficient\", \"at the cost of security\"",
          "on security: permissions are checked as for files; speed is a figure, which no clause promises", conditional,
          "shm-posix", "SHM-OPEN-4 SHM-OPEN-6 SHM-OPEN-7"},
    Claim{"semaphore", "any number may take; at zero the next must wait until another posts", "it holds", holds,
          "sem-*", "SEM-WAIT-* SEM-POST-* SEM-LIVE-1"},
    Claim{"semaphore", "enforces order between processes, prevents races",
          "it holds; post and wait also synchronise memory", holds, "sem-*", "SEM-SYNC-1"},
    Claim{"semaphore", "unnamed ones live in shared memory, named ones are named objects", "it holds", holds, "sem-*",
          "SEM-INIT-* SEM-NAME-*"},
    Claim{"socket", "an endpoint; each process has its own; bidirectional", "it holds, for pairs of datagrams too",
          holds, "unix-*", "SOCK-STREAM-1 UNIX-PAIR-1"},
    Claim{"UNIX domain", "one host; \"a temporary file\" whose path is the address",
          "with a condition: the socket's file stays after close; abstract and unnamed addresses need none",
          conditional, "unix-*", "UNIX-BIND-2 UNIX-NAME-*"},
    Claim{"IPv4 and IPv6 domain", "between hosts; address and port number",
          "it holds; hosts are network namespaces joined by a link that can misbehave", holds, "tcp* udp*",
          "INET-* UDP-* TCP-*"},
    Claim{"stream socket", "sends the data \"in its entirety or not at all\"",
          "it does not hold: a short count is legal when non-blocking, interrupted or cut off", refuted,
          "unix-stream tcp*", "SOCK-STREAM-3 SOCK-STREAM-4 SIG-RW-2"},
    Claim{"stream socket", "connection first; arrives reliable and intact; TCP over the internet", "it holds", holds,
          "unix-stream tcp*", "SOCK-STREAM-1 TCP-STREAM-1 TCP-CONN-*"},
    Claim{"datagram socket", "messages may arrive several times, out of order, or not at all",
          "it holds for UDP, as a permission: corruption and merging stay forbidden", holds, "udp*",
          "UDP-LOSS-2 SOCK-DGRAM-1"},
    Claim{"datagram socket", "no connection, no check that the message was sent",
          "with a condition: a connected UDP socket learns of a dead port once", conditional, "udp*",
          "UDP-CONN-2 UDP-CONN-3"},
    Claim{"datagram socket, UNIX", "reliable; may send to several destinations",
          "it holds; one send to each destination, and the sender sleeps while a queue is full", holds, "unix-dgram",
          "UNIX-DGRAM-1 UNIX-DGRAM-2"},
    Claim{"seqpacket socket", "a connection, so reliable, but as messages", "it holds", holds, "unix-seqpacket",
          "SOCK-SEQ-1 UNIX-SEQ-1"},
    Claim{"seqpacket socket, internet", "SCTP", "it holds: one-to-many is SOCK_SEQPACKET, one-to-one is SOCK_STREAM",
          holds, "sctp*", "SCTP-*"},
};

}  // namespace

std::string_view name_of(Told told) {
    switch (told) {
        case holds: return "holds";
        case conditional: return "conditional";
        case refuted: return "refuted";
    }
    return "";
}

std::span<const Claim> claims() { return table; }

}  // namespace crosstalk
