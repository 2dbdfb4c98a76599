// A case in `turns`, as the agent would play it: whenever nobody is moving, the earliest unused choice whose actor can
// move, else the lowest actor that can. Who can move a belief says, such as the World; it also follows each step.
#pragma once

#include <vector>

#include "faults/case.h"

namespace crosstalk::draw {

// Calls `visit(belief, actor, step)` before each step. A belief has may_move(actor), move(actor, operation) and
// finish(actor), of one who has no more steps.
template <class Belief, class Visit>
void play_in_turns(const Case& value, Belief& belief, Visit&& visit) {
    const std::vector<Actor>& actors = value.program.actors;
    std::vector<std::size_t> next(actors.size(), 0);
    std::vector<bool> used(value.schedule.choices.size(), false);
    const auto can_move = [&](ActorId actor) {
        return actor < actors.size() && belief.may_move(actor) && next[actor] < actors[actor].steps.size();
    };
    for (;;) {
        std::size_t chosen = actors.size();
        for (std::size_t i = 0; i < used.size() && chosen == actors.size(); ++i)
            if (!used[i] && can_move(value.schedule.choices[i])) {
                used[i] = true;
                chosen = value.schedule.choices[i];
            }
        for (std::size_t i = 0; i < actors.size() && chosen == actors.size(); ++i)
            if (can_move(static_cast<ActorId>(i))) chosen = i;
        if (chosen == actors.size()) return;
        const ActorId actor = static_cast<ActorId>(chosen);
        visit(static_cast<const Belief&>(belief), actor, static_cast<StepId>(next[actor]));
        belief.move(actor, actors[actor].steps[next[actor]++]);
        for (std::size_t i = 0; i < actors.size(); ++i)
            if (belief.may_move(static_cast<ActorId>(i)) && next[i] == actors[i].steps.size())
                belief.finish(static_cast<ActorId>(i));
    }
}

}  // namespace crosstalk::draw
