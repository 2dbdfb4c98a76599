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
// An expected failure that was not seen is called fixed only after this much evidence for its clause.
inline constexpr std::uint64_t evidence_to_call_fixed = 1000;

struct CellId {
    std::string mechanism, property, fault;
    std::string text() const { return mechanism + "/" + property + "/" + fault; }
};
CellId cell_from(std::string_view text);  // missing parts are empty

// In the order of RunFacts::cells; findings in cells that were not selected come after. With several runs: of all.
std::vector<CellOutcome> outcomes_of(const Results& results);

// The expectation that covers this finding, nullptr if none does.
const Expectation* expectation_for(const RunFacts& run, const FindingFacts& finding);
// One finding's own outcome: regression known flaky crashed.
std::string outcome_of(const RunFacts& run, const FindingFacts& finding);
// Does a broken promise of this strength gate under this book?
bool gates(std::string_view book, std::string_view strength);

// What the gate says.
struct Gate {
    bool passed = true;
    int exit = 0;      // 0, 1, 3 or 4
    std::string line;  // "gate: PASSED 37 pass, 1 known"
};
Gate gate_of(const Results& results);

}  // namespace crosstalk
