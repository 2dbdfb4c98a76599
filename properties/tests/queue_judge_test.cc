// The model of message queues against histories that no kernel made: all legal ones are accepted, search and plain fold
// agree, and a queue that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/nightly.h"
#include "properties/tests/queue_simulator.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Broken;
using simulation::PlayedQueue;
using simulation::QueueSimulator;

Verdict judged(const PlayedQueue& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(QueueJudge, AcceptsEveryHistoryOfAQueueThatKeepsItsPromises) {
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        const PlayedQueue played = QueueSimulator(seed).play();
        const Verdict verdict = judged(played);
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(QueueJudge, AgreesWithThePlainFold) {
    std::uint64_t violated = 0;
    for (std::uint64_t seed = 0; seed < many(6'000); ++seed) {
        const auto broken = static_cast<Broken>(seed % 7);
        const PlayedQueue played = QueueSimulator(seed, broken).play();
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        if (plain.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, many(500));
}

TEST(QueueJudge, FindsEachBrokenPromise) {
    for (const Broken broken :
         {Broken::order, Broken::priority, Broken::capacity, Broken::doubled, Broken::lost, Broken::count}) {
        int found = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed)
            found += judged(QueueSimulator(seed, broken).play()).answer == Answer::violated;
        EXPECT_GT(found, 20) << "promise " << static_cast<int>(broken);
    }
}

}  // namespace
}  // namespace crosstalk
