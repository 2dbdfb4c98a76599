// Strikes: which injections a case's plan holds: faults placed where they are likely to fire.
#pragma once

namespace crosstalk::draw {

struct Draft;

// One to three injections of the commissioned fault; none if it can strike no step of this program.
void draw_plan(Draft& draft);

}  // namespace crosstalk::draw
