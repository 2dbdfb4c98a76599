// What each trial of sockets must show, and how it is told. What it does is said in
// mechanisms/system/trials_of_addresses.h.
#pragma once

#include <array>
#include <string_view>

#include "mechanisms/mechanism.h"
#include "mechanisms/names.h"
#include "mechanisms/trial.h"
#include "properties/clause.h"

namespace crosstalk::judging {

// `errors`: the answers that are right; none: it succeeds. `yes`: what is so besides, by the bits of Event::value.
struct TrialSheet {
    Trial trial;
    ClauseId clause;
    bool (*of)(const Mechanism&);
    std::string_view asks;
    std::array<Errno, 4> errors{};
    std::array<std::string_view, 3> yes{};
};
const TrialSheet& sheet_of(Trial trial);  // of this form

}  // namespace crosstalk::judging
