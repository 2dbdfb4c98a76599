// Outcomes: what a verdict means for whoever reads the grid or obeys the gate.
// A cell is a sum over evidence; its outcome is the worst of its clauses. Pure: results and the expectations in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace crosstalk {

// Fewer weights than this prove nothing about a cell: it is drawn hollow.
inline constexpr std::uint64_t least_evidence = 10;
// How sure must it be that a flaky finding fails more often than it may? One false alarm in so many gates, at most.
inline constexpr double flaky_error_level = 0.01;

struct CellId {
    std::string mechanism, property, fault;
    std::string text() const { return mechanism + "/" + property + "/" + fault; }
};
CellId cell_from(std::string_view text);  // missing parts are empty

// In the order of RunFacts::cells; findings in cells that were not selected come after. With several runs: of all.
std::vector<CellOutcome> outcomes_of(const Results& results);

// The day by which expiry is judged: what the run's terms say, else the day on which it started.
std::string today_of(const RunFacts& run);
bool is_expired(const RunFacts& run, const Expectation& entry);
// Is the entry about this target (its `when`)?
bool applies(const RunFacts& run, const Expectation& entry);

// The expectation that covers this finding, nullptr if none does. Expired ones do not.
const Expectation* expectation_for(const RunFacts& run, const FindingFacts& finding);
// The expired one that would, nullptr if there is none.
const Expectation* expired_for(const RunFacts& run, const FindingFacts& finding);

// Entries that were expected to fail, had their chance in a whole run (all cells, all shards), and did not.
std::vector<const Expectation*> unmet_entries(const Results& results);
// How many shards of these runs are not among them; 0 if one is no shard.
std::size_t missing_shards(const Results& results);
// Were all cells selected, in one run or in shards of which none is missing?
bool is_whole(const Results& results);
// One finding's own outcome: regression known flaky crashed.
std::string outcome_of(const RunFacts& run, const FindingFacts& finding);
// Does a broken promise of this strength gate under this book?
bool gates(std::string_view book, std::string_view strength);

}  // namespace crosstalk
