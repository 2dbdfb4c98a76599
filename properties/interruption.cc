// Interruption: signals and calls. Calls that sleep, on empty and on full pipes, with dispositions that let a signal
// interrupt, restart or pass by; the signals themselves come from the plan.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_interruption(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights,
                         {{Verb::write, 45}, {Verb::read, 45}, {Verb::poll, 12}, {Verb::signal, 8}, {Verb::splice, 6}});
    taste.sizes = {15, 20, 10, 40, 10, 5};
    taste.sleepy = 92;
    taste.sleep = 90;
    taste.prefill = 50;
    taste.misuse = 2;
    taste.steps_high = 20;
    taste.figures = {fill_then_write};
    taste.figure = 12;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
