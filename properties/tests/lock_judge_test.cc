// Robust locks judged against histories that no kernel made: legal ones are accepted, by the search with and without
// its reductions and by the plain fold alike; those of defective locks are rejected whenever the fold rejects them.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/lock_simulator.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::LockDefect;
using simulation::PlayedLock;
using simulation::RobustLock;

Verdict judged(const PlayedLock& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(RobustLocks, EveryHistoryOfASimulatedOneIsAccepted) {
    for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
        const PlayedLock played = RobustLock(seed).play();
        ASSERT_EQ(why_not(played.value.program), "") << "seed " << seed;
        const Verdict verdict = judged(played);
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(RobustLocks, TheSearchAgreesWithThePlainFoldAboutDefectiveOnes) {
    int violated = 0;
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        const PlayedLock played = RobustLock(seed, static_cast<LockDefect>(seed % 5)).play();
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, 200);
}

TEST(RobustLocks, EachDefectIsSeen) {
    for (const LockDefect defect :
         {LockDefect::two_owners, LockDefect::untold, LockDefect::kept_by_dead, LockDefect::never_lost}) {
        int struck = 0, seen = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
            const PlayedLock played = RobustLock(seed, defect).play();
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
