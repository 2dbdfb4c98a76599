// What the judge says of one history: a plain value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mechanisms/history.h"
#include "properties/clause.h"

namespace crosstalk {

enum class Answer : std::uint8_t { holds, violated, inconclusive, not_applicable, broken };
std::string_view name_of(Answer answer);

// The closed set of the contract; `detail` completes wrong-errno ("EAGAIN/none").
enum class Reason : std::uint8_t {
    none, torn, lost, doubled, reordered, merged, early, late, asleep, spinning, wrong_errno, wrong_count, wrong_value,
    no_signal, leaked, crashed
};
std::string_view name_of(Reason reason);  // "wrong-errno" ...
std::optional<Reason> reason_named(std::string_view name);

// A clause that carried weight in an accepted history, with the fault that had fired when it did (none: no_fault).
struct Weight {
    ClauseId clause = no_clause;
    FaultId fault = 0;
    std::uint32_t times = 0;
};

// A document's promise that the system does not keep, found on the best explanation of an otherwise accepted history.
struct Deviation {
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::string detail;
    std::size_t event = 0;         // index into History::events
};

// What the documents let the rejected call answer, where the state before it leaves one answer.
struct Due {
    bool known = false;
    bool sleeps = false;           // it must not return yet
    std::int64_t result = 0;
    Errno error = Errno::none;
    std::vector<Run> bytes;        // of a read: by whom they were written
};

struct Verdict {
    Answer answer = Answer::holds;
    MechanismId mechanism = 0;     // of the object concerned
    ClauseId clause = no_clause;   // violated
    Reason reason = Reason::none;
    std::string detail;            // of wrong-errno: "GOT/ALLOWED"
    std::size_t event = 0;         // the rejected event
    std::vector<std::string> explanation;  // lines for people: prefix, state before, what each clause wanted
    Due due;                       // told with the explanation
    std::vector<Deviation> deviations;
    std::vector<Weight> evidence;
    std::string why;               // inconclusive, not_applicable, broken: one line
    std::string bucket;            // inconclusive: "pipe/8 actors/free", for watching where the judge gives up
    std::uint64_t work = 0;        // search expansions
};

}  // namespace crosstalk
