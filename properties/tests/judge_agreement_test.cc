// The judge against histories that no kernel made: legal ones must be accepted, by the search with and without its
// reductions and by the plain fold alike; mutants must be rejected by all of them or by none.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "properties/judge.h"
#include "properties/mirror/mirror.h"
#include "properties/tests/agreement.h"
#include "properties/tests/cells.h"
#include "properties/tests/mutants.h"
#include "properties/tests/nightly.h"
#include "properties/tests/pipe_simulator.h"

namespace crosstalk {
namespace {

using simulation::Options;
using simulation::Played;
using simulation::Simulator;

Verdict judged(const Played& played, bool reductions = true) {
    JudgeOptions options;
    options.reductions = reductions;
    return judge(played.value, played.history, Environment{}, options);
}

Verdict judged_ahead(const Played& played) {
    JudgeOptions options;
    options.look_ahead = true;
    options.bounds = false;
    return judge(played.value, played.history, Environment{}, options);
}

Options mixture(std::uint64_t seed) {
    Options options;
    options.actors = 2 + static_cast<int>(seed % 4);
    options.steps = 2 + static_cast<int>(seed / 4 % 6);
    options.slots = 1u << (seed / 24 % 3);
    options.kill = seed % 3 == 0;
    options.concurrency = 1 + static_cast<int>(seed % 5);
    return options;
}

TEST(Judge, AcceptsEveryHistoryOfASimulatedPipe) {
    int undecided = 0;
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        const Played played = Simulator(seed, mixture(seed)).play();
        const Verdict verdict = judged(played);
        ASSERT_NE(verdict.answer, Answer::violated) << "seed " << seed << ": " << told(verdict);
        ASSERT_NE(verdict.answer, Answer::broken) << "seed " << seed << ": " << told(verdict);
        undecided += verdict.answer == Answer::inconclusive;
    }
    EXPECT_LE(undecided, 20);
}

Options small(std::uint64_t seed) {
    Options options = mixture(seed);
    options.actors = 2 + static_cast<int>(seed % 3);
    options.steps = 1 + static_cast<int>(seed % 3);
    return options;
}

// The fast judge, the same without reductions and the same that looks ahead, all against the fold.
std::string dissent(const Played& played, Compared& tally) {
    const std::uint64_t decided = tally.decided(), rejected = tally.rejected;
    if (std::string text = disagreement(played.value, played.history, Environment{}, 0, tally); !text.empty())
        return text;
    if (tally.decided() == decided) return "";
    const Answer fold = tally.rejected > rejected ? Answer::violated : Answer::holds;
    for (const Verdict& verdict : {judged(played, false), judged_ahead(played)})
        if (verdict.answer != fold && verdict.answer != Answer::inconclusive) return told(verdict);
    return "";
}

TEST(Judge, AgreesWithThePlainFoldOnSmallHistories) {
    Compared tally;
    const std::uint64_t histories = nightly_or(100'000, many(2'000));
    for (std::uint64_t seed = 0; seed < histories; ++seed)
        ASSERT_EQ(dissent(Simulator(seed, small(seed)).play(), tally), "") << "seed " << seed;
    EXPECT_EQ(tally.rejected, 0u);
    EXPECT_GT(tally.accepted, histories * 9 / 10);
    if (nightly()) std::cout << line_of("simulated", tally);
}

// By kind of mutant. Those that nobody rejects test nothing.
void expect_teeth(const std::map<std::string_view, Compared>& tallies, std::uint64_t wanted) {
    std::uint64_t rejected = 0;
    for (const auto& [name, tally] : tallies) {
        rejected += tally.rejected;
        if (nightly()) std::cout << line_of(name, tally);
    }
    EXPECT_GT(rejected, wanted / 3);
}

