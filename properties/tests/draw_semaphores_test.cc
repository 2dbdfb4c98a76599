// Cases of semaphores as drawn: they make sense, and show the boundary values of first values, waiters and posts.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw.h"
#include "properties/draw/recipes.h"

namespace crosstalk {
namespace {

std::string boundary_of(std::int64_t value, const Ground& ground) {
    if (value <= 1) return std::to_string(value);
    const std::int64_t off = value - ground.sem_value_max;
    return off < -1 || off > 1 ? "other"
           : off == 0          ? "SEM_VALUE_MAX"
           : off < 0           ? "SEM_VALUE_MAX - 1"
                               : "SEM_VALUE_MAX + 1";
}

TEST(DrawnSemaphores, MakeSenseAndShowEachBoundary) {
    const Ground ground;
    for (const std::string_view name : {"sem-unnamed", "sem-named"}) {
        const MechanismId mechanism = *mechanism_named(name);
        std::map<std::string, int> seen;
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            draw::Dice dice(seed);
            const auto property = static_cast<PropertyId>(seed % property_names.size());
            const auto fault = static_cast<FaultId>(seed % 3 == 0   ? interruption_fault
                                                    : seed % 3 == 1 ? killed_peer_fault
                                                                    : no_fault);
            const draw::Commission commission{property, mechanism, fault, ground};
            const Case value = draw::recipe_of(mechanism_of(mechanism), property)(dice, commission);
            ASSERT_EQ(why_not(value), "") << "seed " << seed;
            int waits = 0, posts = 0;
            std::set<std::size_t> waiters;
            for (std::size_t a = 0; a < value.program.actors.size(); ++a)
                for (const Operation& step : value.program.actors[a].steps) {
                    const std::int64_t first = value.program.objects[step.object].asked.value;
                    if (step.verb == Verb::create) ++seen["first " + boundary_of(first, ground)];
                    if (step.verb == Verb::open && (step.flags & flag_create))
                        ++seen["first " + boundary_of(first + step.value, ground)];
                    posts += step.verb == Verb::sem_post;
                    if (step.verb != Verb::sem_wait || !may_sleep(step, false)) continue;
                    waiters.insert(a), ++waits;
                }
            ++seen[waiters.empty() ? "no waiters" : waiters.size() == 1 ? "one waiter" : "several waiters"];
            if (waits > 0) ++seen[posts < waits ? "fewer posts" : posts == waits ? "as many posts" : "more posts"];
        }
        for (const char* const boundary :
             {"first 0", "first 1", "first SEM_VALUE_MAX - 1", "first SEM_VALUE_MAX", "first SEM_VALUE_MAX + 1",
              "no waiters", "one waiter", "several waiters", "fewer posts", "as many posts", "more posts"})
            EXPECT_GT(seen[boundary], 20) << name << ": " << boundary;
    }
}

}  // namespace
}  // namespace crosstalk
