// crosstalk prove: show that the judge notices. Targets that are known to lie are driven until they are found out.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "faults/lies/catalog.h"
#include "reports/cells.h"
#include "reports/gate.h"
#include "reports/html.h"
#include "reports/record.h"
#include "runners/campaign/campaign.h"
#include "runners/campaign/prove.h"
#include "runners/cli/command.h"
#include "runners/gate/expectations.h"

#ifndef CROSSTALK_VERSION
#define CROSSTALK_VERSION "unversioned"
#endif

namespace crosstalk {
namespace {

struct ProveChoice {
    std::vector<std::string> filter;
    TargetChoice target;
    std::string seed, sample, out = "out";
    std::uint64_t cases = 100'000;
    unsigned jobs = 0;  // usual
};

// The honest target's own answers, and what is expected of it. "" or what is wrong.
std::string know_honest_target(const Target& honest, const ProveOptions& options, RunFacts& run) {
    const auto session = honest.start({.withhold = options.withhold});
    if (!session) return "the honest target did not start: " + session.error();
    run.target = facts_of("lies", (*session)->environment());
    run.faults = faults_on(run.target);
    run.mechanisms = mechanisms_on((*session)->environment());
    run.catalogue = catalogue();
    for (const Cell& cell : options.cells) run.cells.push_back(name_of(cell));
    const auto path = expectation_file_for(honest.name, run.target.kernel);
    return path ? read_expectations(*path, run) : "";
}

// Takes out the lies about mechanisms that the target does not offer: each clause is broken by hand-made history only.
std::vector<ProofFacts> taken_out(std::vector<Suspect>& suspects, const RunFacts& run) {
    std::vector<ProofFacts> out;
    std::erase_if(suspects, [&](const Suspect& suspect) {
        const auto offered = run.mechanisms.find(suspect.about.mechanism);
        if (suspect.about.host != "agent" || offered == run.mechanisms.end() || offered->second == "yes") return false;
        ProofFacts proof;
        proof.clause = suspect.about.clause;
        proof.because = offered->second;
        out.push_back(std::move(proof));
        return true;
    });
    return out;
}

// Clauses that no lie breaks, if any of their mechanism were selected.
void add_unlied(Results& results) {
    for (const Unlied& unlied : unlied_clauses()) {
        ProofFacts proof;
        proof.clause = unlied.clause;
        proof.because = unlied.because;
        results.proofs.push_back(std::move(proof));
    }
}

std::string open_records(const std::string& out, RecordFile& file, const RunFacts& run) {
    std::error_code error;
    std::filesystem::create_directories(out, error);
    if (error) return out + ": " + error.message() + "; choose another --out";
    if (std::string wrong = file.open(out + "/results.jsonl"); !wrong.empty()) return wrong;
    return file.append(line_of(run)) ? "" : out + "/results.jsonl cannot be appended to";
}

void end_with(Results& results, RecordFile& file, double seconds, bool interrupted) {
    EndFacts end;
    for (const ProofFacts& proof : results.proofs) end.cases += proof.cases;
    end.seconds = seconds;
    end.stopped_because = interrupted ? "interrupted" : "cases";
    end.exit = gate_of(results).exit;
    file.append(line_of(end));
    results.ends.push_back(std::move(end));
}

int carry_out(const ProveChoice& choice) {
    const auto seed = seed_of(choice.seed);
    if (!seed) return complain(exit_usage, seed.error());
    auto suspects = suspects_selected_by(choice.filter);
    if (!suspects) return complain(exit_usage, suspects.error());
    if (suspects->empty()) return complain(exit_nothing, "no lie matches; see crosstalk list lies");
    ProveOptions options;
    options.suspects = std::move(*suspects);
    options.cells = cells_selected_by({});
    options.seed = *seed;
    options.cases = choice.cases;
    if (!choice.sample.empty()) options.sample = *time_from(choice.sample);
    options.judge = judge;
    options.drawing = drawing_from_generators;
    options.interrupted = &interrupts();
    options.run.version = CROSSTALK_VERSION;
    options.run.seed = *seed;
    options.run.started = now_in_utc();
    options.run.selection = Filter::parse(choice.filter)->text();
    const Expected<Target> honest = choice.target.target();
    if (!honest) return complain(exit_usage, honest.error());
    const Expected<std::uint32_t> withheld = choice.target.withheld();
    if (!withheld) return complain(exit_usage, withheld.error());
    options.withhold = *withheld;
    if (std::string wrong = know_honest_target(*honest, options, options.run); !wrong.empty())
        return complain(choice.target.when_not_started(*honest), wrong);
    const std::vector<ProofFacts> absent = taken_out(options.suspects, options.run);
    if (!absent.empty()) std::printf("%zu lies are not told: %s\n", absent.size(), absent.front().because.c_str());
    if (options.suspects.empty()) return complain(exit_nothing, "no lie can be told here");
    for (Suspect& suspect : options.suspects)
        if (suspect.about.host == "agent") suspect.target = told_on(*honest, suspect.about.lie);
    options.jobs = jobs_of(choice.jobs, *honest);
    RecordFile file;
    if (std::string wrong = open_records(choice.out, file, options.run); !wrong.empty())
        return complain(exit_usage, wrong);
    std::printf("crosstalk %s  seed %llu  %zu lies, at most %llu cases each\n", CROSSTALK_VERSION,
                static_cast<unsigned long long>(*seed), options.suspects.size(),
                static_cast<unsigned long long>(options.cases));
    options.on_proof = [&, done = std::size_t{0}](const ProofFacts& proof) mutable {
        file.append(line_of(proof));
        std::printf("%3zu/%zu %s", ++done, options.suspects.size(), console_proof(proof).c_str());
        std::fflush(stdout);
    };
    const auto began = std::chrono::steady_clock::now();
    Results results;
    results.runs.push_back(options.run);
    results.proofs = prove(options);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const std::size_t told = results.proofs.size();
    add_unlied(results);
    results.proofs.insert(results.proofs.end(), absent.begin(), absent.end());
    for (std::size_t i = told; i < results.proofs.size(); ++i) file.append(line_of(results.proofs[i]));
    end_with(results, file, seconds, options.interrupted->load());
    results.cells = outcomes_of(results);
    if (std::string wrong = replace_file(choice.out + "/report.html", html_report(results)); !wrong.empty())
        complain(exit_passed, wrong);  // the verdict stands; only its picture is missing
    std::fputs(console_proofs(results).c_str(), stdout);
    return results.ends.back().exit;
}

}  // namespace

Command add_prove(CLI::App& root) {
    auto choice = std::make_shared<ProveChoice>();
    CLI::App* app = root.add_subcommand("prove", "tell lies on purpose and show that each is found");
    app->add_option("FILTER", choice->filter,
                    "words that all must match: mechanism:pipe, property:order, clause:'PIPE-CAP-*'; a bare word is a "
                    "glob on the lie's id; see crosstalk list lies");
    choice->target.add_to(*app);
    app->add_option("--seed", choice->seed, "of the cases; drawn and printed if not given")->type_name("N");
    app->add_option("--cases", choice->cases, "of one lie, at most")
        ->type_name("N")
        ->check(CLI::Validator(why_no_count, ""))
        ->capture_default_str();
    app->add_option("--sample", choice->sample, "time of one lie, at most: 500ms 20s 10m 2h")
        ->type_name("TIME")
        ->check(CLI::Validator(why_no_time, ""));
    app->add_option("-j,--jobs", choice->jobs, "lies told at once (default: twelve a core, at work four of them)")
        ->type_name("N")
        ->check(CLI::Range(1u, 1024u));
    app->add_option("--out", choice->out, "directory of results.jsonl and report.html")
        ->type_name("DIR")
        ->capture_default_str();
    app->footer(
        "Exit status: 0 each lie was found, 1 a lie survives or a judged clause is broken by none, 2 bad usage, "
        "3 a lie could not be told, 4 nothing was selected.");
    return {app, [choice] { return carry_out(*choice); }};
}

}  // namespace crosstalk
