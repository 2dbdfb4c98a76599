// A limit on descriptors that an injection lowers for one call (faults/descriptor_limit.cc): for that call the process
// has so many left, afterwards what it had before. The `limit` verb, which lasts, is in resolve_descriptors.cc.
#include <algorithm>

#include "faults/catalog.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

// How many descriptors an injection leaves to this call. Whether the limit stood is known for calls at which it must be
// met; a receive may as well have been spared, or never come back.
std::optional<std::int64_t> Resolver::limit_during(const Event& event) const {
    for (const Injection& injection : value_.plan) {
        if (injection.fault != descriptor_limit_fault || injection.actor != event.actor || injection.step != event.step)
            continue;
        const bool stood = event.verb == Verb::receive || std::ranges::any_of(history_.events, [&](const Event& each) {
                               return each.kind == EventKind::fault && each.fault == descriptor_limit_fault &&
                                      each.result == 1 && each.actor == event.actor && each.step == event.step;
                           });
        if (stood) return argument_of(descriptor_limited, injection.argument);
    }
    return std::nullopt;
}

template <class Do>
void Resolver::within_limits(const Event& event, Do act) {
    const std::optional<std::int64_t> left = limit_during(event);
    if (!left) return act();
    const Process before = process_of(event.actor);
    Process& during = process_of(event.actor);
    during.limited = true;
    during.least_left = during.most_left = *left;
    act();
    Process& after = process_of(event.actor);
    // A receive that was spared has made more than the limit would have let it.
    const std::int64_t made = event.verb == Verb::receive ? event.value : *left - after.most_left;
    after.limited = before.limited;
    after.least_left = before.least_left, after.most_left = before.most_left;
    if (made > 0) after.made(made);
}

void Resolver::call_within_limits(std::uint32_t index) {
    // A receive makes its descriptors when it returns: there its limit is looked at, and only there.
    const Event& event = history_.events[index];
    if (value_.plan.empty() || event.verb == Verb::receive) return call(index);
    // Of several errors any one may be told (XSH 2.3), and it has no effect.
    if (event.verb == Verb::open && event.error == Errno::EMFILE_ && limit_during(event))
        return weigh(clause("PROC-LIM-1"));
    within_limits(event, [&] { call(index); });
}

void Resolver::receive_within_limits(const Event& event, std::uint32_t index, const Operation& operation) {
    if (value_.plan.empty()) return receive(event, index, operation);
    within_limits(event, [&] { receive(event, index, operation); });
}

}  // namespace crosstalk::judging
