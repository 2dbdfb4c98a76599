// The constants and tables of an emitted program: what is in question, what came back then, and what was due.
#pragma once

#include <string>

#include "runners/emit/play.h"

namespace crosstalk::emit {

// Stands before all code: sizes, and what is in question.
std::string constants_of(const Recording& recorded, const Verdict& verdict, const Question& question, const Play& play);
// Stands behind the actors' functions, and before those of the play.
std::string tables_of(const Recording& recorded, const Verdict& verdict, const Question& question, const Play& play);

}  // namespace crosstalk::emit
