// How the calls of one played case fell among each other: how many were in flight at one time, how often the next call
// was another actor's, in which order calls and returns came, and which calls overlapped on one object. It reads stamps
// and nothing else of what was answered, and judges nothing.
//
// Objects are followed through the steps of a program as they are written: what an actor got in a message, or from a
// thread beside it, is no known object. So overlaps are at least as many as are told.
#pragma once

#include <vector>

#include "faults/case.h"

namespace crosstalk {

// How the actors of a case were let move. Swept: with drawn delays. Spread: on every core, else on that of the lane.
enum class Way : std::uint8_t { turns, free, swept, spread, spread_swept };
inline constexpr std::size_t way_count = 5;
std::string_view name_of(Way way);
Way way_of(const Case& value);

struct Interleaved {
    std::size_t at_once = 0;   // calls in flight, at most
    std::size_t switches = 0;  // the next call was another actor's
    std::uint32_t order = 0;   // a hash of calls and returns, by actor and verb, in the order of their stamps
};

// Keeps its memory from case to case.
class InterleavingReader {
  public:
    struct Overlap {
        Verb lower, higher;
    };
    Interleaved read(const Case& value, const History& history);
    // Of the case read last: pairs of calls of different actors on one object. No more than `most_overlaps` are kept.
    const std::vector<Overlap>& overlaps() const { return overlaps_; }
    static constexpr std::size_t most_overlaps = 4096;  // of a case: a crowd asleep meets each later call

  private:
    struct Open {
        Stamp ended;
        const Event* call;
    };
    std::vector<Open> open_;
    std::vector<Overlap> overlaps_;
    std::vector<std::vector<std::uint16_t>> touched_;  // [actor][step]: a bit for each object
    bool followed_ = false;                            // touched_ is of this case: nearly no case in turns needs it

    void meet(const Case& value, const Event& call);
};

}  // namespace crosstalk
