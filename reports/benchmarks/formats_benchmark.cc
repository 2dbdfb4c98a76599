// How long the gate takes on finished results of 500 cells, with every format written: from the text of a results.jsonl
// (an hour's increments, 40 findings) to the bytes of all files. The figure to keep is one second for `everything`.
#include <benchmark/benchmark.h>

#include "reports/catalogue.h"
#include "reports/cells.h"
#include "reports/format.h"
#include "reports/gate.h"
#include "reports/record.h"

namespace crosstalk {
namespace {

constexpr std::size_t mechanisms = 25, properties = 5, faults = 4, clauses_of_a_property = 8;  // 25 x 5 x 4 = 500 cells
constexpr std::size_t increments = 3600, findings = 40;

std::string numbered(const char* what, std::size_t i) { return what + std::to_string(i); }

RunFacts a_run() {
    RunFacts run;
    run.version = "0.1.0";
    run.started = "2026-11-28T10:00:00Z";
    run.target.name = "local";
    run.target.kernel = "Linux 6.18.5";
    for (std::size_t f = 0; f < faults; ++f) run.faults[numbered("fault", f)] = "yes";
    std::vector<std::string> bound;
    for (std::size_t m = 0; m < mechanisms; ++m) bound.push_back(numbered("mechanism", m));
    for (std::size_t p = 0; p < properties; ++p)
        for (std::size_t c = 0; c < clauses_of_a_property; ++c)
            run.catalogue.clauses.push_back({"CLAUSE-" + std::to_string(p) + "-" + std::to_string(c),
                                             "What is promised, in a sentence of ordinary length, as they all are.",
                                             "pipe(7), DESCRIPTION", "must", numbered("property", p), "judged", "",
                                             bound});
    for (std::size_t m = 0; m < mechanisms; ++m)
        for (std::size_t p = 0; p < properties; ++p)
            for (std::size_t f = 0; f < faults; ++f)
                run.cells.push_back(bound[m] + "/" + numbered("property", p) + "/" + numbered("fault", f));
    for (std::size_t i = 0; i < findings / 2; ++i) {
        Expectation entry{"*", run.catalogue.clauses[i].id, "violated", "it is known", "",
                          1.0, numbered("linux.toml:", i)};
        entry.owner = "somebody", entry.expires = i % 2 == 0 ? "2027-01-01" : "2026-01-01";
        run.expectations.push_back(entry);
    }
    return run;
}

// One second of a run: a few hundred keys of the evidence.
EvidenceFacts an_increment(const RunFacts& run, std::size_t second) {
    EvidenceFacts out;
    out.cases = 2000, out.events = 60'000;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t at = second * 200 + i;
        out.counts[{numbered("mechanism", at % mechanisms), run.catalogue.clauses[at % run.catalogue.clauses.size()].id,
                    numbered("fault", at % faults)}] = 1 + i;
    }
    out.sizes[12] = 5000, out.actors[3] = 2000;
    return out;
}

FindingFacts a_finding(const RunFacts& run, std::size_t i) {
    FindingFacts out;
    out.mechanism = numbered("mechanism", i % mechanisms);
    out.clause = run.catalogue.clauses[i % run.catalogue.clauses.size()].id;
    out.reason = "lost";
    out.finding = finding_id(out.mechanism, out.clause, out.reason);
    out.strength = "must";
    out.cell = run.cells[i % run.cells.size()];
    out.failed = out.tried = 10;
    out.case_json = R"({"version":1,"objects":[],"actors":[]})";
    out.history_json = "{\"version\":1,\"events\":[" + std::string(200'000, ' ') + "]}";  // as large as they come
    for (std::size_t line = 0; line < 40; ++line) out.explanation.push_back("a line of the story, of ordinary length");
    return out;
}

const std::string& results_text() {
    static const std::string text = [] {
        const RunFacts run = a_run();
        std::string out = line_of(run);
        for (std::size_t second = 0; second < increments; ++second) out += line_of(an_increment(run, second));
        for (std::size_t i = 0; i < findings; ++i) out += line_of(a_finding(run, i));
        return out + line_of(EndFacts{});
    }();
    return text;
}

Results read_all() {
    const NamedText file{"results.jsonl", results_text()};
    auto results = results_from({&file, 1});
    if (!results || results->cells.size() < 500) std::abort();
    return std::move(*results);
}

void everything(benchmark::State& state) {
    for (auto _ : state) {
        const Results results = read_all();
        benchmark::DoNotOptimize(gate_of(results));
        std::size_t bytes = 0;
        for (const Format* format : formats()) bytes += format->write(results).size();
        state.counters["read_bytes"] = static_cast<double>(results_text().size());
        state.counters["written_bytes"] = static_cast<double>(bytes);
    }
}
BENCHMARK(everything)->Unit(benchmark::kMillisecond);

void reading(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(read_all());
}
BENCHMARK(reading)->Unit(benchmark::kMillisecond);

void judging(benchmark::State& state) {
    const Results results = read_all();
    for (auto _ : state) {
        benchmark::DoNotOptimize(outcomes_of(results));
        benchmark::DoNotOptimize(gate_of(results));
    }
}
BENCHMARK(judging)->Unit(benchmark::kMillisecond);

void writing(benchmark::State& state) {
    const Results results = read_all();
    const Format& format = *formats()[static_cast<std::size_t>(state.range(0))];
    state.SetLabel(std::string(format.name));
    for (auto _ : state) benchmark::DoNotOptimize(format.write(results));
}
BENCHMARK(writing)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace crosstalk

BENCHMARK_MAIN();
