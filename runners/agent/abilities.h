// What the place where we run allows beyond plain POSIX: each thing is tried, in a child that may be lost, not asked
// for by version.
#pragma once

#include "faults/frame.h"

namespace crosstalk::agent {

// Ability bits. A probe that hangs counts as missing.
std::uint32_t probe_abilities();
// "user_namespace,proc" of bits, in the order of Ability.
std::string names_of_abilities(std::uint32_t bits);

// "pipe,mq": the mechanisms of this build of which an object can be made here. Each is tried like an ability.
std::string names_of_mechanisms();

}  // namespace crosstalk::agent
