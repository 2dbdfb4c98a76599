// The quick way into evidence: nearly every line of a results.jsonl is an increment, so their reading is what a report
// waits for. It takes lines as line_of() writes them and builds no document. It judges nothing: what it does not take
// is read, or refused with a reason, by results_from() (record.h).
#pragma once

#include <string_view>

#include "reports/result.h"

namespace crosstalk {

// False, and `into` is then of no use: the line is not known to be an increment in the order and the kinds that
// line_of() has. `into` must be empty.
bool read_evidence(std::string_view line, EvidenceFacts& into);

}  // namespace crosstalk
