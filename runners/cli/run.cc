// crosstalk run: drive a target with drawn cases and give a verdict.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <thread>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "properties/draw/plainer.h"
#include "reports/cells.h"
#include "reports/html.h"
#include "reports/record.h"
#include "runners/campaign/stored.h"
#include "runners/cli/command.h"
#include "runners/cli/screen.h"
#include "runners/gate/expectations.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

namespace crosstalk {
namespace {

struct RunOptions {
    std::vector<std::string> filter;
    TargetChoice target;
    std::string seed, budget, shard, schedule, profile, expect, book = "linux", corpus, out = "out";
    std::uint64_t cases = 0;
    unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
    bool last_failed = false;
    std::string fail_fast;
};

Expected<std::pair<std::uint64_t, std::uint64_t>> shard_of(const std::string& text) {
    unsigned k = 0, n = 0;
    char rest = 0;
    if (text.empty()) return std::pair<std::uint64_t, std::uint64_t>{1, 1};
    if (std::sscanf(text.c_str(), "%u/%u%c", &k, &n, &rest) == 2 && k >= 1 && k <= n)
        return std::pair<std::uint64_t, std::uint64_t>{k, n};
    return tl::unexpected("--shard '" + text + "' is not K/N with 1 <= K <= N, for example 2/5");
}

// Profiles only set what was not given.
void apply_profile(RunOptions& options) {
    const bool bounded = options.cases != 0 || !options.budget.empty();
    if (options.profile == "nightly" && options.seed.empty())
        options.seed = std::to_string(mixed(static_cast<std::uint64_t>(std::time(nullptr) / 86400), 0) >> 11);
    if (options.profile != "nightly" && !options.profile.empty() && options.seed.empty()) options.seed = "1";
    if (!bounded) options.budget = options.profile == "nightly" ? "60m" : options.profile == "pr" ? "3m" : "20s";
}

std::string take_corpus(const RunOptions& options, const Filter& filter, CampaignOptions& campaign) {
    const std::string directory = options.last_failed      ? options.out + "/cases"
                                  : options.corpus.empty() ? data_directory("cases")
                                                           : options.corpus;
    if (!options.corpus.empty() && !std::filesystem::is_directory(options.corpus))
        return "--corpus " + options.corpus + " is not a directory";
    if (directory.empty() || options.corpus == "none") return "";
    auto stored = corpus_of(directory);
    if (!stored) return stored.error();
    for (StoredCase& each : *stored) {
        const CellId cell = cell_from(each.value.drawn_for);
        const Filterable thing{each.value.drawn_for, cell.mechanism, cell.property, cell.fault, {}, {each.name}, ""};
        if (options.last_failed || filter.empty() || filter.matches(thing)) campaign.corpus.push_back(std::move(each));
    }
    return "";
}

void take_parts(CampaignOptions& campaign, Screen& screen) {
    campaign.judge = judge;
    campaign.drawing = drawing_from_generators;
    campaign.investigation.smaller = smaller;
    campaign.investigation.first_cuts = first_cuts;
    campaign.investigation.plainer = plainer;
    campaign.investigation.plainness = plainness;
    campaign.interrupted = &interrupts();
    campaign.on_start = [&screen](const RunFacts& run) { screen.opened(run); };
    campaign.on_progress = [&screen](const Progress& progress) { screen.progress(progress); };
    campaign.on_finding = [&screen](const FindingFacts& finding) { screen.found(finding); };
}

// "" or what is wrong with the options.
std::string fill(const RunOptions& options, CampaignOptions& campaign) {
    const auto target = options.target.target();
    const auto withheld = options.target.withheld();
    const auto seed = seed_of(options.seed);
    const auto shard = shard_of(options.shard);
    const auto filter = Filter::parse(options.filter);
    for (const std::string& wrong :
         {target ? "" : target.error(), withheld ? "" : withheld.error(), seed ? "" : seed.error(),
          shard ? "" : shard.error(), filter ? "" : filter.error()})
        if (!wrong.empty()) return wrong;
    if (filter->uses("finding") || filter->uses("outcome"))
        return "finding: and outcome: select nothing before a run; use --last-failed, or crosstalk report on results";
    campaign.target = *target;
    campaign.require_target = options.target.required;
    campaign.session.withhold = *withheld;
    campaign.seed = *seed;
    campaign.cases = options.cases;
    if (!options.budget.empty()) campaign.budget = *time_from(options.budget);
    campaign.jobs = target->lanes == 0 ? options.jobs : std::min(options.jobs, target->lanes);
    campaign.fail_fast =
        options.fail_fast.empty() ? 0 : static_cast<unsigned>(std::max(1, std::atoi(options.fail_fast.c_str())));
    campaign.out = options.out;
    campaign.cells = cells_selected_by(*filter, shard->first, shard->second);
    if (!options.schedule.empty()) campaign.only_mode = mode_named(options.schedule);
    campaign.run.version = CROSSTALK_VERSION;
    campaign.run.profile = options.profile;
    campaign.run.book = options.book;
    campaign.run.started = now_in_utc();
    campaign.run.selection = filter->text();
    if (options.expect.empty())  // which file, follows from what the target says it is
        campaign.complete = [name = options.target.name](RunFacts& run) {
            const auto path = expectation_file_for(name, run.target.kernel);
            return path ? read_expectations(*path, run) : "";
        };
    else if (options.expect != "none")
        if (std::string wrong = read_expectations(options.expect, campaign.run); !wrong.empty()) return wrong;
    return take_corpus(options, *filter, campaign);
}

int carry_out(RunOptions options) {
    apply_profile(options);
    CampaignOptions campaign;
    if (std::string wrong = fill(options, campaign); !wrong.empty()) return complain(exit_usage, wrong);
    if (campaign.cells.empty())
        return complain(exit_nothing,
                        "no cell matches '" + campaign.run.selection +
                            "'; a bare word is a glob on the whole id, as in 'pipe/*'; see crosstalk list cells");
    Screen screen(STDOUT_FILENO, {colour_on(STDOUT_FILENO), options.out});
    take_parts(campaign, screen);
    const Expected<Results> results = run_campaign(campaign);
    screen.close();
    if (!results) return complain(exit_harness, results.error());
    if (std::string wrong = replace_file(options.out + "/report.html", html_report(*results)); !wrong.empty())
        complain(exit_passed, wrong);  // the verdict stands; only its picture is missing
    std::fputs(console_summary(*results, {colour_on(STDOUT_FILENO), options.out}).c_str(), stdout);
    std::fflush(stdout);
    return results->ends.back().exit;
}

}  // namespace

Command add_run(CLI::App& root) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* app = root.add_subcommand("run", "drive a target with drawn cases and give a verdict");
    app->add_option("FILTER", options->filter,
                    "words that all must match: key:glob with keys mechanism property fault clause; ! negates; a bare\n"
                    "word is a glob on the cell id mechanism/property/fault");
    options->target.add_to(*app);
    app->add_option("--seed", options->seed, "the run's seed; drawn and printed if not given");
    app->add_option("--cases", options->cases, "stop after so many drawn cases")
        ->check(CLI::Validator(why_no_count, "COUNT"));
    app->add_option("--budget", options->budget, "stop after this time: 500ms 20s 10m 2h (default 20s)")
        ->check(CLI::Validator(why_no_time, "TIME"));
    app->add_option("-j,--jobs", options->jobs, "lanes, one agent each (default: cores)")->check(CLI::Range(1u, 1024u));
    app->add_option("--shard", options->shard, "K/N: only the K-th of N parts of the cells");
    app->add_option("--schedule", options->schedule, "only cases of this kind")
        ->check(CLI::IsMember({"turns", "free"}));
    app->add_option("--profile", options->profile,
                    "smoke (20s, seed 1), pr (3m, seed 1), nightly (60m, seed of the date)")
        ->check(CLI::IsMember({"smoke", "pr", "nightly"}));
    app->add_option("--expect", options->expect, "expectation file; none: without (default: that of the target)");
    app->add_option("--book", options->book, "whose promises gate: posix, or linux (also the man pages)")
        ->check(CLI::IsMember({"posix", "linux"}))
        ->capture_default_str();
    app->add_option("--corpus", options->corpus, "directory of cases that are replayed first; none: without");
    app->add_flag("--last-failed", options->last_failed, "replay first what the last run left in OUT/cases");
    app->add_option("--fail-fast", options->fail_fast, "stop after N regressions or crashes (1)")->expected(0, 1);
    app->add_option("--out", options->out, "directory of results.jsonl, report.html, cases, histories")
        ->capture_default_str();
    return {app, [options, app] {
                if (app->count("--fail-fast") > 0 && options->fail_fast.empty()) options->fail_fast = "1";
                return carry_out(*options);
            }};
}

}  // namespace crosstalk
