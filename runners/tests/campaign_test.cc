// The campaign against a scripted target: what is counted, found, shrunk, survived and recorded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "reports/cells.h"
#include "reports/gate.h"
#include "reports/record.h"
#include "runners/campaign/stored.h"
#include "runners/tests/campaign_fakes.h"
#include "runners/tests/campaign_run.h"

namespace crosstalk {
namespace {

using namespace fakes;
using ::testing::HasSubstr;

std::uint64_t weights(const Results& results) {
    std::uint64_t sum = 0;
    for (const auto& [key, times] : results.evidence.counts)
        if (std::get<1>(key) == clause_of(some_clause()).id) sum += times;
    return sum;
}

TEST(Campaign, PlaysExactlyTheCasesAskedForAndCountsTheirEvidence) {
    Counters counters;
    const Results results = run(options(counters, 100, [](std::uint64_t) { return holds; }));
    EXPECT_EQ(counters.played, 100u);
    EXPECT_EQ(results.evidence.cases, 100u);
    EXPECT_EQ(results.evidence.events, 300u);
    EXPECT_EQ(weights(results), 200u);
    ASSERT_EQ(results.evidence.reach.size(), 1u);
    const auto& [key, reach] = *results.evidence.reach.begin();
    EXPECT_EQ(key.second, clause_of(some_clause()).id);
    EXPECT_EQ(reach.sizes, results.evidence.sizes) << "one call a case, so each case counts once";
    EXPECT_EQ(reach.actors, results.evidence.actors);
    EXPECT_TRUE(results.findings.empty());
    EXPECT_EQ(results.ends.back().stopped_because, "cases");
    EXPECT_EQ(results.ends.back().exit, 0);
}

TEST(Campaign, SendsSeveralCasesAheadOfReplies) {
    Counters counters;
    run(options(counters, 100, [](std::uint64_t) { return holds; }));
    EXPECT_GT(counters.most_in_flight, 4u);
    EXPECT_LE(counters.most_in_flight, 64u);
}

TEST(Campaign, GivesTheSameCountsWithAnyNumberOfJobs) {
    const auto script = [](std::uint64_t n) { return n % 10 == 3 ? violates : holds; };
    Counters one, four;
    CampaignOptions options_one = options(one, 200, script), options_four = options(four, 200, script);
    options_four.jobs.lanes = 4;
    const Results a = run(options_one), b = run(options_four);
    EXPECT_EQ(a.evidence.counts, b.evidence.counts);
    EXPECT_EQ(a.evidence.cases, b.evidence.cases);
    EXPECT_EQ(a.evidence.again, b.evidence.again);
    ASSERT_EQ(b.findings.size(), 1u);
    EXPECT_EQ(a.findings[0].finding, b.findings[0].finding);
}

TEST(Campaign, ShrinksAViolationAndRecordsItOnceWithItsRate) {
    Counters counters;
    const Results results = run(options(counters, 50, [](std::uint64_t n) { return n >= 20 ? violates : holds; }));
    ASSERT_EQ(results.findings.size(), 1u);
    const FindingFacts& finding = results.findings[0];
    EXPECT_EQ(finding.reason, "lost");
    EXPECT_EQ(finding.failed, 10u);
    EXPECT_EQ(finding.tried, 10u);
    EXPECT_EQ(finding.steps, 1u);
    EXPECT_FALSE(finding.deviates);
    EXPECT_EQ(finding.explanation, std::vector<std::string>{"the story"});
    EXPECT_EQ(results.evidence.again.at(finding.finding), 29u);
    EXPECT_EQ(results.evidence.cases, 50u);
    EXPECT_EQ(results.ends.back().exit, 1);
}

TEST(Campaign, MeasuresTheRateOfARacyViolationAndStillShrinksIt) {
    Counters counters;
    const Results results = run(options(counters, 1, [](std::uint64_t) { return racy; }));
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].failed, 3u);
    EXPECT_EQ(results.findings[0].tried, 10u);
    EXPECT_EQ(results.findings[0].steps, 1u);
}

TEST(Campaign, RecordsADeviationOnceAndCountsItAfterwards) {
    Counters counters;
    CampaignOptions with = options(counters, 30, [](std::uint64_t) { return deviates; });
    with.run.expectations = {{"*", std::string(clause_of(some_clause()).id), "deviates", "it is known", "", 1.0, ""}};
    const Results results = run(with);
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_TRUE(results.findings[0].deviates);
    EXPECT_EQ(results.evidence.again.at(results.findings[0].finding), 29u);
    EXPECT_EQ(results.ends.back().exit, 0);
    CampaignOptions without = options(counters, 30, [](std::uint64_t) { return deviates; });
    EXPECT_EQ(run(without).ends.back().exit, 1);
}

