// crosstalk report: outputs that are pure functions of finished results.
#include <unistd.h>

#include <cstdio>

#include "reports/console.h"
#include "reports/record.h"
#include "runners/cli/command.h"

namespace crosstalk {
namespace {

struct ReportOptions {
    std::vector<std::string> files;
    FormatChoice formats;
};

int carry_out(const ReportOptions& options) {
    const Expected<Results> results = results_of_files(options.files);
    if (!results) return complain(exit_usage, results.error());
    if (!options.formats.any())
        std::fputs(console_summary(*results, {colour_on(STDOUT_FILENO), "out"}).c_str(), stdout);
    if (std::string wrong = options.formats.write(*results); !wrong.empty()) return complain(exit_usage, wrong);
    return exit_passed;
}

}  // namespace

Command add_report(CLI::App& root) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* app =
        root.add_subcommand("report", "write reports from finished results; without an option, the summary");
    app->add_option("RESULTS", options->files, "results.jsonl files; several are one run of several shards")
        ->required();
    options->formats.add_to(*app);
    return {app, [options] { return carry_out(*options); }};
}

}  // namespace crosstalk
