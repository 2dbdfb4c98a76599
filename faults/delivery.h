// The log of our link between two hosts: one event of kind `delivery` for each datagram that it was given, and whenever
// it does to one what a plan says; at the end of a case one for each direction of each object, that nothing is left in
// it. Of TCP and SCTP only what a plan did is logged. How packets are carried is runners/agent/link.h.
#pragma once

#include "mechanisms/history.h"
#include "mechanisms/mechanism.h"

namespace crosstalk {

enum class Fate : std::uint8_t {
    delivered,  // handed to the other host
    lost,       // by the plan
    refused,    // handed to the other host, which says that nobody has the port
    no_room,    // handed to the other host, which says that it dropped it
    quiet,      // no packet: nothing is left in this direction
};

// Event::value. Event::object and `end`: who was to receive it; again: it is one that was handed over before. actor,
// step: whose send it was, as far as its bytes tell. result: its bytes, of which its data tells where they came from.
// began, ended: around the handing over.
constexpr std::int64_t delivery_value(Fate fate, int end, bool again = false) {
    return static_cast<std::int64_t>(fate) | end << 8 | (again ? 1 << 9 : 0);
}
constexpr Fate fate_of(const Event& delivery) { return static_cast<Fate>(delivery.value & 0xff); }
constexpr std::uint8_t end_of(const Event& delivery) { return static_cast<std::uint8_t>(delivery.value >> 8 & 1); }
constexpr bool again_of(const Event& delivery) { return (delivery.value >> 9 & 1) != 0; }

// Can a pair of this mechanism stand on two hosts?
constexpr bool crosses_hosts(const Mechanism& mechanism) {
    return mechanism.facts.delivery == Delivery::eventually && mechanism.facts.ends == 2;
}

}  // namespace crosstalk
