// The catalogue of faults, in the order of FaultId, and the names of the moments at which one may strike.
#include "faults/fault.h"

#include <array>

#include "faults/catalog.h"
#include "faults/delivery.h"

namespace crosstalk {
namespace {

bool nowhere(const Operation&, When) { return false; }

constexpr Fault none{.name = "none", .about = "nothing goes wrong", .may_strike = nowhere, .needs = ""};

constexpr std::array catalogue{&none,         &interruption,       &killed_peer, &short_transfer, &full_buffer,
                               &stopped_peer, &descriptor_limited, &delayed,     &lossy_link};
static_assert(catalogue.size() == lossy_link_fault + 1u);

constexpr std::array<std::string_view, 4> when_names{"before", "asleep", "between", "after"};

}  // namespace

std::span<const Fault* const> faults() { return catalogue; }

const Fault& fault_of(FaultId id) { return id < catalogue.size() ? *catalogue[id] : none; }

std::optional<FaultId> fault_named(std::string_view name) {
    for (std::size_t id = 0; id < catalogue.size(); ++id)
        if (catalogue[id]->name == name) return static_cast<FaultId>(id);
    return std::nullopt;
}

// A datagram that meets no room is lost, and its send does not say so (udp(7)); of memory that nobody can truncate any
// part is there.
bool may_strike(FaultId fault, const Mechanism& mechanism) {
    switch (fault) {
        case lossy_link_fault: return crosses_hosts(mechanism);
        case full_buffer_fault: return !mechanism.facts.may_lose;
        case short_transfer_fault:
            return mechanism.semantics != Semantics::shared_bytes || offers(mechanism, Verb::truncate);
        default: return true;
    }
}

std::string_view name_of(When when) {
    const auto index = static_cast<std::size_t>(when);
    return index < when_names.size() ? when_names[index] : std::string_view();
}

std::optional<When> when_named(std::string_view name) {
    for (std::size_t index = 0; index < when_names.size(); ++index)
        if (when_names[index] == name) return static_cast<When>(index);
    return std::nullopt;
}

}  // namespace crosstalk
