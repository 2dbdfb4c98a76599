// Shrinking: every smaller case makes sense, and repeating the first one that still fails ends at something minimal.
#include <gtest/gtest.h>

#include "properties/draw.h"

namespace crosstalk {
namespace {

template <class Fails>
Case minimal(Case value, Fails&& fails) {
    for (bool found = true; found;) {
        found = false;
        auto candidates = smaller(value);
        while (auto candidate = candidates.next()) {
            if (!fails(*candidate)) continue;
            value = std::move(*candidate);
            found = true;
            break;
        }
    }
    return value;
}

std::size_t steps_in(const Case& value) {
    std::size_t steps = 0;
    for (const Actor& actor : value.program.actors) steps += actor.steps.size();
    return steps;
}

template <class Holds>
bool any_step(const Case& value, Holds&& holds) {
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (holds(step)) return true;
    return false;
}

bool writes_more_than_4096(const Case& value) {
    return any_step(value, [](const Operation& step) {
        return step.verb == Verb::write && step.buffer.bytes > 4096 && step.uses[0] < first_mailbox;
    });
}

// A drawn case that fails, the first from this seed on.
template <class Fails>
Case failing(PropertyId property, FaultId fault, std::uint64_t seed, Fails&& fails) {
    const auto cases = cases_of(property, 0, fault, Ground{});
    for (;; ++seed) {
        Case value = cases(rc::Random(seed)).value();
        if (fails(value)) return value;
    }
}

TEST(Smaller, WhoOnlyLooksHowMuchIsThereReadsItInstead) {
    Case value;
    value.program.objects.push_back({0, {.capacity_bytes = 4096, .flags = flag_nonblock}});
    Operation look;
    look.verb = Verb::available;
    look.uses[0] = initial_slot(0, 0);
    value.program.actors.push_back({});
    value.program.actors[0].holds = {look.uses[0]};
    value.program.actors[0].steps = {look};
    bool reads = false, plain = false;
    for (auto candidates = smaller(value); auto candidate = candidates.next();) {
        reads |= any_step(*candidate, [](const Operation& step) { return step.verb == Verb::read; });
        plain |= candidate->program.objects[0].asked == Asked{};
    }
    EXPECT_TRUE(reads);
    EXPECT_TRUE(plain) << "flags and capacity go at once";
}

TEST(Smaller, AWriteOfMoreThan4096BytesShrinksToOneActorOneStepAnd4097Bytes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Case value =
            minimal(failing(property("order"), no_fault, seed * 100, writes_more_than_4096), writes_more_than_4096);
        ASSERT_EQ(value.program.actors.size(), 1u);
        ASSERT_EQ(value.program.actors[0].steps.size(), 1u);
        EXPECT_EQ(value.program.actors[0].steps[0].buffer.bytes, 4097u);
        EXPECT_EQ(value.program.actors[0].steps[0].times, 1u);
        EXPECT_EQ(value.program.objects.size(), 1u);
        EXPECT_TRUE(value.schedule.choices.empty());
    }
}

TEST(Smaller, AnInjectionThatMattersStaysWithItsStepAndTheOthersGo) {
    const auto fails = [](const Case& value) {
        for (const Injection& injection : value.plan)
            if (value.program.actors[injection.actor].steps[injection.step].verb == Verb::read) return true;
        return false;
    };
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const Case value = minimal(failing(property("interruption"), FaultId{1}, seed * 100, fails), fails);
        ASSERT_EQ(value.plan.size(), 1u);
        EXPECT_EQ(steps_in(value), 1u);
        EXPECT_EQ(value.plan[0].argument, 0);
    }
}

TEST(Smaller, AThreadIsKeptWithTheStepThatStartsIt) {
    const auto fails = [](const Case& value) {
        for (const Actor& actor : value.program.actors)
            if (actor.kind == ActorKind::thread && !actor.steps.empty()) return true;
        return false;
    };
    const Case value = minimal(failing(property("survival"), no_fault, 0, fails), fails);
    EXPECT_EQ(value.program.actors.size(), 2u);
    EXPECT_EQ(steps_in(value), 2u);
}

TEST(Smaller, AStartedActorBecomesPooledWhereThatDoesNotMatter) {
    const auto fails = [](const Case& value) {
        return value.program.actors.size() >= 2 &&
               any_step(value, [](const Operation& step) { return step.verb == Verb::read; });
    };
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        for (const Actor& actor :
             minimal(failing(property("end-of-file"), no_fault, seed * 100, fails), fails).program.actors)
            EXPECT_EQ(actor.kind, ActorKind::pooled);
}

TEST(Smaller, TheModeIsKept) {
    Ground ground;
    ground.only_mode = Mode::free;
    const Case value = minimal(cases_of(property("order"), 0, no_fault, ground)(rc::Random(3)).value(),
                               [](const Case&) { return true; });
    EXPECT_EQ(value.schedule.mode, Mode::free);
    EXPECT_TRUE(value.schedule.delays.empty());
}

TEST(Smaller, EveryCandidateMakesSenseAndDiffers) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto property = static_cast<PropertyId>(seed % property_names.size());
        const Case value = cases_of(property, 0, static_cast<FaultId>(seed % 3), Ground{})(rc::Random(seed)).value();
        auto candidates = smaller(value);
        std::size_t count = 0;
        while (const auto candidate = candidates.next()) {
            ++count;
            ASSERT_EQ(why_not(*candidate), "");
            ASSERT_FALSE(*candidate == value);
            ASSERT_LE(candidate->program.actors.size(), value.program.actors.size());
            ASSERT_LE(steps_in(*candidate), steps_in(value));
            ASSERT_LE(candidate->plan.size(), value.plan.size());
        }
        EXPECT_GT(count, steps_in(value));
    }
}

