// Trials: facts that processes of the step's own have looked at. No model and no search: each fact is found or not.
#include "mechanisms/catalog.h"
#include "properties/judge/resolver.h"
#include "properties/judge/trial_facts.h"
#include "properties/judge/trials.h"

namespace crosstalk::judging {

void add_facts(const Mechanism& mechanism, std::vector<TrialUse>& uses) {
    for (const TrialFact& each : trial_facts())
        if (clause_of(each.clause).binds(mechanism)) uses.push_back({each.trial, each.clause});
}

void Resolver::found_facts(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0 || event.error != Errno::none) return;  // it could not be tried out
    const Mechanism& mechanism = mechanism_of(value_.program.objects[operation.object].mechanism);
    for (const TrialFact& each : trial_facts()) {
        if (each.trial != static_cast<Trial>(operation.value) || !(event.value >> each.fact & 1)) continue;
        if (!clause_of(each.clause).binds(mechanism)) continue;
        if (event.result >> each.fact & 1)
            weigh(each.clause);
        else
            return breach(each.clause, Reason::wrong_value, "", index, std::string(each.else_));
    }
}

}  // namespace crosstalk::judging
