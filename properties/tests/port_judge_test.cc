// The model of listening sockets across a network against histories that no kernel made: all legal ones are accepted,
// search and plain fold agree, and a socket that breaks one promise is found out.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/port_simulator.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Astray;
using simulation::PlayedPorts;
using simulation::PortSimulator;

Verdict judged(const PlayedPorts& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

TEST(PortJudge, AcceptsEveryHistoryOfASocketThatKeepsItsPromises) {
    for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
        const Verdict verdict = judged(PortSimulator(seed).play());
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(PortJudge, AgreesWithThePlainFold) {
    int violated = 0;
    for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
        const PlayedPorts played = PortSimulator(seed, static_cast<Astray>(seed % 5)).play();
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        if (plain.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(violated, 200);
}

TEST(PortJudge, FindsEachBrokenPromise) {
    for (const Astray astray : {Astray::doubled, Astray::refused, Astray::connected, Astray::shared}) {
        int found = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed)
            found += judged(PortSimulator(seed, astray).play()).answer == Answer::violated;
        EXPECT_GT(found, 20) << "promise " << static_cast<int>(astray);
    }
}

}  // namespace
}  // namespace crosstalk
