// The model of associations against histories that no kernel made: all legal ones are accepted, search and plain fold
// agree, and an association that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/association_simulator.h"
#include "properties/tests/nightly.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::AssociationDefect;
using simulation::AssociationSimulator;
using simulation::PlayedPair;

Verdict judged_association(const PlayedPair& played, bool fold = false) {
    JudgeOptions options;
    options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(AssociationJudge, AcceptsEveryHistoryOfAnAssociationThatKeepsItsPromises) {
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        const Verdict verdict = judged_association(AssociationSimulator(seed).play());
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
        ASSERT_TRUE(verdict.deviations.empty()) << "seed " << seed;
    }
}

TEST(AssociationJudge, AgreesWithThePlainFold) {
    std::uint64_t violated = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < many(6'000); ++seed) {
        const auto broken = static_cast<AssociationDefect>(seed % simulation::association_defects);
        const PlayedPair played = AssociationSimulator(seed, broken).play();
        const Verdict fast = judged_association(played), plain = judged_association(played, true);
        if (plain.answer == Answer::inconclusive) continue;
        ++compared;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, many(500));
    EXPECT_GT(compared, many(5'900));
}

TEST(AssociationJudge, FindsEachBrokenPromise) {
    for (int broken = 1; broken < simulation::association_defects; ++broken) {
        int found = 0;
        const auto defect = static_cast<AssociationDefect>(broken);
        for (std::uint64_t seed = 0; seed < 2'000; ++seed)
            found += judged_association(AssociationSimulator(seed, defect).play()).answer == Answer::violated;
        EXPECT_GT(found, 10) << "promise " << broken;
    }
}

}  // namespace
}  // namespace crosstalk
