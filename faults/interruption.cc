// interruption: SIGUSR1 to an actor's thread, with a handler with or without SA_RESTART (Injection::restart; signal(7),
// "Interruption of system calls"). Before the call it must not matter to the call; asleep in it, it ends the call
// genuinely, also after a part moved. A `signal` step of the program may block or ignore SIGUSR1 instead: then it must
// pass by. The argument says how many signals, 0 meaning one; asleep, each comes when the actor sleeps again. It fired
// if one was sent at that moment. What a call may answer to it is not written here.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

// A call that the flags alone keep awake may still be struck before; asleep it must be able to sleep.
bool may_strike(const Operation& operation, When when) {
    switch (when) {
        case When::before: return operation.verb != Verb::nothing;
        case When::asleep: return sheet_of(operation.verb).may_sleep;
        case When::between:
        case When::after: return false;
    }
    return false;
}

}  // namespace

const Fault interruption{.name = "interruption",
                         .about = "a handled signal, before a call or while asleep in it",
                         .may_strike = may_strike,
                         .needs = "",
                         .most = 1000};

}  // namespace crosstalk
