// What drawing costs: a case of each property, and the candidates of a shrink. Budget: 25 us for a case of 40 steps.
#include <benchmark/benchmark.h>

#include "properties/draw.h"

namespace {

using namespace crosstalk;

void draw_a_case(benchmark::State& state) {
    const auto cases = cases_of(static_cast<PropertyId>(state.range(0)), 0, no_fault, Ground{});
    state.SetLabel(std::string(property_names[static_cast<std::size_t>(state.range(0))].name));
    std::uint64_t seed = 0, steps = 0;
    for (auto _ : state) {
        const Case value = cases(rc::Random(++seed)).value();
        for (const Actor& actor : value.program.actors) steps += actor.steps.size();
    }
    state.counters["steps"] = benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kAvgIterations);
    state.counters["steps/s"] = benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}
BENCHMARK(draw_a_case)->DenseRange(0, property_names.size() - 1);

void list_smaller_cases(benchmark::State& state) {
    const Case value = cases_of(property("order"), 0, no_fault, Ground{})(rc::Random(1)).value();
    std::uint64_t candidates = 0;
    for (auto _ : state)
        for (auto all = smaller(value); all.next();) ++candidates;
    state.counters["candidates/s"] = benchmark::Counter(static_cast<double>(candidates), benchmark::Counter::kIsRate);
}
BENCHMARK(list_smaller_cases);

}  // namespace

BENCHMARK_MAIN();
