// Follows descriptors: slot -> open file description -> object, over dup, fork, exec, passing, exit and death, so that
// the engines see acts on pipes and nothing else. On the way it judges what needs no search: numbers, flags, errors
// that a descriptor alone decides, limits. It does not look at bytes.
#pragma once

#include "properties/judge/acts.h"
#include "properties/judge/hypothesis.h"

namespace crosstalk::judging {

struct Resolved {
    Subject subject;
    std::vector<Component> components;
    std::vector<Breach> breaches;  // in order of events
    Weights weights;
    std::string unjudged;  // not "": why this history cannot be judged (a resource was exhausted, ...)
    bool broken = false;   // ... through the harness's own fault
};

// Under one hypothesis about what the history leaves open.
Resolved resolve(const Case& value, const History& history, const Environment& environment, std::uint16_t case_number,
                 Hypothesis& hypothesis);

}  // namespace crosstalk::judging
