// Descriptors: what dup, fork, exec, passing and limits do to descriptors: which flags are shared, which copies keep an
// end open, what close-on-exec closes.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_descriptors(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights, {{Verb::dup, 25},
                                           {Verb::set_flags, 14},
                                           {Verb::get_flags, 18},
                                           {Verb::set_cloexec, 10},
                                           {Verb::close, 12},
                                           {Verb::pass, 10},
                                           {Verb::receive, 10},
                                           {Verb::exec, 2},
                                           {Verb::create, 4},
                                           {Verb::limit, 2}});
    taste.sizes = {60, 10, 10, 5, 10, 5};
    taste.forks = 20;
    taste.threads = 15;
    taste.figures = {renew_process, run_out_of_descriptors};
    taste.figure = 4;
    taste.steps_high = 28;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
