// Results and their records: they add up, read back equal, survive cuts, and keep to their schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/catalogue.h"
#include "reports/cells.h"
#include "reports/filter.h"
#include "reports/gate.h"
#include "reports/record.h"
#include "reports/record_evidence.h"
#include "reports/tests/schema_check.h"

namespace crosstalk {
namespace {

using ::testing::HasSubstr;

RunFacts a_run() {
    RunFacts run;
    run.version = "0.1.0";
    run.seed = 0xffff'ffff'ffff'fff0u;
    run.started = "2026-01-01T00:00:00Z";
    run.target = {"local", "Linux 6", "glibc", "x86_64", {{"proc", true}}, {{"pipe_buf", "4096"}}};
    run.faults = {{"none", "yes"}, {"interruption", "needs x"}};
    run.catalogue.mechanisms = {{"pipe", "a pipe", {"write", "read"}}};
    run.catalogue.properties = {{"capacity", "how much"}};
    run.catalogue.faults = {{"none", ""}};
    run.catalogue.clauses = {{"PIPE-CAP-3", "room", "pipe(7)", "linux", "capacity", "judged", "", {"pipe"}},
                             {"PIPE-CAP-4", "more room", "pipe(7)", "observed", "capacity", "needs", "luck", {"pipe"}}};
    run.cells = {"pipe/capacity/none"};
    return run;
}

EvidenceFacts an_increment(std::uint64_t times) {
    EvidenceFacts out;
    out.cases = out.events = times;
    out.counts[{"pipe", "PIPE-CAP-3", "none"}] = times;
    Reach& reach = out.reach[{"pipe", "PIPE-CAP-3"}];
    reach.sizes[64] = reach.actors[3] = times;
    out.inconclusive["pipe/8 actors/free"] = 1;
    out.broken["why"] = 1;
    out.drawn["pipe/capacity/none"] = times;
    out.armed["interruption"] = out.fired["interruption"] = 2;
    out.struck[{"pipe", "interruption", "write"}] = {2, times};
    out.overlaps[{"pipe", "write", "read"}] = {times, 1};
    Interleaving& how = out.interleavings[{"pipe", "turns"}];
    how.at_once[64] = how.switches[15] = times;
    how.orders.add(static_cast<std::uint32_t>(times));
    how.orders.add(UINT32_MAX);
    out.sizes[13] = 3;
    out.actors[2] = times;
    out.again["0123456789ab"] = 1;
    return out;
}

FindingFacts a_finding(bool deviates = true) {
    FindingFacts out;
    out.mechanism = "pipe";
    out.clause = "PIPE-CAP-3";
    out.reason = "early";
    out.finding = finding_id(out.mechanism, out.clause, out.reason);
    out.strength = "linux";
    out.deviates = deviates;
    out.cell = "pipe/capacity/none";
    out.failed = out.tried = 10;
    out.case_json = R"({"version":1})";
    out.history_json = R"({"version":1,"events":[]})";
    out.explanation = {"because \"quotes\""};
    return out;
}

ProofFacts a_proof(std::uint64_t found_after) {
    ProofFacts out;
    out.lie = "a-lie";
    out.mechanism = "pipe";
    out.clause = "PIPE-CAP-3";
    out.bug = "BUG-16";
    out.about = "it tears";
    out.cases = 100;
    out.found_after = out.named_after = found_after;
    if (found_after != 0) out.first = "PIPE-CAP-3 torn", out.clauses["PIPE-CAP-3"] = 2;
    out.seconds = 1.5;
    return out;
}

Expectation an_expectation() { return {"pipe/*", "PIPE-CAP-3", "deviates", "slots", "", 1.0, "linux.toml:3"}; }

Results read(const std::string& text) {
    const NamedText file{"r.jsonl", text};
    auto results = results_from({&file, 1});
    EXPECT_TRUE(results) << results.error();
    return results ? *results : Results{};
}

TEST(Results, RecordsReadBackEqual) {
    RunFacts run = a_run();
    run.expectations = {an_expectation()};
    const Results results = read(line_of(run) + line_of(an_increment(5)) + line_of(a_finding()));
    EXPECT_EQ(results.run(), run);
    EXPECT_EQ(results.evidence, an_increment(5));
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0], a_finding());
}

