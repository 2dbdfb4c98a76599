// One-to-one SCTP associations over this host's own network, over IPv4 and IPv6: RFC 6458, section 4. Facts and verbs
// only; their clauses are in properties/clauses/sctp.h. The one-to-many style, streams, notifications and several
// addresses are not here.
#include "mechanisms/catalog.h"
#include "mechanisms/system/inet.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::send,      Verb::recv,        Verb::write,      Verb::writev,  Verb::read,  Verb::readv,
    Verb::shutdown,  Verb::get_option,  Verb::set_option, Verb::close,   Verb::dup,   Verb::set_flags,
    Verb::get_flags, Verb::set_cloexec, Verb::poll,       Verb::signal,  Verb::start, Verb::exec,
    Verb::exit,      Verb::pass,        Verb::receive,    Verb::nothing,
};

constexpr Mechanism one_to_one(std::string_view name, std::string_view about,
                               long (*make)(const Making& making, int* ends)) {
    return {.name = name,
            .about = about,
            .semantics = Semantics::record_queue,
            .facts = {.keeps_boundaries = true,
                      .may_be_short = true,
                      .delivery = Delivery::eventually,
                      .capacity = CapacityRule::buffer_charge,
                      .dead_peer = DeadPeer::reset},
            .verbs = verbs,
            .doors = {.make = make},
            .absent = "this kernel has no SCTP; use --target=debian-kernel"};
}
constexpr Mechanism sctp4 = one_to_one(
    "sctp4-stream", "one-to-one SCTP association over IPv4 loopback: whole messages each way", make_sctp4_pair);
constexpr Mechanism sctp6 = one_to_one(
    "sctp6-stream", "one-to-one SCTP association over IPv6 loopback: whole messages each way", make_sctp6_pair);
static_assert(is_sound(sctp4) && is_sound(sctp6));

}  // namespace

constinit const Mechanism sctp4_stream_mechanism = sctp4;
constinit const Mechanism sctp6_stream_mechanism = sctp6;

}  // namespace crosstalk
