// What every drawn case keeps, whatever its cell: it makes sense, stays small, mostly means something, and mostly ends.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "mechanisms/catalog.h"
#include "properties/draw.h"
#include "properties/draw/phases.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

// All cells of the pipe, many times, from fixed seeds.
template <class Each>
void for_each_case(std::size_t cases, const Ground& ground, Each&& each) {
    for (std::size_t i = 0; i < cases; ++i) {
        Dice dice(i);
        const auto property = static_cast<PropertyId>(i % recipes.size());
        const auto fault = static_cast<FaultId>(i / recipes.size() % faults().size());
        each(recipes[property].draw(dice, Commission{property, 0, fault, ground}));
    }
}

// Cases of one taste, for what a taste switches.
template <class Each>
void for_each_case_of(const Taste& taste, std::size_t cases, const Ground& ground, Each&& each) {
    for (std::size_t i = 0; i < cases; ++i) {
        Dice dice(i);
        each(draw_case(dice, Commission{property("order"), 0, no_fault, ground}, taste));
    }
}

RC_GTEST_PROP(DrawnCases, MakeSenseInEveryCell, ()) {
    const auto property =
        static_cast<PropertyId>(*rc::gen::resize(100, rc::gen::inRange<int>(0, property_names.size())));
    const auto fault =
        static_cast<FaultId>(*rc::gen::resize(100, rc::gen::inRange<int>(0, static_cast<int>(faults().size()))));
    Ground ground;
    ground.root = *rc::gen::arbitrary<bool>();
    ground.fifo_scheduling = *rc::gen::arbitrary<bool>();
    const Case value = *cases_of(property, 0, fault, ground);
    RC_ASSERT(why_not(value) == "");
}

TEST(DrawnCases, MakeSenseIn30000Draws) {
    const Ground ground;
    std::set<std::string> wrong;
    for_each_case(30'000, ground, [&](const Case& value) { wrong.insert(why_not(value)); });
    EXPECT_EQ(wrong, std::set<std::string>{""});
}

TEST(DrawnCases, GiveNobodyAStep) {
    Dice dice(1);
    const Ground ground;
    Plain plain(dice, Commission{property("order"), 0, no_fault, ground});
    EXPECT_FALSE(plain.add(static_cast<ActorId>(no_slot), Operation{}));
}

TEST(DrawnCases, AreTheSameFromTheSameSeed) {
    const auto gen = cases_of(property("order"), 0, no_fault, Ground{});
    EXPECT_TRUE(gen(rc::Random(5)).value() == gen(rc::Random(5)).value());
    EXPECT_FALSE(gen(rc::Random(5)).value() == gen(rc::Random(6)).value());
}

TEST(DrawnCases, DoNotDependOnTheSizeParameter) {
    const auto gen = cases_of(property("order"), 0, no_fault, Ground{});
    EXPECT_TRUE(gen(rc::Random(5), 1).value() == gen(rc::Random(5), 100).value());
}

TEST(DrawnCases, ReachEveryVerbOfTheMechanism) {
    std::set<Verb> seen;
    const Ground ground;
    for_each_case(5'000, ground, [&](const Case& value) {
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) seen.insert(step.verb);
    });
    for (const Verb verb : mechanism_of(0).verbs)  // trials are cases of their own: draw_trials_test.cc
        EXPECT_TRUE(seen.contains(verb) || verb == Verb::trial) << sheet_of(verb).name;
}

TEST(DrawnCases, PollByEpollAndSelectAsWellInEveryMechanismThatPolls) {
    for (MechanismId mechanism = 0; mechanism < mechanisms().size(); ++mechanism) {
        if (!offers(mechanism_of(mechanism), Verb::poll)) continue;
        std::size_t plain = 0, by_epoll = 0, by_select = 0;
        const auto gen = cases_of(property("readiness"), mechanism, no_fault, Ground{});
        for (std::uint64_t seed = 0; seed < 400; ++seed)
            for (const Actor& actor : gen(rc::Random(seed), 1).value().program.actors)
                for (const Operation& step : actor.steps)
                    if (step.verb == Verb::poll)
                        ++(step.flags & flag_epoll ? by_epoll : step.flags & flag_select ? by_select : plain);
        EXPECT_GT(by_epoll, 20u) << mechanism_of(mechanism).name;
        EXPECT_GT(by_select, 20u) << mechanism_of(mechanism).name;
        EXPECT_GT(plain, by_epoll) << mechanism_of(mechanism).name;
    }
}

