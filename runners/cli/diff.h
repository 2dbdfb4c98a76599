// Telling a difference, which `diff` and `gate --against` share.
#pragma once

#include "reports/difference.h"

namespace crosstalk {

// Prints it; the exit status: 1 if something is worse, else 0.
int tell_difference(const Results& before, const Results& after, const Replays& replays = {});

}  // namespace crosstalk
