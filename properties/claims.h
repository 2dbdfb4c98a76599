// Claims: what a short primer on IPC tells its readers, sentence by sentence, and what the documents say to each. A run
// answers a claim by the clauses that decide it (reports/claims.h). A claim keeps its row until its mechanism is there.
// Facts only: nothing here judges.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace crosstalk {

// What the documents make of a claim.
enum class Told : std::uint8_t { holds, conditional, refuted };
std::string_view name_of(Told told);  // "holds" "conditional" "refuted"

struct Claim {
    std::string_view about;       // the kind of IPC, in the primer's words
    std::string_view says;        // what the primer says of it
    std::string_view documents;   // what the documents say
    Told told = Told::holds;      // in short
    std::string_view mechanisms;  // globs on their names, blanks between: evidence of others answers nothing
    std::string_view clauses;     // globs on their ids, blanks between: together they decide
};

std::span<const Claim> claims();

}  // namespace crosstalk
