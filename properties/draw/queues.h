// The recipe of message queues, for all properties: properties are weights in one table.
#pragma once

#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_queues(Dice& dice, const Commission& commission);

}  // namespace crosstalk::draw
