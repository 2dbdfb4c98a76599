// Entries that the gate writes: they read back, excuse what they were written for, and wait for a person.
#include "runners/gate/update.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/cells.h"
#include "reports/gate.h"
#include "runners/gate/expectations.h"

namespace crosstalk {
namespace {

using testing::HasSubstr;

Results failing(bool deviates = false, std::uint64_t failed = 10) {
    Results results;
    RunFacts run;
    run.started = "2026-12-15T10:00:00Z";
    run.target.kernel = "Linux \"6\"\n\x01";
    run.cells = {"pipe/capacity/none"};
    results.evidence.cases = 100;
    results.runs = {run};
    FindingFacts finding;
    finding.finding = "0123456789ab";
    finding.mechanism = "pipe", finding.clause = "PIPE-CAP-3", finding.reason = "early";
    finding.strength = "linux", finding.cell = "pipe/capacity/none", finding.deviates = deviates;
    finding.failed = failed, finding.tried = 10;
    results.findings = {finding};
    results.cells = outcomes_of(results);
    return results;
}

void take(Results& results, const std::string& file) {
    const auto entries = expectations_from(file, "my.toml");
    ASSERT_TRUE(entries) << entries.error() << "\n" << file;
    results.runs[0].expectations = *entries;
    results.cells = outcomes_of(results);
}

TEST(Update, AnEntryExcusesItsFindingOnceAPersonSaysWhy) {
    for (const bool deviates : {false, true})
        for (const std::uint64_t failed : {1u, 3u, 9u, 10u}) {
            Results results = failing(deviates, failed);
            std::string file = entries_for(results);
            take(results, file);
            ASSERT_EQ(gate_of(results).complaints.size(), 1u) << file;
            EXPECT_EQ(gate_of(results).complaints[0].kind, "unreviewed");
            file.replace(file.find(unreviewed), unreviewed.size(), "because");
            take(results, file);
            EXPECT_NE(outcome_of(results.run(), results.findings[0]), "regression") << file;
            EXPECT_EQ(entries_for(results), "") << "nothing is written twice";
        }
}

TEST(Update, ADefectExpiresInThirtyDaysAndADeviationNever) {
    EXPECT_THAT(entries_for(failing()), HasSubstr("expires = 2027-01-14\n"));
    EXPECT_THAT(entries_for(failing()), HasSubstr("outcome = \"violated\"\n"));
    EXPECT_THAT(entries_for(failing(true)), testing::Not(HasSubstr("expires")));
    EXPECT_EQ(days_later("2028-02-28", 1), "2028-02-29");
    EXPECT_EQ(days_later("2026-12-31", 1), "2027-01-01");
}

TEST(Update, ARacyFindingGetsARateThatItsReplaysDoNotContradict) {
    EXPECT_THAT(entries_for(failing(false, 3)), HasSubstr("outcome = \"flaky\"\n"));
    EXPECT_THAT(entries_for(failing(false, 3)), HasSubstr("max_rate = 0.71\n"));  // tables: 99 % bound of 3 of 10
}

TEST(Update, AFindingSeenAsSeveralGetsAnEntryForEach) {
    Results results = failing();
    results.findings[0].seen_as = {{"ba9876543210", "PIPE-WRITE-1", "early", "must", "pipe/transfer/none"}};
    std::string file = entries_for(results);
    EXPECT_THAT(file, testing::AllOf(HasSubstr("PIPE-CAP-3"), HasSubstr("PIPE-WRITE-1")));
    take(results, file);
    EXPECT_EQ(outcome_of(results.run(), results.findings[0]), "known");
}

TEST(Update, AnExpiredEntryIsAPersonsToRenew) {
    Results results = failing();
    take(results,
         "[[expect]]\nclause = \"PIPE-CAP-3\"\noutcome = \"violated\"\nreason = \"r\"\nowner = \"o\"\nexpires = "
         "2020-01-01\n");
    EXPECT_EQ(entries_for(results), "");
}

}  // namespace
}  // namespace crosstalk
