// Programs that try something out (Verb::trial): one or two processes, a trial or two each, those first that the
// property is about. Nothing else is in them: a trial brings all that it needs.
#include "properties/judge/trial_facts.h"
#include "mechanisms/catalog.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trial_facts.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t trial_limit_ns = 8'000'000'000;

std::vector<Trial> trials_of(const Mechanism& mechanism, PropertyId property) {
    std::vector<Trial> bound, asked;
    for (std::int64_t number = 0; number < trial_count; ++number) {
        const auto trial = static_cast<Trial>(number);
        if (!is_tried(mechanism, trial)) continue;
        bound.push_back(trial);
        for (const TrialFact& each : trial_facts())
            if (each.trial == trial && clause_of(each.clause).property == property) {
                asked.push_back(trial);
                break;
            }
    }
    return asked.empty() ? bound : asked;
}

}  // namespace

bool may_try(const Commission& commission) {
    return !trials_of(mechanism_of(commission.mechanism), commission.property).empty();
}

Case draw_trials(Dice& dice, const Commission& commission) {
    Plain plain(dice, commission);
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    plain.object({.capacity_bytes = mechanism.semantics == Semantics::shared_bytes ? plain.ground.page_bytes : 0});
    const std::vector<Trial> trials = trials_of(mechanism, commission.property);
    for (std::uint64_t who = dice.one_in(4) ? 2 : 1; who > 0; --who) plain.actor();
    plain.body();
    for (std::size_t who = 0; who < plain.actors(); ++who) {
        Operation trial;
        trial.verb = Verb::trial;
        trial.value = static_cast<std::int64_t>(trials[dice.below(trials.size())]);
        trial.timeout_ns = trial_limit_ns;
        // Where it stands among its line decides after which instructions there is a death.
        if (trial.value == static_cast<std::int64_t>(Trial::stepwise_death))
            for (std::uint64_t before = dice.below(7); before > 0; --before)
                plain.add(static_cast<ActorId>(who), Operation{});
        plain.add(static_cast<ActorId>(who), trial);
    }
    return plain.finish();
}

}  // namespace crosstalk::draw
