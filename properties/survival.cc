// Survival: the system under test stays alive. Everything at once: all verbs, all sizes, misuse, limits, bad buffers.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_survival(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights, {{Verb::limit, 1}, {Verb::exec, 1}, {Verb::create, 4}, {Verb::set_capacity, 8}});
    taste.misuse = 15;
    taste.unmapped = 8;
    taste.absurd = 4;
    taste.direct = 20;
    taste.large_sets = 30;
    taste.forks = 15;
    taste.threads = 12;
    taste.exits = 10;
    taste.figures = {resize_around_content, break_pipe, run_out_of_descriptors, read_packets};
    taste.figure = 5;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
