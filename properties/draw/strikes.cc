// Strikes: those that the drawn steps were made for come first. A fault asleep in a call needs a call that sleeps, so
// further ones fall on those believed to sleep, mostly.
#include "properties/draw/strikes.h"

#include <algorithm>

#include "faults/catalog.h"
#include "properties/draw/draft.h"

namespace crosstalk::draw {
namespace {

const Operation& step_of(const Draft& draft, ActorId actor, StepId step) {
    return draft.value.program.actors[actor].steps[step];
}

// Where a fault may fall: in a call believed to sleep, else anywhere. False if it cannot strike there.
bool place(Draft& draft, Injection& injection) {
    Dice& dice = draft.dice;
    const Fault& fault = fault_of(injection.fault);
    if (!draft.slept.empty() && dice.chance(75)) {
        const auto& [actor, step] = draft.slept[dice.below(draft.slept.size())];
        injection.actor = actor;
        injection.step = step;
        injection.when = dice.one_in(8) ? When::before : When::asleep;
    } else {
        injection.actor = static_cast<ActorId>(dice.below(draft.actors()));
        const std::size_t steps = draft.actor(injection.actor).steps.size();
        if (steps == 0) return false;
        injection.step = static_cast<StepId>(dice.below(steps));
        injection.when = dice.one_of({When::before, When::asleep, When::after});
    }
    return fault.may_strike(step_of(draft, injection.actor, injection.step), injection.when);
}

// Those that need steps made for them are not worth placing anywhere.
bool may_fall_anywhere(FaultId fault) { return fault_of(fault).shows == nullptr; }

}  // namespace

void draw_argument(Dice& dice, Injection& injection) {
    const bool interrupts = injection.fault == interruption_fault;
    injection.restart = interrupts && dice.one_in(3);
    if (interrupts && dice.one_in(5)) injection.argument = static_cast<std::int64_t>(dice.between(2, 6));  // a storm
    if (injection.fault == stopped_peer_fault) injection.argument = static_cast<std::int64_t>(dice.below(4));
    if (injection.fault == lossy_link_fault)  // lost, twice, held; full; down
        injection.argument = dice.one_of<std::int64_t>({0, 0, 0, 1, 1, 2, 2, 3, 5, 63, 63, -2, -3, -64});
    if (injection.fault == delay_fault) injection.argument = static_cast<std::int64_t>(dice.below(10'000));
}

void draw_plan(Draft& draft) {
    if (draft.commission.fault == no_fault) return;
    Dice& dice = draft.dice;
    const auto add = [&draft](const Injection& injection) {
        const auto same_place = [&](const Injection& other) {
            return other.actor == injection.actor && other.step == injection.step;
        };
        if (std::ranges::none_of(draft.value.plan, same_place)) draft.value.plan.push_back(injection);
    };
    for (const Injection& injection : draft.aims) add(injection);
    const std::uint64_t wanted = dice.between(1, 3);
    const int tries = draft.aims.empty() || may_fall_anywhere(draft.commission.fault) ? 12 : 0;
    for (int i = 0; i < tries && draft.value.plan.size() < wanted; ++i) {
        Injection injection;
        injection.fault = draft.commission.fault;
        if (!place(draft, injection)) continue;
        injection.occurrence =
            static_cast<std::uint32_t>(dice.below(step_of(draft, injection.actor, injection.step).times));
        draw_argument(dice, injection);
        add(injection);
    }
}

}  // namespace crosstalk::draw
