// Progress: nobody sleeps while the condition they wait for holds. Several sleepers of each kind, woken by a write, a
// read, a close, a larger capacity: one too few woken is a sleep at the calm point.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_progress(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights,
             {{Verb::write, 45}, {Verb::read, 45}, {Verb::poll, 14}, {Verb::set_capacity, 8}, {Verb::close, 8}});
    taste.sizes = {20, 20, 10, 35, 10, 5};
    taste.shapes = {10, 30, 25, 25, 10};
    taste.sleepy = 96;
    taste.sleep = 90;
    taste.prefill = 40;
    taste.misuse = 1;
    taste.steps_high = 28;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