TEST(Results, IncrementsAndShardsAddUp) {
    const std::string shard = line_of(a_run()) + line_of(an_increment(5)) + line_of(a_finding());
    const Results results = read(shard + line_of(an_increment(7)) + shard);
    EXPECT_EQ(results.runs.size(), 2u);
    EXPECT_EQ(results.evidence.cases, 17u);
    EXPECT_EQ(results.evidence.sizes[13], 9u);
    EXPECT_EQ(results.evidence.struck.at({"pipe", "interruption", "write"}), (TwoCounts{6, 17}));
    EXPECT_EQ(results.evidence.overlaps.at({"pipe", "write", "read"}), (TwoCounts{17, 3}));
    const Interleaving& how = results.evidence.interleavings.at({"pipe", "turns"});
    EXPECT_EQ(how.at_once[64], 17u);
    EXPECT_EQ(how.switches[15], 17u);
    EXPECT_EQ(how.orders.count(), 3u) << "5, 7 and one that all three saw";
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].tried, 20u);
}

TEST(Results, EveryCutOfAFileReadsAndLosesAtMostOneLine) {
    const std::string whole = line_of(a_run()) + line_of(an_increment(5)) + line_of(a_finding());
    const std::size_t first = line_of(a_run()).size();
    for (std::size_t length = first; length <= whole.size(); length += 7) {
        const Results results = read(whole.substr(0, length));
        EXPECT_LE(results.torn_lines, 1u);
    }
    EXPECT_EQ(read(whole.substr(0, whole.size() - 5) + whole).torn_lines, 1u)
        << "cut file and whole file joined by cat";
    EXPECT_EQ(read(whole.substr(0, whole.size() - 5) + whole).runs.size(), 2u);
}

TEST(Results, GarbageInTheMiddleIsAnErrorWithItsLine) {
    const NamedText file{"r.jsonl",
                         line_of(a_run()) + "garbage\n" + line_of(an_increment(5)) + line_of(an_increment(5))};
    const auto results = results_from({&file, 1});
    ASSERT_FALSE(results);
    EXPECT_THAT(results.error(), HasSubstr("r.jsonl:2"));
    const NamedText wrong{"r.jsonl", R"({"type":"evidence","cases":"many"})"
                                     "\n"};
    EXPECT_FALSE(results_from({&wrong, 1}));
    const NamedText empty{"r.jsonl", ""};
    EXPECT_FALSE(results_from({&empty, 1}));
}

TEST(Results, OfVersionsThatCountedNoInterleavingsRead) {
    const Results results =
        read(line_of(a_run()) + R"({"type":"evidence","cases":3,"armed":{"interruption":2}})" + "\n");
    EXPECT_EQ(results.evidence.armed.at("interruption"), 2u);
    EXPECT_TRUE(results.evidence.struck.empty() && results.evidence.interleavings.empty());
}

TEST(Results, CountsThatCannotBeAreAnErrorThatSaysWhy) {
    const auto error_of = [](const std::string& field) {
        const NamedText file{"r.jsonl", line_of(a_run()) + R"({"type":"evidence",)" + field + "}\n"};
        const auto results = results_from({&file, 1});
        return results ? "" : results.error();
    };
    const auto row = [](const std::string& lists) { return R"("interleavings":[["pipe","turns",)" + lists + "]]"; };
    std::string zeros = "[0";
    for (std::size_t i = 0; i < Distinct::kept; ++i) zeros += ",0";
    EXPECT_EQ(error_of(row("[1],[1],[7]")), "");
    EXPECT_THAT(error_of(row("[1],[1],[4294967296]")),
                HasSubstr("r.jsonl:2: \"interleavings\" has a hash of more than"));
    EXPECT_THAT(error_of(row("[1],[1]," + zeros + "]")), HasSubstr("more hashes than are kept"));
    EXPECT_THAT(error_of(row("[1]," + zeros + "],[]")), HasSubstr("more classes than there are"));
    EXPECT_THAT(error_of(row("[-1],[1],[7]")), HasSubstr("r.jsonl:2: a count is -1; it must be"));
    EXPECT_THAT(error_of(R"("struck":[["pipe","interruption","write",1]])"), HasSubstr("r.jsonl:2: "));
    EXPECT_THAT(error_of(R"("overlaps":[["pipe","write",3,1,1]])"), HasSubstr("r.jsonl:2: "));
}

