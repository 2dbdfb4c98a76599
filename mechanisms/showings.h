// The scenes of associations by their names, as case files and reports write them. What each has to show is no business
// of mechanisms: properties/showings.h.
#pragma once

#include <string_view>

#include "mechanisms/operation.h"

namespace crosstalk {

// Each way, of the associations that a case begins with.
inline constexpr std::uint16_t streams_of_pairs = 10;

inline constexpr std::string_view showing_names[] = {
    "streams",     "blocked-stream", "unordered", "parts",      "uncut",    "events",   "first-and-last",
    "failed-send", "given-up",       "lost-path", "addresses",  "implicit", "accepted", "listened",
    "many",        "ended",          "aborted",   "peeled-off", "closed",   "idle",     "peer-names",
};
static_assert(sizeof showing_names / sizeof showing_names[0] == showing_count);

}  // namespace crosstalk
