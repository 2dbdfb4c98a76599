// The main of a benchmark that is run once on each target named on the command line, behind the benchmark's own words.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace crosstalk {

inline int measure_each(int count, char** words, const std::string& what, std::vector<std::string> otherwise,
                        void (*measure)(benchmark::State&, const std::string& target)) {
    benchmark::Initialize(&count, words);
    std::vector<std::string> names(words + 1, words + count);
    std::erase(names, "--");
    if (names.empty()) names = std::move(otherwise);
    for (const std::string& name : names)
        benchmark::RegisterBenchmark((what + "/" + name).c_str(),
                                     [name, measure](benchmark::State& state) { measure(state, name); })
            ->Iterations(1)
            ->Unit(benchmark::kSecond);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace crosstalk
