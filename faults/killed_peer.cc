// killed-peer: an actor is killed by SIGKILL before a call, asleep inside it, or right after it. Its descriptors are
// closed by the kernel some time between the kill and its being reaped; its threads die with it. It fired if the signal
// was sent at that moment. What its peers then see is not written here.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

bool may_strike(const Operation& operation, When when) {
    switch (when) {
        case When::before: return true;
        case When::asleep: return sheet_of(operation.verb).may_sleep;
        case When::between: return false;
        case When::after: return operation.verb != Verb::exit;
    }
    return false;
}

}  // namespace

const Fault killed_peer{
    .name = "killed-peer", .about = "SIGKILL before, inside or after a call", .may_strike = may_strike, .needs = ""};

}  // namespace crosstalk
