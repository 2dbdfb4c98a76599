// Outcomes of clauses in cells, and of cells.
#include "reports/cells.h"

#include <algorithm>
#include <map>
#include <set>

namespace crosstalk {
namespace {

// Worst first: a cell's outcome is the first of these that one of its clauses has.
constexpr std::string_view by_weight[] = {"crashed", "regression", "broken", "flaky", "known", "fixed", "pass"};

std::size_t weight_of(std::string_view outcome) {
    return static_cast<std::size_t>(std::find(std::begin(by_weight), std::end(by_weight), outcome) -
                                    std::begin(by_weight));
}

using Findings = std::map<std::pair<std::string, std::string>, std::vector<const FindingFacts*>>;  // (cell, clause)

// Entries that were expected to fail, had their chance in this run, and did not: they hold for every cell that they
// cover, because a finding is written once, in the first cell that met it.
std::vector<const Expectation*> fixed_entries(const Results& results) {
    std::vector<const Expectation*> out;
    for (const Expectation& entry : results.run().expectations) {
        const bool met =
            std::any_of(results.findings.begin(), results.findings.end(), [&](const FindingFacts& finding) {
                return finding.clause == entry.clause && glob_matches(entry.cell, finding.cell);
            });
        std::uint64_t evidence = 0;
        for (const auto& [key, times] : results.evidence.counts)
            if (std::get<1>(key) == entry.clause) evidence += times;
        if (!met && evidence >= evidence_to_call_fixed) out.push_back(&entry);
    }
    return out;
}

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
            out.why = entry->where + ": expected to fail and did not; remove the entry";
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

CellOutcome cell_outcome(const Results& results, const CellId& cell, const Findings& findings,
                         const std::vector<const Expectation*>& fixed) {
    CellOutcome out{cell.text(), cell.mechanism, cell.property, cell.fault, "not-evidenced", "", 0, {}};
    std::set<std::string> clauses;
    for (const ClauseFact& clause : results.run().catalogue.clauses)
        if (clause.property == cell.property && clause.standing == "judged" &&
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
    if (out.outcome == "pass" && out.evidence < least_evidence) out.outcome = "not-evidenced";
    if (out.outcome == "not-evidenced") {
        out.why = why_not_applicable(results.run(), cell);
        if (!out.why.empty())
            out.outcome = "not-applicable";
        else
            out.why =
                "evidence " + std::to_string(out.evidence) + ", at least " + std::to_string(least_evidence) + " needed";
    }
    return out;
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [key, times] : counts) sum += times;
    return sum;
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

namespace {

const Expectation* entry_for(const RunFacts& run, const FindingFacts& finding) {
    for (const Expectation& entry : run.expectations) {
        if (entry.clause != finding.clause || !glob_matches(entry.cell, finding.cell)) continue;
        // A deviation that the model does not know is a new defect, whatever is expected of the clause.
        if ((entry.outcome == "deviates") != finding.deviates) continue;
        if (entry.outcome == "flaky" && finding.tried > 0 &&
            static_cast<double>(finding.failed) > entry.max_rate * static_cast<double>(finding.tried))
            continue;
        return &entry;
    }
    return nullptr;
}

}  // namespace

// Where one defect was seen as several, an entry for its name alone does not excuse it: each needs one.
const Expectation* expectation_for(const RunFacts& run, const FindingFacts& finding) {
    for (const SeenAs& seen : finding.seen_as) {
        FindingFacts as;
        as.clause = seen.clause, as.cell = seen.cell, as.deviates = finding.deviates;
        as.failed = finding.failed, as.tried = finding.tried;
        if (entry_for(run, as) == nullptr) return nullptr;
    }
    return entry_for(run, finding);
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
    const auto fixed = fixed_entries(results);
    std::vector<CellOutcome> out;
    for (const std::string& cell : order) out.push_back(cell_outcome(results, cell_from(cell), findings, fixed));
    return out;
}

Gate gate_of(const Results& results) {
    if (!results.proofs.empty()) return gate_of_proofs(results);
    std::map<std::string, std::uint64_t> by_outcome;
    for (const CellOutcome& cell : results.cells) ++by_outcome[cell.outcome];
    const std::uint64_t broken = total(results.evidence.broken), judged = results.evidence.cases;
    const bool gave_up = std::any_of(results.ends.begin(), results.ends.end(),
                                     [](const EndFacts& end) { return end.stopped_because.starts_with("broken"); });
    Gate gate;
    std::string what;
    if (by_outcome["regression"] + by_outcome["crashed"] > 0)
        gate.exit = 1;
    else if (results.cells.empty())
        gate.exit = 4, what = "nothing was selected";
    else if (judged == 0 && broken == 0 && !gave_up)
        gate.exit = 4, what = "nothing was judged";
    else if (judged == 0 || gave_up)
        gate.exit = 3, what = "the harness broke";
    else if (broken > 10 && broken * 100 > judged)
        gate.exit = 3, what = "too many cases broke";
    gate.passed = gate.exit == 0;
    for (const std::string_view word :
         {"crashed", "regression", "broken", "flaky", "known", "fixed", "pass", "not-evidenced", "not-applicable"})
        if (const auto times = by_outcome[std::string(word)]; times > 0)
            what += (what.empty() ? "" : ", ") + std::to_string(times) + " " + std::string(word);
    gate.line = std::string(gate.passed ? "gate: PASSED " : "gate: FAILED ") + what;
    return gate;
}

}  // namespace crosstalk
