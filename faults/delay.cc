// delay: an actor spins before a call, so that its window slides over another actor's from case to case. The argument
// is for how many nanoseconds. Only in `free`, where actors move at one time; there it fired once it has spun. In turns
// it does nothing, and has not fired. Schedule::delays is the same for cases that name no fault.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

constexpr std::int64_t most_spin_ns = 1'000'000;  // many times a wake-up; more would only cost time

bool may_strike(const Operation& operation, When when) {
    return when == When::before && operation.verb != Verb::nothing;
}

}  // namespace

const Fault delayed{.name = "delay",
                    .about = "an actor spins before a call, while others move",
                    .may_strike = may_strike,
                    .needs = "",
                    .most = most_spin_ns};

}  // namespace crosstalk