TEST(Judge, AgreesWithThePlainFoldOnMutants) {
    const std::uint64_t wanted = nightly_or(30'000, many(4'000));
    std::map<std::string_view, Compared> tallies;
    std::uint64_t compared = 0;
    for (std::uint64_t seed = 0; compared < wanted; ++seed) {
        Played played = Simulator(seed, small(seed)).play();
        mutants::Random random(seed);
        const mutants::Mutator& mutator = mutants::all[seed % mutants::all.size()];
        std::optional<History> mutant = mutants::mutant_of(played.value, played.history, mutator, random);
        if (!mutant) continue;
        played.history = std::move(*mutant);
        ASSERT_EQ(dissent(played, tallies[mutator.name]), "") << mutator.name << ", seed " << seed;
        ++compared;
    }
    expect_teeth(tallies, wanted);
}

// All verbs of a mechanism, all faults, and all that documents allow.
void compare_on_the_mirror(MechanismId mechanism, std::uint64_t wanted, std::map<std::string_view, Compared>& tallies) {
    const Environment environment = mirror::environment();
    const Cells cells(environment, mechanism);
    std::uint64_t compared = 0;
    for (std::uint64_t n = 0; compared < wanted; ++n) {
        const auto number = static_cast<std::uint16_t>(n);
        const Case value = cells.at(n);
        const History history = mirror::play(value, environment, n, {.case_number = number});
        ASSERT_EQ(disagreement(value, history, environment, number, tallies["as it was"]), "") << n;
        mutants::Random random(n);
        const mutants::Mutator& mutator = mutants::all[random() % mutants::all.size()];
        const std::optional<History> mutant = mutants::mutant_of(value, history, mutator, random);
        if (!mutant) continue;
        ASSERT_EQ(disagreement(value, *mutant, environment, number, tallies[mutator.name]), "")
            << mutator.name << " of " << n;
        ++compared;
    }
    EXPECT_EQ(tallies["as it was"].rejected, 0u);
}

TEST(Judge, AgreesWithThePlainFoldOnTheMirrorAndItsMutants) {
    const std::uint64_t wanted = nightly_or(30'000, many(1'000));
    std::map<std::string_view, Compared> tallies;
    compare_on_the_mirror(0, wanted, tallies);
    expect_teeth(tallies, wanted);
}

TEST(Judge, AgreesWithThePlainFoldOnTheMirrorsQueuesAndTheirMutants) {
    std::map<std::string_view, Compared> tallies;
    compare_on_the_mirror(*mechanism_named("mq"), nightly_or(30'000, many(1'000)), tallies);
    EXPECT_GT(tallies["says-again"].rejected, 0u);
    EXPECT_GT(tallies["counts-one-more"].rejected, 0u);
}

TEST(Judge, BoundsAndForesightAreNeverStricterThanTheSearch) {
    std::uint64_t rejected = 0, deviating = 0;
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        Played played = Simulator(seed, mixture(seed)).play();
        mutants::Random random(seed);
        std::optional<History> mutant =
            mutants::mutant_of(played.value, played.history, mutants::all[seed % mutants::all.size()], random);
        if (!mutant) continue;
        played.history = std::move(*mutant);
        JudgeOptions without;
        without.bounds = false;
        const Verdict searched = judge(played.value, played.history, Environment{}, without);
        if (searched.answer != Answer::holds) {
            rejected += searched.answer == Answer::violated;
            continue;
        }
        const Verdict ahead = judged_ahead(played);
        ASSERT_NE(ahead.answer, Answer::violated) << "seed " << seed << ": " << told(ahead);
        const Verdict both = judged(played);
        ASSERT_EQ(both.answer, Answer::holds) << "seed " << seed << ": " << told(both);
        ASSERT_EQ(both.deviations.empty(), searched.deviations.empty()) << "seed " << seed << ": " << told(both);
        deviating += !both.deviations.empty();
    }
    EXPECT_GT(rejected, many(5'000));
    EXPECT_GT(deviating, many(90)) << "what surely deviates was hardly asked";
}

}  // namespace
}  // namespace crosstalk