// The quick reading of evidence takes what line_of() writes, and what it takes it reads as a whole document is read: a
// blank after the brace is what it does not take.
TEST(Results, EvidenceIsReadQuicklyAndTheSame) {
    EvidenceFacts full = an_increment(5);
    full.not_applicable["why"] = 2;
    full.counts[{"fifo", "PIPE-CAP-3", "none"}] = full.counts[{"pipe", "PIPE-CAP-4", "\"\u00e9\""}] = 7;
    full.reach[{"pipe", "PIPE-CAP-4"}].actors[actor_classes - 1] = 1;
    for (const EvidenceFacts& facts : {full, EvidenceFacts{}}) {
        EvidenceFacts quick;
        EXPECT_TRUE(read_evidence(std::string_view(line_of(facts)), quick));
        EXPECT_EQ(quick, facts);
    }
    const auto outcome = [](std::string line) {
        const NamedText file{"r.jsonl", line_of(a_run()) + line + "\n" + line_of(a_run())};
        const auto results = results_from({&file, 1});
        return std::pair(results ? "" : results.error(), results ? results->evidence : EvidenceFacts{});
    };
    const std::string line = line_of(full).substr(0, line_of(full).size() - 1);
    std::size_t taken = 0;
    for (std::size_t at = 1; at < line.size(); at += 3)
        for (const std::string_view with :
             {"", "0", "1", "-", ".5", "\"", ",", "[", "]", "{", "}", "[1],", "\"a\",", "\xff"}) {
            std::string bad = line;
            bad.replace(at, with.size() > 1 ? 0 : 1, with);
            std::string slow = bad;
            slow.insert(1, " ");
            EvidenceFacts quick;
            taken += read_evidence(bad, quick);
            EXPECT_EQ(outcome(bad), outcome(slow)) << bad;
        }
    EXPECT_GT(taken, 100u);
}

TEST(Results, UnknownRecordsAndFieldsAreSkipped) {
    EXPECT_EQ(read(line_of(a_run()) +
                   R"({"type":"weather","rain":true})"
                   "\n" +
                   R"({"type":"evidence","cases":3,"new":[]})"
                   "\n")
                  .evidence.cases,
              3u);
}

TEST(Results, EveryLineKeepsToTheSchema) {
    const auto schema = nlohmann::json::parse(text_of_file(CROSSTALK_SOURCE_DIR "/reports/schema.json").value());
    RunFacts run = a_run();
    run.expectations = {an_expectation()};
    EndFacts end;
    Results results = read(line_of(run) + line_of(an_increment(20)) + line_of(a_finding()));
    end.cells = results.cells;
    for (const std::string& line : {line_of(run), line_of(an_increment(5)), line_of(EvidenceFacts{}),
                                    line_of(a_finding()), line_of(a_proof(3)), line_of(ProofFacts{}), line_of(end)}) {
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
        EXPECT_EQ(schema_complaint(schema, nlohmann::json::parse(line)), "") << line;
    }
    auto wrong = nlohmann::json::parse(line_of(a_finding()));
    wrong["strength"] = "hope";
    EXPECT_NE(schema_complaint(schema, wrong), "");
    wrong = nlohmann::json::parse(line_of(a_finding()));
    wrong.erase("rate");
    EXPECT_NE(schema_complaint(schema, wrong), "");
}

