// Joins: fewer actors and steps by putting two into one, where cutting either would lose what both do together.
// A join never adds a step; whether what is left makes sense is why_not()'s to say.
#pragma once

#include <optional>

#include "faults/case.h"

namespace crosstalk::draw {

// Two pooled actors as one that does the steps of both in the order of the choices. Turns only: there nobody moves
// beside another but who sleeps. nullopt where it does not apply; `number` counts the pairs of actors.
std::size_t count_actor_pairs(const Case& value);
std::optional<Case> with_actors_joined(const Case& value, std::size_t number);

// A step and the next of its actor that does the same to the same slots, as one of as many bytes together.
std::size_t count_steps(const Case& value);
std::optional<Case> with_steps_joined(const Case& value, std::size_t number);

// What a step does to an object as it comes to be: asked of the object itself (a capacity, flags), or done by never
// holding the end (a close).
std::optional<Case> with_step_in_the_scene(const Case& value, std::size_t number);

// Without two steps at once: neither goes alone if one undoes the other. Short programs only.
std::size_t count_step_pairs(const Case& value);
std::optional<Case> without_step_pair(const Case& value, std::size_t number);

}  // namespace crosstalk::draw
