// KTAP version 1 (the kernel's Documentation/dev-tools/ktap.rst): one test a mechanism, its cells nested by two blanks.
// Its top level is TAP too. Directives as specified: SKIP for what nobody judged, XFAIL for what fails as expected,
// ERROR for our own trouble. A flaky cell is ok, and says so in its diagnostic data.
#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "reports/row.h"

namespace crosstalk {
namespace {

bool is_red(const Row& row) { return row.says == Row::Says::failed || row.says == Row::Says::broken; }

// A description may hold no "#": what follows one is a directive.
std::string description(std::string_view text) {
    std::string out = on_one_line(text);
    std::ranges::replace(out, '#', ' ');
    return out;
}

std::string diagnostics(std::string_view indent, std::string_view story) {
    std::string out;
    for (std::size_t at = 0; at < story.size();) {
        const std::size_t end = std::min(story.find('\n', at), story.size());
        out += fmt::format("{}# {}\n", indent, on_one_line(story.substr(at, end - at)));
        at = end + 1;
    }
    return out;
}

std::string directive(const Row& row) {
    const std::string what = row.outcome + (row.why.empty() ? "" : ": " + on_one_line(row.why));
    switch (row.says) {
        case Row::Says::passed: return "";
        case Row::Says::skipped: return " # SKIP " + what;
        case Row::Says::expected: return " # XFAIL " + what;
        case Row::Says::broken: return " # ERROR " + what;
        case Row::Says::failed:
        case Row::Says::flaky: return " # " + what;
    }
    return "";
}

std::string ktap(const Results& results) {
    const std::vector<Row> rows = rows_of(results);
    std::string tests;
    std::size_t number = 0;
    for (auto row = rows.begin(); row != rows.end();) {
        const auto end = std::find_if(row, rows.end(), [&](const Row& other) { return other.suite != row->suite; });
        const std::string suite = row->suite;
        const bool red = std::any_of(row, end, is_red);
        tests += fmt::format("  KTAP version 1\n  1..{}\n", end - row);
        for (std::size_t nested = 1; row != end; ++row, ++nested)
            tests += diagnostics("  ", row->story) + fmt::format("  {} {} {}{}\n", is_red(*row) ? "not ok" : "ok",
                                                                 nested, description(row->name), directive(*row));
        tests += fmt::format("{} {} {}\n", red ? "not ok" : "ok", ++number, description(suite));
    }
    const RunFacts& run = results.run();
    std::string about =
        fmt::format("crosstalk {}, seed {}, target {}: {}, {}, {}\n{}\n", run.version, run.seed, run.target.name,
                    run.target.kernel, run.target.libc, run.target.arch, gate_of(results).line);
    return fmt::format("KTAP version 1\n1..{}\n{}{}", number, diagnostics("", about), tests);
}

}  // namespace

const Format ktap_format{.name = "ktap", .about = "KTAP, the Linux kernel's test results; also TAP", .write = ktap};

}  // namespace crosstalk
