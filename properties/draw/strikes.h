// Strikes: which injections a case's plan holds: faults placed where they are likely to fire.
#pragma once

#include "faults/case.h"
#include "properties/draw/dice.h"

namespace crosstalk::draw {

struct Draft;

// One to three injections of the commissioned fault; none if it can strike no step of this program.
void draw_plan(Draft& draft);
// What an injection's fault wants to know: whether to restart, how many signals, how long.
void draw_argument(Dice& dice, Injection& injection);

}  // namespace crosstalk::draw
