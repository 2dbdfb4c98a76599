// How a finding gets its name: from its smallest case, and never so that something worse is hidden behind it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "properties/draw/plainer.h"
#include "properties/judge.h"
#include "reports/cells.h"
#include "reports/record.h"
#include "runners/campaign/findings.h"
#include "runners/targets/catalog.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/campaign_run.h"

namespace crosstalk {
namespace {

using namespace fakes;

std::string name(ClauseId clause) { return std::string(clause_of(clause).id); }

Expectation known(ClauseId clause, const std::string& outcome) {
    return {"*", name(clause), outcome, "it is known", "", 1.0, ""};
}

Failure met_as(Script script, ClauseId clause, Reason reason) {
    Failure out;
    out.value = case_of(script);
    out.goal = {0, clause, reason, "", false, 0};
    out.history.events.resize(1);
    return out;
}

TEST(Names, AFindingIsNamedByItsSmallestCaseAndSaysAsWhatItWasMet) {
    Counters counters;
    const Results results = run(options(counters, 50, [](std::uint64_t n) { return n < 20 ? holds : slides; }));
    ASSERT_EQ(results.findings.size(), 1u);
    const FindingFacts& finding = results.findings[0];
    EXPECT_EQ(finding.clause, name(some_clause()));
    EXPECT_EQ(finding.reason, "lost");
    EXPECT_EQ(finding.steps, 1u);
    EXPECT_EQ(finding.failed, 10u);
    ASSERT_EQ(finding.seen_as.size(), 1u);
    EXPECT_EQ(finding.seen_as[0].clause, name(other_clause()));
    EXPECT_EQ(finding.seen_as[0].reason, "early");
    EXPECT_EQ(results.evidence.again, (std::map<std::string, std::uint64_t>{{finding.finding, 29}}));
    EXPECT_EQ(results.ends.back().exit, 1);
}

TEST(Names, WhatIsMetUnderTwoGoalsIsOneFindingAndCountedOnce) {
    for (const unsigned jobs : {1u, 4u}) {
        Counters counters;
        const Directory out;
        CampaignOptions with = options(counters, 60, [](std::uint64_t n) {
            return n < 30 ? violates : n == 40 ? slides : holds;
        });
        with.jobs.lanes = jobs;
        with.out = out.path();
        const Results results = run(with);
        ASSERT_EQ(results.findings.size(), 1u);
        const FindingFacts& finding = results.findings[0];
        ASSERT_EQ(finding.seen_as.size(), 1u);
        EXPECT_EQ(results.evidence.again, (std::map<std::string, std::uint64_t>{{finding.finding, 30}}));
        const NamedText file{"results.jsonl", text_of_file(out / "results.jsonl").value()};
        const auto read = results_from({&file, 1});
        ASSERT_TRUE(read) << read.error();
        ASSERT_EQ(read->findings.size(), 1u);
        EXPECT_EQ(read->findings[0].seen_as, finding.seen_as);
        EXPECT_EQ(read->findings[0].tried, finding.tried);
        EXPECT_EQ(read->evidence.again, results.evidence.again);
    }
}

TEST(Names, AKnownViolationNeverStandsForOneThatIsNotKnown) {
    Counters counters;
    CampaignOptions with = options(counters, 30, [](std::uint64_t) { return slides; });
    with.run.expectations = {known(some_clause(), "violated")};
    const Results results = run(with);
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].clause, name(other_clause()));
    EXPECT_EQ(results.findings[0].steps, 3u);
    EXPECT_EQ(results.ends.back().exit, 1);
}

TEST(Names, AKnownViolationKeepsItsOwnName) {
    Counters counters;
    CampaignOptions with = options(counters, 30, [](std::uint64_t) { return slides; });
    with.run.expectations = {known(other_clause(), "violated")};
    const Results results = run(with);
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].clause, name(other_clause()));
    EXPECT_EQ(results.ends.back().exit, 0);
}

TEST(Names, ADeviationNeverStandsForAViolation) {
    Counters counters;
    const Results results = run(options(counters, 30, [](std::uint64_t) { return slides_to_known; }));
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].clause, name(other_clause()));
    EXPECT_FALSE(results.findings[0].deviates);
}

TEST(Names, ADeviationAndAViolationThatLookAlikeAreTwoFindings) {
    Goal violation{0, some_clause(), Reason::early, "", false, 0}, deviation = violation;
    deviation.deviates = true;
    EXPECT_NE(Findings::id_of(violation), Findings::id_of(deviation));
}

