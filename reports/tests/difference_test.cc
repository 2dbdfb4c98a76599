// Two runs compared: what changed is told, luck is not called a change, and worse is only what gates.
#include "reports/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/cells.h"

namespace crosstalk {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* id = "0123456789ab";

// One cell of so many weights; a finding that was met so often, if ever.
Results results_of(std::uint64_t evidence, std::uint64_t times_met, std::uint64_t cases = 10'000) {
    Results out;
    RunFacts run;
    run.version = "0.1.0";
    run.target.name = "local";
    run.faults = {{"none", "yes"}};
    run.cells = {"pipe/order/none"};
    run.catalogue.clauses = {{"PIPE-ORDER-1", "in order", "pipe(7)", "must", "order", "judged", "", {"pipe"}}};
    out.runs = {run};
    out.evidence.cases = cases;
    if (evidence > 0) out.evidence.counts[{"pipe", "PIPE-ORDER-1", "none"}] = evidence;
    if (times_met > 0) {
        FindingFacts finding;
        finding.finding = id;
        finding.mechanism = "pipe", finding.clause = "PIPE-ORDER-1", finding.reason = "lost";
        finding.strength = "must", finding.cell = "pipe/order/none";
        finding.failed = finding.tried = 10;
        out.findings = {finding};
        out.evidence.again[id] = times_met - 1;
    }
    out.cells = outcomes_of(out);
    return out;
}

std::string told(const Results& before, const Results& after, const Replays& replays = {}) {
    return console_difference(before, after, difference_of(before, after, replays));
}

TEST(Difference, OfEqualRunsIsNone) {
    const Results one = results_of(5000, 0);
    EXPECT_FALSE(difference_of(one, one).worse());
    EXPECT_THAT(told(one, results_of(4900, 0)), EndsWith("diff: SAME\n"));
    EXPECT_THAT(told(results_of(5000, 40), results_of(5000, 45)), EndsWith("diff: SAME\n"));
}

TEST(Difference, ANewFindingIsWorseAndOneThatIsGoneIsNot) {
    const Results good = results_of(5000, 0), bad = results_of(5000, 40);
    EXPECT_TRUE(difference_of(good, bad).worse());
    EXPECT_THAT(told(good, bad), AllOf(HasSubstr("pipe/order/none: pass → regression"),
                                       HasSubstr("PIPE-ORDER-1 in pipe/order/none: pass → regression"),
                                       HasSubstr("met in 0 of 10,000 → met in 40 of 10,000"), HasSubstr("a change"),
                                       HasSubstr("Fisher's exact test, two-sided, 1 comparisons"),
                                       EndsWith("diff: WORSE in 1 of 3 changes\n")));
    EXPECT_FALSE(difference_of(bad, good).worse());
    EXPECT_THAT(told(bad, good), EndsWith("diff: CHANGED in 3, none of them for the worse\n"));
}

TEST(Difference, AFindingThatMayBeLuckIsToldSoAndReplaysDecide) {
    const Results seldom = results_of(50, 1), none = results_of(50, 0);
    EXPECT_TRUE(difference_of(none, seldom).worse()) << "until it is shown to be old";
    EXPECT_THAT(told(none, seldom), HasSubstr("it may be luck; --repeat N tells"));
    EXPECT_FALSE(difference_of(none, seldom, {{id, {{10, 10}, {10, 10}}}}).worse());
    EXPECT_TRUE(difference_of(none, seldom, {{id, {{0, 10}, {10, 10}}}}).worse());
    EXPECT_THAT(told(none, seldom, {{id, {{0, 10}, {10, 10}}}}), HasSubstr("fails 0 of 10 → fails 10 of 10"));
}

TEST(Difference, ARateThatRisesIsWorseAndOneThatFallsIsNot) {
    const Results seldom = results_of(5000, 5), often = results_of(5000, 500);
    EXPECT_TRUE(difference_of(seldom, often).worse());
    ASSERT_EQ(difference_of(often, seldom).findings.size(), 1u);
    EXPECT_FALSE(difference_of(often, seldom).worse());
}

TEST(Difference, WhatIsKnownInTheLaterRunIsNotWorse) {
    Results later = results_of(5000, 40);
    later.runs[0].expectations = {{"*", "PIPE-ORDER-1", "violated", "known", "", 1.0, ""}};
    later.cells = outcomes_of(later);
    EXPECT_FALSE(difference_of(results_of(5000, 0), later).worse());
}

TEST(Difference, ACellThatLostItsEvidenceIsWorseUnlessItWasNeverDue) {
    EXPECT_TRUE(difference_of(results_of(5000, 0), results_of(0, 0)).worse());
    EXPECT_THAT(told(results_of(20, 0), results_of(5, 0)), EndsWith("diff: SAME\n"));
    EXPECT_THAT(told(results_of(5000, 0, 1'000'000), results_of(5, 0, 1'000)), EndsWith("diff: SAME\n"))
        << "a short run against a long one";
}

TEST(Difference, CellsOfOneRunOnlyAreNamed) {
    Results more = results_of(5000, 0);
    more.runs[0].cells.push_back("pipe/order/interruption");
    more.cells = outcomes_of(more);
    EXPECT_THAT(told(results_of(5000, 0), more), HasSubstr("cells only after: 1, first pipe/order/interruption"));
    EXPECT_THAT(told(more, results_of(5000, 0)), HasSubstr("cells only before: 1"));
}

TEST(Difference, ManyComparisonsTogetherKeepTheLevel) {
    Results before = results_of(1000, 0), after = results_of(1000, 0);
    for (int i = 0; i < 100; ++i) {
        FindingFacts finding = results_of(1, 1).findings[0];
        finding.finding = "f" + std::to_string(i);
        before.findings.push_back(finding), after.findings.push_back(finding);
    }
    Replays replays;  // p = 0.0031 each: a sign of change alone, none among a hundred
    for (const FindingFacts& finding : before.findings) replays[finding.finding] = {{3, 10}, {10, 10}};
    EXPECT_TRUE(difference_of(before, after, replays).findings.empty());
    before.findings.resize(1), after.findings.resize(1);
    EXPECT_EQ(difference_of(before, after, replays).findings.size(), 1u);
}

}  // namespace
}  // namespace crosstalk
