// What a run of lies showed: for each lie, after how many cases it was found and under which clauses. The kill matrix,
// and what its gate says. A pure function of results, as everything here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace crosstalk {

struct Results;
struct Gate;

// One lie; or, with an empty `lie`, a clause that no lie breaks, covered by a hand-made history (`because` says why).
struct ProofFacts {
    std::string lie, mechanism, clause, bug, about, because;
    std::string host = "agent";                    // who tells it: agent or mirror
    std::uint64_t cases = 0;                       // played
    std::uint64_t found_after = 0;                 // cases until the first violation; 0: it survived
    std::uint64_t named_after = 0;                 // ... that named `clause`; 0: none did
    std::string first;                             // clause and reason of the first: "PIPE-READ-1 wrong-count"
    std::map<std::string, std::uint64_t> clauses;  // violations by the clause that they named
    double seconds = 0;
    std::string trouble;  // the target did not start, or broke too often: nothing was shown
    bool operator==(const ProofFacts&) const = default;
};

// The judged clauses of a mechanism that lies were told about, by how they fared.
struct Unbroken {
    std::vector<std::string> by_none;        // no lie broke it and no hand-made history does
    std::vector<std::string> by_other_name;  // its lies were found, but never under its own name
    std::vector<std::string> by_hand_made;   // only by a hand-made history
};
Unbroken unbroken_clauses(const Results& results);

// Passed if every lie was found and every judged clause is broken by one or covered.
Gate gate_of_proofs(const Results& results);

// "151 lies: 149 found, 121 within 5,000 cases..." and the matrix, one lie a row with the clauses that it was found by.
std::string console_proofs(const Results& results);
// One row, as it becomes known.
std::string console_proof(const ProofFacts& proof);

}  // namespace crosstalk
