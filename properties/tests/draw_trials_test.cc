// Programs that are about one thing: trials, locks, names made anew. Each trial and each kind of step is drawn where a
// clause binds it, and all of them make sense.
#include <gtest/gtest.h>

#include <map>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trial_facts.h"

namespace crosstalk {
namespace {

using Draw = Case (*)(draw::Dice&, const draw::Commission&);

draw::Commission commission(std::string_view mechanism, PropertyId of) {
    static const Ground ground = [] {
        Ground everywhere;
        everywhere.own_machine = true;  // everything is tried
        return everywhere;
    }();
    return {of, *mechanism_named(mechanism), no_fault, ground};
}

TEST(DrawnTrials, EachIsDrawnWhereItIsTried) {
    for (MechanismId id = 0; id < mechanisms().size(); ++id) {
        std::map<Trial, int> seen;
        const std::string_view name = mechanism_of(id).name;
        for (PropertyId of = 0; of < property_names.size(); ++of)
            for (std::uint64_t seed = 0; seed < 60 && draw::may_try(commission(name, of)); ++seed) {
                draw::Dice dice(seed);
                const Case drawn = draw::draw_trials(dice, commission(name, of));
                ASSERT_EQ(why_not(drawn.program), "") << name;
                for (const Actor& actor : drawn.program.actors)
                    for (const Operation& step : actor.steps)
                        if (step.verb == Verb::trial) ++seen[static_cast<Trial>(step.value)];
            }
        for (auto trial = static_cast<std::int64_t>(Trial::seals);
             draw::may_try(commission(name, property("creation"))) && trial <= static_cast<std::int64_t>(last_trial);
             ++trial)
            EXPECT_EQ(seen[static_cast<Trial>(trial)] > 0, is_tried(mechanism_of(id), static_cast<Trial>(trial)))
                << name << ": " << about(static_cast<Trial>(trial));
    }
}

TEST(DrawnTrials, WhatTakesTheMachineIsHeldAloneAndOnlyWhereNobodyElseIs) {
    const Ground shared;
    EXPECT_FALSE(draw::may_try({property("creation"), *mechanism_named("pipe"), no_fault, shared}));
    int alone = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed)
        for (const bool own : {false, true})
            for (const FaultId fault : {no_fault, interruption_fault}) {
                const draw::Commission wanted = commission("sem-named", property("transfer"));
                const draw::Commission here{wanted.property, wanted.mechanism, fault, own ? wanted.ground : shared};
                draw::Dice dice(seed);
                const Program drawn = draw::draw_trials(dice, here).program;
                std::size_t takes = 0, steps = 0;
                for (const Actor& actor : drawn.actors)
                    for (const Operation& step : actor.steps)
                        if (step.verb == Verb::trial) ++steps, takes += takes_machine(static_cast<Trial>(step.value));
                EXPECT_TRUE(takes == 0 || (own && fault == no_fault));
                if (takes == 0) continue;
                EXPECT_EQ(takes, steps);
                EXPECT_EQ(drawn.actors.size(), 1u);
                ++alone;
            }
    EXPECT_GT(alone, 50);
}

TEST(DrawnTrials, EveryFactIsOfAMechanism) {
    for (const TrialFact& fact : trial_facts()) {
        bool bound = false;
        for (const Mechanism* const each : mechanisms()) bound = bound || clause_of(fact.clause).binds(*each);
        EXPECT_TRUE(bound) << clause_of(fact.clause).id;
    }
}

std::map<Verb, int> verbs_of(Draw draw, std::string_view mechanism) {
    std::map<Verb, int> seen;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        draw::Dice dice(seed);
        const Case drawn = draw(dice, commission(mechanism, property("progress")));
        EXPECT_EQ(why_not(drawn.program), "") << mechanism << ", seed " << seed;
        for (const Actor& actor : drawn.program.actors)
            for (const Operation& step : actor.steps) ++seen[step.verb];
    }
    return seen;
}

TEST(DrawnLocks, AreTakenGivenBackAndLookedBeside) {
    for (const std::string_view name : {"shm-posix", "shm-file", "shm-anonymous"}) {
        std::map<Verb, int> seen = verbs_of(draw::draw_locks, name);
        for (const Verb verb : {Verb::lock, Verb::unlock, Verb::load, Verb::store}) EXPECT_GT(seen[verb], 100) << name;
    }
}

TEST(DrawnNames, AreMadeAnew) {
    std::map<Verb, int> fifos = verbs_of(draw::draw_names_anew, "fifo");
    for (const Verb verb : {Verb::create, Verb::unlink, Verb::open, Verb::write, Verb::read})
        EXPECT_GT(fifos[verb], 100);
    std::map<Verb, int> memory = verbs_of(draw::draw_race_of_names, "shm-posix");
    for (const Verb verb : {Verb::unlink, Verb::open, Verb::pwrite, Verb::pread}) EXPECT_GT(memory[verb], 100);
}

}  // namespace
}  // namespace crosstalk
