// How many calls a second the judge judges: overlapping histories of a simulated pipe, evidence and bounds included.
// items_per_second is calls (a call and its return are one). Judged as a lane judges: stories are told of findings
// only.
#include <benchmark/benchmark.h>

#include "properties/judge.h"
#include "properties/tests/pipe_simulator.h"

namespace crosstalk {
namespace {

void judge_calls(benchmark::State& state, simulation::Options options) {
    std::vector<simulation::Played> played;
    std::size_t calls = 0;
    for (std::uint64_t seed = 0; seed < 64; ++seed) {
        played.push_back(simulation::Simulator(seed, options).play());
        calls += played.back().history.events.size();
    }
    JudgeOptions options_of_a_lane;
    options_of_a_lane.explanations = false;
    std::int64_t undecided = 0;
    for (auto _ : state)
        for (const auto& each : played) {
            const Verdict verdict = judge(each.value, each.history, Environment{}, options_of_a_lane);
            benchmark::DoNotOptimize(&verdict);
            undecided += verdict.answer == Answer::inconclusive;
        }
    state.SetItemsProcessed(static_cast<std::int64_t>(calls) * state.iterations());
    state.counters["undecided"] =
        benchmark::Counter(static_cast<double>(undecided), benchmark::Counter::kAvgIterations);
}

void OneAtATime(benchmark::State& state) {
    judge_calls(state, {.actors = static_cast<int>(state.range(0)),
                        .steps = 40 / static_cast<int>(state.range(0)),
                        .slots = 16,
                        .concurrency = 1});
}
void AllAtOnce(benchmark::State& state) {
    judge_calls(state, {.actors = static_cast<int>(state.range(0)),
                        .steps = 40 / static_cast<int>(state.range(0)),
                        .slots = 4,
                        .concurrency = 3});
}
void ManyOverlappingCalls(benchmark::State& state) {
    judge_calls(state, {.actors = 16, .steps = 200, .slots = 16, .concurrency = 3});
}
BENCHMARK(OneAtATime)->Arg(2)->Arg(4)->Arg(8);
BENCHMARK(AllAtOnce)->Arg(2)->Arg(4)->Arg(8);
BENCHMARK(ManyOverlappingCalls);

}  // namespace
}  // namespace crosstalk

BENCHMARK_MAIN();
