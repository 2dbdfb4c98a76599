// Sockets over this host's own network, or between two hosts of ours: TCP and UDP, over IPv4 and IPv6; tcp(7), udp(7),
// ip(7), ipv6(7). Facts and verbs only; their clauses are in properties/clauses/sock.h and inet.h. What is sent arrives
// eventually, not when send returns. Pairs are connected before a case begins; of UDP there is nothing else.
#include "mechanisms/system/inet.h"
#include "mechanisms/catalog.h"
#include "mechanisms/system/inet_addresses.h"

namespace crosstalk {
namespace {

// The first five are of what has an address.
constexpr Verb verbs[] = {
    Verb::socket,    Verb::bind,        Verb::listen,     Verb::connect, Verb::accept,
    Verb::send,      Verb::recv,        Verb::write,      Verb::writev,  Verb::read,    Verb::readv,
    Verb::shutdown,  Verb::get_option,  Verb::set_option, Verb::close,   Verb::dup,     Verb::set_flags,
    Verb::get_flags, Verb::set_cloexec, Verb::available,  Verb::poll,    Verb::signal,  Verb::start,
    Verb::exec,      Verb::exit,        Verb::pass,       Verb::receive, Verb::nothing, Verb::trial,
};
constexpr std::span<const Verb> pair_verbs = std::span(verbs).subspan(5);

constexpr Mechanism tcp(std::string_view name, std::string_view about, bool mapped, const Doors& doors) {
    return {.name = name,
            .about = about,
            .semantics = Semantics::byte_stream,
            .facts = {.may_be_short = true,
                      .has_mapped_addresses = mapped,
                      .naming = Naming::address,
                      .delivery = Delivery::eventually,
                      .capacity = CapacityRule::buffer_charge,
                      .dead_peer = DeadPeer::reset},
            .verbs = verbs,
            .doors = doors};
}
constexpr Mechanism tcp4 = tcp("tcp4", "TCP sockets over IPv4 loopback: a byte stream each way", false,
                               {.make = make_tcp4_pair,
                                .socket = make_tcp4_socket,
                                .bind = bind_to_port,
                                .connect = connect_to_port,
                                .reserve = reserve_tcp4});
constexpr Mechanism tcp6 = tcp("tcp6", "TCP sockets over IPv6 loopback: a byte stream each way", true,
                               {.make = make_tcp6_pair,
                                .socket = make_tcp6_socket,
                                .bind = bind_to_port,
                                .connect = connect_to_port,
                                .reserve = reserve_tcp6});
static_assert(is_sound(tcp4) && is_sound(tcp6));

constexpr Mechanism udp(std::string_view name, std::string_view about, std::uint32_t most_record_bytes,
                        long (*make)(const Making& making, int* ends), long (*beside)(const Making& making)) {
    return {.name = name,
            .about = about,
            .semantics = Semantics::record_queue,
            .facts = {.keeps_boundaries = true,
                      .may_lose = true,
                      .may_duplicate = true,
                      .may_reorder = true,
                      .most_record_bytes = most_record_bytes,
                      .delivery = Delivery::eventually,
                      .capacity = CapacityRule::buffer_charge,
                      .dead_peer = DeadPeer::refused},
            .verbs = pair_verbs,
            .doors = {.make = make, .beside = beside}};
}
constexpr Mechanism udp4 =
    udp("udp4", "UDP sockets over IPv4 loopback, connected to each other", 65'507, make_udp4_pair, make_udp4_socket);
constexpr Mechanism udp6 =
    udp("udp6", "UDP sockets over IPv6 loopback, connected to each other", 65'527, make_udp6_pair, make_udp6_socket);
static_assert(is_sound(udp4) && is_sound(udp6));

}  // namespace

constinit const Mechanism tcp4_mechanism = tcp4;
constinit const Mechanism tcp6_mechanism = tcp6;
constinit const Mechanism udp4_mechanism = udp4;
constinit const Mechanism udp6_mechanism = udp6;

}  // namespace crosstalk
