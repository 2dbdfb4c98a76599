// Injections, carried out: those that an actor does to itself around a call, and those that the leader does to an
// actor that is asleep in one. What was done is journalled; what it may cause is not known here.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// The actor's own, around call `occurrence` of the step.
void strike_before(ActorId actor, StepId step, std::uint32_t occurrence);
void strike_after(ActorId actor, StepId step, std::uint32_t occurrence);

// The leader's: `actor` is asleep in the call that its seat says. True if something was done to it, so that it may
// have moved. Kills are done through `kill`, which must also note the stamp.
bool strike_asleep(ActorId actor);

// True if the actor's present call still has an injection to suffer asleep.
bool awaits_strike(ActorId actor);

}  // namespace crosstalk::agent
