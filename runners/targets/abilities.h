// The names of what an agent may find beyond plain POSIX, as targets say them, users withhold them and files list them.
#pragma once

#include <array>
#include <string_view>

#include "faults/frame.h"

namespace crosstalk {

// In the order of enum Ability: the name at i belongs to bit i.
inline constexpr std::array<std::string_view, 12> ability_names{
    "user_namespace", "fifo_scheduling", "idle_scheduling", "proc",      "pidfd_getfd", "memfd",
    "execveat",       "seccomp",         "lane_user",       "two_hosts", "own_machine", "clone_parent"};
static_assert(1u << (ability_names.size() - 1) == ability_clone_parent);

}  // namespace crosstalk
