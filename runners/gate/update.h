// Entries for an expectation file, written from results: one for each finding that nothing covers. They say what was
// seen and leave the reason to a person: the gate fails as long as one is unreviewed. Nothing is ever taken away, and
// nothing of the user's is touched: the text is put at the end of the file.
#pragma once

#include <string>

#include "reports/result.h"

namespace crosstalk {

// TOML, ready to be appended; "" if each finding is covered, or would be but for an expired entry.
std::string entries_for(const Results& results);

// "2026-11-28" and 30 give "2026-12-28"; `day` must be one.
std::string days_later(const std::string& day, int days);

}  // namespace crosstalk
