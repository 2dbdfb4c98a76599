// Capacity: how much fits, how it is set and counted. Fills in bytes, in half pages and in pages, resizes below, at and
// above what is buffered, and a byte or a page read from what is full.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_capacity(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights,
                         {{Verb::set_capacity, 16}, {Verb::get_capacity, 8}, {Verb::available, 10}, {Verb::writev, 4}});
    taste.sizes = {10, 15, 30, 25, 15, 5};
    taste.shapes = {35, 10, 10, 10, 35};
    taste.prefill = 50;
    taste.sleepy = 30;
    taste.large_sets = 50;
    taste.figures = {fill_then_write, free_one_page, resize_around_content, write_across_limit};
    taste.figure = 25;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
