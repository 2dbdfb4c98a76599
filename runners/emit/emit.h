// A finding as one C program that needs nothing but a C library: it sets the scene, moves the actors in the order of
// the finding, and says by its exit status whether this system behaves as documented (0), as in the finding (1), or
// cannot be brought there (2). The text is a function of the recording and its verdict; it compiles as C11 with
// _GNU_SOURCE.
#pragma once

#include <string>

#include "faults/text/history_text.h"
#include "properties/verdict.h"

namespace crosstalk::emit {

// `recorded` holds its case. An error is one line: what of it no C program of ours can show.
Expected<std::string> c_program(const Recording& recorded, const Verdict& verdict);

}  // namespace crosstalk::emit
