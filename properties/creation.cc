// Creation: making an object: numbers, flags, errors, nothing half-made. Objects are made by steps, with every flag and
// bad argument, where descriptors run out and where low numbers are free; and used as what they are not.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_creation(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights, {{Verb::create, 30},
                                           {Verb::get_flags, 20},
                                           {Verb::close, 15},
                                           {Verb::dup, 8},
                                           {Verb::get_capacity, 8},
                                           {Verb::stat, 8},
                                           {Verb::seek, 6},
                                           {Verb::pread, 5},
                                           {Verb::pwrite, 5},
                                           {Verb::sync, 5},
                                           {Verb::truncate, 5},
                                           {Verb::map, 5},
                                           {Verb::path_limit, 5},
                                           {Verb::limit, 3},
                                           {Verb::write, 15},
                                           {Verb::read, 15}});
    taste.sizes = {70, 10, 5, 5, 5, 5};
    taste.shapes = {25, 5, 5, 5, 60};
    taste.misuse = 12;
    taste.figures = {run_out_of_descriptors};
    taste.figure = 8;
    taste.steps_high = 24;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
