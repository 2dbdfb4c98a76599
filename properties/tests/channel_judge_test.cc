// The model of channels against histories that no kernel made: all legal ones are accepted, search and plain fold
// agree, and a pair that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/channel_simulator.h"
#include "properties/tests/nightly.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Amiss;
using simulation::PairSimulator;
using simulation::PlayedPair;

constexpr std::string_view kinds[] = {"unix-stream", "unix-seqpacket", "unix-dgram"};

Verdict judged(const PlayedPair& played, bool fold = false) {
    JudgeOptions options;
    options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(ChannelJudge, AcceptsEveryHistoryOfAPairThatKeepsItsPromises) {
    for (const std::string_view kind : kinds)
        for (std::uint64_t seed = 0; seed < many(10'000); ++seed) {
            const Verdict verdict = judged(PairSimulator(kind, seed).play());
            ASSERT_EQ(verdict.answer, Answer::holds) << kind << " seed " << seed << ": " << told(verdict);
        }
}

TEST(ChannelJudge, AgreesWithThePlainFold) {
    std::uint64_t violated = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < many(9'000); ++seed) {
        const auto amiss = static_cast<Amiss>(seed / 3 % simulation::amiss_kinds);
        const PlayedPair played = PairSimulator(kinds[seed % 3], seed, amiss).play();
        const Verdict fast = judged(played), plain = judged(played, true);
        if (plain.answer == Answer::inconclusive) continue;
        ++compared;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, many(1'000));
    EXPECT_GT(compared, many(8'900));
}

TEST(ChannelJudge, FindsEachBrokenPromise) {
    for (const std::string_view kind : kinds)
        for (int amiss = 1; amiss < simulation::amiss_kinds; ++amiss) {
            if (kind == "unix-dgram" && static_cast<Amiss>(amiss) == Amiss::no_end) continue;  // it has no end
            int found = 0;
            for (std::uint64_t seed = 0; seed < 2'000; ++seed)
                found += judged(PairSimulator(kind, seed, static_cast<Amiss>(amiss)).play()).answer == Answer::violated;
            EXPECT_GT(found, 20) << kind << ", promise " << amiss;
        }
}

}  // namespace
}  // namespace crosstalk
