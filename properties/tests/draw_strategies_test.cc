// Strategies: uniform is uniform over interleavings (and the test can tell when a strategy is not), PCT has few runs.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "properties/draw/strategies.h"

namespace crosstalk::draw {
namespace {

using Lines = std::vector<std::uint16_t>;

// What looks uniform and is not: whoever has steps left moves with equal likelihood, however many are left.
std::vector<ActorId> coin_each_step(Dice& dice, std::span<const std::uint16_t> steps) {
    Lines left(steps.begin(), steps.end());
    std::vector<ActorId> choices;
    for (;;) {
        std::vector<ActorId> movers;
        for (std::size_t a = 0; a < left.size(); ++a)
            if (left[a] != 0) movers.push_back(static_cast<ActorId>(a));
        if (movers.empty()) return choices;
        choices.push_back(movers[dice.below(movers.size())]);
        --left[choices.back()];
    }
}

double multinomial(const Lines& lines) {
    double count = 1, total = 0;
    for (const std::uint16_t line : lines)
        for (int i = 1; i <= line; ++i) count *= ++total / i;
    return std::round(count);
}

// Chi-square of the interleavings that a strategy gives against equal shares.
double chi_square(Strategy strategy, const Lines& lines, std::size_t draws) {
    Dice dice(7);
    std::map<std::vector<ActorId>, double> seen;
    for (std::size_t i = 0; i < draws; ++i) seen[strategy(dice, lines)] += 1;
    const double kinds = multinomial(lines), expected = static_cast<double>(draws) / kinds;
    double sum = (kinds - static_cast<double>(seen.size())) * expected;  // those never seen
    for (const auto& [interleaving, times] : seen) sum += (times - expected) * (times - expected) / expected;
    return sum;
}

// The value that chi-square exceeds with probability one in a million (Wilson and Hilferty's approximation).
double one_in_a_million(double kinds) {
    const double freedom = kinds - 1, spread = 2 / (9 * freedom);
    return freedom * std::pow(1 - spread + 4.753 * std::sqrt(spread), 3);
}

class UniformOver : public testing::TestWithParam<Lines> {};

TEST_P(UniformOver, EachInterleavingIsEquallyLikely) {
    EXPECT_LT(chi_square(uniform, GetParam(), 200'000), one_in_a_million(multinomial(GetParam())));
}

TEST_P(UniformOver, ABiasedStrategyIsNoticed) {
    EXPECT_GT(chi_square(coin_each_step, GetParam(), 200'000), one_in_a_million(multinomial(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(SmallPrograms, UniformOver,
                         testing::Values(Lines{3, 3}, Lines{2, 2, 2}, Lines{1, 4}, Lines{2, 3, 1}));

TEST(Uniform, ThreeAgainstThreeHasTwentyInterleavingsAndAllAreSeen) {
    Dice dice(1);
    std::map<std::vector<ActorId>, int> seen;
    for (int i = 0; i < 2000; ++i) ++seen[uniform(dice, Lines{3, 3})];
    EXPECT_EQ(seen.size(), 20u);
}

std::size_t runs_in(const std::vector<ActorId>& choices) {
    std::size_t runs = choices.empty() ? 0 : 1;
    for (std::size_t i = 1; i < choices.size(); ++i) runs += choices[i] != choices[i - 1] ? 1 : 0;
    return runs;
}

TEST(Pct, OfDepthOneRunsEachActorToItsEndInEveryOrder) {
    Dice dice(2);
    std::map<std::vector<ActorId>, int> seen;
    for (int i = 0; i < 600; ++i) ++seen[pct_of_depth(dice, Lines{2, 3, 1}, 1)];
    EXPECT_EQ(seen.size(), 6u);
    for (const auto& [choices, times] : seen) EXPECT_EQ(runs_in(choices), 3u);
}

TEST(Pct, OfDepthThreeHasAtMostTwoMoreRuns) {
    Dice dice(3);
    std::size_t most = 0;
    for (int i = 0; i < 2000; ++i) most = std::max(most, runs_in(pct_of_depth(dice, Lines{9, 9, 9}, 3)));
    EXPECT_EQ(most, 5u);
}

TEST(Pct, KeepsEveryStep) {
    Dice dice(4);
    for (int i = 0; i < 500; ++i) {
        const std::vector<ActorId> choices = pct(dice, Lines{5, 0, 7});
        EXPECT_EQ(std::count(choices.begin(), choices.end(), 0), 5);
        EXPECT_EQ(std::count(choices.begin(), choices.end(), 1), 0);
        EXPECT_EQ(std::count(choices.begin(), choices.end(), 2), 7);
    }
}

TEST(Sweep, DelaysNameStepsThatAreThere) {
    Program program;
    program.actors.resize(3);
    program.actors[1].steps.resize(4);
    Dice dice(5);
    std::size_t delays = 0;
    for (int i = 0; i < 500; ++i)
        for (const Delay& delay : sweep(dice, program)) {
            ++delays;
            EXPECT_EQ(delay.actor, 1);
            EXPECT_LT(delay.step, 4);
            EXPECT_LT(delay.spin_ns, 50'000u);
        }
    EXPECT_GT(delays, 100u);
}

}  // namespace
}  // namespace crosstalk::draw
