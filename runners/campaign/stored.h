// Cases and histories as they lie in files: the corpus, out/cases, out/histories, finding records.
#pragma once

#include "faults/text/history_text.h"
#include "runners/campaign/source.h"

namespace crosstalk {

// A history with its case inside, as in out/histories; or {"case":..., "history":{...}}, which a `finding` record is
// too. The result always has `played`. Errors say what is missing.
Expected<Recording> recording_from(std::string_view text);
// A case, or a stored history's, or a finding record's case.
Expected<Case> stored_case_from(std::string_view text);

// All *.json of a directory, by name. A directory that does not exist is empty; a file that does not read is an error.
Expected<std::vector<StoredCase>> corpus_of(const std::string& directory);

}  // namespace crosstalk
