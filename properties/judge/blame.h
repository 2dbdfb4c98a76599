// From the rule that failed to the sentence that was broken. The engines know a few general rules; many clauses are
// special cases of them (an end of file that came too early, because a duplicate was not counted). So that a finding
// stands at the clause that speaks of what happened, the more special one is named where the history shows it.
// It never makes or clears a violation.
#pragma once

#include <span>

#include "properties/judge/acts.h"

namespace crosstalk::judging {

// Changes the clause, and with it the reason where the more special one has another.
void blame(const Subject& subject, std::span<const Component> components, Breach& breach);
// The clause for an act on a FIFO that is opened by name; what it has nothing to say of stays as it is.
ClauseId blame_of_names(const Subject& subject, const Component& component, const Act& act, const Breach& breach);

}  // namespace crosstalk::judging
