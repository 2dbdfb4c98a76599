// Claims answered: only by evidence of the clauses that decide them, at their own mechanisms.
#include "reports/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/catalogue.h"
#include "reports/cells.h"

namespace crosstalk {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

// One claim about pipes, decided by PIPE-A-* (two clauses, of which one is not judged) and PIPE-B-1.
Results results_of(const std::string& told) {
    Results out;
    RunFacts run;
    run.catalogue.mechanisms = {{"pipe", ""}, {"fifo", ""}};
    run.catalogue.clauses = {{"PIPE-A-1", "", "", "must", "order", "judged", "", {"pipe", "fifo"}},
                             {"PIPE-A-2", "", "", "must", "order", "needs", "a thing", {"pipe"}},
                             {"PIPE-B-1", "", "", "must", "order", "judged", "", {"pipe"}}};
    run.catalogue.claims = {{"pipe", "says", "documents", told, {"pipe"}, {"PIPE-A-*", "PIPE-B-1"}}};
    out.runs = {run};
    for (const char* clause : {"PIPE-A-1", "PIPE-B-1"}) out.evidence.counts[{"pipe", clause, "none"}] = least_evidence;
    return out;
}

void find(Results& results, const char* mechanism, const char* clause, bool deviates) {
    FindingFacts finding;
    finding.mechanism = mechanism, finding.clause = clause, finding.deviates = deviates;
    results.findings.push_back(finding);
}

std::string answer(const Results& results) { return answers_of(results).front().answer; }
std::string why(const Results& results) { return answers_of(results).front().why; }

TEST(ClaimAnswers, WithEvidenceTheDocumentsWordStands) {
    EXPECT_EQ(answer(results_of("holds")), "confirmed");
    EXPECT_EQ(answer(results_of("conditional")), "conditional");
    EXPECT_EQ(answer(results_of("refuted")), "refuted");
    EXPECT_THAT(
        answers_of(results_of("holds")).front().clauses,
        ElementsAre(DecidingClause{"PIPE-A-1", "holds", least_evidence}, DecidingClause{"PIPE-A-2", "unjudged", 0},
                    DecidingClause{"PIPE-B-1", "holds", least_evidence}));
}

TEST(ClaimAnswers, WhatNeedsSomethingDecidesWhereItWasGiven) {
    Results results = results_of("holds");
    results.evidence.counts[{"pipe", "PIPE-A-2", "none"}] = least_evidence - 1;
    EXPECT_EQ(answer(results), "undecided");
    results.evidence.counts[{"pipe", "PIPE-A-2", "none"}] = least_evidence;
    EXPECT_EQ(answer(results), "confirmed");
    find(results = results_of("holds"), "pipe", "PIPE-A-2", false);
    EXPECT_EQ(answer(results), "refuted");
}

TEST(ClaimAnswers, OneClauseWithTooLittleEvidenceLeavesItUndecided) {
    Results results = results_of("refuted");
    results.evidence.counts[{"pipe", "PIPE-B-1", "none"}] = least_evidence - 1;
    EXPECT_EQ(answer(results), "undecided");
    EXPECT_THAT(why(results), AllOf(HasSubstr("PIPE-B-1"), Not(HasSubstr("PIPE-A-1"))));
}

TEST(ClaimAnswers, EvidenceOfAnotherMechanismAnswersNothing) {
    Results results = results_of("holds");
    results.evidence.counts.erase({"pipe", "PIPE-A-1", "none"});
    results.evidence.counts[{"fifo", "PIPE-A-1", "none"}] = 1000;
    EXPECT_EQ(answer(results), "undecided");
    find(results = results_of("holds"), "fifo", "PIPE-A-1", false);
    EXPECT_EQ(answer(results), "confirmed");
}

TEST(ClaimAnswers, AGlobWithoutAJudgedClauseLeavesItUndecidedAndIsNamed) {
    Results results = results_of("holds");
    results.runs.front().catalogue.claims.front().clauses.push_back("PIPE-C-*");
    EXPECT_EQ(answer(results), "undecided");
    EXPECT_EQ(why(results), "PIPE-C-*: not in this version");
    results.runs.front().catalogue.claims.front().clauses = {"PIPE-A-1", "PIPE-A-2"};
    EXPECT_EQ(why(results), "PIPE-A-2: this version cannot judge it");
    results.runs.front().catalogue.claims.front().mechanisms = {"udp*"};
    EXPECT_EQ(why(results), "its mechanism is not in this version");
}

TEST(ClaimAnswers, ABrokenClauseRefutesWhatTheDocumentsPromiseAndDecidesNothingElse) {
    Results results = results_of("holds");
    find(results, "pipe", "PIPE-B-1", true);
    EXPECT_EQ(answer(results), "conditional") << "a deviation is no break";
    find(results, "pipe", "PIPE-A-1", false);
    EXPECT_EQ(answer(results), "refuted");
    EXPECT_EQ(why(results), "this target breaks PIPE-A-1");
    find(results = results_of("refuted"), "pipe", "PIPE-A-1", false);
    EXPECT_EQ(answer(results), "undecided");
}

TEST(ClaimAnswers, AFreshRunDecidesNothing) {
    Results results;
    results.runs.push_back({});
    results.runs.front().catalogue = catalogue();
    const auto answers = answers_of(results);
    EXPECT_GT(answers.size(), 20u);
    EXPECT_THAT(answers, testing::Each(Field(&ClaimAnswer::answer, "undecided")));
}

}  // namespace
}  // namespace crosstalk