TEST(DrawnCases, WriteAtMost4MiBAndUsuallyFarLess) {
    std::uint64_t most = 0, total = 0;
    const Ground ground;
    constexpr std::size_t cases = 10'000;
    for_each_case(cases, ground, [&](const Case& value) {
        std::uint64_t written = 0;
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps)
                if (sheet_of(step.verb).moves_bytes() && step.verb != Verb::read && step.verb != Verb::readv)
                    written += std::min<std::uint64_t>(step.buffer.bytes, step.buffer.mapped) * step.times;
        most = std::max(most, written);
        total += written;
    });
    EXPECT_LE(most, 4u << 20);
    EXPECT_LE(total / cases, 100u << 10);
}

TEST(DrawnCases, NoCallMaySleepWhereTheTasteSaysSo) {
    Taste taste;
    taste.sleepy = 0;
    Ground ground;
    ground.only_mode = Mode::turns;
    for_each_case_of(taste, 3'000, ground, [&](const Case& value) {
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) EXPECT_FALSE(may_sleep(step, true)) << sheet_of(step.verb).name;
        for (std::size_t o = 0; o < value.program.objects.size(); ++o) {
            const bool created = (created_objects(value.program) >> o & 1) != 0;
            EXPECT_TRUE(created || (value.program.objects[o].asked.flags & flag_nonblock) != 0);
        }
    });
}

TEST(DrawnCases, MostlyComeToAnEndWhereCallsMaySleep) {
    Taste taste;
    taste.sleepy = 100;
    Ground ground;
    ground.only_mode = Mode::turns;
    std::size_t stuck = 0, slept = 0;
    constexpr std::size_t cases = 4'000;
    for_each_case_of(taste, cases, ground, [&](const Case& value) {
        bool sleeper = false;
        const std::size_t left = rehearse(value, ground, [&](const World& world, ActorId, StepId) {
            for (std::size_t a = 0; a < world.actor_count(); ++a)
                sleeper = sleeper || world.actor(static_cast<ActorId>(a)).asleep;
        });
        stuck += left != 0 ? 1 : 0;
        slept += sleeper ? 1 : 0;
    });
    EXPECT_LT(stuck, cases / 10);
    EXPECT_GT(slept, cases / 3);
}

TEST(DrawnCases, MostStepsUseSlotsThatAreBound) {
    std::size_t meaningful = 0, steps = 0;
    const Ground ground;
    for_each_case(5'000, ground, [&](const Case& value) {
        rehearse(value, ground, [&](const World& world, ActorId actor, StepId step) {
            const Operation& operation = value.program.actors[actor].steps[step];
            if (operation.uses[0] == no_slot || operation.uses[0] >= first_mailbox) return;
            ++steps;
            meaningful += world.bound(actor, operation.uses[0]) ? 1 : 0;
        });
    });
    EXPECT_GT(meaningful * 100, steps * 85);
    EXPECT_LT(meaningful, steps);  // some misuse
}

TEST(DrawnCases, MostlyReadWhatWasWrittenBeforeTheyEnd) {
    std::size_t unread = 0, cases = 0;
    Ground ground;
    ground.only_mode = Mode::turns;
    for_each_case(5'000, ground, [&](const Case& value) {
        std::uint64_t left = 0;
        rehearse(value, ground, [&](const World& world, ActorId actor, StepId step) {
            left = 0;
            const Verb verb = value.program.actors[actor].steps[step].verb;
            if (verb == Verb::read || verb == Verb::readv || verb == Verb::close || verb == Verb::exit) return;
            for (std::size_t o = 0; o < world.object_count(); ++o)
                left += world.object(static_cast<ObjectId>(o)).level_bytes;
        });
        ++cases;
        unread += left != 0 ? 1 : 0;
    });
    EXPECT_LT(unread * 100, cases * 15);
}

