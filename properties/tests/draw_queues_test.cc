// What drawn programs on message queues keep: they make sense, use every verb, and show each boundary value.
#include <gtest/gtest.h>

#include <map>
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

TEST(DrawnQueues, ShowEachVerbAndEachBoundary) {
    std::map<std::string, int> seen;
    std::set<Verb> verbs;
    const auto note = [&](bool shown, const std::string& name) { seen[name] += shown; };
    for_each_case(20'000, [&](const Case& value) {
        for (const Object& object : value.program.objects) {
            const Asked& asked = object.asked;
            for (const std::uint32_t records : {0u, 1u, 10u, 11u})
                note(asked.records == records && asked.record_bytes != 0, "maxmsg " + std::to_string(records));
            for (const std::uint32_t bytes : {0u, 1u, 8192u, 8193u})
                note(asked.record_bytes == bytes && asked.records != 0, "msgsize " + std::to_string(bytes));
            note(asked.records == 0 && asked.record_bytes == 0, "no attributes");
        }
        const std::uint64_t size = value.program.objects[0].asked.record_bytes;
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) {
                verbs.insert(step.verb);
                const bool sends = step.verb == Verb::mq_send, timed = step.timeout_ns >= 0;
                for (const std::int64_t priority : {0, 31, 32767, 32768})
                    note(sends && step.value == priority, "priority " + std::to_string(priority));
                if (sends && size > 1 && value.program.objects.size() == 1) {
                    note(step.buffer.bytes == 0, "length 0"), note(step.buffer.bytes == 1, "length 1");
                    for (const std::uint64_t bytes : {size - 1, size, size + 1})
                        note(step.buffer.bytes == bytes, "length msgsize" + std::to_string(std::int64_t(bytes - size)));
                }
                for (const std::int64_t limit : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'000'000}})
                    note(timed && step.timeout_ns == limit, "timeout " + std::to_string(limit));
                note(step.timeout_ns > 1'000'000'000, "timeout in a far future");
                note(step.verb == Verb::mq_receive && (step.flags & flag_unknown), "bad tv_nsec");
            }
    });
    for (const auto& [name, times] : seen) EXPECT_GT(times, 0) << name;
    for (const Verb verb : mechanism_of(*mechanism_named("mq")).verbs)
        EXPECT_TRUE(verbs.contains(verb) || verb == Verb::nothing || verb == Verb::trial) << sheet_of(verb).name;
}

}  // namespace
}  // namespace crosstalk::draw
