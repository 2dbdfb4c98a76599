// The judge: folds the executable specification over one history. Pure: no clock, no randomness, no global state.
#pragma once

#include "faults/case.h"
#include "mechanisms/history.h"
#include "properties/verdict.h"

namespace crosstalk {

struct JudgeOptions {
    std::uint32_t expansions = 20'000;  // work bound of the search, beside 32 for each call: then `inconclusive`
    bool reductions = true;             // off: the unreduced search, to test the reductions
    bool bounds = true;                 // off: the search alone, to test that bounds are never stricter
    bool look_ahead = false;            // from the start, not only in hard cases: to test that it rules out nothing
    bool plain_fold = false;            // the set-of-states reference instead of the search (slow; tests)
    bool evidence = true;
    bool explanations = true;           // off while shrinking
    std::uint16_t case_number = 0;      // that the payload carried: the serial of the case, 16 bits
};

// `environment` is what the target said at the handshake: page size, PIPE_BUF, limits.
Verdict judge(const Case& value, const History& history, const Environment& environment,
              const JudgeOptions& options = {});

}  // namespace crosstalk