// Without real-time priorities the run queue decides who of several woken pollers runs first.
TEST(DrawnCases, NobodySleepsBesideAPollerInTurnsWithoutFifoScheduling) {
    Ground ground;
    ground.only_mode = Mode::turns;
    std::size_t crowded = 0, pollers = 0;
    for_each_case(10'000, ground, [&](const Case& value) {
        rehearse(value, ground, [&](const World& world, ActorId, StepId) {
            for (std::size_t a = 0; a < world.actor_count(); ++a) {
                const ActorBelief& one = world.actor(static_cast<ActorId>(a));
                if (!one.asleep || one.pending.verb != Verb::poll) continue;
                ++pollers;
                for (std::size_t b = 0; b < world.actor_count(); ++b) {
                    const ActorBelief& other = world.actor(static_cast<ActorId>(b));
                    if (a == b || !other.asleep || other.pending.verb == Verb::receive) continue;
                    for (const Slot mine : one.pending.uses)
                        for (const Slot theirs : other.pending.uses)
                            crowded +=
                                world.bound(static_cast<ActorId>(a), mine) &&
                                world.at(static_cast<ActorId>(a), mine) == world.at(static_cast<ActorId>(b), theirs);
                }
            }
        });
    });
    EXPECT_EQ(crowded, 0u);
    EXPECT_GT(pollers, 100u);
}

TEST(DrawnCases, ProgressCasesHaveSeveralSleepersAtOnce) {
    std::size_t crowds = 0;
    Ground ground;
    ground.only_mode = Mode::turns;
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
        Dice dice(seed);
        const Case value = draw_progress(dice, Commission{property("progress"), 0, no_fault, ground});
        std::size_t most = 0;
        rehearse(value, ground, [&](const World& world, ActorId, StepId) {
            std::size_t now = 0;
            for (std::size_t a = 0; a < world.actor_count(); ++a)
                now += world.actor(static_cast<ActorId>(a)).asleep ? 1 : 0;
            most = std::max(most, now);
        });
        crowds += most >= 2 ? 1 : 0;
    }
    EXPECT_GT(crowds, 200u);
}

TEST(DrawnCases, InjectionsMostlyStrikeCallsThatSleep) {
    Ground ground;
    ground.only_mode = Mode::turns;
    std::size_t asleep = 0, awake = 0, none = 0;
    for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
        Dice dice(seed);
        const Case value = draw_interruption(dice, Commission{property("interruption"), 0, FaultId{1}, ground});
        none += value.plan.empty() ? 1 : 0;
        for (const Injection& injection : value.plan) {
            if (injection.when != When::asleep) continue;
            bool slept = false;
            rehearse(value, ground, [&](const World& world, ActorId, StepId) {
                const ActorBelief& who = world.actor(injection.actor);
                slept =
                    slept || (who.asleep && who.pending == value.program.actors[injection.actor].steps[injection.step]);
            });
            (slept ? asleep : awake) += 1;
        }
    }
    EXPECT_GT(asleep, awake);
    EXPECT_LT(none, 150u);
}

TEST(Ground, ComesFromWhatTheTargetSaid) {
    Environment environment;
    environment.said = {
        {"page_bytes", "65536"}, {"pipe_buf", "4096"}, {"pipe_max_bytes", "2097152"}, {"uid", "0"}, {"ladder", "fifo"}};
    const Ground ground = ground_of(environment);
    EXPECT_EQ(ground.page_bytes, 65536u);
    EXPECT_EQ(ground.pipe_max_bytes, 2097152u);
    EXPECT_EQ(ground.default_capacity_bytes, Ground{}.default_capacity_bytes);
    EXPECT_TRUE(ground.root);
    EXPECT_TRUE(ground.fifo_scheduling);
    EXPECT_FALSE(ground_of(Environment{}).root);
}

}  // namespace
}  // namespace crosstalk::draw
