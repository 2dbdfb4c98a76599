// Claims answered by a run: what a reader of a primer believes, held against the evidence of the clauses that decide
// it. Pure: results in, answers out. What the claims are is in the run's own catalogue.
#pragma once

#include <string>
#include <vector>

#include "reports/result.h"

namespace crosstalk {

// A clause among those that decide a claim: "holds" "thin" (too little evidence) "deviates" "broken" "unjudged".
struct DecidingClause {
    std::string clause, state;
    std::uint64_t evidence = 0;
    bool operator==(const DecidingClause&) const = default;
};

struct ClaimAnswer {
    ClaimFact claim;
    std::string answer;  // "confirmed" "conditional" "refuted" "undecided"
    std::string why;     // "" where the documents' word is all there is to say
    std::vector<DecidingClause> clauses;
    bool operator==(const ClaimAnswer&) const = default;
};

// In the order of the first run's catalogue. Confirmed or refuted by the documents' word counts only where each clause
// that can be judged has enough evidence at the claim's own mechanisms, and each of its globs has such a clause.
std::vector<ClaimAnswer> answers_of(const Results& results);

}  // namespace crosstalk
