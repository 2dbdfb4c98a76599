// The model of listening sockets against histories that no kernel made: all legal ones are accepted, search and plain
// fold agree, and a socket that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/listener_simulator.h"
#include "properties/tests/nightly.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Deaf;
using simulation::ListenerSimulator;
using simulation::PlayedListener;

Verdict judged(const PlayedListener& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(ListenerJudge, AcceptsEveryHistoryOfASocketThatKeepsItsPromises) {
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        const PlayedListener played = ListenerSimulator(seed).play();
        const Verdict verdict = judged(played);
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(ListenerJudge, AgreesWithThePlainFold) {
    std::uint64_t violated = 0;
    for (std::uint64_t seed = 0; seed < many(6'000); ++seed) {
        const auto deaf = static_cast<Deaf>(seed % 7);
        const PlayedListener played = ListenerSimulator(seed, deaf).play();
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        if (plain.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, many(500));
}

TEST(ListenerJudge, FindsEachBrokenPromise) {
    for (const Deaf deaf : {Deaf::order, Deaf::doubled, Deaf::backlog, Deaf::lost, Deaf::early, Deaf::refused}) {
        int found = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed)
            found += judged(ListenerSimulator(seed, deaf).play()).answer == Answer::violated;
        EXPECT_GT(found, 20) << "promise " << static_cast<int>(deaf);
    }
}

}  // namespace
}  // namespace crosstalk
