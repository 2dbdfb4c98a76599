// Transfer: how much one call moves, and what it says when it can move nothing. Sizes of all kinds against fills of all
// kinds, mostly where no call may sleep, since there every short count and EAGAIN shows.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_transfer(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights,
                         {{Verb::splice, 6}, {Verb::tee, 4}, {Verb::vmsplice, 4}, {Verb::seek, 2}, {Verb::close, 6}});
    taste.sizes = {15, 20, 15, 15, 25, 10};
    taste.prefill = 50;
    taste.sleepy = 40;
    taste.misuse = 8;
    taste.absurd = 4;
    taste.figures = {fill_then_write, free_one_page};
    taste.figure = 8;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
