// Trials (mechanisms/trial.h) in drawn programs: a step that says nothing of the case's own objects, or cases of
// nothing else, for mechanisms that have nothing else.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trials.h"

namespace crosstalk::draw {
namespace {

// About so long a trial takes at most, so that nobody thinks it asleep for good.
constexpr std::int64_t most_ns = 10'000'000'000;

// Of one property, or of all. Those that take the machine are held where nobody else is, and by nobody beside others.
std::vector<Trial> trials_for(const Mechanism& mechanism, std::optional<PropertyId> property, bool takes) {
    std::vector<Trial> trials;
    for (const judging::TrialUse& use : judging::trials_of(mechanism))
        if (takes_machine(use.trial) == takes && (!property || clause_of(use.clause).property == *property))
            trials.push_back(use.trial);
    return trials;
}

// Some wait for clocks, make a network, or stop at each instruction: of so many that are drawn one is held.
constexpr std::uint64_t seldom(Trial trial, bool is_wanted) {
    switch (trial) {
        case Trial::bad_checksum: return 4;
        case Trial::stepwise_death: return is_wanted ? 4 : 40;  // it takes a hundred times as long as others
        case Trial::unacknowledged: return 4;
        case Trial::unanswered: return 32;
        default: return 1;
    }
}

bool may_take_machine(const Commission& commission) {
    return commission.ground.own_machine && commission.fault == no_fault &&
           !trials_for(mechanism_of(commission.mechanism), std::nullopt, true).empty();
}

Operation step_of(Dice& dice, const std::vector<Trial>& from) {
    Operation step;
    step.verb = Verb::trial;
    step.buffer.bytes = dice.below(1u << 16);
    step.value = static_cast<std::int64_t>(from[dice.below(from.size())]);
    step.timeout_ns = most_ns;
    return step;
}

}  // namespace

// Mechanisms whose own programs hold none have programs of trials.
bool may_try(const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    return !binds::sockets(mechanism) &&
           (may_take_machine(commission) || !trials_for(mechanism, std::nullopt, false).empty());
}

bool has_trials(const Mechanism& mechanism, PropertyId property) {
    return !trials_for(mechanism, property, false).empty();
}

// Mostly one that the property is about; `idle` waits for a second and more.
Operation trial_of(Dice& dice, const Mechanism& mechanism, PropertyId property) {
    std::vector<Trial> wanted = trials_for(mechanism, property, false);
    std::erase(wanted, Trial::idle);
    const std::vector<Trial> all = trials_for(mechanism, std::nullopt, false);
    Operation step = step_of(dice, wanted.empty() || dice.one_in(8) ? all : wanted);
    const auto is_held = [&] {
        const auto trial = static_cast<Trial>(step.value);
        const std::uint64_t held = seldom(trial, std::ranges::find(wanted, trial) != wanted.end());
        return held == 1 || dice.one_in(held);
    };
    while (!is_held()) step = step_of(dice, all);
    return step;
}

Case draw_trials(Dice& dice, const Commission& commission) {
    const Mechanism& mechanism = mechanism_of(commission.mechanism);
    Plain plain(dice, commission);
    plain.object({.capacity_bytes = mechanism.semantics == Semantics::shared_bytes ? plain.ground.page_bytes : 0});
    const bool takes =
        may_take_machine(commission) && (trials_for(mechanism, std::nullopt, false).empty() || dice.one_in(3));
    const std::size_t actors = takes ? 1 : dice.between(1, 2);
    for (std::size_t a = 0; a < actors; ++a) plain.actor();
    plain.body();
    for (std::uint64_t steps = dice.between(1, 3); steps > 0; --steps) {
        const auto who = static_cast<ActorId>(dice.below(actors));
        const Operation trial = takes ? step_of(dice, trials_for(mechanism, std::nullopt, true))
                                      : trial_of(dice, mechanism, commission.property);
        // Where it stands in its line decides after which instructions there is a death.
        if (trial.value == static_cast<std::int64_t>(Trial::stepwise_death))
            for (std::uint64_t before = dice.below(7); before > 0; --before) plain.add(who, Operation{});
        plain.add(who, trial);
    }
    if (commission.property == property("peer-death"))
        plain.add(static_cast<ActorId>(dice.below(actors)), {.verb = Verb::exit});
    return plain.finish();
}

}  // namespace crosstalk::draw
