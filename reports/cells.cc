// Outcomes of clauses in cells, and of cells.
#include "reports/cells.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "reports/rates.h"

namespace crosstalk {
namespace {

// Worst first: a cell's outcome is the first of these that one of its clauses has.
constexpr std::string_view by_weight[] = {"crashed", "regression", "broken", "flaky", "known", "fixed", "pass"};

std::size_t weight_of(std::string_view outcome) {
    return static_cast<std::size_t>(std::find(std::begin(by_weight), std::end(by_weight), outcome) -
                                    std::begin(by_weight));
}

using Findings = std::map<std::pair<std::string, std::string>, std::vector<const FindingFacts*>>;  // (cell, clause)

ClauseOutcome clause_outcome(const Results& results, const CellId& cell, const std::string& clause,
                             const Findings& findings, const std::vector<const Expectation*>& fixed) {
    ClauseOutcome out{clause, "not-evidenced", "", 0};
    if (const auto found = results.evidence.counts.find({cell.mechanism, clause, cell.fault});
        found != results.evidence.counts.end())
        out.evidence = found->second;
    if (out.evidence > 0) out.outcome = "pass";
    for (const Expectation* entry : fixed)
        if (entry->clause == clause && glob_matches(entry->cell, cell.text())) {
            out.outcome = "fixed";
            out.why = entry->where + ": expected to fail and did not";
        }
    if (const auto found = findings.find({cell.text(), clause}); found != findings.end()) {
        for (const FindingFacts* finding : found->second) {
            const std::string outcome = outcome_of(results.run(), *finding);
            if (weight_of(outcome) >= weight_of(out.outcome)) continue;
            const Expectation* entry = expectation_for(results.run(), *finding);
            out.outcome = outcome;
            out.why = finding->finding + " " + finding->reason + (entry != nullptr ? ": " + entry->reason : "");
        }
    }
    return out;
}

std::string why_not_applicable(const RunFacts& run, const CellId& cell) {
    if (!run.target.absent.empty()) return "target absent: " + run.target.absent;
    const auto against = [](const std::map<std::string, std::string>& offered, const std::string& name) {
        const auto found = offered.find(name);
        return found == offered.end() || found->second == "yes" ? std::string() : found->second;
    };
    const std::string why = against(run.mechanisms, cell.mechanism);
    return why.empty() ? against(run.faults, cell.fault) : why;
}

// What needs something is judged where the target gave it.
bool is_judged(const Results& results, const ClauseFact& clause, const CellId& cell) {
    return clause.standing == "judged" || results.evidence.counts.contains({cell.mechanism, clause.id, cell.fault});
}

CellOutcome cell_outcome(const Results& results, const CellId& cell, const Findings& findings,
                         const std::vector<const Expectation*>& fixed) {
    CellOutcome out{cell.text(), cell.mechanism, cell.property, cell.fault, "not-evidenced", "", 0, {}};
    std::set<std::string> clauses;
    for (const ClauseFact& clause : results.run().catalogue.clauses)
        if (clause.property == cell.property && is_judged(results, clause, cell) &&
            std::find(clause.mechanisms.begin(), clause.mechanisms.end(), cell.mechanism) != clause.mechanisms.end())
            clauses.insert(clause.id);
    for (const auto& [key, list] : findings)
        if (key.first == out.cell) clauses.insert(key.second);
    for (const std::string& clause : clauses) {
        out.clauses.push_back(clause_outcome(results, cell, clause, findings, fixed));
        const ClauseOutcome& last = out.clauses.back();
        out.evidence += last.evidence;
        if (weight_of(last.outcome) < weight_of(out.outcome)) {
            out.outcome = last.outcome;
            out.why = last.why.empty() ? "" : last.clause + " " + last.why;
        }
    }
    const std::uint64_t needed = std::max(least_evidence, results.run().terms.min_evidence);
    if (out.outcome == "pass" && out.evidence < needed) out.outcome = "not-evidenced";
    if (out.outcome == "not-evidenced") {
        out.why = why_not_applicable(results.run(), cell);
        if (!out.why.empty())
            out.outcome = "not-applicable";
        else
            out.why = "evidence " + std::to_string(out.evidence) + ", at least " + std::to_string(needed) + " needed";
    }
    return out;
}

}  // namespace

CellId cell_from(std::string_view text) {
    CellId out;
    const std::size_t first = text.find('/');
    out.mechanism = text.substr(0, first);
    if (first == std::string_view::npos) return out;
    const std::size_t second = text.find('/', first + 1);
    out.property = text.substr(first + 1, second - first - 1);
    if (second != std::string_view::npos) out.fault = text.substr(second + 1);
    return out;
}

bool gates(std::string_view book, std::string_view strength) {
    return strength == "must" || (book != "posix" && strength == "linux");
}

std::string today_of(const RunFacts& run) {
    return run.terms.today.empty() ? run.started.substr(0, 10) : run.terms.today;
}

bool is_expired(const RunFacts& run, const Expectation& entry) {
    return !entry.expires.empty() && entry.expires < today_of(run);
}

bool applies(const RunFacts& run, const Expectation& entry) {
    return glob_matches(entry.kernel, run.target.kernel) && glob_matches(entry.libc, run.target.libc);
}

namespace {

const Expectation* entry_for(const RunFacts& run, const FindingFacts& finding, bool expired) {
    for (const Expectation& entry : run.expectations) {
        if (entry.clause != finding.clause || !glob_matches(entry.cell, finding.cell)) continue;
        if (!applies(run, entry) || is_expired(run, entry) != expired) continue;
        // A deviation that the model does not know is a new defect, whatever is expected of the clause.
        if ((entry.outcome == "deviates") != finding.deviates) continue;
        // Ten replays say little about a rate of 2 %: it is too high only if what was seen is hardly possible else.
        if (entry.outcome == "flaky" &&
            at_least_so_many({finding.failed, finding.tried}, entry.max_rate) < flaky_error_level)
            continue;
        return &entry;
    }
    return nullptr;
}

// The finding under each name that it was seen as.
std::vector<FindingFacts> names_of(const FindingFacts& finding) {
    std::vector<FindingFacts> out;
    for (const SeenAs& seen : finding.seen_as) {
        FindingFacts as;
        as.clause = seen.clause, as.cell = seen.cell, as.deviates = finding.deviates;
        as.failed = finding.failed, as.tried = finding.tried;
        out.push_back(std::move(as));
    }
    return out;
}

bool meets(const FindingFacts& finding, const Expectation& entry) {
    return (finding.clause == entry.clause && glob_matches(entry.cell, finding.cell)) ||
           std::ranges::any_of(finding.seen_as, [&](const SeenAs& seen) {
               return seen.clause == entry.clause && glob_matches(entry.cell, seen.cell);
           });
}

}  // namespace

// Where one defect was seen as several, an entry for its name alone does not excuse it: each needs one.
const Expectation* expectation_for(const RunFacts& run, const FindingFacts& finding) {
    for (const FindingFacts& as : names_of(finding))
        if (entry_for(run, as, false) == nullptr) return nullptr;
    return entry_for(run, finding, false);
}

const Expectation* expired_for(const RunFacts& run, const FindingFacts& finding) {
    for (const FindingFacts& as : names_of(finding))
        if (const Expectation* entry = entry_for(run, as, true)) return entry;
    return entry_for(run, finding, true);
}

std::size_t missing_shards(const Results& results) {
    std::set<std::string> shards;
    std::size_t of = 0;
    for (const RunFacts& run : results.runs) {
        if (run.shard.empty()) return 0;
        shards.insert(run.shard);
        of = std::max<std::size_t>(of, std::strtoul(run.shard.c_str() + run.shard.find('/') + 1, nullptr, 10));
    }
    return of > shards.size() ? of - shards.size() : 0;
}

bool is_whole(const Results& results) {
    return missing_shards(results) == 0 &&
           std::ranges::all_of(results.runs, [](const RunFacts& run) { return run.selection.empty(); });
}

// A part of the cells is no chance: what else is drawn bears on the clause, but may never come where it deviates. A
// flaky entry is never unmet: that it was not seen this time is what it says.
std::vector<const Expectation*> unmet_entries(const Results& results) {
    std::vector<const Expectation*> out;
    if (!is_whole(results)) return out;
    for (const Expectation& entry : results.run().expectations) {
        if (entry.outcome == "flaky" || !applies(results.run(), entry)) continue;
        const std::string* property = nullptr;
        for (const ClauseFact& clause : results.run().catalogue.clauses)
            if (clause.id == entry.clause) property = &clause.property;
        if (property == nullptr) continue;
        std::uint64_t evidence = 0;
        for (const auto& [key, times] : results.evidence.counts) {
            const CellId cell{std::get<0>(key), *property, std::get<2>(key)};
            if (std::get<1>(key) == entry.clause && glob_matches(entry.cell, cell.text())) evidence += times;
        }
        if (evidence >= entry.evidence &&
            std::ranges::none_of(results.findings, [&](const FindingFacts& finding) { return meets(finding, entry); }))
            out.push_back(&entry);
    }
    return out;
}

std::string outcome_of(const RunFacts& run, const FindingFacts& finding) {
    const Expectation* entry = expectation_for(run, finding);
    if (finding.reason == "crashed") return entry != nullptr ? "known" : "crashed";
    if (entry != nullptr) return entry->outcome == "flaky" ? "flaky" : "known";
    const bool gated =
        gates(run.book, finding.strength) ||
        std::ranges::any_of(finding.seen_as, [&](const SeenAs& seen) { return gates(run.book, seen.strength); });
    return gated ? "regression" : "known";
}

std::vector<CellOutcome> outcomes_of(const Results& results) {
    std::vector<std::string> order;
    std::set<std::string> seen;
    for (const RunFacts& run : results.runs)
        for (const std::string& cell : run.cells)
            if (seen.insert(cell).second) order.push_back(cell);
    Findings findings;
    for (const FindingFacts& finding : results.findings) {
        findings[{finding.cell, finding.clause}].push_back(&finding);
        if (seen.insert(finding.cell).second) order.push_back(finding.cell);
    }
    const auto fixed = unmet_entries(results);
    std::vector<CellOutcome> out;
    for (const std::string& cell : order) out.push_back(cell_outcome(results, cell_from(cell), findings, fixed));
    return out;
}

}  // namespace crosstalk
