// Shape: how many objects and actors, who reads and who writes, how actors come into being, and who holds what at the
// start. Drawn before any step; also the opening steps that the shape itself needs (starting children).
#pragma once

#include "properties/draw/draft.h"

namespace crosstalk::draw {

// Draws objects, actors, roles and holdings; afterwards the draft has a world.
void draw_shape(Draft& draft);

// Steps that start forked actors and threads, and close what a process holds only for its children.
void draw_starts(Draft& draft);

}  // namespace crosstalk::draw
