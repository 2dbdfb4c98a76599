// Peer death: what survivors see of a peer that closed, exited or was killed. Read ends go while writers sleep or
// write, under every disposition of SIGPIPE.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_peer_death(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights,
             {{Verb::close, 16}, {Verb::signal, 10}, {Verb::dup, 6}, {Verb::vmsplice, 5}, {Verb::splice, 5}});
    taste.sizes = {15, 20, 10, 35, 15, 5};
    taste.forks = 15;
    taste.exits = 25;
    taste.sleepy = 60;
    taste.steps_high = 24;
    taste.figures = {break_pipe, fill_then_write};
    taste.figure = 15;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
