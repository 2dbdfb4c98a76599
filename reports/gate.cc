// The gate's verdict.
#include "reports/gate.h"

#include <algorithm>

#include "reports/cells.h"

namespace crosstalk {
namespace {

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [key, times] : counts) sum += times;
    return sum;
}

// "Anna (https://...)"
std::string whom_to_ask(const Expectation& entry) {
    if (entry.owner.empty()) return entry.link;
    return entry.owner + (entry.link.empty() ? "" : " (" + entry.link + ")");
}

// "runners/expectations/linux.toml:12", where an editor or an annotation finds it.
std::string place_of(const RunFacts& run, const Expectation& entry) {
    const std::size_t colon = entry.where.rfind(':');
    if (run.expectation_file.empty() || colon == std::string::npos) return entry.where;
    return run.expectation_file + entry.where.substr(colon);
}

void complain_of_findings(const Results& results, std::vector<Complaint>& out) {
    for (const std::string_view word : {"crashed", "regression"})
        for (const FindingFacts& finding : results.findings) {
            if (outcome_of(results.run(), finding) != word) continue;
            const std::string what = finding.clause + " " + finding.reason + " (finding " + finding.finding + ")";
            if (const Expectation* entry = expired_for(results.run(), finding))
                out.push_back({"expired", finding.cell, what + " was expected until " + entry->expires + " only",
                               "fix it, or ask " + whom_to_ask(*entry) + " and set a new `expires`",
                               place_of(results.run(), *entry)});
            else
                out.push_back({std::string(word), finding.cell, what,
                               "crosstalk replay out/cases/" + finding.finding + ".json --times=100", ""});
        }
}

// Does the entry speak of a cell that was selected?
bool in_play(const Results& results, const Expectation& entry) {
    return std::ranges::any_of(results.cells, [&](const CellOutcome& cell) {
        return glob_matches(entry.cell, cell.cell) &&
               std::ranges::any_of(cell.clauses, [&](const ClauseOutcome& one) { return one.clause == entry.clause; });
    });
}

bool is_about(const Expectation& entry, std::string_view cell, std::string_view clause) {
    return entry.clause == clause && glob_matches(entry.cell, cell);
}

// Was what the entry speaks of met, alone or as one of several faces of a finding?
bool was_seen(const Results& results, const Expectation& entry) {
    return std::ranges::any_of(results.findings, [&](const FindingFacts& finding) {
        return is_about(entry, finding.cell, finding.clause) ||
               std::ranges::any_of(finding.seen_as,
                                   [&](const SeenAs& as) { return is_about(entry, as.cell, as.clause); });
    });
}

void complain_of_entries(const Results& results, std::vector<Complaint>& out) {
    const RunFacts& run = results.run();
    const auto unmet = unmet_entries(results);
    for (const Expectation& entry : run.expectations) {
        if (!applies(run, entry) || !in_play(results, entry)) continue;
        const std::string where = place_of(run, entry), text = entry.clause + " in " + entry.cell;
        const bool told = std::ranges::any_of(out, [&](const Complaint& one) { return one.where == where; });
        const bool was_unmet = std::ranges::find(unmet, &entry) != unmet.end();
        const auto say = [&](const char* kind, const std::string& what, const std::string& todo) {
            out.push_back({kind, "", text + what, todo, where});
        };
        if (entry.reason.starts_with(unreviewed))
            say("unreviewed", ": nobody has said why this is accepted",
                "write the `reason`, and who looks after it, then commit the file");
        if (is_expired(run, entry) && !told)
            say("expired", " expired on " + entry.expires + (was_seen(results, entry) ? "" : " and was not seen"),
                "remove the entry if it is fixed; else ask " + whom_to_ask(entry) + " and set a new `expires`");
        else if (was_unmet && entry.outcome == "deviates")
            say("stale", " was not seen in a whole run with enough evidence",
                "remove the entry; or, if this deviation is rare, give it a greater `evidence`");
        else if (was_unmet && run.terms.strict)
            say("fixed", " was expected to fail and did not", "remove the entry");
    }
}

