// Everything that a run found, as one plain value. Every output (console, HTML, gate, diff) is a pure function of it.
// It holds names, not indexes, so that results of other builds and machines read alike. Its file form is one JSON
// object a line (record.h, schema.json); this header knows neither files nor JSON.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "reports/distinct.h"
#include "reports/expectation.h"
#include "reports/proof.h"

namespace crosstalk {

struct Named {
    std::string name, about;
    std::vector<std::string> verbs{};  // that a mechanism has; that a fault may strike; none: not told
    bool operator==(const Named&) const = default;
};

struct ClauseFact {
    std::string id, says, source;
    std::string strength;  // "must" "linux" "observed"
    std::string property;
    std::string standing;                 // "judged" "needs" "not-testable"
    std::string because;                  // of the last two: what or why
    std::vector<std::string> mechanisms;  // that it binds
    bool operator==(const ClauseFact&) const = default;
};

// A claim about IPC (properties/claims.h).
struct ClaimFact {
    std::string about, says, documents;
    std::string told;                              // by the documents: "holds" "conditional" "refuted"
    std::vector<std::string> mechanisms, clauses;  // globs on names and on ids
    bool operator==(const ClaimFact&) const = default;
};

// What the build that ran knew; so that a report needs no build.
struct Catalogue {
    std::vector<Named> mechanisms, properties, faults;
    std::vector<ClauseFact> clauses;
    std::vector<ClaimFact> claims{};
    bool operator==(const Catalogue&) const = default;
};

struct TargetFacts {
    std::string name, kernel, libc, arch;
    std::map<std::string, bool> abilities;
    std::map<std::string, std::string> environment;  // all that the target said
    std::string absent{};                            // why it is not here, and what would help: it said nothing
    bool operator==(const TargetFacts&) const = default;
};

// What the gate asks of a run beyond its expectations.
struct Terms {
    bool strict = false;             // what else would only be told fails: fixed defects, runs that were killed
    std::uint64_t min_evidence = 0;  // a selected cell with less fails the gate; 0: none does
    std::string today;               // "2026-11-28", for what expires; "" = the day on which the run started
    bool operator==(const Terms&) const = default;
};

struct RunFacts {
    std::string version;
    std::uint64_t seed = 0;
    std::string profile;
    std::string book = "linux";  // which strengths gate: "posix" must; "linux" must and linux
    std::string started;         // RFC 3339, UTC
    std::string selection;       // the FILTER words
    std::string shard;           // "2/5"; "" = the whole
    Terms terms;
    TargetFacts target;
    std::map<std::string, std::string> faults, mechanisms;  // "yes" or the reason why not
    Catalogue catalogue;
    std::vector<std::string> cells;  // selected ids "pipe/order/none"
    std::vector<Expectation> expectations;
    std::string expectation_file;  // "" = none
    bool operator==(const RunFacts&) const = default;
};

// (mechanism, clause, fault that had fired or "none")
using EvidenceKey = std::tuple<std::string, std::string, std::string>;
inline constexpr std::size_t size_classes = 65;   // class k: sizes of k significant bits (0; 1; 2-3; 4-7; ...)
inline constexpr std::size_t actor_classes = 65;  // class k: k actors

// Under what a clause carried weight: cases in which it did, by the sizes that they asked for and by their actors.
struct Reach {
    std::array<std::uint64_t, size_classes> sizes{};
    std::array<std::uint64_t, actor_classes> actors{};
    bool operator==(const Reach&) const = default;
    void add(const Reach& other);
};

inline constexpr std::size_t switch_classes = 16;  // class k: numbers of k significant bits; a case has 2^14 calls

// How the calls of cases fell among each other: of one mechanism, and one way to move its actors.
struct Interleaving {
    std::array<std::uint64_t, actor_classes> at_once{};    // cases by the most calls in flight at one time
    std::array<std::uint64_t, switch_classes> switches{};  // cases by how often the next call was another actor's
    Distinct orders;  // of calls and returns by actor and verb, each over a whole case
    bool operator==(const Interleaving&) const = default;
    void add(const Interleaving& other);
};

// Two counts of what three names tell.
using TwoCounts = std::array<std::uint64_t, 2>;

// An increment of counts. Increments add up.
struct EvidenceFacts {
    std::uint64_t cases = 0;  // judged: holds or violated
    std::uint64_t events = 0;
    std::map<std::string, std::uint64_t> inconclusive;    // by bucket
    std::map<std::string, std::uint64_t> broken;          // by what broke
    std::map<std::string, std::uint64_t> not_applicable;  // by why
    std::map<EvidenceKey, std::uint64_t> counts;
    std::map<std::pair<std::string, std::string>, Reach> reach;  // by mechanism and clause
    std::map<std::string, std::uint64_t> armed, fired;           // by fault
    // By mechanism, fault and verb of the call that it struck: times fired, times armed.
    std::map<EvidenceKey, TwoCounts> struck;
    // By mechanism and the verbs of two actors' calls, in flight at one time on one object: times in turns, where one
    // of them sleeps, and times in free.
    std::map<EvidenceKey, TwoCounts> overlaps;
    // By mechanism and way: "turns" "free" "swept" "spread" "spread-swept" (runners/campaign/interleaving.h).
    std::map<std::pair<std::string, std::string>, Interleaving> interleavings;
    std::map<std::string, std::uint64_t> drawn;         // cases by the cell they were drawn for
    std::map<std::string, std::uint64_t> again;         // findings met again, by finding id
    std::array<std::uint64_t, size_classes> sizes{};    // bytes asked of one call
    std::array<std::uint64_t, actor_classes> actors{};  // actors of a case
    bool operator==(const EvidenceFacts&) const = default;
    void add(const EvidenceFacts& other);
};

// What else a defect broke: a case that showed this became a smaller one that shows the finding.
struct SeenAs {
    std::string finding, clause, reason, strength, cell;
    bool operator==(const SeenAs&) const = default;
};

struct FindingFacts {
    std::string finding;  // 12 hex digits
    std::string mechanism, clause, reason, detail, strength;
    std::vector<SeenAs> seen_as;  // none twice, never itself
    bool deviates = false;        // the model knows this deviation: an otherwise accepted history
    std::string cell;
    std::uint64_t failed = 0, tried = 0;  // unchanged replays of the case as found
    std::uint64_t actors = 0, steps = 0;  // of the case as stored
    std::uint64_t event = 0;              // index of the rejected event in the history
    std::string case_json, history_json;  // faults/text forms; the history holds the case too ("case", "case_number")
    std::vector<std::string> explanation;
    std::uint64_t found_after_cases = 0;
    bool operator==(const FindingFacts&) const = default;
    // Another of the same id: rates add up, and what it was seen as is kept.
    void add(const FindingFacts& other);
};

// Outcome words of the contract.
struct ClauseOutcome {
    std::string clause, outcome, why;
    std::uint64_t evidence = 0;
    bool operator==(const ClauseOutcome&) const = default;
};
struct CellOutcome {
    std::string cell, mechanism, property, fault;
    std::string outcome, why;
    std::uint64_t evidence = 0;
    std::vector<ClauseOutcome> clauses;
    bool operator==(const CellOutcome&) const = default;
};

struct EndFacts {
    int exit = 0;
    std::uint64_t cases = 0, events = 0;
    double seconds = 0;
    std::vector<CellOutcome> cells;
    std::string stopped_because;  // "cases" "budget" "interrupted" "fail-fast" "crashes" "broken: ..."
    bool operator==(const EndFacts&) const = default;
};

struct Results {
    std::vector<RunFacts> runs;          // one a shard; at least one
    EvidenceFacts evidence;              // the sum
    std::vector<FindingFacts> findings;  // one an id: the first, with rates added up
    std::vector<ProofFacts> proofs;      // of a run of lies
    std::vector<EndFacts> ends;          // fewer than runs: somebody was killed
    std::vector<CellOutcome> cells;      // derived again by cells.h, in the order of the catalogue
    std::uint64_t torn_lines = 0;        // cut off by a kill and left out
    const RunFacts& run() const { return runs.front(); }
};

// The id of a finding: a hash of these three, equal across seeds, versions and machines.
std::string finding_id(std::string_view mechanism, std::string_view clause, std::string_view reason);

}  // namespace crosstalk
