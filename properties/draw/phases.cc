// Phases: opening and body, and the order of everything. The end is phase_end.cc.
#include "properties/draw/phases.h"

#include <algorithm>
#include <string>

#include "mechanisms/catalog.h"
#include "properties/draw/provocations.h"
#include "properties/draw/shape.h"
#include "properties/draw/steps.h"
#include "properties/draw/strategies.h"
#include "properties/draw/strikes.h"

namespace crosstalk::draw {
namespace {

// Somebody who can move; the same as last time with some likelihood, so that lines also come in bursts.
// actors() if nobody can.
std::size_t next_mover(Draft& draft, std::size_t last, unsigned stay_percent) {
    if (last < draft.actors() && draft.dice.chance(stay_percent) && draft.can_move(static_cast<ActorId>(last)))
        return last;
    const std::size_t count = draft.actors(), from = draft.dice.below(count);
    for (std::size_t i = 0; i < count; ++i)
        if (draft.can_move(static_cast<ActorId>((from + i) % count))) return (from + i) % count;
    return count;
}

bool draw_figure(Draft& draft, ActorId who) {
    std::size_t count = 0;
    while (count < draft.taste.figures.size() && draft.taste.figures[count] != nullptr) ++count;
    return count != 0 && draft.taste.figures[draft.dice.below(count)](draft, who);
}

// Names go to people only; the contract's form of a cell.
std::string cell_name(const Commission& commission) {
    std::string name(mechanism_of(commission.mechanism).name);
    name.append("/").append(property_names[commission.property].name);
    return name.append("/").append(fault_of(commission.fault).name);
}

}  // namespace

void draw_opening(Draft& draft) {
    draw_starts(draft);
    for (std::size_t a = 0; a < draft.actors(); ++a)
        if (draft.dice.chance(draft.taste.prefill)) draw_prefill(draft, static_cast<ActorId>(a));
}

void draw_body(Draft& draft) {
    std::size_t steps = draft.dice.between(draft.taste.steps_low, draft.taste.steps_high);
    if (draft.actors() > draft.ground.largest_actors) {  // a large case: everybody does something
        for (std::size_t a = 0; a < draft.actors(); ++a)
            draw_step(draft, static_cast<ActorId>(a), (draft.writers[0] >> a & 1) != 0 ? Verb::write : Verb::read);
        steps += draft.actors() / 2;
    }
    const unsigned stay_percent = draft.dice.one_of<unsigned>({0, 30, 75});
    const std::size_t end = draft.order.size() + steps;
    std::size_t who = draft.actors();
    const std::uint64_t wanted = draft.commission.fault == no_fault ? 0 : draft.dice.between(1, 2);
    for (std::size_t tries = 2 * steps; tries > 0 && draft.order.size() < end; --tries) {
        who = next_mover(draft, who, stay_percent);
        if (who == draft.actors()) break;  // everybody sleeps: the end will wake them
        const auto actor = static_cast<ActorId>(who);
        if (draft.aims.size() < wanted && draft.dice.one_in(4) && provoke(draft, actor)) continue;
        if (draft.dice.chance(draft.taste.figure) && draw_figure(draft, actor)) continue;
        draw_any_step(draft, actor);
    }
    for (std::size_t a = 0; a < draft.actors() && wanted != 0 && draft.aims.empty(); ++a)
        if (draft.can_move(static_cast<ActorId>(a))) provoke(draft, static_cast<ActorId>(a));
}

Case draw_case(Dice& dice, const Commission& commission, const Taste& taste) {
    Draft draft(dice, commission, taste);
    draft.value.drawn_for = cell_name(commission);
    draw_shape(draft);
    draw_opening(draft);
    draft.body_begins = draft.order.size();
    draw_body(draft);
    draft.body_ends = draft.order.size();
    draw_end(draft);
    draw_schedule(draft);
    draw_plan(draft);
    return std::move(draft.value);
}

}  // namespace crosstalk::draw