// What a run must have shown to count, by its terms.
void complain_of_the_ground(const Results& results, std::vector<Complaint>& out) {
    const Terms& terms = results.run().terms;
    for (const CellOutcome& cell : results.cells)
        if (cell.outcome == "not-evidenced" && cell.evidence < terms.min_evidence)
            out.push_back(
                {"evidence", cell.cell, cell.why,
                 "give it more time (--budget); leave the cell out ('!" + cell.cell + "') if it cannot happen here",
                 ""});
    if (const std::size_t missing = missing_shards(results); missing > 0 && results.runs.size() > 1)
        out.push_back({"shards", "", std::to_string(missing) + " shards are missing",
                       "join the results.jsonl of all shards with cat", ""});
    if (terms.strict && results.ends.size() < results.runs.size())
        out.push_back({"killed", "", "a run did not come to its end", "run it again, with a longer time limit", ""});
}

// The harness's own trouble, or nothing to judge; no exit if neither. Said only where nothing worse is known.
void complain_of_the_run(const Results& results, Gate& gate) {
    const std::uint64_t broken = total(results.evidence.broken), judged = results.evidence.cases;
    const bool gave_up = std::any_of(results.ends.begin(), results.ends.end(),
                                     [](const EndFacts& end) { return end.stopped_because.starts_with("broken"); });
    const auto say = [&](int exit, const char* kind, const char* what, const char* todo) {
        gate.exit = exit;
        gate.complaints.push_back({kind, "", what, todo, ""});
    };
    if (results.cells.empty())
        say(4, "nothing", "nothing was selected", "crosstalk list cells shows what there is to select");
    else if (judged == 0 && broken == 0 && !gave_up)
        say(4, "nothing", "nothing was judged", "give it more time or cases: --budget, --cases");
    else if (judged == 0 || gave_up)
        say(3, "broken", "the harness broke", "crosstalk probe says what the target answers and lacks");
    else if (broken > 10 && broken * 100 > judged)
        say(3, "broken", "too many cases broke", "the summary lists what broke; crosstalk probe says what is lacking");
}

}  // namespace

Gate gate_of(const Results& results) {
    if (!results.proofs.empty()) return gate_of_proofs(results);
    Gate gate;
    complain_of_findings(results, gate.complaints);
    std::string what;
    if (gate.complaints.empty()) complain_of_the_run(results, gate);
    if (gate.exit != 0) what = gate.complaints.front().what;
    if (gate.exit == 0) {
        complain_of_entries(results, gate.complaints);
        complain_of_the_ground(results, gate.complaints);
        if (!gate.complaints.empty()) gate.exit = 1;
    }
    std::map<std::string, std::uint64_t> by_kind;  // of those that no cell's outcome tells
    for (const Complaint& complaint : gate.complaints) ++by_kind[complaint.kind];
    for (const char* kind : {"expired", "stale", "unreviewed", "shards", "killed"})
        if (by_kind[kind] > 0) what += (what.empty() ? "" : ", ") + std::to_string(by_kind[kind]) + " " + kind;
    gate.passed = gate.exit == 0;
    std::map<std::string, std::uint64_t> by_outcome;
    for (const CellOutcome& cell : results.cells) ++by_outcome[cell.outcome];
    for (const std::string_view word :
         {"crashed", "regression", "broken", "flaky", "known", "fixed", "pass", "not-evidenced", "not-applicable"})
        if (const auto times = by_outcome[std::string(word)]; times > 0)
            what += (what.empty() ? "" : ", ") + std::to_string(times) + " " + std::string(word);
    gate.line = std::string(gate.passed ? "gate: PASSED " : "gate: FAILED ") + what;
    return gate;
}

}  // namespace crosstalk
