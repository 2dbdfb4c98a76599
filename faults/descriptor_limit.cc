// descriptor-limit: RLIMIT_NOFILE stands so low during one call that it cannot make all the descriptors it is to make.
// The argument says how many it still can; the limit is lowered right before the call and is what it was right after.
// It fired if the lowered limit stood with fewer left than the call makes (2, or 1), and for receive if descriptors
// that came with the message had to stay out. dup2 and dup3 need no new number where they replace one, so it is not
// offered to them. The `limit` verb is the same for all steps that follow it.
#include "faults/catalog.h"

namespace crosstalk {
namespace {

bool may_strike(const Operation& operation, When when) {
    if (when != When::before || operation.times != 1) return false;
    switch (operation.verb) {
        case Verb::create: return (operation.flags & flag_unknown) == 0;  // which fails before it makes anything
        case Verb::open:
        case Verb::socket:
        case Verb::accept: return true;
        case Verb::receive: return operation.makes[0] != no_slot;
        case Verb::dup: {
            const auto way = static_cast<Duplicate>(operation.value);
            return way != Duplicate::dup2 && way != Duplicate::dup3_cloexec;
        }
        default: return false;
    }
}

bool shows(const Operation& operation, const Returned& returned) {
    return operation.verb != Verb::receive || returned.left_out > 0;
}

}  // namespace

const Fault descriptor_limited{.name = "descriptor-limit",
                               .about = "RLIMIT_NOFILE too low for the descriptors that a call makes",
                               .may_strike = may_strike,
                               .needs = "",
                               .most = 2,
                               .shows = shows};

}  // namespace crosstalk
