// What the documents would have allowed in place of an answer that nothing explains, in the state before it: each
// clause that speaks of such an answer and what stood against it here, and the answer that was due. It tells; it never
// judges.
#pragma once

#include <string>
#include <vector>

#include "properties/judge/acts.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::judging {

// "PIPE-READ-3 allows EAGAIN where ...; here it held 10 bytes": one line a clause.
std::vector<std::string> alternatives(const Subject& subject, const byte_stream::State& state,
                                      const byte_stream::Flight& flight, const Act& act);
// The one answer that the state leaves to this act, if it is one.
Due due_of(const Subject& subject, const byte_stream::State& state, const byte_stream::Flight& flight, const Act& act);

}  // namespace crosstalk::judging
