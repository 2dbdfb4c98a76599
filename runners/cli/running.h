// Carrying out a run, which `run` and `gate` share: its options, the run itself, and what is told of it at its end.
#pragma once

#include <algorithm>

#include "runners/campaign/campaign.h"
#include "runners/cli/command.h"

namespace crosstalk {

struct RunOptions {
    std::vector<std::string> filter;
    TargetChoice target;
    std::string seed, budget, shard, schedule, profile, expect, book, corpus, out = "out";
    std::uint64_t cases = 0;
    unsigned jobs = 0;  // usual
    bool last_failed = false;
    std::string fail_fast;
    Terms terms;  // a profile may add to them
    FormatChoice formats;
    // All but FILTER.
    void add_to(CLI::App& app);
};

// The results, or the exit status of what was complained of. Leaves results.jsonl, report.html, cases and histories in
// `out`, and shows its progress; the summary is tell()'s.
tl::expected<Results, int> carry_out_run(RunOptions options);

// Writes the formats that were asked for and the summary; the gate's exit status.
int tell(const Results& results, const FormatChoice& formats, const std::string& out);

}  // namespace crosstalk
