// Cuts: taking actors, steps and objects out of a case, with everything that names them: schedule, plan, mailboxes,
// starts. A cut never adds anything; whether what is left makes sense is why_not()'s to say.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "faults/case.h"

namespace crosstalk::draw {

// What stays of a program.
struct Keep {
    std::uint64_t actors = ~std::uint64_t{0};   // bit a
    std::vector<std::bitset<max_steps>> steps;  // by actor
};
Keep keep_all(const Case& value);

// The case of what is kept. Also goes: whom nobody starts any more, and steps that start or pass to who is gone.
Case cut(const Case& value, Keep keep);

// Without an object that no step and no actor names any more; false if something does.
bool cut_object(Case& value, ObjectId object);

// Actors hold only what they, or those they start, use. False if they do already.
bool cut_holdings(Case& value);

}  // namespace crosstalk::draw
