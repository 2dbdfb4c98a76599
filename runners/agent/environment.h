// What the target says of itself at the handshake.
#pragma once

#include <string>

#include "runners/agent/lane.h"

namespace crosstalk::agent {

// "key=value\n" lines.
std::string describe_environment(const Lane& lane, std::uint32_t withheld);

}  // namespace crosstalk::agent
