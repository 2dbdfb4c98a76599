// The whole line on this machine's kernel: cases drawn, played, judged and recorded, a second. Pipes with programs of
// 2, 4 and 8 actors and about 40 steps, without and with calls that may sleep; each mechanism with programs of its own
// recipe, in one lane and, a core, in the lanes of a run; ping-pong of ten messages in `free`; and what the host side
// costs when playing costs nothing.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "properties/draw/phases.h"
#include "runners/campaign/player.h"
#include "runners/targets/catalog.h"
#include "runners/tests/campaign_fakes.h"

namespace crosstalk {
namespace {

constexpr std::uint64_t cases_of_an_iteration = 3000;
constexpr std::size_t shapes_kept = 500;  // seeds that give the shape asked for: drawing from them again is timed
constexpr std::uint64_t most_seeds_tried = 200'000;

Case draw_turns(std::uint64_t seed, const Cell& cell, const Ground& ground, bool sleepy) {
    draw::Taste taste;
    taste.sleepy = sleepy ? 100 : 0;
    taste.steps_low = taste.steps_high = 36;
    const draw::Commission commission{cell.property, cell.mechanism, cell.fault, ground};
    draw::Dice dice(seed);
    return draw::draw_case(dice, commission, taste);
}

bool has_shape(const Case& value, std::size_t actors) {
    std::size_t steps = 0;
    for (const Actor& actor : value.program.actors) steps += actor.steps.size();
    return value.program.actors.size() == actors && steps >= 34 && steps <= 46;
}

CampaignOptions on_this_kernel(const std::string& out, const Cell& cell) {
    CampaignOptions options;
    options.target = *target_named("local");
    options.seed = 7;
    options.cases = cases_of_an_iteration;
    options.cells = {cell};
    options.judge = judge;
    options.out = out;
    return options;
}

std::size_t cores_of(const Jobs& jobs) { return std::min<std::size_t>(jobs.lanes, core_numbers().size()); }

// One campaign an iteration; its own clock, which starts when the agent has answered.
void measure(benchmark::State& state, const CampaignOptions& options) {
    std::uint64_t cases = 0, undecided = 0;
    for (auto _ : state) {
        const auto results = run_campaign(options);
        if (!results) {
            state.SkipWithError(results.error().c_str());
            return;
        }
        state.SetIterationTime(results->ends.back().seconds);
        cases += results->evidence.cases;
        for (const auto& [bucket, times] : results->evidence.inconclusive) undecided += times;
    }
    const double of_a_core = static_cast<double>(cases) / static_cast<double>(cores_of(options.jobs));
    state.counters["cases/s/core"] = benchmark::Counter(of_a_core, benchmark::Counter::kIsRate);
    state.counters["undecided"] = static_cast<double>(undecided);
}

const Cell order_of_pipes{0, property("order"), no_fault};

// Cases in `turns` of those seeds whose case has the shape asked for.
void turns(benchmark::State& state, const Cell& cell, const Jobs& jobs, const std::function<bool(const Case&)>& fits,
           const std::function<Case(std::uint64_t seed, const Ground& ground)>& draw) {
    const fakes::Directory out;
    CampaignOptions options = on_this_kernel(out.path(), cell);
    options.jobs = jobs;
    options.cases *= cores_of(jobs);
    options.drawing = [&](const std::vector<Cell>&, const Ground& given) -> DrawCell {
        Ground ground = given;
        ground.only_mode = Mode::turns;
        std::vector<std::uint64_t> seeds;
        for (std::uint64_t seed = 1; seeds.size() < shapes_kept && seed < most_seeds_tried; ++seed)
            if (fits(draw(seed, ground))) seeds.push_back(seed);
        if (seeds.empty()) seeds.push_back(1);  // "shapes" tells
        state.counters["shapes"] = static_cast<double>(seeds.size());
        return [=](std::size_t, std::uint64_t seed) { return draw(seeds[seed % seeds.size()], ground); };
    };
    measure(state, options);
}

void turns_of_pipes(benchmark::State& state) {
    const auto actors = static_cast<std::size_t>(state.range(0));
    const bool sleepy = state.range(1) != 0;
    turns(
        state, order_of_pipes, {}, [=](const Case& value) { return has_shape(value, actors); },
        [=](std::uint64_t seed, const Ground& ground) { return draw_turns(seed, order_of_pipes, ground, sleepy); });
}
BENCHMARK(turns_of_pipes)->ArgNames({"actors", "may_sleep"})->ArgsProduct({{2, 4, 8}, {0, 1}})->UseManualTime();

// As a campaign draws them: with and without calls that may sleep, as many steps as the mechanism's recipe likes.
void turns_of_each(benchmark::State& state, const Cell& cell, const Jobs& jobs) {
    const auto actors = static_cast<std::size_t>(state.range(0));
    turns(
        state, cell, jobs, [=](const Case& value) { return value.program.actors.size() == actors; },
        [=](std::uint64_t seed, const Ground& ground) {
            return cases_of(cell.property, cell.mechanism, cell.fault, ground)(rc::Random(seed), 0).value();
        });
}

// The cell of each mechanism that comes nearest to order.
std::vector<Cell> likest_cells() {
    std::vector<Cell> out;
    const std::vector<Cell> all = all_cells();
    for (MechanismId id = 0; id < mechanisms().size(); ++id)
        for (const PropertyId likely : {property("order"), property("visibility"), property("progress")})
            if (const Cell cell{id, likely, no_fault}; std::ranges::find(all, cell) != all.end()) {
                out.push_back(cell);
                break;
            }
    return out;
}

void register_each() {
    for (const auto& [name, jobs] : {std::pair{"turns_of_each/", Jobs{}}, {"turns_in_lanes_of_each/", usual_jobs()}})
        for (const Cell& cell : likest_cells())
            benchmark::RegisterBenchmark((name + name_of(cell)).c_str(), turns_of_each, cell, jobs)
                ->ArgName("actors")
                ->Arg(2)
                ->Arg(4)
                ->UseManualTime();
}

Case ping_pong(unsigned messages) {
    Case out;
    out.schedule.mode = Mode::free;
    out.program.objects.resize(2);
    out.program.actors.resize(2);
    const auto step = [](Verb verb, Slot slot) {
        Operation operation;
        operation.verb = verb;
        operation.buffer.bytes = 64;
        operation.uses[0] = slot;
        return operation;
    };
    for (ActorId who = 0; who < 2; ++who) {
        Actor& actor = out.program.actors[who];
        const Slot writes = initial_slot(who, 1), reads = initial_slot(static_cast<ObjectId>(1 - who), 0);
        for (unsigned i = 0; i < messages; ++i)
            for (const bool first : {true, false})
                actor.steps.push_back((who == 0) == first ? step(Verb::write, writes) : step(Verb::read, reads));
        actor.holds = {std::min(writes, reads), std::max(writes, reads)};
    }
    return out;
}

void free_ping_pong(benchmark::State& state) {
    const fakes::Directory out;
    CampaignOptions options = on_this_kernel(out.path(), order_of_pipes);
    options.drawing = [](const std::vector<Cell>&, const Ground&) -> DrawCell {
        return [](std::size_t, std::uint64_t) { return ping_pong(5); };
    };
    measure(state, options);
}
BENCHMARK(free_ping_pong)->UseManualTime();

// Everything but drawing, playing and judging: accounts, queues, records.
void host_side(benchmark::State& state) {
    const fakes::Directory out;
    fakes::Counters counters;
    CampaignOptions options = fakes::options(counters, 100'000, [](std::uint64_t) { return fakes::holds; });
    options.out = out.path();
    measure(state, options);
}
BENCHMARK(host_side)->UseManualTime();

// The judge on what this kernel really answers: calls a second over each of some thousand histories of these cells, the
// median, and the slowest hundredth.
void judge_on_played_cases(benchmark::State& state, const std::vector<Cell>& cells, std::uint64_t cases) {
    const auto target = target_named("local");
    SessionOptions options;
    options.core = 0;
    Player player(*target, options);
    if (const std::string wrong = player.ready(); !wrong.empty()) return state.SkipWithError(wrong.c_str());
    const Environment environment = player.session().environment();
    const DrawCell draw = drawing_from_generators(cells, ground_of(environment));
    std::vector<std::pair<Case, History>> played;
    for (std::uint64_t n = 0; n < cases; ++n) {
        Case value = draw(n % cells.size(), mixed(7, n));
        Reply reply = player.play(value, n + 1);
        if (reply.kind == Reply::Kind::played) played.emplace_back(std::move(value), std::move(reply.history));
    }
    std::vector<double> rates;
    for (auto _ : state)
        for (std::size_t n = 0; n < played.size(); ++n) {
            JudgeOptions how;
            how.explanations = false;  // as a lane judges
            how.case_number = static_cast<std::uint16_t>(n + 1);
            const auto began = std::chrono::steady_clock::now();
            benchmark::DoNotOptimize(judge(played[n].first, played[n].second, environment, how));
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            double calls = 0;
            for (const Event& event : played[n].second.events)
                calls += event.kind == EventKind::call ? std::max(1u, event.times) : 0;
            if (calls > 0) rates.push_back(calls / took.count());
        }
    if (rates.empty()) return;
    std::ranges::sort(rates);
    state.counters["median calls/s"] = rates[rates.size() / 2];
    state.counters["p1 calls/s"] = rates[rates.size() / 100];
}

void register_judge() {
    const auto add = [](const std::string& of, const std::vector<Cell>& cells, std::uint64_t cases) {
        benchmark::RegisterBenchmark(("judge_on_played_cases" + of).c_str(), judge_on_played_cases, cells, cases)
            ->Iterations(3)
            ->Unit(benchmark::kMillisecond);
    };
    add("", all_cells(), 4000);
    for (MechanismId id = 0; id < mechanisms().size(); ++id) {
        std::vector<Cell> cells = all_cells();
        std::erase_if(cells, [=](const Cell& cell) { return cell.mechanism != id; });
        add("/" + std::string(mechanism_of(id).name), cells, 1000);
    }
}

}  // namespace
}  // namespace crosstalk

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    crosstalk::register_each();
    crosstalk::register_judge();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
