// Readiness: poll agrees with what calls then do. A poll before and after each change: bytes come, go, fill the last
// page; ends close; pollers sleep while it happens.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_readiness(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights, {{Verb::poll, 50}, {Verb::close, 8}, {Verb::available, 8}});
    taste.sizes = {25, 25, 20, 20, 10, 0};
    taste.objects = {50, 25, 15, 10};
    taste.prefill = 40;
    taste.figures = {poll_around_change, fill_then_write, watch_arrivals};
    taste.figure = 30;
    taste.steps_high = 28;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
