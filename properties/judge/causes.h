// Cause before consequence. What a call has done shows only in later ones: bytes that a tee took away are missed by
// whoever reads, polls or asks how many there are. So that one defect has one name whoever shows it, a breach is told
// by the call before that must have gone wrong. Only where the history leaves no doubt of what should have been there:
// nothing overlaps, and no packet discards a rest. It never makes or clears a violation.
#pragma once

#include "properties/judge/acts.h"

namespace crosstalk::judging {

// Tells a breach by this clause and reason; false, and nothing is changed, if there is no clause.
bool tell(Breach& breach, ClauseId clause, Reason reason);

// Does it show fewer bytes than there were, beyond doubt?
bool shows_fewer_bytes(const Subject& subject, const Component& component, const Act& act);

// Bytes missing or too many, behind a call that moved them without a buffer.
bool tell_by_moved_bytes(const Subject& subject, const Component& component, const Act& act, Breach& breach);

// An end that is said to be gone although somebody has it, or the other way round, behind whatever made or closed the
// last reference.
bool tell_by_references(const Subject& subject, const Component& component, const Act& act, Breach& breach);

// The first thing that is done to a pipe, and through a duplicate or a received descriptor: it must be another's.
bool tell_by_name(const Subject& subject, const Component& component, const Act& act, Breach& breach);

}  // namespace crosstalk::judging
