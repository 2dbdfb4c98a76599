// End of file: what a reader sees when the last writer is gone. Write ends are copied by dup, fork and passing, closed
// in every order, and left to exit; readers sleep while the last of them goes.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_end_of_file(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights = with(general_weights,
                         {{Verb::close, 20}, {Verb::dup, 14}, {Verb::pass, 8}, {Verb::receive, 8}, {Verb::poll, 10}});
    taste.shapes = {20, 30, 20, 20, 10};
    taste.forks = 20;
    taste.exits = 20;
    taste.sleepy = 65;
    taste.closes = 85;
    taste.steps_high = 24;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
