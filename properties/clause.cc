// Looking up clauses by number and by id. The tables themselves are properties/clauses/<family>.h.
#include "properties/clause.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk {

std::string_view name_of(Strength strength) {
    switch (strength) {
        case Strength::must: return "must";
        case Strength::linux_: return "linux";
        case Strength::observed: return "observed";
    }
    return "";
}

std::span<const Clause> clauses() { return all_clauses; }

const Clause& clause_of(ClauseId id) { return all_clauses.at(id); }

std::optional<ClauseId> clause_named(std::string_view id) {
    const auto found = std::ranges::find(all_clauses, id, &Clause::id);
    if (found == all_clauses.end()) return std::nullopt;
    return static_cast<ClauseId>(found - all_clauses.begin());
}

}  // namespace crosstalk
