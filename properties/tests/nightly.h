// How much a test plays: a number for each test run, and a large one for nights, when CROSSTALK_NIGHTLY is set. The
// large one is told, so that what was run can be quoted. Under sanitizers, where what is asked is whether code touches
// what is not its own, a small part of either will do.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace crosstalk {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

inline bool nightly() { return std::getenv("CROSSTALK_NIGHTLY") != nullptr; }

// So many histories that were made up, where each is like the others.
constexpr std::uint64_t many(std::uint64_t number) { return sanitized ? number / 10 : number; }

inline std::uint64_t nightly_or(std::uint64_t at_night, std::uint64_t otherwise) {
    return nightly() ? at_night : otherwise;
}

}  // namespace crosstalk
