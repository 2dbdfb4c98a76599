// crosstalk_gtest: each cell as a GoogleTest test, so that whatever runs GoogleTest programs (ctest -j, Bazel, an IDE)
// runs the grid: `pipe.end_of_file/killed_peer`. Filters, shards, XML and repeats are GoogleTest's own. A test plays a
// number of cases of its cell and fails by what the gate would call a regression; cells that this target cannot judge
// are skipped. It draws and judges like `crosstalk run`, but knows no corpus, no profiles and no time.
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "reports/cells.h"
#include "reports/console.h"
#include "reports/gate.h"
#include "runners/campaign/campaign.h"
#include "runners/gate/expectations.h"
#include "runners/targets/catalog.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

namespace crosstalk {
namespace {

struct Options {
    Target target;
    std::uint64_t seed = 1, cases = 500;
    std::string book = "linux", expect, out;
};

// In a filter "-" begins what is left out, so names have "_" in its place.
std::string underscored(std::string text) {
    std::ranges::replace(text, '-', '_');
    return text;
}

std::string suite_of(const Cell& cell) { return underscored(std::string(mechanism_of(cell.mechanism).name)); }
std::string test_of(const Cell& cell) {
    return underscored(std::string(property_names[cell.property].name) + "/" + std::string(fault_of(cell.fault).name));
}

CampaignOptions campaign_of(const Options& options, const Cell& cell) {
    CampaignOptions out;
    out.target = options.target;
    out.seed = options.seed;
    out.cases = options.cases;
    out.cells = {cell};
    out.judge = judge;
    out.drawing = drawing_from_generators;
    out.investigation.smaller = smaller;
    out.investigation.first_cuts = first_cuts;
    if (!options.out.empty()) out.out = options.out + "/" + suite_of(cell) + "." + test_of(cell);
    out.run.version = CROSSTALK_VERSION;
    out.run.book = options.book;
    out.run.selection = name_of(cell);
    out.complete = [options](RunFacts& run) -> std::string {
        if (options.expect == "none") return "";
        const auto found = expectation_file_for(options.target.name, run.target.kernel);
        const std::string path = options.expect.empty() ? found.value_or("") : options.expect;
        if (path.empty()) return "";
        auto expectations = expectations_of_file(path);
        if (!expectations) return expectations.error();
        run.expectation_file = path;
        run.expectations = std::move(*expectations);
        return "";
    };
    return out;
}

class CellTest : public testing::Test {
  public:
    CellTest(const Options& options, Cell cell) : options_(options), cell_(cell) {}
    void TestBody() override {
        const CampaignOptions campaign = campaign_of(options_, cell_);
        const Expected<Results> results = run_campaign(campaign);
        ASSERT_TRUE(results) << results.error();
        RecordProperty("cases", std::to_string(results->evidence.cases));
        for (const FindingFacts& finding : results->findings) {
            const std::string outcome = outcome_of(results->run(), finding);
            RecordProperty("finding " + finding.finding, outcome);
            if (outcome == "regression" || outcome == "crashed")
                ADD_FAILURE() << console_finding(results->run(), finding, {false, campaign.out})
                              << "    case: " << finding.case_json;
        }
        if (const Gate gate = gate_of(*results); gate.exit == 3) ADD_FAILURE() << gate.line;
        for (const CellOutcome& cell : results->cells) {
            if (cell.cell != name_of(cell_)) continue;
            RecordProperty("evidence", std::to_string(cell.evidence));
            RecordProperty("outcome", cell.outcome);
            if (!HasFailure() && (cell.outcome == "not-evidenced" || cell.outcome == "not-applicable"))
                GTEST_SKIP() << cell.outcome << ": " << cell.why;
        }
    }

  private:
    const Options& options_;
    Cell cell_;
};

// Programs that run beside each other (ctest -j) would all take the first core; each takes one by its process number.
void take_one_core() {
    const std::vector<int> all = core_numbers();
    const int core = all[static_cast<std::size_t>(::getpid()) % all.size()];
    cpu_set_t one;
    CPU_ZERO(&one);
    if (core >= 0) CPU_SET(static_cast<std::size_t>(core), &one), ::sched_setaffinity(0, sizeof one, &one);
}

int run_tests(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    Options options;
    std::string target = "local";
    if (const char* bazel = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR")) options.out = bazel;
    CLI::App app("Each cell of Crosstalk as a GoogleTest test; see also --gtest_help.", "crosstalk_gtest");
    app.add_option("--target", target, "a name of `crosstalk list targets`")->capture_default_str();
    app.add_option("--seed", options.seed, "of the cases")->capture_default_str();
    app.add_option("--cases", options.cases, "of each cell")
        ->check(CLI::Range(1u, 1'000'000'000u))
        ->capture_default_str();
    app.add_option("--book", options.book, "whose promises count")->check(CLI::IsMember({"posix", "linux"}));
    app.add_option("--expect", options.expect, "expectation file; none: without (default: that of the target)");
    app.add_option("--out", options.out,
                   "directory of results.jsonl, cases and histories, one below it a cell (default: none is written)");
    CLI11_PARSE(app, argc, argv);
    auto found = target_named(target);
    if (!found) {
        std::fprintf(stderr, "crosstalk_gtest: %s\n", found.error().c_str());
        return 2;
    }
    options.target = std::move(*found);
    take_one_core();
    for (const Cell& cell : all_cells())
        testing::RegisterTest(suite_of(cell).c_str(), test_of(cell).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [&options, cell]() -> testing::Test* { return new CellTest(options, cell); });
    return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace crosstalk

int main(int argc, char** argv) { return crosstalk::run_tests(argc, argv); }
