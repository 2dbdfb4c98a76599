// Provocations: steps drawn so that the commissioned fault can strike, with the injection that marks them. What a fault
// does is in faults/; where several of its forms are known to matter, each is drawn on purpose.
#pragma once

#include "properties/draw/draft.h"

namespace crosstalk::draw {

// Draws such steps for this actor and notes the injection in Draft::aims; false if it cannot now (it may then have
// drawn some steps, which does no harm).
bool provoke(Draft& draft, ActorId who);

// What kind of programs the fault strikes best in.
void incline(const Commission& commission, Taste& taste);

}  // namespace crosstalk::draw
