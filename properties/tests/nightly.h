// How much a test plays: a number for each test run, and a large one for nights, when CROSSTALK_NIGHTLY is set. The
// large one is told, so that what was run can be quoted.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace crosstalk {

inline bool nightly() { return std::getenv("CROSSTALK_NIGHTLY") != nullptr; }

inline std::uint64_t nightly_or(std::uint64_t at_night, std::uint64_t otherwise) {
    return nightly() ? at_night : otherwise;
}

}  // namespace crosstalk
