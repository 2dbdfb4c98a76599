// Drawn cases of SCTP beside what all sockets have: labels at their boundaries, and each trial that a mechanism can
// play.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "mechanisms/catalog.h"
#include "mechanisms/trial.h"
#include "properties/draw.h"
#include "properties/judge/trial_sights.h"

namespace crosstalk::draw {
namespace {

template <class Look>
void for_each_step(MechanismId mechanism, std::uint64_t cases, Look look) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        const auto property = static_cast<PropertyId>(seed % property_names.size());
        const Case value = cases_of(property, mechanism, no_fault, Ground{})(rc::Random(seed), 1).value();
        ASSERT_EQ(why_not(value), "") << "seed " << seed;
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps) look(step);
    }
}

TEST(DrawnAssociations, HoldEachTrialThatAClauseBindsThemTo) {
    for (MechanismId mechanism = 0; mechanism < mechanisms().size(); ++mechanism) {
        if (!binds::associations(mechanism_of(mechanism))) continue;
        std::set<Trial> due, seen;
        for (const TrialSights& rule : trial_sights)
            if (clause_of(rule.clause).binds(mechanism_of(mechanism))) due.insert(rule.trial);
        for_each_step(mechanism, 6'000, [&](const Operation& step) {
            if (step.verb == Verb::trial) seen.insert(static_cast<Trial>(step.value));
        });
        EXPECT_EQ(seen, due) << mechanism_of(mechanism).name;
        EXPECT_GT(due.size(), 8u) << mechanism_of(mechanism).name;
    }
}

TEST(DrawnAssociations, LabelMessagesAtTheBoundariesOfStreams) {
    std::map<int, int> streams;
    int unordered = 0, plain = 0, told = 0, payloads = 0;
    for_each_step(*mechanism_named("sctp4-stream"), 3'000, [&](const Operation& step) {
        const bool sends = step.verb == Verb::send;
        told += step.verb == Verb::recv && step.flags & flag_control && step.value == 1;
        plain += sends && !has_label(step.value);
        if (!sends || !has_label(step.value)) return;
        ++streams[label_of(step.value).stream];
        payloads += label_of(step.value).payload != 0;
        unordered += (step.flags & flag_unordered) != 0;
    });
    for (const int stream : {0, 1, streams_of_pairs - 1, int{streams_of_pairs}, int{most_stream}})
        EXPECT_GT(streams[stream], 5) << stream;
    for (const int times : {unordered, plain, told, payloads}) EXPECT_GT(times, 100);
}

}  // namespace
}  // namespace crosstalk::draw
