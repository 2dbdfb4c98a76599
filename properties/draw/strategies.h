// Strategies: where the choices of a schedule come from. Each is a function from dice and the lengths of the actors'
// straight lines to a list of choices (faults/case.h says how an agent follows one); none looks at the steps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "faults/case.h"
#include "properties/draw/dice.h"

namespace crosstalk::draw {

struct Draft;

// steps[a] = how many steps actor a has.
using Strategy = std::vector<ActorId> (*)(Dice& dice, std::span<const std::uint16_t> steps);

// Each interleaving of the lines equally likely, as long as nothing sleeps.
std::vector<ActorId> uniform(Dice& dice, std::span<const std::uint16_t> steps);

// Priorities (Burckhardt et al., ASPLOS 2010, "A randomized scheduler with probabilistic guarantees of finding bugs"):
// the most important actor that can move moves; at depth - 1 points an actor falls behind all others. Depth is drawn
// in 1..4.
std::vector<ActorId> pct(Dice& dice, std::span<const std::uint16_t> steps);
std::vector<ActorId> pct_of_depth(Dice& dice, std::span<const std::uint16_t> steps, unsigned depth);

// Delays for free mode that slide a window of one actor over a window of another, from case to case.
std::vector<Delay> sweep(Dice& dice, const Program& program);

// Completes the draft's schedule: mode, choices or delays. Opening and end keep their places around the body.
void draw_schedule(Draft& draft);

}  // namespace crosstalk::draw
