// Who does what, as C: a function of steps for each actor, the order of moves, and the strikes of a race.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runners/emit/question.h"

namespace crosstalk::emit {

struct Play {
    std::vector<std::size_t> taken;  // steps of each actor that are written
    std::string actors;              // their functions
    std::string order;               // rows of order[]: what the parent does, in turns
    std::string strikes;             // rows of strikes[]: what it does to sleepers, in a race
    std::size_t strike_count = 0;
    std::vector<std::string> parts;               // functions with which actors go on after execve
    std::set<std::string, std::less<>> sections;  // of the runtime that are needed
    bool passes = false;
};

// An error is one line: what of it no C program of ours can say.
Expected<Play> play_of(const Recording& recorded, const Question& question);

}  // namespace crosstalk::emit
