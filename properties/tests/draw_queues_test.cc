// What drawn programs on message queues keep: they make sense and use every verb.
#include <gtest/gtest.h>

#include <set>

#include "mechanisms/catalog.h"
#include "properties/draw.h"
#include "properties/draw/queues.h"

namespace crosstalk::draw {
namespace {

template <class Each>
void for_each_case(std::size_t cases, Each&& each) {
    const MechanismId queue = *mechanism_named("mq");
    for (std::size_t i = 0; i < cases; ++i) {
        Dice dice(i);
        const auto property = static_cast<PropertyId>(i % property_names.size());
        const auto fault = static_cast<FaultId>(i / property_names.size() % faults().size());
        each(draw_queues(dice, Commission{property, queue, fault, Ground{}}));
    }
}

TEST(DrawnQueues, MakeSense) {
    std::set<std::string> wrong;
    for_each_case(20'000, [&](const Case& value) { wrong.insert(why_not(value)); });
    EXPECT_EQ(wrong, std::set<std::string>{""});
}

// The leader can make only what is asked for rightly; the rest is for a step.
TEST(DrawnQueues, WithImpossibleSizesAreMadeByAStep) {
    for_each_case(20'000, [&](const Case& value) {
        for (std::size_t o = 0; o < value.program.objects.size(); ++o) {
            const Asked& asked = value.program.objects[o].asked;
            const bool possible =
                (asked.records == 0) == (asked.record_bytes == 0) && asked.records <= 10 && asked.record_bytes <= 8192;
            bool by_step = false;
            for (const Actor& actor : value.program.actors)
                for (const Operation& step : actor.steps)
                    by_step = by_step || (step.verb == Verb::create && step.object == o);
            ASSERT_TRUE(possible || by_step);
        }
    });
}

// Boundary values: draw_boundaries_test.cc.
TEST(DrawnQueues, ShowEachVerb) {
    std::set<Verb> verbs;
    for_each_case(20'000, [&](const Case& value) {
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) verbs.insert(step.verb);
    });
    for (const Verb verb : mechanism_of(*mechanism_named("mq")).verbs)
        EXPECT_TRUE(verbs.contains(verb) || verb == Verb::nothing || verb == Verb::trial) << sheet_of(verb).name;
}

}  // namespace
}  // namespace crosstalk::draw