TEST(Smaller, NothingIsSmallerThanOneActorThatDoesNothing) {
    Case value;
    value.program.actors.resize(1);
    auto candidates = smaller(value);
    EXPECT_FALSE(candidates.next());
}

TEST(Smaller, AnythingShrinksToNothingInAFewHundredTries) {
    const Case value = cases_of(property("survival"), 0, FaultId{2}, Ground{})(rc::Random(11)).value();
    std::size_t tries = 0;
    const Case least = minimal(value, [&](const Case&) { return ++tries != 0; });
    EXPECT_EQ(steps_in(least), 0u);
    EXPECT_LT(tries, 300u);
}

Operation step_of(Verb verb, Slot slot, std::uint64_t bytes = 0) {
    Operation step;
    step.verb = verb;
    step.uses[0] = slot;
    step.buffer.bytes = bytes;
    return step;
}

Case two_actors() {
    Case value;
    value.program.objects.resize(1);
    value.program.actors.resize(2);
    value.program.actors[0].holds = {1};
    value.program.actors[0].steps = {step_of(Verb::write, 1, 10), step_of(Verb::write, 1, 20), step_of(Verb::close, 1)};
    value.program.actors[1].holds = {0};
    value.program.actors[1].steps = {step_of(Verb::read, 0, 5), step_of(Verb::read, 0, 100)};
    value.schedule.choices = {0, 1, 0};
    return value;
}

bool offers(const Case& value, const std::function<bool(const Case&)>& wanted) {
    auto candidates = smaller(value);
    while (const auto candidate = candidates.next())
        if (wanted(*candidate)) return true;
    return false;
}

TEST(Smaller, TwoActorsBecomeOneThatTakesTheirStepsInTheOrderOfTheChoices) {
    EXPECT_TRUE(offers(two_actors(), [](const Case& value) {
        if (value.program.actors.size() != 1 || steps_in(value) != 5) return false;
        std::vector<std::uint64_t> bytes;
        for (const Operation& step : value.program.actors[0].steps) bytes.push_back(step.buffer.bytes);
        return bytes == std::vector<std::uint64_t>{10, 5, 20, 0, 100} &&
               value.program.actors[0].holds == std::vector<Slot>{0, 1};
    }));
}

TEST(Smaller, TwoWritesInARowBecomeOneOfAsManyBytes) {
    EXPECT_TRUE(offers(two_actors(), [](const Case& value) {
        return steps_in(value) == 4 && any_step(value, [](const Operation& step) { return step.buffer.bytes == 30; });
    }));
}

TEST(Smaller, WhoClosesAnEndAtOnceNeedNotHoldIt) {
    Case value = two_actors();
    value.program.actors[1].holds = {0, 1};
    value.program.actors[1].steps.insert(value.program.actors[1].steps.begin(), step_of(Verb::close, 1));
    EXPECT_TRUE(offers(value, [](const Case& smaller) {
        return steps_in(smaller) == 5 && smaller.program.actors.size() == 2 &&
               smaller.program.actors[1].holds == std::vector<Slot>{0};
    }));
}

History history_of(const Case& value, const std::vector<ActorId>& movers) {
    History history;
    std::vector<StepId> next(value.program.actors.size());
    for (const ActorId actor : movers) {
        Event event;
        event.actor = actor;
        event.step = next[actor]++;
        event.verb = value.program.actors[actor].steps[event.step].verb;
        event.began = 2 * history.events.size() + 1;
        event.ended = event.began + 1;
        history.events.push_back(event);
    }
    return history;
}

TEST(FirstCuts, WhatCameAfterTheEventGoesAndTheRestGoesAsItWent) {
    Case value = two_actors();
    value.schedule.choices.clear();
    const History history = history_of(value, {0, 1, 0, 0, 1});
    const std::vector<Case> cuts = first_cuts(value, history, 2);
    ASSERT_EQ(cuts.size(), 2u);
    EXPECT_EQ(steps_in(cuts[1]), 3u);
    EXPECT_EQ(cuts[1].schedule.choices, (std::vector<ActorId>{0, 1, 0}));
}

TEST(FirstCuts, WhomTheEventDoesNotNameGoesFirst) {
    Case value = two_actors();
    value.schedule.choices.clear();
    const History history = history_of(value, {0, 1, 0, 0, 1});
    const std::vector<Case> cuts = first_cuts(value, history, 2);
    ASSERT_EQ(cuts.size(), 2u);
    ASSERT_EQ(cuts[0].program.actors.size(), 1u);
    EXPECT_EQ(steps_in(cuts[0]), 2u);
}

TEST(FirstCuts, ARaceIsOfferedInTurnsAndAsItWas) {
    Case value = two_actors();
    value.schedule.mode = Mode::free;
    value.schedule.choices.clear();
    const std::vector<Case> cuts = first_cuts(value, history_of(value, {0, 1, 0, 0, 1}), 3);
    ASSERT_EQ(cuts.size(), 4u);  // of one actor, then of both
    EXPECT_EQ(cuts[0].schedule.mode, Mode::turns);
    EXPECT_EQ(cuts[1].schedule.mode, Mode::free);
    EXPECT_EQ(cuts[2].schedule.mode, Mode::turns);
    EXPECT_EQ(cuts[3].schedule.mode, Mode::free);
    EXPECT_EQ(steps_in(cuts[3]), 4u);
}

}  // namespace
}  // namespace crosstalk
