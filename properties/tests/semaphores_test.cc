// Semaphores judged against histories that no C library made: legal ones are accepted, by the search with and without
// its reductions and by the plain fold alike; those of defective semaphores are rejected whenever the fold rejects
// them.
#include <gtest/gtest.h>

#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/tests/nightly.h"
#include "properties/tests/semaphore_simulator.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Defect;
using simulation::PlayedSemaphores;
using simulation::Semaphores;

Verdict judged(const PlayedSemaphores& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(Semaphores, EveryHistoryOfASimulatedOneIsAccepted) {
    for (std::uint64_t seed = 0; seed < many(10'000); ++seed) {
        const PlayedSemaphores played = Semaphores(seed, seed % 2 == 0).play();
        ASSERT_EQ(why_not(played.value.program), "") << "seed " << seed;
        const Verdict verdict = judged(played);
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(Semaphores, TheSearchAgreesWithThePlainFoldAboutDefectiveOnes) {
    std::uint64_t decided = 0, violated = 0;
    for (std::uint64_t seed = 0; seed < many(3'000); ++seed) {
        const auto defect = static_cast<Defect>(seed / 2 % 7);
        const PlayedSemaphores played = Semaphores(seed, seed % 2 == 0, defect).play();
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        if (plain.answer == Answer::inconclusive || unreduced.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        ++decided;
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(decided, many(2'500));
    EXPECT_GT(violated, many(300));
}

TEST(Semaphores, EachDefectIsSeen) {
    for (const Defect defect : {Defect::post_lost, Defect::wait_free, Defect::value_off, Defect::unlink_late,
                                Defect::exclusive_blind, Defect::dead_takes}) {
        int struck = 0, seen = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
            const PlayedSemaphores played = Semaphores(seed, seed % 2 == 0, defect).play();
            const bool violated = judged(played).answer == Answer::violated;
            ASSERT_TRUE(played.defect_struck || !violated) << "seed " << seed;
            struck += played.defect_struck;
            seen += violated;
        }
        EXPECT_GT(struck, 20) << static_cast<int>(defect);
        EXPECT_GT(seen * 10, struck) << static_cast<int>(defect);
    }
}

}  // namespace
}  // namespace crosstalk
