// Results for people at a terminal. Pure functions from results to text of at most 80 columns (findings' own words may
// be longer); the last line is the gate's and stable for machines. It prints nothing itself.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/result.h"

namespace crosstalk {

struct ConsoleStyle {
    bool colour = false;      // symbol and word carry the meaning; colour only repeats it
    std::string out = "out";  // where cases lie, for the replay commands
};

// First line: version, seed and target. Then what the target said, and which faults it takes.
std::string console_opening(const RunFacts& run);
// One finding with its outcome, explanation and replay command.
std::string console_finding(const RunFacts& run, const FindingFacts& finding, const ConsoleStyle& style);
// Everything at the end of a run.
std::string console_summary(const Results& results, const ConsoleStyle& style);

std::string symbol_of(std::string_view outcome);           // ✓ ✗ ≈ ~ ! ○ —
std::string with_thousands(std::uint64_t number);          // "12,004"
std::string spark(std::span<const std::uint64_t> counts);  // ▁▂▅▇, without the empty tail

}  // namespace crosstalk
