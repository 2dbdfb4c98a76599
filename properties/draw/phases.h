// Phases: a program opens (children start, objects are filled), has a body, and ends by looking: what nobody reads
// back is never judged. Where calls may sleep, the end also lets everybody come to an end: writers close, readers read
// to end of file.
#pragma once

#include "properties/draw/draft.h"

namespace crosstalk::draw {

// The whole way from a commission to a case: shape, opening, body, end, schedule, plan.
Case draw_case(Dice& dice, const Commission& commission, const Taste& taste);

void draw_opening(Draft& draft);
void draw_body(Draft& draft);
void draw_end(Draft& draft);

}  // namespace crosstalk::draw
