// Cleaning up after a case in a worker, completely: descriptors, threads, limits, dispositions, gifts. What was left
// open that no slot names is counted, and told.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// Tells the leader when it is done. Does not return in an image that exec brought.
void clean_up(ActorId index);

}  // namespace crosstalk::agent
