// Trials of associations: nothing else can see their sockets, so that all is judged at once, by what each has to show
// (judge/trial_sights.h).
#include <fmt/format.h>

#include "properties/judge/resolver.h"
#include "properties/judge/trial_sights.h"
#include "properties/judge/trials.h"

namespace crosstalk::judging {
namespace {

// What the machine lacks: it says nothing of associations.
bool is_exhausted(Errno error) {
    return error == Errno::ENOMEM_ || error == Errno::ENOBUFS_ || error == Errno::EMFILE_ || error == Errno::ENFILE_ ||
           error == Errno::EADDRINUSE_;
}

}  // namespace

void add_sights(const Mechanism& mechanism, std::vector<TrialUse>& uses) {
    for (const TrialSights& rule : trial_sights)
        if (clause_of(rule.clause).binds(mechanism)) uses.push_back({rule.trial, rule.clause});
}

void Resolver::sights(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0 || is_exhausted(event.error)) return;
    const TrialSights& rule = sights_of(static_cast<Trial>(operation.value));
    if (event.error != Errno::none) return must_succeed(event, index, rule.clause);
    for (std::size_t i = 0; i < count_of(rule); ++i)
        if ((event.value >> i & 1) == 0)
            return breach(rule.clause, Reason::wrong_value, "", index,
                          fmt::format("this was not so: {}", rule.sights[i]));
    weigh(rule.clause);
}

}  // namespace crosstalk::judging
