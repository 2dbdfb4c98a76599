// Simpler: one step, one object or one schedule made simpler in one way. Every way leads downwards in some count or
// number, so repeating them comes to an end.
#pragma once

#include <cstddef>

#include "faults/case.h"

namespace crosstalk::draw {

// In how many ways a step can be simpler; simplify() says false where a way changes nothing.
inline constexpr std::size_t simpler_ways = 41;
bool simplify(Operation& operation, std::size_t way);

// The same for what is not a step: links, holdings, objects, kinds of actors, choices, delays, arguments of injections.
std::size_t count_simpler_rests(const Case& value);
bool simplify_rest(Case& value, std::size_t way);

}  // namespace crosstalk::draw
