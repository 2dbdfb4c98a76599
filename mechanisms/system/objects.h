// The operations that make, open and remove objects of any mechanism, by the doors of its sheet.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

Answer create_call(const Call& call);
Answer open_call(const Call& call);
Answer unlink_call(const Call& call);

}  // namespace crosstalk
