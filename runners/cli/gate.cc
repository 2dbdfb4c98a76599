// crosstalk gate: pass or fail. On finished results, or on a run that it carries out first; by expectations that it can
// also write, or by another target. What fails is told with what to do next; the exit status is the answer.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "reports/cells.h"
#include "reports/gate.h"
#include "reports/record.h"
#include "runners/cli/diff.h"
#include "runners/cli/running.h"
#include "runners/gate/expectations.h"
#include "runners/gate/update.h"

namespace crosstalk {
namespace {

struct GateOptions {
    std::vector<std::string> words;  // RESULTS, or FILTER words of a run
    RunOptions run;
    bool update = false;
    std::string against;  // a target
};

bool names_results(const std::string& word) {
    std::error_code error;
    return word.ends_with(".jsonl") || std::filesystem::is_regular_file(word, error);
}

// Judges finished results anew: by their own expectations, book and terms, or by what is given here.
std::string judge_anew(Results& results, const RunOptions& given) {
    for (RunFacts& run : results.runs) {
        if (!given.book.empty()) run.book = given.book;
        run.terms.strict = run.terms.strict || given.terms.strict;
        if (given.terms.min_evidence > 0) run.terms.min_evidence = given.terms.min_evidence;
        if (!given.terms.today.empty()) run.terms.today = given.terms.today;
        if (given.expect == "none") run.expectations.clear();
        if (given.expect.empty() || given.expect == "none") continue;
        if (std::string wrong = read_expectations(given.expect, run); !wrong.empty()) return wrong;
    }
    results.cells = outcomes_of(results);
    return "";
}

// Appends entries for what nothing covers, and judges anew by the file as it is then. "" or what went wrong.
std::string update(Results& results, std::string path) {
    if (path.empty() || path == "none") path = results.run().expectation_file;
    if (path.empty()) return "--update needs a file to write to: --expect FILE";
    const std::string entries = entries_for(results);
    if (entries.empty()) {
        std::printf("%s: nothing to add\n", path.c_str());
        return "";
    }
    const Expected<std::string> before = text_of_file(path);
    if (!before && std::filesystem::exists(path)) return before.error();
    std::string text = before.value_or("");
    if (!text.empty() && text.back() != '\n') text += '\n';
    if (std::string wrong = replace_file(path, text + entries); !wrong.empty()) return wrong;
    std::printf("%s: entries added from line %td on; say in each why it is accepted\n", path.c_str(),
                std::count(text.begin(), text.end(), '\n') + 1);
    for (RunFacts& run : results.runs)
        if (std::string wrong = read_expectations(path, run); !wrong.empty()) return wrong;
    results.cells = outcomes_of(results);
    return "";
}

// "May I roll this out?" The old target is the expectation: the same run at both, and what is worse fails.
int compare_targets(const GateOptions& options) {
    RunOptions before = options.run, after = options.run;
    before.target.name = options.against;
    before.out = options.run.out + "/before", after.out = options.run.out + "/after";
    before.filter = after.filter = options.words;
    for (RunOptions* each : {&before, &after}) {
        if (each->profile.empty()) each->profile = "upgrade";
        if (each->expect.empty()) each->expect = "none";
    }
    const auto old_results = carry_out_run(before);
    if (!old_results) return old_results.error();
    const auto new_results = carry_out_run(after);
    if (!new_results) return new_results.error();
    for (const Results* results : {&*old_results, &*new_results})
        if (const Gate gate = gate_of(*results); gate.exit > exit_failed) return complain(gate.exit, gate.line);
    if (std::string wrong = options.run.formats.write(*new_results); !wrong.empty()) return complain(exit_usage, wrong);
    return tell_difference(*old_results, *new_results, {}, options.run.out + "/report.html");
}

int carry_out(GateOptions options, const CLI::App& app) {
    const auto files = std::ranges::count_if(options.words, names_results);
    if (files != 0 && files != std::ssize(options.words))
        return complain(exit_usage, "give either RESULTS or FILTER words, not both");
    for (const char* option :
         {"--against", "--target", "--seed", "--cases", "--budget", "--profile", "--shard", "--corpus"})
        if (files != 0 && app.count(option) > 0)
            return complain(exit_usage, std::string(option) + " belongs to a run; these results are finished");
    if (!options.against.empty()) return compare_targets(options);
    if (options.update && !options.run.expect.empty() && !std::filesystem::exists(options.run.expect))
        if (std::string wrong = replace_file(options.run.expect, ""); !wrong.empty())  // yet to be written
            return complain(exit_usage, wrong);
    tl::expected<Results, int> results = Results{};
    if (files == 0) {
        options.run.filter = options.words;
        results = carry_out_run(options.run);
        if (!results) return results.error();
    } else {
        Expected<Results> read = results_of_files(options.words);
        if (!read) return complain(exit_usage, read.error());
        results = std::move(*read);
        if (std::string wrong = judge_anew(*results, options.run); !wrong.empty()) return complain(exit_usage, wrong);
    }
    if (options.update)
        if (std::string wrong = update(*results, options.run.expect); !wrong.empty())
            return complain(exit_usage, wrong);
    return tell(*results, options.run.formats, options.run.out);
}

}  // namespace

Command add_gate(CLI::App& root) {
    auto options = std::make_shared<GateOptions>();
    CLI::App* app =
        root.add_subcommand("gate", "pass or fail a run or finished results; the exit status is the answer");
    app->add_option("RESULTS|FILTER", options->words,
                    "results.jsonl files (several are one run of several shards), or FILTER words of a run that is "
                    "carried out first");
    app->add_flag("--update", options->update,
                  "add an entry to the expectation file for each finding that none covers; a person must review it");
    app->add_flag("--strict", options->run.terms.strict,
                  "also fail for defects that are fixed but still listed, and for runs that were killed");
    app->add_option("--min-evidence", options->run.terms.min_evidence,
                    "fail if a selected cell has less evidence (default: what the profile says)")
        ->type_name("N");
    app->add_option("--today", options->run.terms.today,
                    "the day for what expires, and of nightly's seed (default: the day of the run)")
        ->type_name("DAY")
        ->check(CLI::Validator(why_no_day, ""));
    app->add_option("--against", options->against,
                    "an old target: run it too, as --profile upgrade does, and fail by what --target has worse (diff)")
        ->type_name("TARGET");
    options->run.add_to(*app);
    app->footer(
        "Exit status: 0 passed, 1 failed: a regression or crash, an entry that expired, is stale or unreviewed, too "
        "little evidence; 2 bad usage or input, 3 the harness broke, 4 nothing was selected or judged.");
    return {app, [options, app] { return carry_out(*options, *app); }};
}

}  // namespace crosstalk
