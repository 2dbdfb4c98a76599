// A fault: something that can go wrong, provoked on the real system. What it may cause is clauses in properties/.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "mechanisms/history.h"

namespace crosstalk {

// When an injection strikes, relative to one call of one step.
enum class When : std::uint8_t { before, asleep, between, after };

struct Fault {
    std::string_view name;          // as in the contract: "interruption"
    std::string_view about;
    bool (*may_strike)(const Operation& operation, When when);  // may it be offered there?
    std::string_view needs;         // ability that the target must have, "" for none
};

inline constexpr FaultId no_fault = 0;

// Entry 0 is "none".
std::span<const Fault* const> faults();
const Fault& fault_of(FaultId id);
std::optional<FaultId> fault_named(std::string_view name);

std::string_view name_of(When when);
std::optional<When> when_named(std::string_view name);

}  // namespace crosstalk
