// What trials (mechanisms/trial.h) are about: which clause each shows, where, and what a reader is told that it tries.
// What must be seen in one is said by the tables of its form: resolve_answers.cc, trial_sights.h, trial_calls.h,
// trial_facts.h.
#pragma once

#include <string>
#include <vector>

#include "mechanisms/mechanism.h"
#include "mechanisms/trial.h"
#include "properties/clause.h"

namespace crosstalk::judging {

struct TrialUse {
    Trial trial;
    ClauseId clause;
};
// Those that this mechanism can hold; one that shows two clauses stands there twice.
std::vector<TrialUse> trials_of(const Mechanism& mechanism);

// Of each form.
void add_answers(const Mechanism& mechanism, std::vector<TrialUse>& uses);
void add_sights(const Mechanism& mechanism, std::vector<TrialUse>& uses);
void add_calls(const Mechanism& mechanism, std::vector<TrialUse>& uses);
void add_facts(const Mechanism& mechanism, std::vector<TrialUse>& uses);

}  // namespace crosstalk::judging
