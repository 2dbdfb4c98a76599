// One defect, how many names: runs of many seeds that stop at their first violation, and the distinct ids of what they
// found, as met and as named after shrinking. One row a target, `names_benchmark -- lie:ID...`; it prints the names.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "properties/draw/plainer.h"
#include "properties/judge.h"
#include "reports/cells.h"
#include "runners/benchmarks/named_targets.h"
#include "runners/campaign/campaign.h"
#include "runners/gate/expectations.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

constexpr std::uint64_t most_cases = 20'000;  // of one seed before it is given up

std::uint64_t seeds() {
    const char* said = std::getenv("CROSSTALK_SEEDS");
    return said != nullptr ? std::strtoull(said, nullptr, 10) : 20;
}

CampaignOptions options_for(const Target& target, std::uint64_t seed) {
    CampaignOptions options;
    options.target = target;
    options.seed = seed;
    options.cases = most_cases;
    options.fail_fast = 1;
    options.cells = all_cells();
    options.judge = judge;
    options.drawing = drawing_from_generators;
    options.investigation.smaller = smaller;
    options.investigation.first_cuts = first_cuts;
    options.investigation.plainer = plainer;
    options.investigation.plainness = plainness;
    options.complete = [](RunFacts& run) -> std::string {
        auto known = expectations_of_file(
            expectation_file_for("local", run.target.kernel).value_or(data_directory("expectations") + "/linux.toml"));
        if (!known) return known.error();
        run.expectations = std::move(*known);
        return "";
    };
    return options;
}

void name(benchmark::State& state, const std::string& target_name) {
    const Expected<Target> target = target_named(target_name);
    if (!target) return state.SkipWithError(target.error().c_str());
    std::map<std::string, unsigned> met, named;
    double first_alone = 0;
    std::map<std::string, unsigned> first;
    for (auto _ : state)
        for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
            const Expected<Results> results = run_campaign(options_for(*target, seed));
            if (!results) return state.SkipWithError(results.error().c_str());
            bool is_first = true;
            for (const FindingFacts& finding : results->findings) {
                if (outcome_of(results->run(), finding) != "regression") continue;
                const std::string name = finding.clause + " " + finding.reason;
                ++named[name];
                if (std::exchange(is_first, false)) ++first[name];
                if (finding.seen_as.empty()) ++met[name];
                for (const SeenAs& seen : finding.seen_as) ++met[seen.clause + " " + seen.reason];
            }
        }
    first_alone = static_cast<double>(first.size());
    const auto tell = [](const char* what, const std::map<std::string, unsigned>& names) {
        std::printf("  %s:", what);
        for (const auto& [each, times] : names) std::printf(" [%s] x%u", each.c_str(), times);
        std::printf("\n");
    };
    std::printf("%s\n", target_name.c_str());
    tell("met  ", met);
    tell("named", named);
    std::fflush(stdout);
    state.counters["met"] = static_cast<double>(met.size());
    state.counters["named"] = static_cast<double>(named.size());
    state.counters["first"] = first_alone;
}

}  // namespace
}  // namespace crosstalk

int main(int count, char** words) { return crosstalk::measure_each(count, words, "names", {}, crosstalk::name); }
