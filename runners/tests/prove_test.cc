// Lies from end to end: that the catalogue and the clauses fit, that a lie is found and survivors are told, that a
// target which dies is the finding, and that cases which fail replay equally.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "faults/lies/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/clause.h"
#include "runners/campaign/prove.h"
#include "runners/campaign/stored.h"
#include "runners/targets/catalog.h"
#include "runners/tests/agent_session.h"
#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

using agent_test::trace_of;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(Prove, EachLieBreaksAJudgedClauseOfItsMechanism) {
    for (std::size_t i = 0; i < lie_count(); ++i) {
        const Lie lie = lie_at(i);
        const auto clause = clause_named(lie.clause);
        ASSERT_TRUE(clause) << lie.id << " breaks " << lie.clause;
        EXPECT_EQ(clause_of(*clause).standing, Standing::judged) << lie.id;
        const auto mechanism = mechanism_named(lie.mechanism);
        ASSERT_TRUE(mechanism) << lie.id;
        EXPECT_TRUE(clause_of(*clause).binds(mechanism_of(*mechanism))) << lie.id;
    }
}

TEST(Prove, EachJudgedClauseIsBrokenByALieOrByAHandMadeHistory) {
    std::set<std::string_view> broken;
    for (std::size_t i = 0; i < lie_count(); ++i) broken.insert(lie_at(i).clause);
    for (const Unlied& unlied : unlied_clauses()) {
        EXPECT_FALSE(unlied.because.empty());
        EXPECT_FALSE(broken.contains(unlied.clause)) << unlied.clause;
        const std::string example = std::string(CROSSTALK_SOURCE_DIR "/properties/examples/").append(unlied.clause);
        EXPECT_TRUE(std::filesystem::exists(example + "/violates.json")) << unlied.clause;
        broken.insert(unlied.clause);
    }
    std::vector<std::string_view> unbroken;
    for (const Clause& clause : clauses())
        if (clause.standing == Standing::judged && !broken.contains(clause.id)) unbroken.push_back(clause.id);
    EXPECT_THAT(unbroken, IsEmpty());
}

TEST(Prove, AgentAndMirrorTellTheirLiesUnderNamesOfTheirOwn) {
    std::set<std::string> names;
    std::map<std::string, std::size_t> hosts;
    for (const Suspect& suspect : all_suspects()) {
        EXPECT_TRUE(names.insert(suspect.about.lie).second) << suspect.about.lie;
        EXPECT_TRUE(target_named(suspect.target.name)) << suspect.target.name;
        EXPECT_TRUE(mechanism_named(suspect.about.mechanism)) << suspect.about.lie;
        ++hosts[suspect.about.host];
    }
    EXPECT_EQ(hosts["agent"], lie_count());
    EXPECT_EQ(hosts["mirror"], mirror::mutations().size());
    EXPECT_FALSE(target_named("mirror:white"));
}

// Three suspects played by scripts: one violates at its third case, one never, one dies at its second.
struct Scripted {
    fakes::Counters counters;
    ProveOptions options;
    std::vector<fakes::Script> script;
    Scripted(std::vector<fakes::Script> each, std::uint64_t cases) : script(std::move(each)) {
        const CampaignOptions campaign = fakes::options(
            counters, cases, [this](std::uint64_t n) { return script[static_cast<std::size_t>(n) % script.size()]; });
        options.cells = campaign.cells;
        options.judge = campaign.judge;
        options.drawing = campaign.drawing;
        options.seed = campaign.seed;
        options.cases = cases;
        Suspect suspect;
        suspect.about.lie = "a-lie";
        suspect.about.mechanism = "pipe";
        suspect.about.clause = clause_of(fakes::some_clause()).id;
        suspect.target = fakes::target(counters);
        options.suspects = {suspect};
    }
};

TEST(Prove, ALieOfTheMirrorThatNeedsMemoryIsFound) {
    Scripted scripted({fakes::holds}, 0);
    ProveOptions options = scripted.options;
    options.suspects = suspects_selected_by({"late-effect"}).value();
    ASSERT_EQ(options.suspects.size(), 1u);
    options.cells = cells_selected_by({});
    options.cases = 5000;
    options.judge = judge;
    options.drawing = drawing_from_generators;
    const std::vector<ProofFacts> proofs = prove(options);
    ASSERT_EQ(proofs.size(), 1u);
    EXPECT_EQ(proofs[0].host, "mirror");
    EXPECT_NE(proofs[0].found_after, 0u);
}

TEST(Prove, ALieIsFoundAtItsFirstViolationAndLookedAtABitLonger) {
    Scripted scripted({fakes::holds, fakes::deviates, fakes::violates}, 40);
    const std::vector<ProofFacts> proofs = prove(scripted.options);
    ASSERT_EQ(proofs.size(), 1u);
    EXPECT_EQ(proofs[0].found_after, 3u);
    EXPECT_EQ(proofs[0].named_after, 3u);
    EXPECT_EQ(proofs[0].cases, 40u);
    EXPECT_EQ(proofs[0].clauses.at(proofs[0].clause), 13u);
}

