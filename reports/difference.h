// What two runs have apart: cells, clauses and findings. Run against run, or target against target. Findings are
// compared by in how many of their cases they were met, so that luck is told from change: by Fisher's exact test,
// two-sided, at a level that holds for all comparisons of one difference together.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reports/rates.h"
#include "reports/result.h"

namespace crosstalk {

// All rate comparisons of one difference together err at most so often (Bonferroni: each at this, by their number).
inline constexpr double difference_error_level = 0.01;

struct Change {
    std::string what;  // "pipe/order/none"; "PIPE-ORDER-1 in pipe/order/none"; "0123456789ab PIPE-ORDER-1 lost"
    std::string before, after;  // outcomes; of findings, how often it was met or failed
    std::string why;            // of findings: the test's answer
    bool worse = false;
    bool operator==(const Change&) const = default;
};

struct Difference {
    std::vector<Change> cells, clauses, findings;
    std::vector<std::string> only_before, only_after;  // cells
    std::size_t comparisons = 0;                       // of rates
    bool worse() const;
};

// Rates of one case replayed at both, by finding id: they decide in place of how often it was met. Two runs that select
// the same cells draw alike whatever their seeds; others are told apart from luck only by replays.
using Replays = std::map<std::string, std::pair<Rate, Rate>>;

Difference difference_of(const Results& before, const Results& after, const Replays& replays = {});

// "WORSE in 1 of 3 changes", "CHANGED in 2, none of them for the worse", "SAME".
std::string verdict_of(const Difference& difference);
// How rates were compared, and at which level; "" if none were.
std::string method_of(const Difference& difference);
// Why the two are not quite comparable, a sentence each.
std::vector<std::string> cautions_of(const Results& before, const Results& after);

// For people; the last line is the verdict: "diff: SAME", "diff: CHANGED ..." (not for the worse), "diff: WORSE ...".
std::string console_difference(const Results& before, const Results& after, const Difference& difference);

}  // namespace crosstalk
