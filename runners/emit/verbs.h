// The C line of one step, by its verb; and what that line says where the recorded call said this.
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

// An error is one line: what of this step no C program of ours can say. `execs`: how many execve stand before it.
Expected<Lines> lines_of(const Program& program, ActorId actor, StepId step, std::size_t execs);

// The verbs of objects (create, open, unlink, close), and of messages, queues, semaphores and memory; an empty call if
// the verb is none of them.
Lines lines_of_object(const Program& program, const Operation& step);
Lines lines_of_message(const Operation& step);
// The verbs of objects that live for one step, of views beside loading and storing, and of watches.
Lines lines_of_place(const Program& program, const Operation& step);

// What the C expression returns, and leaves in `value`, where the recorded call answered this: C constants.
std::string expected_result(const Operation& operation, const Event& event);
long expected_value(const Program& program, const Operation& operation, const Event& event);

}  // namespace crosstalk::emit
