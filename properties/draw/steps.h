// Steps: one drawing function a verb. Each draws a step of that verb for an actor, as meaningful as what is believed
// of the world allows, and appends it; false if no such step makes sense for this actor now.
#pragma once

#include "properties/draw/draft.h"

namespace crosstalk::draw {

using StepDrawer = bool (*)(Draft& draft, ActorId who);

// The drawing function of a verb; those of a family share one and ask `verb`.
bool draw_step(Draft& draft, ActorId who, Verb verb);
// A step of a verb chosen by the taste's weights; tries a few verbs before it gives up.
bool draw_any_step(Draft& draft, ActorId who);

// The families.
bool draw_write(Draft& draft, ActorId who, Verb verb);  // write writev vmsplice
bool draw_read(Draft& draft, ActorId who, Verb verb);   // read readv
bool draw_move(Draft& draft, ActorId who, Verb verb);   // splice tee
bool draw_poll(Draft& draft, ActorId who, Verb verb);
bool draw_close(Draft& draft, ActorId who, Verb verb);
bool draw_dup(Draft& draft, ActorId who, Verb verb);
bool draw_setting(Draft& draft, ActorId who, Verb verb);   // set_flags set_cloexec set_capacity
bool draw_question(Draft& draft, ActorId who, Verb verb);  // one slot, no effect: get_flags available stat seek ...
bool draw_create(Draft& draft, ActorId who, Verb verb);
bool draw_signal(Draft& draft, ActorId who, Verb verb);
bool draw_limit(Draft& draft, ActorId who, Verb verb);
bool draw_exec(Draft& draft, ActorId who, Verb verb);
bool draw_exit(Draft& draft, ActorId who, Verb verb);
bool draw_pass(Draft& draft, ActorId who, Verb verb);
bool draw_receive(Draft& draft, ActorId who, Verb verb);
bool draw_nothing(Draft& draft, ActorId who, Verb verb);

// Brings the object behind a write end to a level on purpose: one step, by an actor who may write to it.
bool draw_prefill(Draft& draft, ActorId who);

}  // namespace crosstalk::draw
