// A case inside another JSON text: a history names the case that it is of. For this folder alone.
#pragma once

#include "faults/case.h"
#include "faults/text/json_reading.h"

namespace crosstalk::json {

// The field `version` that each text opens with.
void read_version(Fields& fields);

// Any mistake, also what why_not() finds, is told to `mistake`.
Case read_case(const Json& value, const std::string& where, Mistake& mistake);

}  // namespace crosstalk::json
