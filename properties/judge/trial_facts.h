// What trials look at (Verb::trial): each row is one fact that must be found, and the clause that promises it. Bit
// `fact` of what a trial answers says whether it was found, the same bit of its value whether it could be looked for.
// How is mechanisms/system/trials_of_processes.cc and the files beside it. Adding a fact is a row here, and its line
// there.
#pragma once

#include <span>
#include <string_view>

#include "mechanisms/mechanism.h"
#include "mechanisms/trial.h"
#include "properties/clause.h"

namespace crosstalk {

struct TrialFact {
    Trial trial;
    unsigned fact;
    ClauseId clause;
    std::string_view else_;  // what is told where it was not found
};
std::span<const TrialFact> trial_facts();
std::string_view about(Trial trial);  // "a sealed memory object"

// Those whose clauses bind this mechanism.
bool is_tried(const Mechanism& mechanism, Trial trial);

}  // namespace crosstalk
