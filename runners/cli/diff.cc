// crosstalk diff: what two runs have apart. With --repeat each finding's case is played again at both targets, so that
// rates of one and the same case are compared.
#include "runners/cli/diff.h"

#include <cstdio>

#include "reports/html.h"
#include "reports/record.h"
#include "runners/campaign/campaign.h"
#include "runners/campaign/findings.h"
#include "runners/campaign/stored.h"
#include "runners/cli/command.h"

namespace crosstalk {
namespace {

struct DiffOptions {
    std::vector<std::string> files;
    unsigned repeat = 0;
    std::string html;  // "" = not asked for
};

// A target that a run was made at, started again.
struct Place {
    std::unique_ptr<Target> target;  // the player refers to it
    std::unique_ptr<Player> player;
};

// It must still be the system that the results are of: else its rates would be another's.
Expected<Place> place_of(const RunFacts& run) {
    Expected<Target> target = target_named(run.target.name);
    if (!target) return tl::unexpected(target.error());
    Place out{std::make_unique<Target>(std::move(*target)), nullptr};
    SessionOptions options;
    options.core = core_numbers().front();
    out.player = std::make_unique<Player>(*out.target, options);
    if (std::string wrong = out.player->ready(); !wrong.empty())
        return tl::unexpected("target '" + run.target.name + "' did not start: " + wrong);
    const std::string kernel = facts_of(run.target.name, out.player->session().environment()).kernel;
    if (kernel != run.target.kernel)
        return tl::unexpected("the results are of " + run.target.kernel + ", but '" + run.target.name + "' is " +
                              kernel + " now: --repeat must play where the results were made");
    return out;
}

Rate replayed(Place& place, const Case& value, const std::string& finding, unsigned times) {
    Rate out;
    for (; out.tried < times && place.player->ready().empty(); ++out.tried) {
        const Environment environment = place.player->session().environment();
        const Reply reply = place.player->play(value, 1);
        Verdict verdict;
        JudgeOptions options;
        options.case_number = 1;
        options.explanations = options.evidence = false;
        if (reply.kind == Reply::Kind::played) verdict = judge(value, reply.history, environment, options);
        for (const Goal& goal : goals_of(value, reply, verdict))
            if (Findings::id_of(goal) == finding) {
                ++out.failed;
                break;
            }
    }
    return out;
}

// "" or what went wrong. The case is the earlier run's, if it has one.
std::string repeat(const Results& before, const Results& after, unsigned times, Replays& out) {
    Expected<Place> there = place_of(before.run());
    if (!there) return there.error();
    Expected<Place> here = place_of(after.run());
    if (!here) return here.error();
    for (const Results* results : {&before, &after})
        for (const FindingFacts& finding : results->findings) {
            if (finding.case_json.empty() || out.contains(finding.finding)) continue;
            const Expected<Case> value = stored_case_from(finding.case_json);
            if (!value) return "finding " + finding.finding + ": " + value.error();
            out[finding.finding] = {replayed(*there, *value, finding.finding, times),
                                    replayed(*here, *value, finding.finding, times)};
        }
    return "";
}

int carry_out(const DiffOptions& options) {
    const Expected<Results> before = results_of_files({options.files[0]});
    if (!before) return complain(exit_usage, before.error());
    const Expected<Results> after = results_of_files({options.files[1]});
    if (!after) return complain(exit_usage, after.error());
    Replays replays;
    if (options.repeat > 0)
        if (std::string wrong = repeat(*before, *after, options.repeat, replays); !wrong.empty())
            return complain(exit_harness, wrong);
    return tell_difference(*before, *after, replays, options.html);
}

}  // namespace

int tell_difference(const Results& before, const Results& after, const Replays& replays, const std::string& html) {
    const Difference difference = difference_of(before, after, replays);
    if (!html.empty())
        if (std::string wrong = replace_file(html, html_difference(before, after, difference)); !wrong.empty())
            return complain(exit_usage, wrong);
    std::fputs(console_difference(before, after, difference).c_str(), stdout);
    return difference.worse() ? exit_failed : exit_passed;
}

Command add_diff(CLI::App& root) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* app = root.add_subcommand("diff", "what two runs have apart: cells, clauses and findings");
    app->add_option("RESULTS", options->files, "two results.jsonl, the earlier first; shards are joined with cat")
        ->required()
        ->expected(2);
    app->add_option("--repeat", options->repeat,
                    "play each finding's case so often at both targets, and compare these rates: 10 tell always from "
                    "never, 100 tell 1 in 2 from 3 in 4")
        ->type_name("N")
        ->check(CLI::Range(1u, 100'000u));
    app->add_option("--html", options->html, "write the comparison as one page, with both runs behind it")
        ->type_name("FILE");
    app->footer(
        "Rates are compared by Fisher's exact test, two-sided; all comparisons of one diff together err at most once "
        "in "
        "100 times. Exit status: 0 nothing is worse, 1 something is: a finding that gates is new or comes more often, "
        "or a cell lost its evidence; 2 bad usage or input, 3 a target of --repeat did not start or is another now.");
    return {app, [options] { return carry_out(*options); }};
}

}  // namespace crosstalk
