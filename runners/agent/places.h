// Places: what slots hold that is no descriptor: a semaphore on the board, a mapping or a named semaphore that this
// process alone has. A number at or above first_place stands for one; a forked child has its parent's at the same
// addresses (fork(2)), a new image has none of its own (exec(3)).
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// The address that a number of this process stands for; nullptr if for none.
void* place_of(int number);
// How many bytes lie there; 0 for an object's own.
std::uint64_t bytes_of_place(int number);
// A number for an address: the object's own if it lies on the board, else one of this process. -1 if there are none
// left.
std::int16_t number_of_place(void* address, std::uint64_t bytes, ObjectId object);
// The number stands for nothing any more. Whoever gave the address back says so.
void forget_place(int number);
// Gives back all that this process still has: unmaps what has a length, closes the rest, which are semaphores.
void drop_places();

}  // namespace crosstalk::agent
