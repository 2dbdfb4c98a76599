// crosstalk report and crosstalk gate: outputs that are pure functions of finished results.
#include <unistd.h>

#include <cstdio>

#include "reports/cells.h"
#include "reports/console.h"
#include "reports/html.h"
#include "reports/record.h"
#include "runners/cli/command.h"
#include "runners/gate/expectations.h"

namespace crosstalk {
namespace {

struct ReportOptions {
    std::vector<std::string> files;
    std::string html, expect, book;
};

Expected<Results> read(const std::vector<std::string>& paths) {
    std::vector<NamedText> files;
    for (const std::string& path : paths) {
        Expected<std::string> text = text_of_file(path);
        if (!text) return tl::unexpected(text.error());
        files.push_back({path, std::move(*text)});
    }
    return results_from(files);
}

int carry_out_report(const ReportOptions& options) {
    const Expected<Results> results = read(options.files);
    if (!results) return complain(exit_usage, results.error());
    if (options.html.empty())
        std::fputs(console_summary(*results, {colour_on(STDOUT_FILENO), "out"}).c_str(), stdout);
    else if (std::string wrong = replace_file(options.html, html_report(*results)); !wrong.empty())
        return complain(exit_usage, wrong);
    return exit_passed;
}

// Judges finished results anew: by their own expectations and book, or by others given here.
int carry_out_gate(const ReportOptions& options) {
    Expected<Results> results = read(options.files);
    if (!results) return complain(exit_usage, results.error());
    for (RunFacts& run : results->runs) {
        if (!options.book.empty()) run.book = options.book;
        if (options.expect == "none") run.expectations.clear();
        if (options.expect.empty() || options.expect == "none") continue;
        auto expectations = expectations_of_file(options.expect);
        if (!expectations) return complain(exit_usage, expectations.error());
        run.expectations = std::move(*expectations);
        run.expectation_file = options.expect;
    }
    results->cells = outcomes_of(*results);
    std::fputs(console_summary(*results, {colour_on(STDOUT_FILENO), "out"}).c_str(), stdout);
    return gate_of(*results).exit;
}

}  // namespace

Command add_report(CLI::App& root) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* app =
        root.add_subcommand("report", "write reports from finished results; without an option, the summary");
    app->add_option("RESULTS", options->files, "results.jsonl files; several are one run of several shards")
        ->required();
    app->add_option("--html", options->html, "write the HTML report to this file");
    return {app, [options] { return carry_out_report(*options); }};
}

Command add_gate(CLI::App& root) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* app = root.add_subcommand("gate", "pass or fail finished results; the exit status is the answer");
    app->add_option("RESULTS", options->files, "results.jsonl files; several are one run of several shards")
        ->required();
    app->add_option("--expect", options->expect, "expectation file instead of the run's own; none: without");
    app->add_option("--book", options->book, "posix or linux, instead of the run's own")
        ->check(CLI::IsMember({"posix", "linux"}));
    return {app, [options] { return carry_out_gate(*options); }};
}

}  // namespace crosstalk
