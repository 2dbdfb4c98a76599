// Connected UNIX sockets: the three kinds of pair that socketpair(2) makes; unix(7), XSH socketpair. Facts and verbs
// only; their clauses are in properties/clauses/sock.h and unix.h. Sockets with addresses are not here.
#include "mechanisms/catalog.h"
#include "mechanisms/system/sockets.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::create,    Verb::send,  Verb::recv,      Verb::write,      Verb::writev,
    Verb::read,      Verb::readv, Verb::shutdown,  Verb::get_option, Verb::set_option,
    Verb::close,     Verb::dup,   Verb::set_flags, Verb::get_flags,  Verb::set_cloexec,
    Verb::available, Verb::poll,  Verb::limit,     Verb::signal,     Verb::start,
    Verb::exec,      Verb::exit,  Verb::pass,      Verb::receive,    Verb::nothing,
};

constexpr Mechanism stream{
    .name = "unix-stream",
    .about = "connected pair of UNIX stream sockets: a byte stream each way",
    .semantics = Semantics::byte_stream,
    .facts = {.may_be_short = true, .capacity = CapacityRule::buffer_charge, .dead_peer = DeadPeer::reset},
    .verbs = verbs,
    .doors = {.make = make_stream_pair},
};
static_assert(is_sound(stream));

constexpr Mechanism seqpacket{
    .name = "unix-seqpacket",
    .about = "connected pair of UNIX seqpacket sockets: records in order each way, and an end of file",
    .semantics = Semantics::record_queue,
    .facts = {.keeps_boundaries = true, .capacity = CapacityRule::buffer_charge, .dead_peer = DeadPeer::reset},
    .verbs = verbs,
    .doors = {.make = make_seqpacket_pair},
};
static_assert(is_sound(seqpacket));

constexpr Mechanism datagram{
    .name = "unix-dgram",
    .about = "connected pair of UNIX datagram sockets: records in order each way, without an end of file",
    .semantics = Semantics::record_queue,
    .facts = {.keeps_boundaries = true, .capacity = CapacityRule::buffer_charge, .dead_peer = DeadPeer::refused},
    .verbs = verbs,
    .doors = {.make = make_dgram_pair},
};
static_assert(is_sound(datagram));

}  // namespace

constinit const Mechanism unix_stream_mechanism = stream;
constinit const Mechanism unix_seqpacket_mechanism = seqpacket;
constinit const Mechanism unix_dgram_mechanism = datagram;

}  // namespace crosstalk
