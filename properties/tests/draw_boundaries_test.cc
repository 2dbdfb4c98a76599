// The generators hit the boundary tables on purpose: every value of the rows that concern a mechanism is seen in 20,000
// cases of it, drawn as a run draws them.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/recipes.h"
#include "properties/tests/nightly.h"

namespace crosstalk::draw {
namespace {

std::string missing_in(const std::vector<Boundary>& rows, const std::vector<std::uint64_t>& seen) {
    std::string missing;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (seen[i] == 0) missing.append(name_of(rows[i].quantity)).append(" ").append(rows[i].name).append("; ");
    return missing;
}

// What a run would draw cases for.
std::vector<PropertyId> properties_of(const Mechanism& mechanism) {
    std::vector<PropertyId> properties;
    for (PropertyId property = 0; property < property_names.size(); ++property)
        if (std::ranges::any_of(clauses(), [&](const Clause& clause) {
                return clause.property == property && clause.standing == Standing::judged && clause.binds(mechanism);
            }))
            properties.push_back(property);
    return properties;
}

// What is missing after so many cases; it stops early once nothing is. Sanitizers want the code run, no value seen.
std::string missing_after(std::size_t cases, MechanismId id, const Ground& ground) {
    constexpr std::size_t look_every = 1'000;
    const Mechanism& mechanism = mechanism_of(id);
    const std::vector<Boundary> rows = boundaries_of(mechanism);
    const std::vector<PropertyId> properties = properties_of(mechanism);
    std::vector<std::uint64_t> seen(rows.size(), 0);
    std::string missing;
    for (std::size_t i = 0; i < many(cases); ++i) {
        Dice dice(i);
        const Commission commission{properties[i % properties.size()], id, no_fault, ground};
        count_boundaries(drawn_by_recipe(dice, commission), mechanism, ground, seen);
        if (i % look_every == look_every - 1 && (missing = missing_in(rows, seen)).empty()) return "";
    }
    return sanitized ? "" : missing;
}

class EachMechanism : public testing::TestWithParam<MechanismId> {};

TEST_P(EachMechanism, ShowsEveryValueIn20000Cases) { EXPECT_EQ(missing_after(20'000, GetParam(), Ground()), ""); }

std::string name_of_mechanism(const testing::TestParamInfo<MechanismId>& tested) {
    std::string name(mechanism_of(tested.param).name);
    std::ranges::replace(name, '-', '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(Boundaries, EachMechanism,
                         testing::Range(MechanismId{0}, static_cast<MechanismId>(mechanisms().size())),
                         name_of_mechanism);

TEST(Boundaries, EveryValueIsSeenOnA64KiBPageToo) {
    Ground ground;
    ground.page_bytes = 65536;
    ground.default_capacity_bytes = 16 * 65536;
    for (const std::string_view name : {"pipe", "shm-posix", "shm-file"})
        EXPECT_EQ(missing_after(20'000, *mechanism_named(name), ground), "") << name;
}

TEST(Boundaries, EveryValueIsSeenUnderOtherLimitsToo) {
    Ground ground;
    ground.queue_messages_max = 64, ground.queue_bytes_max = 1024;
    ground.sem_value_max = 32767;
    ground.send_buffer_max = 1 << 22, ground.receive_buffer_max = 1 << 21, ground.backlog_max = 128;
    for (const std::string_view name : {"mq", "sem-named", "unix-stream", "tcp4", "sctp4-stream"})
        EXPECT_EQ(missing_after(20'000, *mechanism_named(name), ground), "") << name;
}

TEST(Boundaries, AMissingValueIsNamed) {
    const std::vector<Boundary> rows = boundaries_of(mechanism_of(0));
    const std::string missing = missing_in(rows, std::vector<std::uint64_t>(rows.size(), 0));
    EXPECT_NE(missing.find("write size page/2+1"), std::string::npos);
    EXPECT_NE(missing.find("processes 8+8"), std::string::npos);
}

// How often a case shows a value.
std::uint64_t times_shown(const Case& value, Quantity quantity, std::string_view name) {
    const Mechanism& mechanism = mechanism_of(value.program.objects[0].mechanism);
    const std::vector<Boundary> rows = boundaries_of(mechanism);
    std::vector<std::uint64_t> seen(rows.size(), 0);
    count_boundaries(value, mechanism, Ground{}, seen);
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (rows[i].quantity == quantity && rows[i].name == name) return seen[i];
    ADD_FAILURE() << "no row " << name;
    return 0;
}

Case with_object(std::string_view mechanism, const Asked& asked, std::vector<std::vector<Operation>> lines) {
    Case value;
    value.program.objects.push_back({*mechanism_named(mechanism), asked});
    for (std::vector<Operation>& steps : lines) {
        Actor actor;
        for (int end = 0; end < mechanism_of(value.program.objects[0].mechanism).facts.ends; ++end)
            actor.holds.push_back(initial_slot(0, end));
        actor.steps = std::move(steps);
        value.program.actors.push_back(actor);
    }
    return value;
}

Operation writing(std::uint64_t bytes) {
    Operation step = on(Verb::write, initial_slot(0, 1));
    step.buffer.bytes = bytes;
    return step;
}

// One actor that fills a pipe of two pages to a level and writes once more.
std::uint64_t times_seen(std::uint64_t level, std::uint64_t bytes, Quantity quantity, std::string_view name) {
    return times_shown(with_object("pipe", {8192, flag_nonblock}, {{writing(level), writing(bytes)}}), quantity, name);
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

Operation sending(std::uint32_t times) {
    Operation step = on(Verb::mq_send, initial_slot(0, 0));
    step.buffer.bytes = 8;
    step.times = times;
    return step;
}
Operation receiving() {
    Operation step = on(Verb::mq_receive, initial_slot(0, 0));
    step.buffer.bytes = 8;
    return step;
}

// Three find room, the last finds none; what is refused for its length changes nothing.
TEST(Boundaries, LevelsOfAQueueAreThoseThatEachMessageFinds) {
    Operation too_long = sending(1);
    too_long.buffer.bytes = 9;
    Case value = with_object("mq", {.flags = flag_nonblock, .records = 3, .record_bytes = 8},
                             {{too_long, sending(1), sending(3), receiving()}});
    const auto shown = [&](std::string_view name) { return times_shown(value, Quantity::level_before_send, name); };
    EXPECT_EQ(shown("0"), 1u);
    EXPECT_EQ(shown("1"), 1u);
    EXPECT_EQ(shown("maxmsg-1"), 1u);
    EXPECT_EQ(shown("maxmsg"), 1u);
    value.schedule.mode = Mode::free;
    EXPECT_EQ(shown("0"), 0u);
}

TEST(Boundaries, WhoSleepsForAMessageIsGivenTheNext) {
    Case value = with_object("mq", {.records = 3, .record_bytes = 8}, {{receiving()}, {sending(1), sending(1)}});
    EXPECT_EQ(times_shown(value, Quantity::level_before_send, "0"), 2u);
    EXPECT_EQ(times_shown(value, Quantity::level_before_send, "1"), 0u);
}

// Two sleep before as many posts come as the test says.
Case with_posts(std::size_t posts) {
    const Operation wait = on(Verb::sem_wait, initial_slot(0, 0)), post = on(Verb::sem_post, initial_slot(0, 0));
    return with_object("sem-unnamed", {}, {{wait}, {wait}, std::vector<Operation>(posts, post)});
}

TEST(Boundaries, PostsAreCountedAgainstThoseWhoSleep) {
    EXPECT_EQ(times_shown(with_posts(1), Quantity::posts, "k<N"), 1u);
    EXPECT_EQ(times_shown(with_posts(2), Quantity::posts, "k=N"), 1u);
    EXPECT_EQ(times_shown(with_posts(3), Quantity::posts, "k>N"), 1u);
    EXPECT_EQ(times_shown(with_posts(3), Quantity::posts, "k<N"), 0u);
    EXPECT_EQ(times_shown(with_posts(3), Quantity::waiters, "N"), 1u);
    EXPECT_EQ(times_shown(with_posts(3), Quantity::waiters, "1"), 1u);
    EXPECT_EQ(times_shown(with_posts(3), Quantity::waiters, "0"), 1u);
}

TEST(Boundaries, RightsOfNoneAreNoMessageWithoutRights) {
    Operation send = on(Verb::send, initial_slot(0, 0));
    EXPECT_EQ(times_shown(with_object("unix-dgram", {}, {{send}}), Quantity::rights, "0"), 0u);
    send.value = empty_rights;
    EXPECT_EQ(times_shown(with_object("unix-dgram", {}, {{send}}), Quantity::rights, "0"), 1u);
}

TEST(Boundaries, GiversAndTakersMeetAtTheTwoEnds) {
    const Operation here = on(Verb::send, initial_slot(0, 0)), there = on(Verb::recv, initial_slot(0, 1)),
                    back = on(Verb::recv, initial_slot(0, 0));
    EXPECT_EQ(times_shown(with_object("tcp4", {}, {{here}, {here}, {there}}), Quantity::processes, "2+1"), 1u);
    EXPECT_EQ(times_shown(with_object("tcp4", {}, {{here}, {here}, {back}}), Quantity::processes, "2+1"), 0u);
}

TEST(Boundaries, ATrialShowsTheValuesThatItPasses) {
    Operation trial = on(Verb::trial, no_slot);
    trial.value = static_cast<std::int64_t>(Trial::full_queue);
    EXPECT_EQ(times_shown(with_object("unix-dgram", {}, {{trial}}), Quantity::queue_length, "max_dgram_qlen+1"), 1u);
}

}  // namespace
}  // namespace crosstalk::draw
