// Telling a difference, which `diff` and `gate --against` share.
#pragma once

#include "reports/difference.h"

namespace crosstalk {

// Prints it, and writes it as a page if `html` is a path; the exit status: 1 if something is worse, else 0.
int tell_difference(const Results& before, const Results& after, const Replays& replays = {},
                    const std::string& html = "");

}  // namespace crosstalk
