// The objects that are there before the first step, as C; and their end.
#pragma once

#include <string>

#include "mechanisms/program.h"

namespace crosstalk::emit {

// set_the_scene() and clear_the_scene().
std::string scene_of(const Program& program, bool passes);

}  // namespace crosstalk::emit
