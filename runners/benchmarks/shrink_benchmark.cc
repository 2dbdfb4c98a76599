// How small, and how soon: failures are drawn, shrunk, and measured. One row a target; counters over all its failures.
// Which target: those whose names follow `--`, e.g. `shrink_benchmark -- local lie:ID`; what CROSSTALK_AGENT says,
// holds. Known deviations of the kernel count as failures here.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "faults/text/case_text.h"
#include "properties/judge.h"
#include "reports/catalogue.h"
#include "reports/record.h"
#include "runners/benchmarks/named_targets.h"
#include "runners/campaign/findings.h"
#include "runners/targets/catalog.h"

namespace crosstalk {
namespace {

constexpr std::uint64_t most_cases = 1500;  // drawn from one seed before it is given up
constexpr std::uint64_t seeds = 2;          // each is a campaign of its own that meets each failure once

struct Figures {
    std::vector<double> steps, actors, seconds;
    std::uint64_t unsteady = 0;  // minimal cases that did not fail each time again
};

std::size_t steps_of(const Case& value) {
    std::size_t steps = 0;
    for (const Actor& actor : value.program.actors) steps += actor.steps.size();
    return steps;
}

double quantile(std::vector<double> of, double share) {
    if (of.empty()) return 0;
    std::sort(of.begin(), of.end());
    return of[std::min(of.size() - 1, static_cast<std::size_t>(share * static_cast<double>(of.size())))];
}

void look_into(Player& player, const Environment& environment, Failure failure, Figures& figures) {
    using Clock = std::chrono::steady_clock;
    Investigation how;
    how.smaller = smaller;
    how.first_cuts = first_cuts;
    const std::string id = Findings::id_of(failure.goal);
    const std::size_t before = steps_of(failure.value), actors_before = failure.value.program.actors.size();
    const Clock::time_point began = Clock::now();
    const Investigated out = investigate(player, judge, environment, std::move(failure), how);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    const Case& least = out.smallest.value;
    figures.steps.push_back(static_cast<double>(steps_of(least)));
    figures.actors.push_back(static_cast<double>(least.program.actors.size()));
    figures.seconds.push_back(seconds);
    figures.unsteady += out.failed < out.tried;
    std::printf(
        "  %s %-14s %-22s %zu -> %zu steps, %zu -> %zu actors, %zu choices, %zu faults, %.2f s, %u of %u, %llu plays\n",
        id.c_str(), std::string(clause_of(out.smallest.goal.clause).id).c_str(),
        out.smallest.goal.reason_text().c_str(), before, steps_of(least), actors_before, least.program.actors.size(),
        least.schedule.choices.size(), least.plan.size(), seconds, out.failed, out.tried,
        static_cast<unsigned long long>(out.plays));
    if (const char* where = std::getenv("CROSSTALK_SHRINK_OUT"); where != nullptr) {
        const std::string path = std::string(where) + "/" + id + "-" + std::to_string(figures.steps.size()) + ".json";
        replace_file(path, to_text(least) + "\n");
    }
}

void meet_failures(const Target& target, std::uint64_t seed, Figures& figures) {
    SessionOptions session;
    session.core = 0;
    Player player(target, session);
    if (!player.ready().empty()) return;
    const Environment environment = player.session().environment();
    const std::vector<Cell> cells = all_cells();
    const DrawCell draw = drawing_from_generators(cells, ground_of(environment));
    std::set<std::string> met;
    for (std::uint64_t n = 0; n < most_cases; ++n) {
        const Case value = draw(n % cells.size(), mixed(seed, n));
        const Reply reply = player.play(value, n + 1);
        if (reply.kind != Reply::Kind::played) continue;
        JudgeOptions options;
        options.explanations = options.evidence = false;
        options.case_number = static_cast<std::uint16_t>(n + 1);
        const Verdict verdict = judge(value, reply.history, environment, options);
        for (Goal& goal : goals_of(value, reply, verdict))
            if (met.insert(Findings::id_of(goal)).second)
                look_into(player, environment, {value, reply.history, verdict, "", goal, n + 1}, figures);
    }
}

void shrink(benchmark::State& state, const std::string& name) {
    const Expected<Target> target = target_named(name);
    if (!target) return state.SkipWithError(target.error().c_str());
    Figures figures;
    for (auto _ : state)
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) meet_failures(*target, seed, figures);
    state.counters["failures"] = static_cast<double>(figures.steps.size());
    state.counters["steps"] = quantile(figures.steps, 0.5);
    state.counters["worst_steps"] = quantile(figures.steps, 1);
    state.counters["actors"] = quantile(figures.actors, 0.5);
    state.counters["worst_actors"] = quantile(figures.actors, 1);
    state.counters["seconds"] = quantile(figures.seconds, 0.5);
    state.counters["worst_seconds"] = quantile(figures.seconds, 1);
    state.counters["unsteady"] = static_cast<double>(figures.unsteady);
}

}  // namespace
}  // namespace crosstalk

int main(int count, char** words) {
    return crosstalk::measure_each(count, words, "shrink", {"local"}, crosstalk::shrink);
}
