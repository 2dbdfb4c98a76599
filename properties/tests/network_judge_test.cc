// The models of connections and of datagrams against histories that no kernel made: all legal ones are accepted, search
// and plain fold agree, and a network that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/network_simulator.h"
#include "properties/tests/nightly.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::NetworkDefect;
using simulation::NetworkSimulator;
using simulation::PlayedPair;

constexpr std::string_view kinds[] = {"tcp4", "udp6"};

Verdict judged(const PlayedPair& played, bool fold = false) {
    JudgeOptions options;
    options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(NetworkJudge, AcceptsEveryHistoryOfANetworkThatKeepsItsPromises) {
    for (const std::string_view kind : kinds)
        for (std::uint64_t seed = 0; seed < many(10'000); ++seed) {
            const Verdict verdict = judged(NetworkSimulator(kind, seed).play());
            ASSERT_EQ(verdict.answer, Answer::holds) << kind << " seed " << seed << ": " << told(verdict);
        }
}

TEST(NetworkJudge, AgreesWithThePlainFold) {
    std::uint64_t violated = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < many(6'000); ++seed) {
        const auto broken = static_cast<NetworkDefect>(seed / 2 % simulation::broken_kinds);
        const PlayedPair played = NetworkSimulator(kinds[seed % 2], seed, broken).play();
        const Verdict fast = judged(played), plain = judged(played, true);
        if (plain.answer == Answer::inconclusive) continue;
        ++compared;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, many(500));
    EXPECT_GT(compared, many(5'900));
}

TEST(NetworkJudge, FindsEachBrokenPromise) {
    const auto found = [](std::string_view kind, NetworkDefect broken) {
        int count = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed)
            count += judged(NetworkSimulator(kind, seed, broken).play()).answer == Answer::violated;
        return count;
    };
    for (const NetworkDefect broken : {NetworkDefect::lost, NetworkDefect::doubled, NetworkDefect::reordered,
                                       NetworkDefect::changed, NetworkDefect::count, NetworkDefect::early_end,
                                       NetworkDefect::no_end, NetworkDefect::peek, NetworkDefect::error})
        EXPECT_GT(found("tcp4", broken), 20) << "promise " << static_cast<int>(broken);
    for (const NetworkDefect broken : {NetworkDefect::changed, NetworkDefect::count, NetworkDefect::early_end,
                                       NetworkDefect::peek, NetworkDefect::error})
        EXPECT_GT(found("udp6", broken), 20) << "promise " << static_cast<int>(broken);
}

}  // namespace
}  // namespace crosstalk
