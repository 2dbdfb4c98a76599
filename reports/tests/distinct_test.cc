// The count of different things: exact while few, near the truth when many, and the same however it was split.
#include "reports/distinct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace crosstalk {
namespace {

Distinct of(std::uint32_t seed, std::size_t count) {
    std::mt19937 draw(seed);
    Distinct out;
    for (std::size_t i = 0; i < count; ++i) out.add(static_cast<std::uint32_t>(draw()));
    return out;
}

TEST(Distinct, IsExactBelowWhatIsKeptHoweverOftenEachCame) {
    Distinct seen;
    EXPECT_EQ(seen.count(), 0u);
    for (int again = 0; again < 3; ++again)
        for (std::uint32_t i = 1; i < Distinct::kept; ++i) EXPECT_EQ(seen.add(i * 0x9e3779b1u), again == 0);
    EXPECT_TRUE(seen.exact());
    EXPECT_EQ(seen.count(), Distinct::kept - 1);
    seen.add(5);
    EXPECT_FALSE(seen.exact());
}

// 40 sketches at each size: their mean error is a sixth of one's standard error, 0.09; four times that is never met by
// chance, while a sketch of half the size or a forgotten factor is far outside.
TEST(Distinct, EstimatesManyWithinItsStandardError) {
    for (const std::size_t truth : {300u, 5'000u, 80'000u}) {
        double mean = 0, square = 0;
        constexpr unsigned sketches = 40;
        for (std::uint32_t seed = 1; seed <= sketches; ++seed) {
            const double error = static_cast<double>(of(seed, truth).count()) / static_cast<double>(truth) - 1;
            mean += error / sketches;
            square += error * error / sketches;
        }
        EXPECT_NEAR(mean, 0, 0.06) << truth;
        EXPECT_LT(std::sqrt(square), 0.13) << truth;
    }
}

TEST(Distinct, OfJoinedShardsIsThatOfTheWhole) {
    Distinct joined = of(1, 400);
    joined.add(of(2, 3000));
    joined.add(of(1, 500));  // the first 400 again, and 100 more
    Distinct whole = of(1, 500);
    whole.add(of(2, 3000));
    EXPECT_EQ(joined, whole);
    EXPECT_EQ(joined.hashes().size(), Distinct::kept);
    EXPECT_TRUE(std::ranges::is_sorted(joined.hashes()));
}

}  // namespace
}  // namespace crosstalk
