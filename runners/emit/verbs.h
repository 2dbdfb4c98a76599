// The C lines of one step: a table, one row a verb.
#pragma once

#include <string>
#include <vector>

#include "faults/case.h"
#include "faults/frame.h"

namespace crosstalk::emit {

struct Lines {
    std::string call;                        // an expression that a C compiler takes: "calls.read(fd[0], room(), 10)"
    std::vector<std::string_view> sections;  // of the runtime that it needs
    bool receives = false, returns = true;   // its bytes are kept; it comes back
};

// An error is one line: what of this step no C program of ours can say.
Expected<Lines> lines_of(const Program& program, ActorId actor, StepId step);
// What the C expression of this step returns where the recorded call returned this.
long expected_result(const Operation& operation, const Event& event);
// Can the number that the call returned be compared with one that another process got?
bool is_comparable(Verb verb);

}  // namespace crosstalk::emit
