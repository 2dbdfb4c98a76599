// The mirror: the specification played forwards. It answers any well-formed case from memory, as a system might that
// keeps every promise and uses every freedom that the documents leave: who goes first, short transfers, late closes,
// interruptions, another way to count room. A pure function: no kernel, no clock, no state. It never judges, and shares
// with the judge the values of the model only, so that each checks the other.
#pragma once

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk::mirror {

struct Mutation;  // mutations.h

struct Options {
    std::uint16_t case_number = 0;       // that the payload carries
    const Mutation* mutation = nullptr;  // a promise that is broken on purpose
};

// What the mirror says of itself at a handshake.
Environment environment();

// Does it know all that this program works on?
bool offers(const Program& program);

// Equal arguments give equal histories. `environment`: page size, PIPE_BUF and limits. `value` must pass why_not(), and
// its program offers().
History play(const Case& value, const Environment& environment, std::uint64_t seed, const Options& options = {});

}  // namespace crosstalk::mirror
