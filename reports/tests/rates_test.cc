// The exact tests, against tables of textbooks and against counting by hand.
#include "reports/rates.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crosstalk {
namespace {

// Fisher's tea: 3 of 4 against 1 of 4 gives 34/70, two-sided (Fisher, The Design of Experiments, II).
TEST(Rates, TheLadyTastingTea) {
    EXPECT_NEAR(fisher_exact({3, 4}, {1, 4}), 34.0 / 70.0, 1e-9);
    EXPECT_NEAR(fisher_exact({4, 4}, {0, 4}), 2.0 / 70.0, 1e-9);
}

// Mehta and Senchaudhuri, Conditional versus unconditional exact tests: 7 of 15 and 12 of 15 give 0.1281 in tables.
TEST(Rates, AnUnequalTableThatIsNoSignOfAChange) { EXPECT_NEAR(fisher_exact({7, 15}, {12, 15}), 0.1281, 5e-4); }

TEST(Rates, FisherIsSymmetricAndSeesNothingInNothing) {
    EXPECT_DOUBLE_EQ(fisher_exact({2, 10}, {9, 10}), fisher_exact({9, 10}, {2, 10}));
    EXPECT_DOUBLE_EQ(fisher_exact({0, 10}, {0, 20}), 1.0);
    EXPECT_DOUBLE_EQ(fisher_exact({0, 0}, {7, 7}), 1.0);
    EXPECT_NEAR(fisher_exact({5, 10}, {5, 10}), 1.0, 1e-9);
}

TEST(Rates, FisherKeepsItsLevelByCountingAllOutcomes) {
    // Two coins of one rate, tried 8 and 12 times: a p below 0.05 must come at most once in twenty.
    for (const double rate : {0.05, 0.3, 0.5, 0.9}) {
        double false_alarms = 0, all = 0;
        const auto weight = [&](std::uint64_t k, std::uint64_t n) {
            return at_least_so_many({k, n}, rate) - (k == n ? 0.0 : at_least_so_many({k + 1, n}, rate));
        };
        for (std::uint64_t a = 0; a <= 8; ++a)
            for (std::uint64_t b = 0; b <= 12; ++b) {
                const double chance = weight(a, 8) * weight(b, 12);
                all += chance;
                if (fisher_exact({a, 8}, {b, 12}) < 0.05) false_alarms += chance;
            }
        EXPECT_NEAR(all, 1.0, 1e-9);
        EXPECT_LE(false_alarms, 0.05) << rate;
    }
}

TEST(Rates, CountsOfMillionsNeitherOverflowNorVanish) {
    EXPECT_GT(fisher_exact({50, 10'000'000}, {55, 10'000'000}), 0.5);
    EXPECT_LT(fisher_exact({0, 10'000'000}, {55, 10'000'000}), 1e-12);
    EXPECT_TRUE(std::isfinite(at_least_so_many({5, 10'000}, 1e-9)));
}

TEST(Rates, TheBinomialTailAndItsBound) {
    EXPECT_NEAR(at_least_so_many({1, 10}, 0.02), 1 - std::pow(0.98, 10), 1e-12);
    EXPECT_NEAR(at_least_so_many({10, 10}, 0.5), std::pow(0.5, 10), 1e-12);
    EXPECT_EQ(at_least_so_many({0, 10}, 0.5), 1.0);
    EXPECT_EQ(at_least_so_many({1, 10}, 0.0), 0.0);
    // None of 10 at 5 %: 1 - 0.05^(1/10), the textbook's "rule of three" made exact.
    EXPECT_NEAR(highest_rate({0, 10}, 0.05), 1 - std::pow(0.05, 0.1), 1e-9);
    EXPECT_EQ(highest_rate({10, 10}, 0.05), 1.0);
    EXPECT_EQ(highest_rate({0, 0}, 0.05), 1.0);
}

}  // namespace
}  // namespace crosstalk
