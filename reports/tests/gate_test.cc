// What the gate obeys: expectations that bind one target, expire, go out of date, or were never reviewed; evidence;
// shards. Each is seen to fail the gate and, one fact changed, to pass it.
#include "reports/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/cells.h"
#include "reports/console.h"
#include "reports/record.h"

namespace crosstalk {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// One run of one cell, with a clause that this target breaks unless `finding` is taken away.
struct OneRun {
    RunFacts run;
    EvidenceFacts evidence;
    std::vector<FindingFacts> findings;

    explicit OneRun(bool deviates = false) {
        run.started = "2026-11-28T10:00:00Z";
        run.target.kernel = "Linux 6.18.5";
        run.target.libc = "glibc 2.36";
        run.faults = {{"none", "yes"}};
        run.cells = {"pipe/capacity/none"};
        run.catalogue.clauses = {{"PIPE-CAP-3", "room", "pipe(7)", "linux", "capacity", "judged", "", {"pipe"}}};
        run.expectation_file = "expectations/linux.toml";
        evidence.cases = 5000;
        evidence.counts[{"pipe", "PIPE-CAP-3", "none"}] = 5000;
        FindingFacts finding;
        finding.finding = "0123456789ab";
        finding.mechanism = "pipe", finding.clause = "PIPE-CAP-3", finding.reason = "early";
        finding.strength = "linux", finding.cell = "pipe/capacity/none", finding.deviates = deviates;
        finding.failed = finding.tried = 10;
        findings = {finding};
    }
    Expectation& expect(const std::string& outcome) {
        Expectation entry{"pipe/*", "PIPE-CAP-3", outcome, "known", "", 1.0, "linux.toml:12"};
        if (outcome != "deviates") entry.owner = "Anna", entry.expires = "2027-03-01";
        run.expectations.push_back(entry);
        return run.expectations.back();
    }
    std::string lines(bool ended = true) const {
        std::string out = line_of(run) + line_of(evidence);
        for (const FindingFacts& finding : findings) out += line_of(finding);
        return out + (ended ? line_of(EndFacts{}) : "");
    }
    Gate gate(bool ended = true) const { return gate_of(read(lines(ended))); }
    static Results read(const std::string& text) {
        const NamedText file{"r.jsonl", text};
        auto results = results_from({&file, 1});
        EXPECT_TRUE(results) << results.error();
        return results ? *results : Results{};
    }
};

std::vector<std::string> kinds(const Gate& gate) {
    std::vector<std::string> out;
    for (const Complaint& complaint : gate.complaints) out.push_back(complaint.kind);
    EXPECT_EQ(out.empty(), gate.exit == 0);
    return out;
}

TEST(Gate, AKnownDefectPassesUntilItExpiresAndThenSaysWhomToAsk) {
    OneRun run;
    EXPECT_THAT(kinds(run.gate()), ElementsAre("regression"));
    Expectation& entry = run.expect("violated");
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    entry.expires = "2026-11-28";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "the last day still counts";
    entry.expires = "2026-11-27";
    const Gate expired = run.gate();
    EXPECT_THAT(kinds(expired), ElementsAre("expired"));
    EXPECT_EQ(expired.complaints[0].where, "expectations/linux.toml:12");
    EXPECT_THAT(expired.complaints[0].what, AllOf(HasSubstr("2026-11-27"), HasSubstr("PIPE-CAP-3 early")));
    EXPECT_THAT(expired.complaints[0].todo, AllOf(HasSubstr("Anna"), HasSubstr("`expires`")));
    EXPECT_EQ(expired.line, "gate: FAILED 1 expired, 1 regression");
    run.run.terms.today = "2026-01-01";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "by the day that is given, not by the clock";
}

TEST(Gate, AnExpiredEntryThatNothingMetIsToldToo) {
    OneRun run;
    run.expect("violated").expires = "2026-11-27";
    run.findings.clear();
    EXPECT_THAT(kinds(run.gate()), ElementsAre("expired"));
    run.run.expectations[0].cell = "fifo/*";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "it speaks of no cell of this run";
}

TEST(Gate, AnExpiredEntryIsSaidToBeUnseenOnlyIfItWas) {
    OneRun run;
    run.expect("violated").expires = "2026-11-27";
    run.expect("violated").expires = "2026-11-27";
    run.run.expectations[1].where = "linux.toml:20";
    ASSERT_THAT(kinds(run.gate()), ElementsAre("expired", "expired"));
    EXPECT_THAT(run.gate().complaints[1].what, testing::Not(HasSubstr("not seen"))) << "the first entry has told it";
    run.findings.clear();
    EXPECT_THAT(run.gate().complaints[1].what, HasSubstr("not seen"));
}

TEST(Gate, AFixedDefectFailsOnlyWhenStrict) {
    OneRun run;
    run.expect("violated");
    run.findings.clear();
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    EXPECT_EQ(run.gate().line, "gate: PASSED 1 fixed");
    run.run.terms.strict = true;
    EXPECT_THAT(kinds(run.gate()), ElementsAre("fixed"));
}

TEST(Gate, ADeviationThatIsNotSeenAgainIsStaleGivenEvidence) {
    OneRun run(true);
    Expectation& entry = run.expect("deviates");
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    run.findings.clear();
    EXPECT_THAT(kinds(run.gate()), ElementsAre("stale"));
    entry.evidence = 5001;
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "a rare one needs more evidence than there is";
    entry.evidence = 1000;
    run.run.selection = "property:capacity";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "a part of the cells is no chance";
    run.run.selection = "";
    run.run.shard = "1/2";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "a shard neither";
}

TEST(Gate, AnEntryIsMetUnderEachNameThatAFindingWasSeenAs) {
    OneRun run(true);
    run.expect("deviates");
    run.findings[0].clause = "PIPE-WRITE-1";
    run.findings[0].strength = "observed";
    EXPECT_THAT(kinds(run.gate()), ElementsAre("stale"));
    run.findings[0].seen_as = {{"ba9876543210", "PIPE-CAP-3", "early", "observed", "pipe/capacity/none"}};
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
}

TEST(Gate, AnEntryBindsOnlyTheTargetsThatItSpeaksOf) {
    OneRun run;
    run.expect("violated").kernel = "Linux 6.*";
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    run.run.expectations[0].libc = "musl*";
    EXPECT_THAT(kinds(run.gate()), ElementsAre("regression"));
    run.findings.clear();
    run.run.expectations[0].expires = "2020-01-01";
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "nor is it stale or expired elsewhere";
}

TEST(Gate, AnUnreviewedEntryFailsUntilSomebodySaysWhy) {
    OneRun run;
    run.expect("violated").reason = std::string(unreviewed) + ": early, finding 0123456789ab";
    EXPECT_THAT(kinds(run.gate()), ElementsAre("unreviewed"));
    run.run.expectations[0].reason = "the driver drops a wake-up";
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
}

TEST(Gate, AFlakyFindingMayFailByItsRateAndNotByMore) {
    OneRun run;
    run.expect("flaky").max_rate = 0.02;
    run.findings[0].failed = 1;
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "1 of 10 is no surprise at 2 %: one in five such gates";
    run.findings[0].failed = 3;
    EXPECT_THAT(kinds(run.gate()), ElementsAre("regression")) << "3 of 10 is: below one in a thousand";
    run.findings.clear();
    run.run.terms.strict = true;
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "not to be seen is what flaky means";
}

TEST(Gate, ACellWithTooLittleEvidenceFailsIfTheTermsAskForIt) {
    OneRun run;
    run.findings.clear();
    run.evidence.counts.begin()->second = 9;
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    run.run.terms.min_evidence = 10;
    const Gate gate = run.gate();
    EXPECT_THAT(kinds(gate), ElementsAre("evidence"));
    EXPECT_EQ(gate.complaints[0].about, "pipe/capacity/none");
    EXPECT_THAT(gate.complaints[0].what, HasSubstr("evidence 9, at least 10"));
    run.evidence.counts.begin()->second = 10;
    EXPECT_THAT(kinds(run.gate()), IsEmpty());
    run.run.faults["none"] = "not here";
    run.evidence.counts.clear();
    EXPECT_THAT(kinds(run.gate()), IsEmpty()) << "what cannot happen here is not applicable";
}

TEST(Gate, ShardsJoinedAreOneRunAndAMissingOneIsTold) {
    OneRun one, two;
    one.findings.clear(), two.findings.clear();
    one.run.shard = "1/2", two.run.shard = "2/2";
    two.run.cells = {"pipe/order/none"};
    EXPECT_THAT(kinds(gate_of(OneRun::read(one.lines() + two.lines()))), IsEmpty());
    EXPECT_EQ(OneRun::read(one.lines() + two.lines()).cells.size(), 2u);
    two.run.shard = "2/3", one.run.shard = "1/3";
    EXPECT_THAT(kinds(gate_of(OneRun::read(one.lines() + two.lines()))), ElementsAre("shards"));
    EXPECT_THAT(kinds(one.gate()), IsEmpty()) << "a shard by itself is judged by itself";
}

TEST(Gate, ADeviationMetInOneShardIsNotStaleInTheWhole) {
    OneRun met(true), unmet(true);
    unmet.findings.clear();
    for (OneRun* run : {&met, &unmet}) run->expect("deviates");
    met.run.shard = "1/2", unmet.run.shard = "2/2";
    EXPECT_THAT(kinds(gate_of(OneRun::read(unmet.lines() + met.lines()))), IsEmpty());
    EXPECT_THAT(kinds(gate_of(OneRun::read(unmet.lines() + OneRun(unmet).lines()))), ElementsAre("shards"));
}

TEST(Gate, AKilledRunFailsWhenStrict) {
    OneRun run;
    run.findings.clear();
    EXPECT_THAT(kinds(run.gate(false)), IsEmpty());
    run.run.terms.strict = true;
    EXPECT_THAT(kinds(run.gate(false)), ElementsAre("killed"));
}

TEST(Gate, TheSummarySaysWhereAndWhatToDo) {
    OneRun run;
    run.expect("violated").expires = "2026-11-27";
    EXPECT_THAT(console_summary(OneRun::read(run.lines()), {}),
                AllOf(HasSubstr("✗ expired  pipe/capacity/none: "), HasSubstr("    at: expectations/linux.toml:12\n"),
                      HasSubstr("    do: fix it, or ask Anna")));
}

TEST(Gate, TermsAndEntriesReadBackEqual) {
    OneRun run;
    run.run.shard = "2/5";
    run.run.terms = {true, 7, "2026-12-24"};
    Expectation& entry = run.expect("violated");
    entry.kernel = "Linux*", entry.libc = "glibc*", entry.link = "https://x", entry.evidence = 9;
    EXPECT_EQ(OneRun::read(run.lines()).run(), run.run);
}

}  // namespace
}  // namespace crosstalk
