// What a program on message queues is made of: deeds, and how much of each a property wants to see.
// A table of tastes; the programs are drawn in queues.cc.
#pragma once

#include <array>
#include <cstdint>

#include "properties/property.h"

namespace crosstalk::draw {

enum class QueueDeed : std::uint8_t {
    send,
    receive,
    look,
    set_flags,
    poll,
    open,
    unlink,
    close,
    dup,
    notify,
    fill,
    pass,
    exec,
    exit,
    limit,
    signal
};
constexpr std::size_t queue_deeds = 16;

// What a property wants to see: weights by QueueDeed, then percentages.
struct QueueMix {
    std::array<std::uint8_t, queue_deeds> weights{};
    unsigned sleepy = 30;    // descriptions without O_NONBLOCK
    unsigned timed = 6;      // transfers with a time limit
    unsigned edges = 10;     // lengths and priorities at or beyond what is allowed
    unsigned misuse = 3;     // slots of the wrong kind, or in which nothing stands
    unsigned made_late = 5;  // objects that a step makes, or that nobody does
    unsigned family = 20;    // actors that are forked, or threads
    bool threads = true;
};

QueueMix mix_of(PropertyId which);

}  // namespace crosstalk::draw
