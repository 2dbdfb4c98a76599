// The log of a link between two hosts (faults/delivery.h): what it says of datagrams becomes acts on their pair. Of
// streams it says what was done to them, which no rule needs: they are to come out as if nothing had been.
#include <algorithm>

#include "faults/catalog.h"
#include "faults/delivery.h"
#include "mechanisms/catalog.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

bool link_goes_down(const Case& value) {
    return std::ranges::any_of(value.plan, [](const Injection& each) {
        return each.fault == lossy_link_fault && each.argument <= lossy_link.least;
    });
}

}  // namespace

void Resolver::delivery(const Event& event, std::uint32_t index) {
    for (std::uint16_t o = 0; o < objects_.size(); ++o) {
        if (objects_[o].id != event.object) continue;
        if (!mechanism_of(objects_[o].mechanism).facts.may_lose) {
            if (link_goes_down(value_)) resolved_.unjudged = "how a stream ends whose link is down is not modelled";
            return;
        }
        Act act;
        act.kind = ActKind::other, act.event = index, act.object = o, act.end = end_of(event);
        act.began = event.began, act.ended = event.ended;
        act.value = event.value, act.result = event.result;
        act.first_run = event.first_run, act.run_count = event.run_count;
        return add(act);
    }
}

}  // namespace crosstalk::judging
