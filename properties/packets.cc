// Packets: pipes with O_DIRECT keep one packet a write. Packets of all sizes up to two of the largest, read shorter and
// longer than they are; the flag also comes and goes while bytes are buffered.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_packets(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights, {{Verb::set_flags, 8}, {Verb::writev, 10}, {Verb::splice, 6}, {Verb::available, 10}});
    taste.sizes = {30, 40, 10, 5, 15, 0};
    taste.direct = 85;
    taste.figures = {read_packets};
    taste.figure = 30;
    taste.steps_high = 28;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
