// How each fault is provoked: what an actor does to itself around the struck call, what the leader does to it while it
// is asleep in it. Which call that is, is the business of strikes.h; what it may cause is not known here.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

struct Provocation {
    void (*arm)(Strike& strike);     // the actor's own, before the struck call, whenever the injection strikes
    void (*before)(Strike& strike);  // the actor's own, right before the call
    // The actor's own, after the call, unless it strikes asleep.
    void (*after)(Strike& strike, const Operation& operation, const Returned& returned);
    bool (*asleep)(Strike& strike);  // the leader's: true if the actor may have moved
    bool only_looks = false;         // asleep, it does nothing but must be certain of the sleep
};

const Provocation& provocation_of(FaultId fault);

// How often the injection strikes asleep.
std::uint32_t wanted_times(const Strike& strike);

}  // namespace crosstalk::agent
