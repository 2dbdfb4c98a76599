// What is left when a case is over. The agent closes what its slots name and then looks, in each process that made
// descriptors, for others that are open: nobody asked for them. Memory and the system's own counters are not looked at.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/rules.h"

namespace crosstalk::judging {

void check_leaks(const Subject& subject, Weights& weights, std::vector<Breach>& breaches) {
    const History& history = *subject.history;
    // Who slept in a call that makes descriptors may have been given one while the others were taken away.
    if (std::ranges::any_of(history.events, [](const Event& event) {
            return event.kind == EventKind::asleep && sheet_of(event.verb).makes != 0;
        }))
        return;
    bool made = false;
    for (std::size_t i = 0; i < history.events.size(); ++i) {
        const Event& event = history.events[i];
        if (event.kind == EventKind::call) {
            const auto& makes = subject.value->program.actors[event.actor].steps[event.step].makes;
            made = made || (event.error == Errno::none &&
                            std::ranges::any_of(makes, [](Slot slot) { return slot != no_slot; }));
        }
        if (event.kind != EventKind::probe || event.object != leaked_descriptors || event.result <= 0) continue;
        breaches.push_back({clause("PROC-LEAK-1"),
                            Reason::leaked,
                            "",
                            i,
                            {fmt::format("{} of actor {}'s descriptors are open that no call has given to it",
                                         event.result, event.actor)}});
    }
    weights[clause("PROC-LEAK-1")] += made && history.ending == Ending::complete;
}

}  // namespace crosstalk::judging
