// What a run prints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/cells.h"
#include "reports/console.h"

namespace crosstalk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Results some_results() {
    Results results;
    RunFacts run;
    run.version = "0.1.0";
    run.seed = 7;
    run.target.name = "local";
    run.cells = {"pipe/order/none", "pipe/capacity/none"};
    run.catalogue.clauses = {{"PIPE-ORDER-1", "in order", "pipe(7)", "must", "order", "judged", "", {"pipe"}},
                             {"PIPE-CAP-1", "so much", "pipe(7)", "linux", "capacity", "judged", "", {"pipe"}}};
    results.runs = {run};
    results.evidence.cases = 12'004;
    results.evidence.counts[{"pipe", "PIPE-ORDER-1", "none"}] = 1'234'567;
    results.evidence.inconclusive["pipe/8 actors/free"] = 3;
    results.evidence.sizes[1] = 1;
    results.evidence.sizes[4] = 100;
    FindingFacts finding;
    finding.finding = "0123456789ab";
    finding.mechanism = "pipe";
    finding.clause = "PIPE-CAP-1";
    finding.reason = "early";
    finding.strength = "linux";
    finding.cell = "pipe/capacity/none";
    finding.failed = finding.tried = 10;
    finding.explanation = {"the story"};
    results.findings = {finding};
    results.ends.push_back({});
    results.ends.back().stopped_because = "cases";
    results.cells = outcomes_of(results);
    return results;
}

TEST(Console, TheFirstLineHasVersionSeedAndTarget) {
    EXPECT_THAT(console_opening(some_results().run()),
                ::testing::StartsWith("crosstalk 0.1.0  seed 7  target local\n"));
}

TEST(Console, TheLastLineIsTheVerdict) {
    const std::string text = console_summary(some_results(), {});
    EXPECT_THAT(text, ::testing::EndsWith("\ngate: FAILED 1 regression, 1 pass\n"));
}

TEST(Console, AFindingCarriesItsStoryItsPromiseAndItsReplayCommand) {
    const std::string text = console_summary(some_results(), {false, "there"});
    EXPECT_THAT(text, HasSubstr("crosstalk replay there/cases/0123456789ab.json"));
    EXPECT_THAT(text, HasSubstr("the story"));
    EXPECT_THAT(text, HasSubstr("promised: so much"));
    EXPECT_THAT(text, HasSubstr("1,234,567"));
    EXPECT_THAT(text, HasSubstr("pipe/8 actors/free"));
}

TEST(Console, AKnownFindingIsOneLine) {
    Results results = some_results();
    results.runs[0].expectations = {{"*", "PIPE-CAP-1", "violated", "a known defect", "", 1.0, "x.toml:1"}};
    results.cells = outcomes_of(results);
    const std::string text = console_summary(results, {});
    EXPECT_THAT(text, HasSubstr("PIPE-CAP-1 early 1 times: a known defect"));
    EXPECT_THAT(text, Not(HasSubstr("crosstalk replay")));
    EXPECT_THAT(text, ::testing::EndsWith("\ngate: PASSED 1 known, 1 pass\n"));
}

TEST(Console, WithoutColourThereAreNoEscapes) {
    EXPECT_THAT(console_summary(some_results(), {false, "out"}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(console_summary(some_results(), {true, "out"}), HasSubstr("\x1b"));
}

TEST(Console, TheGridFitsEightyColumns) {
    const std::string text = console_summary(some_results(), {});
    const std::size_t at = text.find(" mechanism ");
    ASSERT_NE(at, std::string::npos);
    EXPECT_LE(text.find('\n', at) - at, 80u);
}

TEST(Console, NumbersAreReadable) {
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1'000), "1,000");
    EXPECT_EQ(with_thousands(1'234'567), "1,234,567");
}

}  // namespace
}  // namespace crosstalk
