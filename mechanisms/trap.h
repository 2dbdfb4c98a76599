// How the processor ended a load or store of memory, as agent and judge call it. It says nothing of who caught it.
#pragma once

#include <cstdint>

namespace crosstalk {

// In Event::value of a load or store. Where not even one byte was copied the error says it too: ENXIO for SIGBUS,
// EACCES for SEGV_ACCERR, EFAULT for SEGV_MAPERR. Without one of these no copy is short.
enum class Trap : std::int64_t { none, bus, protection, unmapped };

}  // namespace crosstalk
