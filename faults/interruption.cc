// interruption: a signal reaches an actor, by a handler with or without SA_RESTART (signal(7), "Interruption of system
// calls"). Before the call it must not matter to the call; while the actor is asleep in it, it ends the call genuinely.
// The argument says how many signals, 0 meaning one. What a call may answer to it is not written here.
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
                         .needs = ""};

}  // namespace crosstalk
