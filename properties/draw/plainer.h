// Plainer: the same failure, looked at in the plainest way. What went wrong before a call shows in many calls, each
// with a clause of its own; one order of ways to look, the same for all cases, makes one name of them. Not smaller: a
// case may come to hold more ends, or O_NONBLOCK.
#pragma once

#include <vector>

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk {

// The case with a look as plain or plainer, at each object, in place of the call that failed (of a sleeper, if the
// event is no call), the plainest first. Each passes why_not().
std::vector<Case> plainer(const Case& value, const History& history, std::size_t event);

// How far from the plainest look that call is: 0 is there.
unsigned plainness(const Case& value, const History& history, std::size_t event);

}  // namespace crosstalk
