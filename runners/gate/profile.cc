// The table of profiles.
#include "runners/gate/profile.h"

#include <algorithm>
#include <array>

#include "reports/cells.h"
#include "runners/campaign/source.h"

namespace crosstalk {
namespace {

constexpr std::array<Profile, 4> table{{
    {.name = "smoke", .about = "after each build: 20 s, seed 1", .budget = "20s"},
    {.name = "pr",
     .about = "for a change: 3 min, seed 1, and each cell must be evidenced",
     .budget = "3m",
     .min_evidence = least_evidence},
    {.name = "nightly",
     .about = "to find something: 60 min, seed of the day, strict",
     .budget = "60m",
     .seed_of_the_day = true,
     .strict = true,
     .min_evidence = least_evidence},
    {.name = "upgrade",
     .about = "an old target against a new one: 10 min each, seed 1, nothing expected; diff decides",
     .budget = "10m",
     .expects = false,
     .min_evidence = least_evidence},
}};

}  // namespace

std::span<const Profile> profiles() { return table; }

const Profile* profile_named(std::string_view name) {
    const auto found = std::ranges::find(table, name, &Profile::name);
    return found == table.end() ? nullptr : &*found;
}

// Below 2^53, so that every reader of JSON keeps it.
std::uint64_t seed_of_day(const std::string& day) {
    std::uint64_t number = 0;
    for (const char c : day)
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint64_t>(c - '0');
    return mixed(number, 0) >> 11;
}

}  // namespace crosstalk
