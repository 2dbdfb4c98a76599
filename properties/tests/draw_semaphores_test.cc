// Cases of semaphores as drawn: they make sense, whatever strikes them.
#include <gtest/gtest.h>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw.h"
#include "properties/draw/recipes.h"

namespace crosstalk {
namespace {

// Boundary values: draw_boundaries_test.cc.
TEST(DrawnSemaphores, MakeSense) {
    const Ground ground;
    for (const std::string_view name : {"sem-unnamed", "sem-named"}) {
        const MechanismId mechanism = *mechanism_named(name);
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            draw::Dice dice(seed);
            const auto property = static_cast<PropertyId>(seed % property_names.size());
            const auto fault = static_cast<FaultId>(seed % 3 == 0   ? interruption_fault
                                                    : seed % 3 == 1 ? killed_peer_fault
                                                                    : no_fault);
            const draw::Commission commission{property, mechanism, fault, ground};
            const Case value = draw::recipe_of(mechanism_of(mechanism), property)(dice, commission);
            ASSERT_EQ(why_not(value), "") << "seed " << seed;
        }
    }
}

}  // namespace
}  // namespace crosstalk
