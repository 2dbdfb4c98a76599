// Atomicity: small writes are whole. Several writers of sizes around PIPE_BUF on one pipe with little room, one or more
// readers with reads of all sizes: a split write shows when another's bytes fall into it.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_atomicity(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights, {{Verb::write, 60}, {Verb::writev, 20}, {Verb::read, 30}, {Verb::readv, 4}});
    taste.sizes = {10, 45, 20, 5, 15, 5};
    taste.shapes = {10, 5, 40, 35, 10};
    taste.objects = {90, 8, 1, 1};
    taste.figures = {write_across_limit, fill_then_write};
    taste.figure = 10;
    taste.misuse = 2;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
