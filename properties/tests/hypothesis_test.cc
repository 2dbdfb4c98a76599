// Going through all hypotheses: each combination of answers once. What the answers mean is tested with the judge's
// histories.
#include "properties/judge/hypothesis.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace crosstalk::judging {
namespace {

TEST(Hypothesis, OneWithoutQuestionsIsTheOnlyOne) {
    Hypothesis hypothesis;
    EXPECT_FALSE(hypothesis.next());
}

TEST(Hypothesis, GoesThroughAllAnswersAlsoWhereOneAnswerLeadsToAnotherQuestion) {
    Hypothesis hypothesis;
    std::set<std::pair<unsigned, unsigned>> seen;
    unsigned times = 0;
    do {
        const unsigned first = hypothesis.choose(3);
        seen.emplace(first, first == 1 ? hypothesis.choose(2) : 9);
        ++times;
    } while (hypothesis.next());
    EXPECT_EQ(times, 4u);
    EXPECT_EQ(seen, (std::set<std::pair<unsigned, unsigned>>{{0, 9}, {1, 0}, {1, 1}, {2, 9}}));
}

TEST(Hypothesis, TheFirstAnswersNoughtToAll) {
    Hypothesis hypothesis;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(hypothesis.choose(2), 0u);
}

}  // namespace
}  // namespace crosstalk::judging
