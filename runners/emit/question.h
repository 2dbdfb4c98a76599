// What an emitted program is to show: the call in question, or the signal, the leak, the spinning; and until when the
// calls around it belong to it.
#pragma once

#include "faults/text/history_text.h"
#include "properties/verdict.h"

namespace crosstalk::emit {

struct Question {
    enum class Kind : std::uint8_t { nothing, call, signal, leak, spinning };
    Kind kind = Kind::nothing;  // nothing: it holds, and is shown as it went
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::size_t event = 0;  // that is in question
    bool accepted = false;  // a deviation: the calls after it belong to it
    Stamp until = 0;        // the last stamp that belongs to what was seen
};

// An error is one line: why no C program can show it.
Expected<Question> question_of(const Recording& recorded, const Verdict& verdict);

}  // namespace crosstalk::emit
