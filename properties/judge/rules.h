// The bound layer and the rules on signals: linear-time necessary conditions on intervals and origins. They never give
// up, so their verdict stands where the search spends its budget. They may miss; they never accuse the innocent.
#pragma once

#include "properties/judge/resolve.h"

namespace crosstalk::judging {

// Integrity and order of bytes on intervals: every byte received was written before, once, and in its writer's order;
// atomic writes are contiguous where one reader sees them. Counts what carried weight.
void check_bounds(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches);

// EINTR needs a handler inside the call; EPIPE needs SIGPIPE (unless ignored or blocked); O_ASYNC needs SIGIO.
// Memory is judged here alone: each byte is a register, so that no search is needed.
void check_memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches);

void check_signals(const Subject& subject, const std::vector<Component>& components, Weights& weights,
                   std::vector<Breach>& breaches);

// A call that the kernel ended because it computed for half a second and never slept.
void check_spinning(const Subject& subject, std::vector<Breach>& breaches);

// Descriptors that are open at the end and that nobody asked for.
void check_leaks(const Subject& subject, Weights& weights, std::vector<Breach>& breaches);

}  // namespace crosstalk::judging
