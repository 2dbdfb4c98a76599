// What no order explains without a deviation. It proves from intervals and counts alone, in time linear in the acts, so
// that the judge need not search in vain; where it proves nothing, the search decides.
#pragma once

#include "properties/judge/acts.h"

namespace crosstalk::judging {

// An act that took effect like this (the model's bits, of which some deviate): is that a deviation in every order?
bool surely_deviates(const Subject& subject, const Component& component, const Act& act, std::uint32_t how);

}  // namespace crosstalk::judging
