// The judge against histories that no kernel made: legal ones must be accepted, by the search with and without its
// reductions and by the plain fold alike; mutated ones must be rejected whenever the fold rejects them.
#include <gtest/gtest.h>

#include "properties/judge.h"
#include "properties/tests/pipe_simulator.h"

namespace crosstalk {
namespace {

using simulation::Options;
using simulation::Played;
using simulation::Simulator;

Verdict judged(const Played& played, bool reductions = true, bool fold = false) {
    JudgeOptions options;
    options.reductions = reductions, options.plain_fold = fold;
    return judge(played.value, played.history, Environment{}, options);
}

Verdict judged_ahead(const Played& played) {
    JudgeOptions options;
    options.look_ahead = true;
    options.bounds = false;
    return judge(played.value, played.history, Environment{}, options);
}

std::string told(const Verdict& verdict) {
    std::string text = std::string(name_of(verdict.answer)) + " " + verdict.why;
    for (const std::string& line : verdict.explanation) text += "\n" + line;
    return text;
}

Options mixture(std::uint64_t seed) {
    Options options;
    options.actors = 2 + static_cast<int>(seed % 4);
    options.steps = 2 + static_cast<int>(seed / 4 % 6);
    options.slots = 1u << (seed / 24 % 3);
    options.kill = seed % 3 == 0;
    options.concurrency = 1 + static_cast<int>(seed % 5);
    return options;
}

TEST(Judge, AcceptsEveryHistoryOfASimulatedPipe) {
    int undecided = 0;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        const Played played = Simulator(seed, mixture(seed)).play();
        const Verdict verdict = judged(played);
        ASSERT_NE(verdict.answer, Answer::violated) << "seed " << seed << ": " << told(verdict);
        ASSERT_NE(verdict.answer, Answer::broken) << "seed " << seed << ": " << told(verdict);
        undecided += verdict.answer == Answer::inconclusive;
    }
    EXPECT_LE(undecided, 20);
}

// One wrong observation, at a place drawn at random; false if this history has no place for it.
enum class Mutation {
    lost_piece,
    doubled_piece,
    swapped_pieces,
    again,
    end_of_file,
    longer,
    shorter,
    foreign_order,
    phantom
};
constexpr int mutation_count = 9;

bool mutate(Played& played, Mutation mutation, std::mt19937_64& random) {
    std::vector<std::size_t> calls;
    for (std::size_t i = 0; i < played.history.events.size(); ++i) {
        const Event& event = played.history.events[i];
        if (event.kind == EventKind::call && event.ended != 0 && event.verb != Verb::close) calls.push_back(i);
    }
    if (calls.empty()) return false;
    Event& event = played.history.events[calls[random() % calls.size()]];
    const std::uint64_t asked = played.value.program.actors[event.actor].steps[event.step].buffer.bytes;
    auto& runs = played.history.runs;
    const auto settle = [&](std::int64_t result, Errno error) {
        event.result = result, event.error = error, event.times = result == static_cast<std::int64_t>(asked);
        event.run_count = result > 0 ? event.run_count : 0;
        return true;
    };
    Run* const run = event.run_count ? &runs[event.first_run + random() % event.run_count] : nullptr;
    switch (mutation) {
        case Mutation::lost_piece:
            if (!run || event.run_count < 2) return false;
            event.run_count -= 1;
            return settle(event.result - runs[event.first_run + event.run_count].length, Errno::none);
        case Mutation::doubled_piece:
            if (!run || run->offset < run->length) return false;
            run->offset -= run->length;
            return true;
        case Mutation::swapped_pieces:
            if (event.run_count < 2) return false;
            std::swap(runs[event.first_run], runs[event.first_run + event.run_count - 1]);
            return true;
        case Mutation::again:
            if (event.error == Errno::EAGAIN_) return false;
            return settle(-1, Errno::EAGAIN_);
        case Mutation::end_of_file:
            if (event.verb != Verb::read || event.result == 0) return false;
            return settle(0, Errno::none);
        case Mutation::longer:
            if (event.verb != Verb::write || event.result < 0 || event.result >= static_cast<std::int64_t>(asked))
                return false;
            return settle(event.result + 1, Errno::none);
        case Mutation::shorter:
            if (event.result <= 1 || (run && runs[event.first_run + event.run_count - 1].length < 2)) return false;
            if (run) --runs[event.first_run + event.run_count - 1].length;
            return settle(event.result - 1, Errno::none);
        case Mutation::foreign_order:
            if (!run) return false;
            run->offset += 1;
            return true;
        case Mutation::phantom:
            if (!run) return false;
            run->step =
                static_cast<StepId>((run->step + 1) % (played.value.program.actors[run->actor].steps.size() - 1));
            return true;
    }
    return false;
}

Options small(std::uint64_t seed) {
    Options options = mixture(seed);
    options.actors = 2 + static_cast<int>(seed % 3);
    options.steps = 1 + static_cast<int>(seed % 3);
    return options;
}

TEST(Judge, AgreesWithThePlainFoldOnSmallHistories) {
    int decided = 0, violated = 0;
    for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
        Played played = Simulator(seed, small(seed)).play();
        std::mt19937_64 random(seed);
        if (seed % 3 != 0 && !mutate(played, static_cast<Mutation>(seed / 3 % mutation_count), random)) continue;
        const Verdict fast = judged(played), plain = judged(played, true, true), unreduced = judged(played, false);
        if (plain.answer == Answer::inconclusive || fast.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(fast);
        const Verdict ahead = judged_ahead(played);
        if (ahead.answer != Answer::inconclusive) {
            ASSERT_EQ(name_of(ahead.answer), name_of(plain.answer)) << "seed " << seed << ": " << told(ahead);
        }
        if (unreduced.answer == Answer::inconclusive) continue;
        ASSERT_EQ(name_of(fast.answer), name_of(unreduced.answer)) << "seed " << seed << ": " << told(fast);
        ++decided;
        violated += fast.answer == Answer::violated;
    }
    EXPECT_GT(decided, 3'000);
    EXPECT_GT(violated, 500) << "mutations that nobody rejects test nothing";
}

TEST(Judge, BoundsAndForesightAreNeverStricterThanTheSearch) {
    int rejected = 0, deviating = 0;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        Played played = Simulator(seed, mixture(seed)).play();
        std::mt19937_64 random(seed);
        if (!mutate(played, static_cast<Mutation>(seed % mutation_count), random)) continue;
        JudgeOptions without;
        without.bounds = false;
        const Verdict searched = judge(played.value, played.history, Environment{}, without);
        if (searched.answer != Answer::holds) {
            rejected += searched.answer == Answer::violated;
            continue;
        }
        const Verdict ahead = judged_ahead(played);
        ASSERT_NE(ahead.answer, Answer::violated) << "seed " << seed << ": " << told(ahead);
        const Verdict both = judged(played);
        ASSERT_EQ(both.answer, Answer::holds) << "seed " << seed << ": " << told(both);
        ASSERT_EQ(both.deviations.empty(), searched.deviations.empty()) << "seed " << seed << ": " << told(both);
        deviating += !both.deviations.empty();
    }
    EXPECT_GT(rejected, 5'000);
    EXPECT_GT(deviating, 100) << "what surely deviates was hardly asked";
}

}  // namespace
}  // namespace crosstalk
