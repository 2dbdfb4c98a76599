// A run from its options to its results.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "properties/draw/plainer.h"
#include "reports/cells.h"
#include "reports/console.h"
#include "reports/gate.h"
#include "reports/html.h"
#include "reports/record.h"
#include "runners/campaign/stored.h"
#include "runners/cli/running.h"
#include "runners/cli/screen.h"
#include "runners/gate/expectations.h"
#include "runners/gate/profile.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

namespace crosstalk {
namespace {

using Shard = std::pair<std::uint64_t, std::uint64_t>;  // K, N

Expected<Shard> shard_of(const std::string& text) {
    unsigned k = 0, n = 0;
    char rest = 0;
    if (text.empty()) return Shard{1, 1};
    if (std::sscanf(text.c_str(), "%u/%u%c", &k, &n, &rest) == 2 && k >= 1 && k <= n) return Shard{k, n};
    return tl::unexpected("--shard '" + text + "' is not K/N with 1 <= K <= N, for example 2/5");
}

// A profile says only what was not given otherwise.
void apply_profile(RunOptions& options) {
    if (options.book.empty()) options.book = "linux";
    const Profile* profile = profile_named(options.profile);
    const bool bounded = options.cases != 0 || !options.budget.empty();
    if (!bounded) options.budget = profile != nullptr ? profile->budget : profile_named("smoke")->budget;
    if (profile == nullptr) return;
    const std::string today = options.terms.today.empty() ? now_in_utc().substr(0, 10) : options.terms.today;
    if (options.seed.empty()) options.seed = profile->seed_of_the_day ? std::to_string(seed_of_day(today)) : "1";
    if (options.expect.empty() && !profile->expects) options.expect = "none";
    options.terms.strict = options.terms.strict || profile->strict;
    if (options.terms.min_evidence == 0) options.terms.min_evidence = profile->min_evidence;
}

std::string take_corpus(const RunOptions& options, const Filter& filter, Shard shard, CampaignOptions& campaign) {
    const std::string directory = options.last_failed      ? options.out + "/cases"
                                  : options.corpus.empty() ? data_directory("cases")
                                                           : options.corpus;
    if (options.corpus == "none") return "";
    if (!options.corpus.empty() && !std::filesystem::is_directory(options.corpus))
        return "--corpus " + options.corpus + " is not a directory";
    if (directory.empty()) return "";
    auto stored = corpus_of(directory);
    if (!stored) return stored.error();
    for (StoredCase& each : *stored) {
        const CellId cell = cell_from(each.value.drawn_for);
        const Filterable thing{each.value.drawn_for, cell.mechanism, cell.property, cell.fault, {}, {each.name}, ""};
        if (!in_shard(each.value.drawn_for, shard.first, shard.second)) continue;
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
    campaign.jobs = jobs_of(options.jobs, *target);
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
    campaign.run.shard = options.shard;
    campaign.run.terms = options.terms;
    if (options.expect.empty())  // which file, follows from what the target says it is
        campaign.complete = [name = options.target.name](RunFacts& run) {
            const auto path = expectation_file_for(name, run.target.kernel);
            return path ? read_expectations(*path, run) : "";
        };
    else if (options.expect != "none")
        if (std::string wrong = read_expectations(options.expect, campaign.run); !wrong.empty()) return wrong;
    return take_corpus(options, *filter, *shard, campaign);
}

}  // namespace

tl::expected<Results, int> carry_out_run(RunOptions options) {
    apply_profile(options);
    CampaignOptions campaign;
    if (std::string wrong = fill(options, campaign); !wrong.empty()) return tl::unexpected(complain(exit_usage, wrong));
    if (campaign.cells.empty())
        return tl::unexpected(complain(
            exit_nothing, "no cell matches '" + campaign.run.selection +
                              "'; a bare word is a glob on the whole id, as in 'pipe/*'; see crosstalk list cells"));
    Screen screen(STDOUT_FILENO, {colour_on(STDOUT_FILENO), options.out});
    take_parts(campaign, screen);
    Expected<Results> results = run_campaign(campaign);
    screen.close();
    if (!results) return tl::unexpected(complain(exit_harness, results.error()));
    if (std::string wrong = replace_file(options.out + "/report.html", html_report(*results)); !wrong.empty())
        complain(exit_passed, wrong);  // the verdict stands; only its picture is missing
    return std::move(*results);
}

int tell(const Results& results, const FormatChoice& formats, const std::string& out) {
    const std::string wrong = formats.write(results);
    std::fputs(console_summary(results, {colour_on(STDOUT_FILENO), out}).c_str(), stdout);
    std::fflush(stdout);
    if (!wrong.empty()) return complain(exit_usage, wrong);
    return gate_of(results).exit;
}

void RunOptions::add_to(CLI::App& app) {
    target.add_to(app);
    app.add_option("--seed", seed, "the run's seed; drawn and printed if not given")->type_name("N");
    app.add_option("--cases", cases, "stop after so many drawn cases")
        ->type_name("N")
        ->check(CLI::Validator(why_no_count, ""));
    app.add_option("--budget", budget, "stop after this time: 500ms 20s 10m 2h (default 20s)")
        ->type_name("TIME")
        ->check(CLI::Validator(why_no_time, ""));
    app.add_option("-j,--jobs", jobs,
                   "lanes, one agent each (default: twelve a core, at work four of them: the others while cases sleep)")
        ->type_name("N")
        ->check(CLI::Range(1u, 1024u));
    app.add_option("--shard", shard, "only the K-th of N parts of the cells")->type_name("K/N");
    app.add_option("--schedule", schedule, "only cases of this kind")->check(CLI::IsMember({"turns", "free"}));
    std::vector<std::string> names;
    std::string about = "what the run is for; says what is not given otherwise";
    for (const Profile& each : profiles()) {
        names.emplace_back(each.name);
        about += "\n" + std::string(each.name) + ": " + std::string(each.about);
    }
    app.add_option("--profile", profile, about)->check(CLI::IsMember(names));
    app.add_option("--expect", expect, "expectation file; none: without (default: that of the target)")
        ->type_name("FILE");
    app.add_option("--book", book, "whose promises gate: posix, or linux (also the man pages; default)")
        ->check(CLI::IsMember({"posix", "linux"}));
    app.add_option("--corpus", corpus, "directory of cases that are replayed first; none: without")->type_name("DIR");
    app.add_flag("--last-failed", last_failed, "replay first what the last run left in OUT/cases");
    app.add_option("--fail-fast", fail_fast, "stop after N regressions or crashes")
        ->type_name("N")
        ->expected(0, 1)
        ->default_str("1");
    app.add_option("--out", out, "directory of results.jsonl, report.html, cases, histories")
        ->type_name("DIR")
        ->capture_default_str();
    formats.add_to(app);
}

}  // namespace crosstalk