TEST(Campaign, FindsTheCaseThatKillsTheTargetAndGoesOn) {
    Counters counters;
    const Results results = run(options(counters, 60, [](std::uint64_t n) { return n == 25 ? kills : holds; }));
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].clause, "TARGET-ALIVE-1");
    EXPECT_EQ(results.findings[0].reason, "crashed");
    EXPECT_EQ(results.findings[0].found_after_cases, 26u);
    EXPECT_THAT(results.findings[0].explanation.back(), HasSubstr("scripted death"));
    EXPECT_EQ(results.evidence.cases, 59u);
    EXPECT_EQ(results.ends.back().exit, 1);
    EXPECT_GT(counters.started, 1u);
}

TEST(Campaign, StopsWhenTheTargetDiesAgainAndAgain) {
    Counters counters;
    const Results results = run(options(counters, 1000, [](std::uint64_t) { return kills; }));
    EXPECT_EQ(results.ends.back().stopped_because, "crashes");
}

TEST(Campaign, DoesNotBlameTheTargetForAnAgentThatGivesUp) {
    Counters counters;
    const Results once = run(options(counters, 2000, [](std::uint64_t n) { return n == 25 ? gives_up : holds; }));
    EXPECT_TRUE(once.findings.empty());
    EXPECT_EQ(once.evidence.cases, 1999u);
    EXPECT_EQ(once.evidence.broken.at("scripted death"), 1u);
    EXPECT_EQ(once.ends.back().exit, 0);
    const Results always = run(options(counters, 5000, [](std::uint64_t) { return gives_up; }));
    EXPECT_TRUE(always.findings.empty());
    EXPECT_EQ(always.ends.back().stopped_because, "broken: no case could be judged");
    EXPECT_EQ(always.ends.back().exit, 3);
}

TEST(Campaign, CountsTheHarnessTroubleApartAndFailsOnlyAboveABound) {
    Counters counters;
    const Results few = run(options(counters, 2000, [](std::uint64_t n) { return n % 400 == 1 ? breaks : holds; }));
    EXPECT_EQ(few.evidence.broken.at("scripted break"), 5u);
    EXPECT_EQ(few.ends.back().exit, 0);
    const Results many = run(options(counters, 100, [](std::uint64_t n) { return n % 4 == 1 ? refused : holds; }));
    EXPECT_EQ(many.evidence.broken.at("refused: scripted refusal"), 25u);
    EXPECT_EQ(many.ends.back().exit, 3);
    const Results all = run(options(counters, 5000, [](std::uint64_t) { return breaks; }));
    EXPECT_EQ(all.ends.back().exit, 3);
    EXPECT_LT(all.evidence.broken.at("scripted break"), 1000u);
}

TEST(Campaign, KeepsWhatTheFirstBrokenCasesLookedLike) {
    Counters counters;
    const fakes::Directory out;
    CampaignOptions with = options(counters, 100, [](std::uint64_t n) { return n % 4 == 1 ? breaks : holds; });
    with.out = out.path();
    run(with);
    std::size_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(out.path() + "/histories")) {
        const auto recording = recording_from(text_of_file(entry.path()).value());
        ASSERT_TRUE(recording) << recording.error();
        EXPECT_THAT(entry.path().filename().string(), testing::StartsWith("broken-"));
        EXPECT_EQ(recording->history.why, "scripted break");
        ++kept;
    }
    EXPECT_EQ(kept, 8u);
}

TEST(Campaign, FailFastStopsDrawingAfterTheFirstRegression) {
    Counters counters;
    CampaignOptions with = options(counters, 10'000, [](std::uint64_t n) { return n == 10 ? violates : holds; });
    with.fail_fast = 1;
    const Results results = run(with);
    EXPECT_EQ(results.ends.back().stopped_because, "fail-fast");
    EXPECT_LT(results.evidence.cases, 200u);
}

TEST(Campaign, AnInterruptGivesTheVerdictSoFar) {
    Counters counters;
    std::atomic<bool> interrupted{false};
    CampaignOptions with = options(counters, 100'000, [&](std::uint64_t n) {
        if (n == 500) interrupted = true;
        return holds;
    });
    with.interrupted = &interrupted;
    const Results results = run(with);
    EXPECT_EQ(results.ends.back().stopped_because, "interrupted");
    EXPECT_GE(results.evidence.cases, 490u);
    EXPECT_LT(results.evidence.cases, 5000u);
    EXPECT_EQ(results.ends.back().exit, 0);
}

