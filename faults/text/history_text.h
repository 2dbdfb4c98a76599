// The text form of a history: the JSON of history files. It is whole in itself: with the case that was played and the
// number that its payload carried, it can be judged again anywhere. Unknown fields are ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "faults/case.h"
#include "faults/frame.h"
#include "mechanisms/history.h"

namespace crosstalk {

// A history with all that a judge needs beside it.
struct Recording {
    Environment environment;
    History history;
    std::optional<Case> played;
    std::uint16_t case_number = 0;  // that the payload carried
};

// Several lines, one event a line, without a newline at the end. Texts in it (`why`, the environment) are taken for
// ASCII. Reading it gives an equal recording.
std::string to_text(const Recording& recording);
// The same on one line.
std::string to_line(const Recording& recording);

// Errors say where (line and column, or a JSON pointer) and what would be right. A case in it is checked as in a case
// file, and the history against it (why_not). Events must be in the order of `began`.
Expected<Recording> history_from_text(std::string_view text);

}  // namespace crosstalk
