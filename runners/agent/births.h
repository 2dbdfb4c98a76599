// How actors begin and end as processes and threads: the verbs start, exec and exit, and the two that change what a
// process must get back afterwards (signal, limit). These complete the kernel's operations.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk::agent {

extern const OperationTable lane_operations;

// From now on `operations` tell the lie that the board names, if it names one.
void tell_lie_of_board();

// An image after exec: unbinds what exec closed and closes the record of the exec step.
void complete_exec(ActorId actor);

}  // namespace crosstalk::agent
