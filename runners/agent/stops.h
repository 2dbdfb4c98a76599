// Processes that SIGSTOP holds. A stopped actor is like one asleep: quiescence waits for nobody, no turn is given to
// it, and whoever finds that nobody else can move continues it, so that no case ends with somebody stopped.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

bool is_stopped(ActorId actor);

// The actor's own: stops its process here; back when it was continued, or at the end of the case.
void stop_here(ActorId actor, std::int64_t turns);
// The leader's: stops the process of an actor that is asleep.
void stop(ActorId actor, std::int64_t turns);
// The leader's. Nothing happens to who is not stopped.
void resume(ActorId actor);

// One more turn was given, or one more look taken.
void count_turn();
// Continues one who has waited for as many as it was to. False if there is none.
bool resume_due();
// Nobody else can move: continues one. False if nobody is stopped.
bool resume_one();
void resume_all();

// Will this actor stop itself before a call of this step? Then it announces the call, so that others get the turn.
bool stops_before(ActorId actor, StepId step);

}  // namespace crosstalk::agent
