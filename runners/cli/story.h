// What the judge says of one history, as lines for people.
#pragma once

#include <string>

#include "mechanisms/history.h"
#include "properties/verdict.h"

namespace crosstalk {

std::string story_of(const Verdict& verdict);

}  // namespace crosstalk
