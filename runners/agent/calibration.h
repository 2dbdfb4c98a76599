// How much slower than an ordinary machine this place is. Deadlines grow with it; nothing is judged by it.
#pragma once

#include <cstdint>

namespace crosstalk::agent {

// At least 1, at most 30. Forks and hand-offs are measured, the slower of the two counts: an emulator may make calls
// at a third of the usual speed and forks at a fiftieth. Takes milliseconds where it gives 1.
std::uint32_t slow_factor();

}  // namespace crosstalk::agent
