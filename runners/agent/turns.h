// Turns: one actor moves at a time. Whoever ends a step gives the turn to the next actor itself while nobody is
// asleep; else the leader does, when everybody is asleep or at a turn point. No object is looked at to decide.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// Uses up and returns the earliest unused choice whose actor is ready; without one the lowest ready actor; -1 if none.
// Only who holds the turn may call this.
int choose_next();

// Gives the turn to an actor that is ready.
void give_turn(ActorId actor);

// Lets an actor, or the worker that is to play it, past its gate; and waits there. A gate that was opened for a case
// that is done, to hurry a sleeper on, lets nobody into the next.
void open_gate(ActorId actor);
std::uint32_t wait_at_gate(FutexWord& gate, std::uint32_t done_serial = 0);  // the serial it was opened for

// An actor's own side. `announce` before a call that may sleep, `retract` after it: false if the turn has gone to
// somebody else meanwhile. `hand_over` when the step is over: `has_turn` is what retract said; the actor's phase is
// already ready, ended or leaving. It returns true if the actor may go on at once.
void announce(ActorId actor);
bool retract(ActorId actor);
bool hand_over(ActorId actor, bool has_turn);

}  // namespace crosstalk::agent
