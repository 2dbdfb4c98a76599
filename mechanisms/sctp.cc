// SCTP over this host's own network, over IPv4 and IPv6: one-to-one associations with streams (RFC 6458, section 4),
// and the one-to-many style (section 3), which only trials show. Facts and verbs only; their clauses are in
// properties/clauses/sctp.h.
#include "mechanisms/catalog.h"
#include "mechanisms/system/associations.h"
#include "mechanisms/system/inet.h"

namespace crosstalk {
namespace {

constexpr Verb verbs[] = {
    Verb::send,      Verb::recv,        Verb::write,      Verb::writev, Verb::read,    Verb::readv,
    Verb::shutdown,  Verb::get_option,  Verb::set_option, Verb::close,  Verb::dup,     Verb::set_flags,
    Verb::get_flags, Verb::set_cloexec, Verb::poll,       Verb::signal, Verb::start,   Verb::exec,
    Verb::exit,      Verb::pass,        Verb::receive,    Verb::trial,  Verb::nothing,
};
constexpr Verb verbs_of_trials[] = {Verb::trial, Verb::nothing};
constexpr std::string_view absent = "this kernel has no SCTP; use --target=debian-kernel";

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
            .absent = absent};
}
// Its objects are nothing but a place to play: the sockets live for one step.
constexpr Mechanism one_to_many(std::string_view name, std::string_view about,
                                long (*make)(const Making& making, int* ends)) {
    return {.name = name,
            .about = about,
            .semantics = Semantics::record_queue,
            .facts = {.keeps_boundaries = true, .ends = 0, .delivery = Delivery::eventually},
            .verbs = verbs_of_trials,
            .doors = {.make = make},
            .absent = absent};
}
constexpr Mechanism sctp4 = one_to_one(
    "sctp4-stream", "one-to-one SCTP association over IPv4 loopback: whole messages each way", make_sctp4_pair);
constexpr Mechanism sctp6 = one_to_one(
    "sctp6-stream", "one-to-one SCTP association over IPv6 loopback: whole messages each way", make_sctp6_pair);
constexpr Mechanism hub4 = one_to_many(
    "sctp4-seqpacket", "one-to-many SCTP sockets over IPv4 loopback, in trials of one step", try_sctp4_seqpacket);
constexpr Mechanism hub6 = one_to_many(
    "sctp6-seqpacket", "one-to-many SCTP sockets over IPv6 loopback, in trials of one step", try_sctp6_seqpacket);
static_assert(is_sound(sctp4) && is_sound(sctp6) && is_sound(hub4) && is_sound(hub6));

}  // namespace

constinit const Mechanism sctp4_stream_mechanism = sctp4;
constinit const Mechanism sctp6_stream_mechanism = sctp6;
constinit const Mechanism sctp4_seqpacket_mechanism = hub4;
constinit const Mechanism sctp6_seqpacket_mechanism = hub6;

}  // namespace crosstalk
