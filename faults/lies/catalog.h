// The catalogue of lies. A lie is one way in which a system under test breaks one promise, told by the agent's
// operation table on purpose, to show that the promise is watched. Here is what a lie is about; how it is told, in
// row.h and the table_*.cc files. What the clause says is written in properties/ and not here.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace crosstalk {

struct Lie {
    std::string_view id;      // kebab-case; names the target lie:ID
    std::string_view clause;  // that it breaks
    std::string_view bug;     // row of the list of known bugs that it re-enacts, "" for none
    std::string_view about;   // one sentence
    std::string_view mechanism;
};

// All lies, in the order of the tables.
std::size_t lie_count();
Lie lie_at(std::size_t index);
std::optional<std::size_t> lie_named(std::string_view id);

// Promises that no lie breaks because an operation table cannot, each with the reason.
struct Unlied {
    std::string_view clause, because;
};
std::span<const Unlied> unlied_clauses();

}  // namespace crosstalk
