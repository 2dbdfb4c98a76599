// Order: bytes arrive once, unchanged, in the order written. A general mix of everything that moves bytes, over small
// pipes, so that streams wrap and split; what the last look leaves unread is never judged.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_order(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights, {{Verb::splice, 8}, {Verb::tee, 6}, {Verb::vmsplice, 5}, {Verb::available, 8}});
    taste.objects = {60, 25, 10, 5};
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
