// The text form of a case: the JSON of case files, made to be read and written by people. Fields that say nothing are
// left out; an unknown field is an error, since a misspelt one would silently change what is played.
#pragma once

#include <string>
#include <string_view>

#include "faults/case.h"
#include "faults/frame.h"

namespace crosstalk {

// Several lines, one step a line, without a newline at the end. Expects why_not(value) == "". Reading it gives an
// equal case.
std::string to_text(const Case& value);
// The same on one line, as results.jsonl wants it.
std::string to_line(const Case& value);

// Errors say where (line and column, or a JSON pointer) and what would be right. Reads every version ever written.
// `holds` of a pooled actor that is left out becomes slots_needed().
Expected<Case> case_from_text(std::string_view text);

}  // namespace crosstalk
