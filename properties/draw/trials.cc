// Trials (mechanisms/trial.h) in drawn programs: a step that says nothing of the case's own objects, or cases of nothing
// else, for mechanisms that have nothing else.
#include "mechanisms/catalog.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trials.h"

namespace crosstalk::draw {
namespace {

// About so long a trial takes at most, so that nobody thinks it asleep for good; of associations each wait of theirs.
constexpr std::int64_t most_ns = 10'000'000'000, wait_ns = 1'500'000'000;

std::vector<Trial> about(const Mechanism& mechanism, PropertyId property) {
    std::vector<Trial> trials;
    for (const judging::TrialUse& use : judging::trials_of(mechanism))
        if (clause_of(use.clause).property == property) trials.push_back(use.trial);
    return trials;
}

std::vector<Trial> all_of(const Mechanism& mechanism) {
    std::vector<Trial> trials;
    for (const judging::TrialUse& use : judging::trials_of(mechanism)) trials.push_back(use.trial);
    return trials;
}

}  // namespace

bool has_trials(const Mechanism& mechanism, PropertyId property) { return !about(mechanism, property).empty(); }

// Mostly one that the property is about; `idle` waits for a second and more.
Operation trial_of(Dice& dice, const Mechanism& mechanism, PropertyId property) {
    std::vector<Trial> wanted = about(mechanism, property);
    std::erase(wanted, Trial::idle);
    const std::vector<Trial> from = wanted.empty() || dice.one_in(8) ? all_of(mechanism) : wanted;
    Operation step;
    step.verb = Verb::trial;
    step.value = static_cast<std::int64_t>(from[dice.below(from.size())]);
    step.timeout_ns = form_of(static_cast<Trial>(step.value)) == TrialForm::sights ? wait_ns : most_ns;
    return step;
}

Case draw_trials(Dice& dice, const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    Plain plain(dice, commission);
    plain.object({});
    const std::size_t actors = dice.between(1, 2);
    for (std::size_t a = 0; a < actors; ++a) plain.actor();
    plain.body();
    for (std::uint64_t steps = dice.between(1, 4); steps > 0; --steps)
        plain.add(static_cast<ActorId>(dice.below(actors)), trial_of(dice, mechanism, commission.property));
    return plain.finish();
}

}  // namespace crosstalk::draw
