// Lies about datagrams between two hosts, where a link keeps a log of what it was given and what it handed over: what
// is lost, doubled or late without the log. On loopback the same would be allowed.
#include <cerrno>

#include "faults/lies/mutators.h"
#include "faults/lies/tables.h"

namespace crosstalk::lies {
namespace {

using enum Verb;

constexpr Row rows[] = {
    {"link-never-sent",
     "UDP-LINK-2",
     "",
     "one datagram of eight is said to be sent and never leaves the host",
     verbs(send),
     pretends,
     {as_asked},
     {{{On::one_in, 8}, {On::bytes_at_least, 1}}},
     "udp4"},
    {"link-unseen-on-arrival",
     "UDP-LINK-2",
     "",
     "one receive in eight that does not sleep says that nothing has arrived",
     verbs(recv),
     refuses,
     {EAGAIN},
     {{{On::one_in, 8}, {On::flags_asked, flag_nonblock}}},
     "udp6"},
    {"link-received-twice",
     "UDP-LINK-1",
     "",
     "a receive with room for all leaves the datagram where it is",
     verbs(recv),
     changes_flags,
     {0, flag_peek},
     {{{On::bytes_at_least, 1000}, {On::flags_not_asked, flag_peek}}},
     "udp4"},
    {"link-sent-twice",
     "UDP-LINK-1",
     "",
     "a host sends short datagrams twice",
     verbs(send),
     repeats,
     {1},
     {{{On::bytes_at_least, 8}, {On::bytes_at_most, 40}, {On::times_at_least, 1}}},
     "udp6"},
};

}  // namespace

std::span<const Row> link_lies() { return rows; }

}  // namespace crosstalk::lies
