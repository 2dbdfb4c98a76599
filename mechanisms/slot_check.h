// What happens to slots along a program's lines: none is made while it may be bound, no thread rebinds what another
// actor of its process may use at that time. Half of why_not(program).
#pragma once

#include "mechanisms/program.h"

namespace crosstalk {

// "actor 1, step 3 (write): ", for a message.
std::string describe_step(const Program& program, ActorId actor, std::size_t step);

// "" or what is wrong. Expects a program whose bounds, verbs and starts are in order.
std::string wrong_with_slot_lives(const Program& program);

}  // namespace crosstalk
