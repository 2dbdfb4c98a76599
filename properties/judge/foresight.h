// Foresight: where the reads of a pipe do not overlap, what they received says already which bytes may stand where in
// it. The search asks for it only in hard cases: a wrong order of writers is then seen when the bytes are placed, not
// when they are read much later. It never rules out what the reads would have accepted.
#pragma once

#include "properties/models/byte_stream.h"

namespace crosstalk::judging {

class Foresight {
  public:
    Foresight(const Subject& subject, const Component& component);
    // May these pipes' bytes stand where they stand?
    bool fits(const byte_stream::State& state) const;

  private:
    struct Stretch {  // of all bytes that were ever taken out of one pipe, in order
        std::uint64_t from = 0, length = 0;
        const Run* run = nullptr;  // nullptr: nobody says what they were
    };
    bool fits(const std::vector<Stretch>& stretches, std::uint64_t at, const byte_stream::Piece& piece) const;

    const Subject& subject_;
    std::vector<std::vector<Stretch>> stretches_;  // of each pipe
};

}  // namespace crosstalk::judging
