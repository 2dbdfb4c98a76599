// Notification: O_ASYNC tells of arrivals by SIGIO. The flag comes and goes on read ends, shared over dup and fork;
// bytes arrive at empty and at filled pipes, with SIGIO handled, ignored or blocked.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_notification(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights, {{Verb::set_flags, 25}, {Verb::signal, 6}, {Verb::dup, 6}, {Verb::get_flags, 6}});
    taste.sizes = {60, 20, 10, 5, 5, 0};
    taste.async = 80;
    taste.figures = {hear_of_arrivals};
    taste.figure = 25;
    taste.steps_high = 24;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
