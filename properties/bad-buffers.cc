// Bad buffers: buffers that are not all there, in every call that moves bytes, at every position; and counts that no
// buffer can have. Later data must be intact, so all is read back.
#include "properties/draw/figures.h"
#include "properties/draw/phases.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {

Case draw_bad_buffers(Dice& dice, const Commission& commission) {
    Taste taste;
    taste.weights =
        with(general_weights, {{Verb::writev, 25}, {Verb::readv, 25}, {Verb::vmsplice, 6}, {Verb::available, 10}});
    taste.sizes = {20, 25, 25, 10, 15, 5};
    taste.unmapped = 45;
    taste.absurd = 6;
    taste.sleepy = 30;
    return draw_case(dice, commission, taste);
}

}  // namespace crosstalk::draw
