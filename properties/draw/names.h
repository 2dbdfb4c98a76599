// One name less: what is known under two names, or begun by somebody else, can as well be used where it was. A
// duplicate, a received or a created descriptor gives way to the end that it names; a started actor's steps to its
// parent's line.
#pragma once

#include <optional>

#include "faults/case.h"

namespace crosstalk::draw {

// Without the dup, receive or create of this number among all steps: whoever uses what it made uses the end itself.
// nullopt where it does not apply.
std::optional<Case> with_one_name_less(const Case& value, std::size_t number);

// Without the started actor of number / 2: its parent does its steps, in place of the start, or as its last ones.
std::size_t count_inlinings(const Case& value);
std::optional<Case> with_actor_inlined(const Case& value, std::size_t number);

}  // namespace crosstalk::draw
