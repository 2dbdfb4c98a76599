// The shortest explanation of a breach, in lines for people who know pipes and have never heard of Crosstalk: the calls
// that matter, in order; the state before the one that nothing explains; what each clause would have allowed instead.
// A function of values: case, history, breach and the state that the search had reached. It judges nothing.
#pragma once

#include <span>

#include "properties/judge/acts.h"
#include "properties/models/model.h"

namespace crosstalk::judging {

struct Telling {
    const Subject& subject;
    std::span<const Component> components;
    const Breach& breach;
    bool accepted = false;  // a deviation: nothing was rejected, so what came after it shows it too
    // The state before the rejected act, and what could have been; empty where a rule alone spoke, which knows no
    // state.
    std::function<std::vector<std::string>(const models::NameBytes&)> before;
    std::vector<std::string> alternatives;
    Due due;
};
std::vector<std::string> story(const Telling& telling);

}  // namespace crosstalk::judging
