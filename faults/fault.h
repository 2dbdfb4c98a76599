// A fault: something that can go wrong, provoked on the real system. What it may cause is clauses in properties/.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "mechanisms/history.h"

namespace crosstalk {

// When an injection strikes, relative to one call of one step.
enum class When : std::uint8_t { before, asleep, between, after };

// What one call answered, as far as a fault may ask: whoever plays a case (the agent, a model) can tell.
struct Returned {
    std::int64_t result = 0;  // of this one call; negative if it failed
    Errno error = Errno::none;
    std::int64_t left_out = 0;  // descriptors that came with a received message and found no number
};

struct Fault {
    std::string_view name;  // as in the contract: "interruption"
    std::string_view about;
    bool (*may_strike)(const Operation& operation, When when);  // may it be offered there?
    std::string_view needs;                                     // ability that the target must have, "" for none
    std::int64_t least = 0, most = 0;  // what an injection's argument is brought between; each file says what it means
    // Nothing is done to the call: the program brings the fault about, and injections mark the calls to look at.
    bool only_marks = false;
    // Of a fault that only marks, or that may miss: does this answer of the marked call show it?
    bool (*shows)(const Operation& operation, const Returned& returned) = nullptr;
};

// An injection's argument as the fault takes it.
constexpr std::int64_t argument_of(const Fault& fault, std::int64_t asked) {
    return asked < fault.least ? fault.least : asked > fault.most ? fault.most : asked;
}

inline constexpr FaultId no_fault = 0;

// Entry 0 is "none".
std::span<const Fault* const> faults();
const Fault& fault_of(FaultId id);
std::optional<FaultId> fault_named(std::string_view name);

std::string_view name_of(When when);
std::optional<When> when_named(std::string_view name);

}  // namespace crosstalk
