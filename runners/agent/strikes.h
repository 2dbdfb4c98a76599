// Injections, carried out at their calls: those that an actor does to itself around one, and those that the leader does
// to an actor that is asleep in one. What was done is journalled; what it may cause is not known here.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk {
struct Answer;
}

namespace crosstalk::agent {

// The actor's own, around call `occurrence` of the step.
void strike_before(ActorId actor, StepId step, std::uint32_t occurrence);
void strike_after(ActorId actor, StepId step, std::uint32_t occurrence, const crosstalk::Answer& answer);

// The leader's: `actor` is asleep in the call that its seat says; `certain` if that was seen and not guessed. True if
// something was done to it, so that it may have moved.
bool strike_asleep(ActorId actor, bool certain);

// True if the actor's present call still has an injection to suffer asleep.
bool awaits_strike(ActorId actor, bool certain);

}  // namespace crosstalk::agent
