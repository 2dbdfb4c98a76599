// The taste of each property for programs on message queues. See queue_mix.h.
#include "properties/draw/queue_mix.h"

namespace crosstalk::draw {
namespace {

//                            send rec look set poll open unl close dup not fill pass exec exit lim sig
constexpr QueueMix general{.weights = {30, 26, 8, 3, 3, 4, 1, 2, 2, 2, 4, 1, 0, 1, 0, 0}};

}  // namespace

QueueMix mix_of(PropertyId which) {
    QueueMix mix = general;
    const auto is = [&](std::string_view name) { return property_names[which].name == name; };
    if (is("creation")) {
        mix.weights = {12, 10, 6, 1, 1, 30, 18, 12, 1, 1, 2, 0, 0, 1, 1, 0};
        mix.made_late = 55, mix.threads = false;
    } else if (is("order")) {
        mix.weights = {45, 35, 3, 1, 0, 3, 0, 1, 0, 0, 4, 0, 0, 0, 0, 0};
        mix.edges = 2, mix.misuse = 1;
    } else if (is("transfer")) {
        mix.edges = 40, mix.misuse = 10, mix.timed = 30, mix.sleepy = 50;
    } else if (is("capacity")) {
        mix.weights = {30, 20, 14, 2, 2, 3, 0, 1, 0, 0, 18, 0, 0, 0, 0, 0};
    } else if (is("peer-death")) {
        mix.weights = {30, 30, 8, 1, 3, 4, 1, 2, 1, 4, 6, 1, 0, 5, 0, 0};
        mix.sleepy = 70;
    } else if (is("descriptors")) {
        mix.weights = {18, 16, 14, 14, 2, 10, 2, 8, 10, 2, 2, 8, 3, 1, 3, 0};
        mix.family = 35, mix.misuse = 12, mix.threads = false;
    } else if (is("interruption")) {
        mix.weights = {32, 32, 4, 1, 3, 3, 0, 1, 0, 1, 8, 0, 0, 0, 0, 4};
        mix.sleepy = 90, mix.timed = 12;
    } else if (is("notification")) {
        mix.weights = {26, 24, 4, 2, 1, 4, 1, 6, 4, 34, 2, 1, 1, 3, 0, 3};
        mix.sleepy = 45, mix.threads = false;
    } else if (is("readiness")) {
        mix.weights = {26, 22, 4, 1, 30, 4, 0, 1, 1, 0, 8, 0, 0, 0, 0, 0};
    } else if (is("progress")) {
        mix.weights = {40, 40, 2, 1, 6, 3, 1, 1, 0, 0, 10, 0, 0, 1, 0, 0};
        mix.sleepy = 95, mix.edges = 2, mix.misuse = 1;
    }
    return mix;
}

}  // namespace crosstalk::draw
