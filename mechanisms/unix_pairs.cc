// UNIX sockets: the three kinds of pair that socketpair(2) makes, and sockets whose addresses are paths; unix(7), XSH
// socketpair. Facts and verbs only; their clauses are in properties/clauses/sock.h and unix.h.
#include "mechanisms/catalog.h"
#include "mechanisms/system/addresses.h"
#include "mechanisms/system/descriptors.h"
#include "mechanisms/system/sockets.h"

namespace crosstalk {
namespace {

// The last five are of what listens, and datagram sockets do not.
constexpr Verb verbs[] = {
    Verb::create,  Verb::send,      Verb::recv,        Verb::write,      Verb::writev, Verb::read,   Verb::readv,
    Verb::close,   Verb::shutdown,  Verb::get_option,  Verb::set_option, Verb::dup,    Verb::poll,   Verb::set_flags,
    Verb::limit,   Verb::get_flags, Verb::set_cloexec, Verb::available,  Verb::signal, Verb::start,  Verb::exec,
    Verb::exit,    Verb::pass,      Verb::receive,     Verb::nothing,    Verb::socket, Verb::listen, Verb::bind,
    Verb::connect, Verb::accept,    Verb::unlink,      Verb::trial,
};
constexpr std::span<const Verb> datagram_verbs(verbs, std::size(verbs) - 5);

constexpr Doors doors(long (*make)(const Making& making, int* ends), long (*socket)(const Making& making)) {
    return {.make = make, .remove = remove_path, .socket = socket, .bind = bind_to_path, .connect = connect_to_path};
}

constexpr Mechanism stream{
    .name = "unix-stream",
    .about = "UNIX stream sockets, in pairs or with names: a byte stream each way",
    .semantics = Semantics::byte_stream,
    .facts = {.may_be_short = true,
              .naming = Naming::path,
              .capacity = CapacityRule::buffer_charge,
              .dead_peer = DeadPeer::reset},
    .verbs = verbs,
    .doors = doors(make_stream_pair, make_stream_socket),
};
static_assert(is_sound(stream));

constexpr Mechanism seqpacket{
    .name = "unix-seqpacket",
    .about = "UNIX seqpacket sockets, in pairs or with names: records in order each way, and an end of file",
    .semantics = Semantics::record_queue,
    .facts = {.keeps_boundaries = true,
              .naming = Naming::path,
              .capacity = CapacityRule::buffer_charge,
              .dead_peer = DeadPeer::reset},
    .verbs = verbs,
    .doors = doors(make_seqpacket_pair, make_seqpacket_socket),
};
static_assert(is_sound(seqpacket));

constexpr Mechanism datagram{
    .name = "unix-dgram",
    .about = "connected pair of UNIX datagram sockets: records in order each way, without an end of file",
    .semantics = Semantics::record_queue,
    .facts = {.keeps_boundaries = true,
              .naming = Naming::path,
              .capacity = CapacityRule::buffer_charge,
              .dead_peer = DeadPeer::refused},
    .verbs = datagram_verbs,
    .doors = doors(make_dgram_pair, make_dgram_socket),
};
static_assert(is_sound(datagram));

}  // namespace

constinit const Mechanism unix_stream_mechanism = stream;
constinit const Mechanism unix_seqpacket_mechanism = seqpacket;
constinit const Mechanism unix_dgram_mechanism = datagram;

}  // namespace crosstalk
