// A player: one actor of the case that is on the board, playing its steps in this process. It resolves slots, lays out
// buffers, journals each call around the operation, and passes turns on. It never looks at what other actors do.
#pragma once

#include "mechanisms/system/operations.h"
#include "runners/agent/board.h"
#include "runners/agent/scratch.h"

namespace crosstalk::agent {

// The operations in use; at first lane_operations (births.h).
extern const OperationTable* operations;

// Plays the steps from `first` on. In turns the turn for the first is there already, or the step before it has just
// ended, with the turn. Ends early when the case is over.
void play_steps(ActorId actor, std::uint32_t first, bool turn_is_here);

// What comes after the last step: tells the others. A pooled actor's process stays, a thread's place is empty.
void end_of_steps(ActorId actor, bool has_turn);

}  // namespace crosstalk::agent