TEST(Prove, ADeviationFindsNothingAndALieWithoutViolationSurvives) {
    Scripted scripted({fakes::holds, fakes::deviates}, 40);
    const std::vector<ProofFacts> proofs = prove(scripted.options);
    ASSERT_EQ(proofs.size(), 1u);
    EXPECT_EQ(proofs[0].found_after, 0u);
    EXPECT_EQ(proofs[0].cases, 40u);
}

TEST(Prove, ATargetThatDiesIsNoticedAndStartedAgain) {
    Scripted scripted({fakes::holds, fakes::kills}, 20);
    const std::vector<ProofFacts> proofs = prove(scripted.options);
    ASSERT_EQ(proofs.size(), 1u);
    EXPECT_EQ(proofs[0].found_after, 2u);
    EXPECT_EQ(proofs[0].first, "TARGET-ALIVE-1 crashed");
    EXPECT_EQ(proofs[0].clauses.at("TARGET-ALIVE-1"), 10u);
    EXPECT_EQ(scripted.counters.started, 11u);
}

TEST(Prove, AViolationThatTheHonestTargetIsExpectedToShowFindsNothing) {
    Scripted scripted({fakes::violates}, 20);
    scripted.options.run.expectations = {
        {"*", std::string(clause_of(fakes::some_clause()).id), "violated", "known", "", 1.0, ""}};
    EXPECT_EQ(prove(scripted.options)[0].found_after, 0u);
}

TEST(Prove, AnInterruptEndsItWithoutAHalfRow) {
    Scripted scripted({fakes::holds}, 20);
    const std::atomic<bool> interrupted{true};
    scripted.options.interrupted = &interrupted;
    EXPECT_THAT(prove(scripted.options), IsEmpty());
}

// The whole line with the real agent.
CampaignOptions campaign_of(const std::string& lie, std::uint64_t cases) {
    CampaignOptions options;
    options.target = target_that_tells(lie_at(*lie_named(lie)));
    options.seed = 3;
    options.cases = cases;
    options.cells = cells_selected_by({});
    options.judge = judge;
    options.drawing = drawing_from_generators;
    return options;
}

TEST(Prove, AnAgentThatDiesWithManyCasesInFlightIsTheFindingAndTheRunGoesOn) {
    CampaignOptions options = campaign_of("target-dies", 200);
    options.investigation.replays = 3;
    const Expected<Results> results = run_campaign(options);
    ASSERT_TRUE(results) << results.error();
    ASSERT_FALSE(results->findings.empty());
    std::set<std::string> crashes;
    for (const FindingFacts& finding : results->findings)
        if (finding.reason == "crashed") crashes.insert(finding.clause);
    EXPECT_THAT(crashes, UnorderedElementsAre("TARGET-ALIVE-1"));
    for (const FindingFacts& finding : results->findings) {
        if (finding.reason != "crashed") continue;
        EXPECT_EQ(finding.failed, finding.tried) << "the guilty case was isolated: alone it kills each time";
        const Expected<Case> guilty = stored_case_from(finding.case_json);
        ASSERT_TRUE(guilty) << guilty.error();
        bool vector_write = false;
        for (const Actor& actor : guilty->program.actors)
            for (const Operation& step : actor.steps) vector_write = vector_write || step.verb == Verb::writev;
        EXPECT_TRUE(vector_write);
    }
    EXPECT_GT(results->evidence.cases, 100u) << "it did not go on";
    EXPECT_EQ(results->ends.front().stopped_because, "cases");
}

// 20 cases in turns, 10 of which fail through a lie, 50 plays each: the trace is the same 1000 times.
TEST(Prove, CasesInTurnsReplayEquallyWhetherOrNotTheyFail) {
    const char* const lies[] = {"stream-pages-change-places", "read-stops-short", "wake-one-reader-at-end",
                                "write-counts-one-less", "poll-input-missing"};
    unsigned failing = 0, holding = 0;
    for (const char* lie : lies) {
        const CampaignOptions options = campaign_of(lie, 0);
        Player player(options.target, {.core = 0, .withhold = 0});
        ASSERT_EQ(player.ready(), "");
        const Environment environment = player.session().environment();
        Ground ground = ground_of(environment);
        ground.only_mode = Mode::turns;
        const auto source = random_source(options.cells, options.seed, drawing_from_generators(options.cells, ground));
        unsigned fails = 0, holds = 0;
        for (std::uint64_t n = 0; n < 600 && (fails < 2 || holds < 2); ++n) {
            const Case value = source->at(n)->value;
            Reply first = player.play(value, 1);
            ASSERT_EQ(first.kind, Reply::Kind::played) << first.why;
            JudgeOptions how;
            how.case_number = 1;
            const Verdict verdict = judge(value, first.history, environment, how);
            unsigned* const kind = verdict.answer == Answer::violated ? &fails
                                   : verdict.answer == Answer::holds  ? &holds
                                                                      : nullptr;
            if (kind == nullptr || *kind == 2 || first.history.ending == Ending::bounded) continue;
            ++*kind;
            const std::string trace = trace_of(first.history);
            for (int i = 1; i < 50; ++i) ASSERT_EQ(trace_of(player.play(value, 1).history), trace) << lie << " " << n;
        }
        failing += fails;
        holding += holds;
    }
    EXPECT_EQ(failing, 10u);
    EXPECT_EQ(holding, 10u);
}

}  // namespace
}  // namespace crosstalk