TEST(FindingId, IsTwelveHexDigitsAndStableForEver) {
    const std::string id = finding_id("pipe", "PIPE-CAP-3", "early");
    EXPECT_EQ(id.size(), 12u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(id, finding_id("pipe", "PIPE-CAP-3", "late"));
    EXPECT_NE(finding_id("pipe", "A", "Bc"), finding_id("pipe", "AB", "c"));
}

struct OutcomeOfCell {
    RunFacts run = a_run();
    EvidenceFacts evidence = an_increment(2000);
    std::vector<FindingFacts> findings;
    std::string operator()() const {
        std::string text = line_of(run) + line_of(evidence);
        for (const FindingFacts& finding : findings) text += line_of(finding);
        return read(text).cells.at(0).outcome;
    }
};

TEST(Outcomes, FollowFromEvidenceFindingsAndExpectations) {
    OutcomeOfCell cell;
    EXPECT_EQ(cell(), "pass");
    cell.findings = {a_finding(false)};
    EXPECT_EQ(cell(), "regression");
    cell.findings = {a_finding(true)};
    EXPECT_EQ(cell(), "regression") << "a deviation that nobody expects";
    cell.run.expectations = {an_expectation()};
    EXPECT_EQ(cell(), "known");
    cell.findings = {a_finding(false)};
    EXPECT_EQ(cell(), "regression") << "an expected deviation does not cover a violation";
    cell.findings.clear();
    EXPECT_EQ(cell(), "fixed");
    cell.evidence = an_increment(100);
    EXPECT_EQ(cell(), "pass") << "too little evidence to call it fixed";
    cell.evidence = an_increment(3);
    EXPECT_EQ(cell(), "not-evidenced");
}

TEST(Outcomes, FlakyIsBoundedByItsRate) {
    OutcomeOfCell cell;
    FindingFacts finding = a_finding(false);
    finding.failed = 1;
    cell.findings = {finding};
    cell.run.expectations = {{"*", "PIPE-CAP-3", "flaky", "races", "", 0.2, ""}};
    EXPECT_EQ(cell(), "flaky");
    cell.findings[0].failed = 9;
    EXPECT_EQ(cell(), "regression");
}

TEST(Outcomes, TheBookDecidesWhichStrengthsGate) {
    OutcomeOfCell cell;
    cell.findings = {a_finding(false)};
    cell.run.book = "posix";
    EXPECT_EQ(cell(), "known");
    cell.findings[0].strength = "must";
    EXPECT_EQ(cell(), "regression");
    cell.findings[0].strength = "observed";
    cell.run.book = "linux";
    EXPECT_EQ(cell(), "known");
}

TEST(Outcomes, AFaultThatTheTargetCannotTakeIsNotApplicable) {
    OutcomeOfCell cell;
    cell.run.cells = {"pipe/capacity/interruption"};
    EXPECT_EQ(cell(), "not-applicable");
}

TEST(Gate, ExitsByTheContract) {
    EXPECT_EQ(gate_of(read(line_of(a_run()) + line_of(an_increment(20)))).exit, 0);
    EXPECT_EQ(gate_of(read(line_of(a_run()) + line_of(an_increment(20)) + line_of(a_finding(false)))).exit, 1);
    EXPECT_EQ(gate_of(read(line_of(a_run()))).exit, 4);
    EvidenceFacts broken;
    broken.broken["x"] = 3;
    EXPECT_EQ(gate_of(read(line_of(a_run()) + line_of(broken))).exit, 3);
    EXPECT_EQ(gate_of(read(line_of(a_run()) + line_of(an_increment(20)))).line, "gate: PASSED 1 pass");
}

TEST(Proofs, ReadBackEqual) {
    ProofFacts mirrored = a_proof(7);
    mirrored.host = "mirror";
    EXPECT_THAT(read(line_of(a_run()) + line_of(mirrored)).proofs, testing::ElementsAre(mirrored));
    const Results results = read(line_of(a_run()) + line_of(a_proof(7)) + line_of(a_proof(0)));
    EXPECT_THAT(results.proofs, testing::ElementsAre(a_proof(7), a_proof(0)));
}

TEST(Proofs, TheGateFailsForASurvivorAndForAClauseThatNothingBreaks) {
    const std::string run = line_of(a_run());
    EXPECT_EQ(gate_of(read(run + line_of(a_proof(7)))).line, "prove: PASSED 1 of 1 lies found");
    EXPECT_EQ(gate_of(read(run + line_of(a_proof(7)) + line_of(a_proof(0)))).exit, 1);
    ProofFacts other = a_proof(7);
    other.clause = "PIPE-READ-1";
    other.clauses = {{"PIPE-READ-2", 1}};
    const Results unbroken = read(run + line_of(other));
    EXPECT_EQ(gate_of(unbroken).exit, 1);
    EXPECT_THAT(unbroken_clauses(unbroken).by_none, testing::ElementsAre("PIPE-CAP-3"));
    ProofFacts by_hand;
    by_hand.clause = "PIPE-CAP-3";
    by_hand.because = "no table can";
    const Results covered = read(run + line_of(other) + line_of(by_hand));
    EXPECT_EQ(gate_of(covered).exit, 0);
    EXPECT_THAT(unbroken_clauses(covered).by_hand_made, testing::ElementsAre("PIPE-CAP-3"));
    ProofFacts troubled = a_proof(0);
    troubled.trouble = "it does not start";
    EXPECT_EQ(gate_of(read(run + line_of(a_proof(7)) + line_of(troubled))).exit, 3);
}

TEST(Proofs, ASelectionAsksOnlyForTheClausesOfItsLies) {
    RunFacts run = a_run();
    run.selection = "clause:PIPE-READ-1";
    ProofFacts other = a_proof(7);
    other.clause = "PIPE-READ-1";
    other.clauses = {{"PIPE-READ-1", 1}};
    EXPECT_EQ(gate_of(read(line_of(run) + line_of(other))).exit, 0);
}

TEST(Proofs, ALieFoundUnderAnotherNameIsToldSo) {
    ProofFacts proof = a_proof(7);
    proof.named_after = 0;
    proof.clauses = {{"PIPE-READ-1", 3}};
    const Results results = read(line_of(a_run()) + line_of(proof));
    EXPECT_THAT(unbroken_clauses(results).by_other_name, testing::ElementsAre("PIPE-CAP-3"));
    EXPECT_THAT(console_proofs(results), HasSubstr("≠ a-lie"));
    EXPECT_THAT(console_proofs(results), HasSubstr("PIPE-READ-1 3"));
}

bool selects(const std::vector<std::string>& words) {
    return Filter::parse(words)->matches({"pipe/order/none", "pipe", "order", "none", {"PIPE-ORDER-1"}, {}, ""});
}

TEST(Filter, WordsMustAllMatch) {
    EXPECT_TRUE(selects({}));
    EXPECT_TRUE(selects({"mechanism:pipe", "property:o*"}));
    EXPECT_TRUE(selects({"mechanism:p?pe property:order"}));
    EXPECT_FALSE(selects({"mechanism:pipe", "property:capacity"}));
    EXPECT_TRUE(selects({"!property:capacity"}));
    EXPECT_FALSE(selects({"!*/order/*"}));
    EXPECT_TRUE(selects({"pipe/*"}));
    EXPECT_FALSE(selects({"pipe"})) << "a bare word is a glob on the whole cell id";
    EXPECT_TRUE(selects({"clause:PIPE-ORDER-*"}));
    EXPECT_FALSE(selects({"outcome:*"}));
}

TEST(Filter, BadWordsSayWhatIsMeant) {
    const std::vector<std::string> unknown{"colour:red"}, empty{"fault:"};
    EXPECT_THAT(Filter::parse(unknown).error(), HasSubstr("mechanism property fault clause"));
    EXPECT_THAT(Filter::parse(empty).error(), HasSubstr("has no glob"));
}

TEST(Glob, StarsAndQuestionMarks) {
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c"));
    EXPECT_FALSE(glob_matches("a*b", "a-b-c"));
    EXPECT_FALSE(glob_matches("?", ""));
}

TEST(CatalogueOfThisBuild, EveryCellNamesKnownThings) {
    for (const Cell& cell : all_cells()) EXPECT_EQ(cell_from(name_of(cell)).text(), name_of(cell));
    const Catalogue known = catalogue();
    EXPECT_FALSE(known.clauses.empty());
    EXPECT_EQ(known.faults.front().name, "none");
}

}  // namespace
}  // namespace crosstalk
