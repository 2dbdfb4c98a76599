// The shortest explanation of a breach, in lines for people who know pipes and have never heard of Crosstalk: the calls
// that matter, in order; the state before the one that nothing explains; what each clause would have allowed instead.
// A function of values: case, history, breach and the state that the search had reached. It judges nothing.
#pragma once

#include <span>

#include "properties/judge/acts.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::judging {

struct Telling {
    const Subject& subject;
    std::span<const Component> components;
    const Breach& breach;
    bool accepted = false;  // a deviation: nothing was rejected, so what came after it shows it too
    // Before the rejected act; null where a rule alone spoke, which knows no state.
    const Component* component = nullptr;
    const byte_stream::State* state = nullptr;
    const byte_stream::Flight* flight = nullptr;
};
std::vector<std::string> story(const Telling& telling);

}  // namespace crosstalk::judging
