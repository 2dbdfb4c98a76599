// Profiles: what a run is for, as a row of facts. A profile only says what was not given otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace crosstalk {

struct Profile {
    std::string_view name, about;
    std::string_view budget;       // as --budget takes it
    bool seed_of_the_day = false;  // else seed 1
    bool expects = true;           // by the target's expectation file; else nothing is expected
    bool strict = false;           // reports/result.h, Terms
    std::uint64_t min_evidence = 0;
};

std::span<const Profile> profiles();
// nullptr if there is none of that name.
const Profile* profile_named(std::string_view name);

// The seed of a day, "2026-11-28": any day has its own, and the same again tomorrow.
std::uint64_t seed_of_day(const std::string& day);

}  // namespace crosstalk