TEST(Campaign, ABudgetOfTimeEndsTheRun) {
    Counters counters;
    CampaignOptions with = options(counters, 100'000, [](std::uint64_t) { return holds; });
    with.cases = 0;
    with.budget = std::chrono::milliseconds(1);
    with.drawing = [](const std::vector<Cell>&, const Ground&) -> DrawCell {
        return [](std::size_t, std::uint64_t) { return case_of(holds); };
    };
    EXPECT_EQ(run(with).ends.back().stopped_because, "budget");
}

TEST(Campaign, ReplaysTheCorpusBeforeItDraws) {
    Counters counters;
    CampaignOptions with = options(counters, 10, [](std::uint64_t) { return holds; });
    with.corpus = {{"a.json", case_of(violates)}, {"b.json", case_of(holds)}};
    const Results results = run(with);
    EXPECT_EQ(results.evidence.cases, 12u);
    ASSERT_EQ(results.findings.size(), 1u);
    EXPECT_EQ(results.findings[0].found_after_cases, 1u);
}

TEST(Campaign, ATargetThatDoesNotStartIsAnErrorAndNotAVerdict) {
    Counters counters;
    CampaignOptions with = options(counters, 10, [](std::uint64_t) { return holds; });
    with.target.start = [](const SessionOptions&) -> Expected<std::unique_ptr<Session>> {
        return tl::unexpected(std::string("no such thing"));
    };
    const auto results = run_campaign(with);
    ASSERT_FALSE(results);
    EXPECT_THAT(results.error(), HasSubstr("no such thing"));
}

TEST(Campaign, WhatIsWrittenReadsBackAsTheSameResults) {
    Counters counters;
    const Directory out;
    CampaignOptions with = options(counters, 40, [](std::uint64_t n) { return n % 2 == 1 ? violates : holds; });
    with.out = out.path();
    std::ofstream(out / "results.jsonl.part") << "left by a killed run";
    const Results written = run(with);
    const NamedText file{"results.jsonl", text_of_file(out / "results.jsonl").value()};
    const auto read = results_from({&file, 1});
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->evidence, written.evidence);
    EXPECT_EQ(read->cells, written.cells);
    ASSERT_EQ(read->findings.size(), 1u);
    EXPECT_EQ(read->findings[0].finding, written.findings[0].finding);
    EXPECT_EQ(gate_of(*read).line, gate_of(written).line);
    EXPECT_FALSE(std::filesystem::exists(out / "results.jsonl.part"));
    const std::string id = written.findings[0].finding;
    const auto stored = stored_case_from(text_of_file(out / ("cases/" + id + ".json")).value());
    ASSERT_TRUE(stored) << stored.error();
    EXPECT_EQ(stored->program.actors[0].steps.size(), 1u);
}

// A failure as the script plays it.
Failure a_violation() {
    Failure found;
    found.value = case_of(violates);
    found.goal = {0, some_clause(), Reason::lost, "", false, 0};
    found.history.events.resize(1);
    return found;
}

TEST(Campaign, ASmallerCaseThatFailsLessSteadilyIsGivenUpForTheGreaterOne) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    Investigation how;
    how.smaller = [](const Case& value) {  // a race, once the last step is gone
        Case smaller = value;
        if (smaller.program.actors.front().steps.size() <= 1) return rc::Seq<Case>();
        smaller.program.actors.front().steps.pop_back();
        if (smaller.program.actors.front().steps.size() < 3)
            smaller.program.objects.front().asked.capacity_bytes = mostly;
        return rc::seq::just(smaller);
    };
    const Investigated out = investigate(player, judge_by_script, {}, a_violation(), how);
    EXPECT_EQ(out.smallest.value.program.actors.front().steps.size(), 3u);
    EXPECT_EQ(out.failed, 10u);
    EXPECT_EQ(out.tried, 10u);
}

TEST(Campaign, OfManyThatFailLessSteadilyOnlyThoseAreGivenUp) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    constexpr std::size_t steady_from = 30;
    Investigation how;
    how.smaller = [](const Case& value) {
        Case smaller = value;
        const std::size_t steps = smaller.program.actors.front().steps.size() - 1;
        if (steps == 0) return rc::Seq<Case>();
        smaller.program.actors.front().steps.resize(steps);
        smaller.program.objects.front().asked.capacity_bytes = steps < steady_from ? mostly : violates;
        return rc::seq::fromContainer(std::vector<Case>(50, smaller));  // so that some of them fails twice
    };
    Failure found = a_violation();
    found.value = case_of(violates, 60);
    const Investigated out = investigate(player, judge_by_script, {}, found, how);
    EXPECT_EQ(out.smallest.value.program.actors.front().steps.size(), steady_from);
}

TEST(Campaign, CandidatesAreSentAheadOfTheirReplies) {
    Counters counters;
    const Target fake = fakes::target(counters);
    Player player(fake, {});
    Investigation how;
    how.smaller = [](const Case&) { return rc::seq::fromContainer(std::vector<Case>(100, case_of(holds))); };
    investigate(player, judge_by_script, {}, a_violation(), how);
    EXPECT_GT(counters.most_in_flight, 4u);
    EXPECT_EQ(counters.played, 110u);
}

TEST(Rates, ManyPlaysAreAskedForWhenAFailureIsRare) {
    EXPECT_EQ(plays_for_rate(10, 10), 1u);
    EXPECT_EQ(plays_for_rate(5, 10), 5u);
    EXPECT_EQ(plays_for_rate(1, 10), 29u);
    EXPECT_EQ(plays_for_rate(0, 10), 29u);
    EXPECT_LE(plays_for_rate(1, 1000), 30u);
}

}  // namespace
}  // namespace crosstalk