TEST(Names, TheGoalMovesNotBeforeNothingSmallerShowsTheOneThatWasMet) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    Investigation how;
    how.may_become = [](const Failure&, const Failure&) { return true; };
    how.smaller = [](const Case& value) {  // another violation is offered first, each time, but leads nowhere
        if (script_of(value) == violates || value.program.actors.front().steps.size() <= 3) return rc::Seq<Case>();
        Case smaller = value;
        smaller.program.actors.front().steps.pop_back();
        Case another = smaller;
        another.program.objects.front().asked.capacity_bytes = violates;
        return rc::seq::fromContainer(std::vector<Case>{another, smaller});
    };
    Failure met = met_as(slides, other_clause(), Reason::early);
    met.value = case_of(slides, 6);
    const Investigated out = investigate(player, judge_by_script, {}, met, how);
    EXPECT_EQ(out.smallest.goal.clause, other_clause());
    EXPECT_EQ(out.smallest.value.program.actors.front().steps.size(), 3u);
}

TEST(Names, WithoutLeaveTheGoalStays) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    Investigation how;
    how.smaller = one_step_less;
    const Investigated out =
        investigate(player, judge_by_script, {}, met_as(slides, other_clause(), Reason::early), how);
    EXPECT_EQ(out.smallest.goal.clause, other_clause());
    EXPECT_EQ(out.smallest.value.program.actors.front().steps.size(), 3u);
}

// Met with 6 steps; as plain as it has steps.
Investigated made_plain(const std::vector<Case>& ways, bool may_become) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    Investigation how;
    how.may_become = [&](const Failure&, const Failure&) { return may_become; };
    how.plainer = [&](const Case&, const History&, std::size_t) { return ways; };
    how.plainness = [](const Case& value, const History&, std::size_t) {
        return static_cast<unsigned>(value.program.actors.front().steps.size());
    };
    Failure met = met_as(slides, other_clause(), Reason::early);
    met.value = case_of(slides, 6);
    return investigate(player, judge_by_script, {}, met, how);
}

TEST(Names, OfTheWaysToLookThePlainestIsTakenAndThenOneByAFixedOrder) {
    const Case early = case_of(slides, 3), lost = case_of(violates, 3), as_it_was = case_of(violates, 6);
    for (const std::vector<Case>& ways : {std::vector{early, lost, as_it_was}, {lost, as_it_was, early}})
        EXPECT_EQ(made_plain(ways, true).smallest.goal.clause, some_clause());
    EXPECT_EQ(made_plain({case_of(violates, 4), early}, true).smallest.goal.clause, other_clause());
    EXPECT_EQ(made_plain({case_of(violates, 7)}, true).smallest.value.program.actors.front().steps.size(), 6u);
}

TEST(Names, APlainerLookNeverStandsForWhatItMayNotBecome) {
    const Investigated out = made_plain({case_of(violates, 3)}, false);
    EXPECT_EQ(out.smallest.goal.clause, other_clause());
    EXPECT_EQ(out.smallest.value.program.actors.front().steps.size(), 6u);
}

TEST(Names, AnExpectationOfTheNameAloneDoesNotExcuseWhatElseWasSeen) {
    RunFacts facts;
    FindingFacts finding;
    finding.clause = name(some_clause());
    finding.reason = "lost";
    finding.strength = "observed";  // does not gate by itself
    finding.cell = "pipe/order/none";
    finding.seen_as = {{"0123456789ab", name(other_clause()), "early", "must", "pipe/order/none"}};
    EXPECT_EQ(outcome_of(facts, finding), "regression");
    facts.expectations = {known(some_clause(), "violated")};
    EXPECT_EQ(outcome_of(facts, finding), "regression");
    facts.expectations.push_back(known(other_clause(), "violated"));
    EXPECT_EQ(outcome_of(facts, finding), "known");
}

// By what names a mutation of the mirror is found: no kernel is asked.
std::set<std::string> names_of(const std::string& mutation) {
    CampaignOptions options;
    options.target = target_named("mirror:" + mutation).value();
    options.seed = 1;
    options.cases = 4000;
    options.fail_fast = 1;
    options.cells = all_cells();
    std::erase_if(options.cells, [](const Cell& cell) { return cell.mechanism != 0; });  // they are defects of pipes
    options.judge = judge;
    options.drawing = drawing_from_generators;
    options.investigation.smaller = smaller;
    options.investigation.first_cuts = first_cuts;
    options.investigation.plainer = plainer;
    options.investigation.plainness = plainness;
    std::set<std::string> names;
    for (const FindingFacts& finding : run(options).findings) names.insert(finding.clause + " " + finding.reason);
    return names;
}

TEST(Names, DifferentDefectsKeepDifferentNames) {
    std::set<std::string> all;
    for (const char* mutation : {"swaps-writes", "closed-reader-wakes-none", "poll-without-hup", "flags-only-added",
                                 "close-on-exec-ignored", "tee-takes"}) {
        const std::set<std::string> names = names_of(mutation);
        EXPECT_FALSE(names.empty()) << mutation;
        for (const std::string& each : names) EXPECT_TRUE(all.insert(each).second) << mutation << ": " << each;
    }
}

}  // namespace
}  // namespace crosstalk
