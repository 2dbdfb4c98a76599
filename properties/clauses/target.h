// What every document takes for granted of the system under test as a whole. Judged by the campaign: a history that
// never came back cannot be judged by a model.
#pragma once

#include "properties/clause.h"
#include "properties/clauses/binds.h"

namespace crosstalk {

inline constexpr Clause target_clauses[] = {
    {"TARGET-ALIVE-1", "The system under test goes on running whatever programs ask of it.",
     "derived: every document takes it for granted", Strength::must, property("survival"), binds::everything},
};

}  // namespace crosstalk
