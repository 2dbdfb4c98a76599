// The words of verdicts: answers and reasons as results and reports spell them. No judging here.
#include "properties/verdict.h"

#include <algorithm>
#include <array>

namespace crosstalk {
namespace {

// In the order of Reason.
constexpr std::array<std::string_view, 16> reason_names{
    "none",   "torn",     "lost",        "doubled",     "reordered",   "merged",    "early",  "late",
    "asleep", "spinning", "wrong-errno", "wrong-count", "wrong-value", "no-signal", "leaked", "crashed"};
static_assert(reason_names.size() == static_cast<std::size_t>(Reason::crashed) + 1);

}  // namespace

std::string_view name_of(Answer answer) {
    switch (answer) {
        case Answer::holds: return "holds";
        case Answer::violated: return "violated";
        case Answer::inconclusive: return "inconclusive";
        case Answer::not_applicable: return "not-applicable";
        case Answer::broken: return "broken";
    }
    return "";
}

std::string_view name_of(Reason reason) { return reason_names.at(static_cast<std::size_t>(reason)); }

std::optional<Reason> reason_named(std::string_view name) {
    const auto found = std::ranges::find(reason_names, name);
    if (found == reason_names.end()) return std::nullopt;
    return static_cast<Reason>(found - reason_names.begin());
}

}  // namespace crosstalk
