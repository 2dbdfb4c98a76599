// Trials (mechanisms/trial.h) in drawn programs: a step that says nothing of the case's own objects, or cases of
// nothing else, for mechanisms that have nothing else.
#include "properties/judge/trials.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

// About so long a trial takes at most, so that nobody thinks it asleep for good.
constexpr std::int64_t most_ns = 10'000'000'000;

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

// Mechanisms whose own programs hold none have programs of trials.
bool may_try(const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    return !binds::sockets(mechanism) && !all_of(mechanism).empty();
}

bool has_trials(const Mechanism& mechanism, PropertyId property) { return !about(mechanism, property).empty(); }

// Mostly one that the property is about; `idle` waits for a second and more.
Operation trial_of(Dice& dice, const Mechanism& mechanism, PropertyId property) {
    std::vector<Trial> wanted = about(mechanism, property);
    std::erase(wanted, Trial::idle);
    const std::vector<Trial> from = wanted.empty() || dice.one_in(8) ? all_of(mechanism) : wanted;
    Operation step;
    step.verb = Verb::trial;
    step.buffer.bytes = dice.below(1u << 16);
    step.value = static_cast<std::int64_t>(from[dice.below(from.size())]);
    step.timeout_ns = most_ns;
    return step;
}

Case draw_trials(Dice& dice, const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    Plain plain(dice, commission);
    plain.object({.capacity_bytes = mechanism.semantics == Semantics::shared_bytes ? plain.ground.page_bytes : 0});
    const std::size_t actors = dice.between(1, 2);
    for (std::size_t a = 0; a < actors; ++a) plain.actor();
    plain.body();
    for (std::uint64_t steps = dice.between(1, 3); steps > 0; --steps) {
        const auto who = static_cast<ActorId>(dice.below(actors));
        const Operation trial = trial_of(dice, mechanism, commission.property);
        // Where it stands in its line decides after which instructions there is a death.
        if (trial.value == static_cast<std::int64_t>(Trial::stepwise_death))
            for (std::uint64_t before = dice.below(7); before > 0; --before) plain.add(who, Operation{});
        plain.add(who, trial);
    }
    return plain.finish();
}

}  // namespace crosstalk::draw
