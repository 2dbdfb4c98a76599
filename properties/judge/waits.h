// Evidence that lies between calls: a call that was waiting when what it waited for came, a fork beside a write, a
// descriptor that came in a message. It counts only where the order of the stamps leaves no doubt, so it never counts
// a call that might just as well have come late. It judges nothing.
#pragma once

#include "properties/judge/acts.h"

namespace crosstalk::judging {

// Of one component of an accepted history; `how` as a model has it.
void weigh_waits(const Subject& subject, const Component& component, const std::vector<std::uint32_t>& how,
                 Weights& weights);

}  // namespace crosstalk::judging
