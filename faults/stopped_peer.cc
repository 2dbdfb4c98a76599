// stopped-peer: SIGSTOP to an actor's process, before a call or asleep inside it, and SIGCONT later. Before a call, the
// actor begins the call only after it was continued. The argument says when that is: 0, when nobody else can move; n in
// turns, after n more turns were given (or when nobody else can move, if that is sooner); n in free, after n looks of
// the leader. All threads of the process stop with it. It fired if SIGSTOP was sent at that moment; at the end of the
// case nobody is left stopped. What its peers and itself then see is not written here.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

// Not a call whose outcome depends on the clock, nor one that does not come back to its turn.
bool may_strike(const Operation& operation, When when) {
    if (operation.timeout_ns > 0 || operation.verb == Verb::exit || operation.verb == Verb::exec) return false;
    switch (when) {
        case When::before: return true;
        case When::asleep: return sheet_of(operation.verb).may_sleep;
        case When::between:
        case When::after: return false;
    }
    return false;
}

}  // namespace

const Fault stopped_peer{.name = "stopped-peer",
                         .about = "SIGSTOP before or inside a call, SIGCONT later",
                         .may_strike = may_strike,
                         .needs = "",
                         .most = 64};

}  // namespace crosstalk
