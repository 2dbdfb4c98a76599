// The campaign: draw, play, judge, account, in as many lanes as asked, until cases or time are spent.
// It knows neither what a property means nor how anything is printed.
#pragma once

#include <atomic>

#include "reports/result.h"
#include "runners/campaign/core.h"
#include "runners/campaign/investigate.h"
#include "runners/campaign/source.h"

namespace crosstalk {

struct Progress {
    std::uint64_t cases = 0, broken = 0;
    std::uint64_t planned = 0;               // 0: no bound by number
    double seconds = 0, budget_seconds = 0;  // 0: no bound by time
    std::size_t findings = 0, serious = 0;
};

struct CampaignOptions {
    Target target;
    bool require_target = false;  // a target that may be absent and is, is an error
    SessionOptions session;
    std::uint64_t seed = 0;
    std::uint64_t cases = 0;              // 0: unbounded
    std::chrono::milliseconds budget{0};  // 0: unbounded
    Jobs jobs;
    unsigned fail_fast = 0;          // stop after so many serious findings; 0: never
    std::string out;                 // directory; "" writes nothing
    std::vector<Cell> cells;         // selected
    std::vector<StoredCase> corpus;  // replayed first
    std::optional<Mode> only_mode;
    RunFacts run;                                    // what is known before the target answers
    std::function<std::string(RunFacts&)> complete;  // what depends on the target's answer; "" or what is wrong
    JudgeFunction judge;
    std::function<DrawCell(const std::vector<Cell>&, const Ground&)> drawing;
    Investigation investigation;
    const std::atomic<bool>* interrupted = nullptr;  // set by a signal handler

    std::function<void(const RunFacts&)> on_start;     // the target answered; all four are called in this thread
    std::function<void(const Progress&)> on_progress;  // about ten times a second
    std::function<void(const FindingFacts&)> on_finding;
};

// An error: the target did not start, or `out` cannot be written: nothing was judged. A target that may be absent and
// is gives results all the same, in which each cell says why it is not applicable.
Expected<Results> run_campaign(const CampaignOptions& options);

// Removes what a killed run left half-written in `out`.
void sweep(const std::string& out);

// What the target said, in the form of records.
TargetFacts facts_of(const std::string& target_name, const Environment& environment);
// For each fault "yes", or the ability that this target lacks.
std::map<std::string, std::string> faults_on(const TargetFacts& target);
// The same of mechanisms: "yes", or why this target has none.
std::map<std::string, std::string> mechanisms_on(const Environment& environment);

}  // namespace crosstalk
