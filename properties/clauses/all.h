// All clauses in one table, in the order of the families; checked at compile time. clause("PIPE-READ-1") is the way to
// name one in code: an unknown id does not compile.
#pragma once

#include <array>

#include "properties/clauses/fifo.h"
#include "properties/clauses/inet.h"
#include "properties/clauses/map.h"
#include "properties/clauses/mq.h"
#include "properties/clauses/pipe.h"
#include "properties/clauses/proc.h"
#include "properties/clauses/rdy.h"
#include "properties/clauses/sctp.h"
#include "properties/clauses/sem.h"
#include "properties/clauses/shm.h"
#include "properties/clauses/sig.h"
#include "properties/clauses/sock.h"
#include "properties/clauses/target.h"
#include "properties/clauses/unix.h"

namespace crosstalk {

namespace clause_table {

template <std::size_t... sizes>
constexpr auto joined(const Clause (&... families)[sizes]) {
    std::array<Clause, (sizes + ...)> all;
    std::size_t used = 0;
    const auto append = [&](const auto& family) {
        for (const Clause& each : family) all[used++] = each;
    };
    (append(families), ...);
    return all;
}

// "PIPE-CAP-10" -> "PIPE-CAP" and 10.
constexpr std::string_view subject_of(std::string_view id) { return id.substr(0, id.rfind('-')); }
constexpr int number_of(std::string_view id) {
    int number = 0;
    for (const char digit : id.substr(id.rfind('-') + 1)) {
        if (digit < '0' || digit > '9') return 0;
        number = number * 10 + (digit - '0');
    }
    return number;
}

// What is wrong with a table: "" if nothing. Ids unique; the rows of a subject together, numbered 1, 2, 3...; every row
// says something, cites something, names a property, and gives a reason exactly if it is not judged.
constexpr std::string_view why_not(std::span<const Clause> table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Clause& clause = table[i];
        if (clause.says.empty() || clause.says.back() != '.') return "a clause does not say a sentence";
        if (clause.source.empty()) return "a clause cites nothing";
        if (clause.property >= property_names.size()) return "a clause names no property";
        if ((clause.standing == Standing::judged) != clause.because.empty()) return "a reason is missing or too many";
        const bool follows = i > 0 && subject_of(table[i - 1].id) == subject_of(clause.id);
        if (number_of(clause.id) != (follows ? number_of(table[i - 1].id) + 1 : 1)) return "an id is out of order";
        // Within a subject numbers rise, so only its first row can meet an equal one. (clang counts steps.)
        for (const Clause* other = table.data(); other != &clause && !follows; ++other)
            if (other->id == clause.id) return "an id is used twice";
    }
    return "";
}

}  // namespace clause_table

inline constexpr auto all_clauses = clause_table::joined(
    pipe_clauses, fifo_clauses, mq_clauses, sem_clauses, sig_clauses, rdy_clauses, proc_clauses, target_clauses,
    shm_clauses, map_clauses, sock_clauses, unix_clauses, inet_clauses, sctp_clauses);

static_assert(clause_table::why_not(all_clauses).empty());
static_assert(all_clauses.size() < no_clause);

consteval ClauseId clause(std::string_view id) {
    for (std::size_t i = 0; i < all_clauses.size(); ++i)
        if (all_clauses[i].id == id) return static_cast<ClauseId>(i);
    throw "no such clause";
}

}  // namespace crosstalk
