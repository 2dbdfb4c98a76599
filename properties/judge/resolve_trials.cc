// Trials: nobody else has a hand in what one step makes and closes again, so that all is judged at once, by the table
// of its form.
#include "properties/judge/trials.h"

#include "mechanisms/catalog.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

std::vector<TrialUse> trials_of(const Mechanism& mechanism) {
    std::vector<TrialUse> uses;
    if (!offers(mechanism, Verb::trial)) return uses;
    add_answers(mechanism, uses);
    add_sights(mechanism, uses);
    add_calls(mechanism, uses);
    add_facts(mechanism, uses);
    return uses;
}

void Resolver::trial(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    const auto trial = static_cast<Trial>(operation.value);
    switch (form_of(trial)) {
        case TrialForm::answers: return answers(event, index, operation);
        case TrialForm::sights: return sights(event, index, operation);
        case TrialForm::calls: return tried_call(event, index, operation);
        case TrialForm::facts: return found_facts(event, index, operation);
    }
}

}  // namespace crosstalk::judging
