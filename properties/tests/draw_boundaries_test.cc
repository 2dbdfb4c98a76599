// The generators hit the boundary table on purpose: every value of the pipe's rows is seen in 20,000 cases.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "properties/draw/boundaries.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

std::string missing_in(const std::vector<std::uint64_t>& seen) {
    constexpr std::array<std::string_view, 4> quantities{"write size", "capacity set", "fill before the write",
                                                         "processes"};
    std::string missing;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i] == 0)
            missing.append(quantities[static_cast<std::size_t>(boundaries()[i].quantity)])
                .append(" ")
                .append(boundaries()[i].name)
                .append("; ");
    return missing;
}

std::vector<std::uint64_t> seen_in(std::size_t cases, const Ground& ground) {
    std::vector<std::uint64_t> seen(boundaries().size(), 0);
    for (std::size_t i = 0; i < cases; ++i) {
        Dice dice(i);
        const auto property = static_cast<PropertyId>(i % recipes.size());
        const Commission commission{property, 0, no_fault, ground};
        count_boundaries(recipes[property].draw(dice, commission), ground, seen);
    }
    return seen;
}

TEST(Boundaries, EveryValueIsSeenIn20000CasesOfAllProperties) {
    const Ground ground;
    EXPECT_EQ(missing_in(seen_in(20'000, ground)), "");
}

TEST(Boundaries, EveryValueIsSeenOnA64KiBPageToo) {
    Ground ground;
    ground.page_bytes = 65536;
    ground.default_capacity_bytes = 16 * 65536;
    EXPECT_EQ(missing_in(seen_in(20'000, ground)), "");
}

TEST(Boundaries, AMissingValueIsNamed) {
    const std::vector<std::uint64_t> seen(boundaries().size(), 0);
    const std::string missing = missing_in(seen);
    EXPECT_NE(missing.find("write size page/2+1"), std::string::npos);
    EXPECT_NE(missing.find("processes 8+8"), std::string::npos);
}

Operation writing(std::uint64_t bytes) {
    Operation step;
    step.verb = Verb::write;
    step.uses[0] = initial_slot(0, 1);
    step.buffer.bytes = bytes;
    return step;
}

// One actor that fills a pipe of two pages to a level and writes once more.
std::uint64_t times_seen(std::uint64_t level, std::uint64_t bytes, Quantity quantity, std::string_view name) {
    Case value;
    Object pipe;
    pipe.asked = {8192, flag_nonblock};
    value.program.objects.push_back(pipe);
    Actor actor;
    actor.holds = {0, 1};
    actor.steps = {writing(level), writing(bytes)};
    value.program.actors.push_back(actor);
    std::vector<std::uint64_t> seen(boundaries().size(), 0);
    count_boundaries(value, Ground{}, seen);
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (boundaries()[i].quantity == quantity && boundaries()[i].name == name) return seen[i];
    return 0;
}

TEST(Boundaries, CountingTellsAFillFromItsNeighbours) {
    EXPECT_EQ(times_seen(4095, 1, Quantity::fill_before_write, "capacity-PIPE_BUF-1"), 1u);
    EXPECT_EQ(times_seen(4096, 1, Quantity::fill_before_write, "capacity-PIPE_BUF-1"), 0u);
    EXPECT_EQ(times_seen(4096, 1, Quantity::fill_before_write, "capacity-PIPE_BUF"), 1u);
    EXPECT_EQ(times_seen(8192, 1, Quantity::fill_before_write, "capacity"), 1u);
}

TEST(Boundaries, SizesAreCountedAgainstTheCapacityOfThatPipe) {
    EXPECT_EQ(times_seen(1, 8193, Quantity::write_bytes, "capacity+1"), 1u);
    EXPECT_EQ(times_seen(1, 65537, Quantity::write_bytes, "capacity+1"), 0u);
}

}  // namespace
}  // namespace crosstalk::draw
