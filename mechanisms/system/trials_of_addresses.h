// Trials: what sockets show that one process makes for a step, tries and closes again. Each asks one call for its
// answer and a few questions besides; which answers are right is said in properties/. They go through the C library,
// and some change the umask, the capabilities or a signal's handler for a while: they are for processes without
// threads.
#pragma once

#include "mechanisms/system/trials.h"

namespace crosstalk {

// What an answer tells of each: the call whose negated error, or 0, is the result; then, from bit 1 on, what
// Event::value says yes to.
//
// unknown_domain, unknown_type, unknown_protocol  socket(2) with such a one
// pair_elsewhere     socketpair(2) of this family, which has none
// cut_name           accept with room for one byte of the peer's name. The real length is told; nothing lies behind
// bad_length         accept with a length of -1
// backlogs           listen with each backlog at a bound. With one of 1 and more somebody connects and is accepted
// low_water          SO_RCVLOWAT of each value at a bound. 0 and 1 hold back nothing; the buffer's size does; not
// beyond
//                    the end of file
// any_port           bind to port 0. The port is in the configured range; another socket gets another
// foreign_address    bind to an address of no host
// taken_port         bind to the port of another socket
// low_port           bind to port 1021 without CAP_NET_BIND_SERVICE
// reused_address     with SO_REUSEADDR, bind to a port where somebody listens. It was bound to before anybody did
// shared_port        bind to a port that sockets with SO_REUSEPORT share, without it. Two were bound; both listen
// both_families      bind of IPv4 to the port of an IPv6 wildcard
// one_family         the same, where that has IPV6_V6ONLY
// mapped_address     accept of a connection over IPv4 at an IPv6 socket. Its peer's address is mapped; so is its own
// lingering_port     bind to the port of a connection that it closed first. With SO_REUSEADDR it is bound
// after_refusal      connect of a new socket to where somebody listens by now. Before, it was refused
// told_once          recv after a connect that went on and failed. Afterwards SO_ERROR is 0
// met_halfway        two sockets connect to each other: SO_ERROR. A byte goes this way; and that way
// met_itself         connect to its own address. A byte comes back
// interrupted        connect, by a signal: 0 where it says EINTR. It did; SO_ERROR is 0 all the same; a byte arrives
// reset_unaccepted   accept of what its peer has reset. accept says ECONNABORTED, or a receive ECONNRESET
// aborted            recv after the peer has closed with SO_LINGER of 0 seconds
// delivered          close with SO_LINGER of some seconds. What was sent is there then; and comes before an end of file
// file_of_name       bind. It is a socket; its mode is 0777 but for the umask; it is there after close
// longest_name       bind to 108 bytes. getsockname tells a byte more than the structure has; of 107 the null byte too
// no_name            getsockname of an unbound socket. The length is that of the family; so is that of a peer's name
// abstract_names     bind to the second of two names that differ behind a null byte. Of one byte, a name is told so;
// the
//                    two are two; a connect reaches the one that it names
// forbidden_name     connect without CAP_DAC_OVERRIDE, where the file may not be written
// moved_name         connect to a path that was renamed. The old one is no more
// closed_unaccepted  recv after the listening socket was closed

// The names that a trial of this actor may have left beside an object's own, if it was killed.
void remove_trial_names(const char* name, std::uint32_t actor);

}  // namespace crosstalk
