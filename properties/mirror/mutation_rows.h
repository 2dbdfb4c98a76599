// How the rows of the tables of mutations are written: which clauses each breaks. For mutations.cc and its tables only.
// A row's place in its table is that of its Lie.
#pragma once

#include "properties/clauses/all.h"
#include "properties/mirror/mutations.h"

namespace crosstalk::mirror {

template <class... Ids>
constexpr std::array<ClauseId, 4> breaks(Ids... ids) {
    static_assert(sizeof...(ids) <= 4);
    std::array<ClauseId, 4> clauses{no_clause, no_clause, no_clause, no_clause};
    std::size_t at = 0;
    ((clauses[at++] = ids), ...);
    return clauses;
}

// clause() is for the compiler; here, a shorter name.
consteval ClauseId c(std::string_view id) { return clause(id); }

}  // namespace crosstalk::mirror
