// A crowd: now and then a case is of nothing but who gives and who takes, 1 or N on either side, with N from 2 to 8,
// and seldom 64 in all. Each of them does its part, so that the shape is what was drawn. Of pipes: shape.cc.
#pragma once

#include "properties/draw.h"
#include "properties/draw/dice.h"

namespace crosstalk::draw {

struct Crowd {
    std::size_t givers = 0, takers = 0;
    std::size_t all() const { return givers + takers; }
    explicit operator bool() const { return givers != 0; }
};

// Mostly none.
inline Crowd draw_crowd(Dice& dice, const Ground& ground) {
    constexpr std::uint64_t most = 8;
    if (ground.largest_actors < most || !dice.one_in(25)) return {};
    if (dice.one_in(30)) {
        const std::size_t givers = dice.one_of<std::size_t>({1, 32, 63});
        return {givers, max_actors - givers};
    }
    const std::size_t many = dice.between(2, most);
    switch (dice.below(3)) {
        case 0: return {1, many};
        case 1: return {many, 1};
        default: return {many, many};
    }
}

}  // namespace crosstalk::draw
