// What the gate says of results: its verdict in one line, and each reason why it does not pass with what to do next.
// Pure, as everything here: results, and the expectations and terms that they carry.
#pragma once

#include <string>
#include <vector>

#include "reports/result.h"

namespace crosstalk {

struct Complaint {
    // One word: regression crashed; of entries: expired stale fixed unreviewed; of the run: evidence shards killed
    // broken nothing; of lies: survivor unbroken trouble.
    std::string kind;
    std::string about;  // the cell or the lie; "" = no one of them
    std::string what;   // "PIPE-CAP-3 early (finding 0123456789ab)"
    std::string todo;   // the next step of whoever reads it, often a command
    std::string where;  // "runners/expectations/linux.toml:12" if it is about an entry there, else ""
    bool operator==(const Complaint&) const = default;
};

struct Gate {
    bool passed = true;
    int exit = 0;                       // 0, 1, 3 or 4
    std::string line;                   // "gate: PASSED 37 pass, 1 known"
    std::vector<Complaint> complaints;  // none exactly if it passed; worst first
};
Gate gate_of(const Results& results);

}  // namespace crosstalk
