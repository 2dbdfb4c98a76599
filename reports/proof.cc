// The kill matrix in words. Rows are sparse: a lie is found under a few clauses of a hundred.
#include "reports/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/console.h"
#include "reports/gate.h"
#include "reports/result.h"

namespace crosstalk {
namespace {

constexpr std::uint64_t soon = 5000;           // cases: most lies are to be found within so many
constexpr std::size_t most_clauses_shown = 5;  // of a row

bool found(const ProofFacts& proof) { return proof.found_after != 0; }

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

void append_list(std::string& out, const char* what, const std::vector<std::string>& clauses) {
    if (!clauses.empty()) out += fmt::format("{}: {}\n", what, joined(clauses));
}

}  // namespace

Unbroken unbroken_clauses(const Results& results) {
    std::set<std::string> noticed, named, covered, claimed;
    for (const ProofFacts& proof : results.proofs) {
        if (proof.lie.empty()) covered.insert(proof.clause);
        if (!proof.lie.empty()) claimed.insert(proof.clause);
        if (found(proof)) noticed.insert(proof.clause);
        for (const auto& [clause, times] : proof.clauses) named.insert(clause);
    }
    bool all = results.run().selection.empty();  // else, or so far, only what its lies were about
    for (const EndFacts& end : results.ends) all = all && end.stopped_because != "interrupted";
    Unbroken out;
    for (const ClauseFact& clause : results.run().catalogue.clauses) {
        if (clause.standing != "judged" || named.contains(clause.id)) continue;
        if (noticed.contains(clause.id))
            out.by_other_name.push_back(clause.id);
        else if (covered.contains(clause.id))
            out.by_hand_made.push_back(clause.id);
        else if (all || claimed.contains(clause.id))
            out.by_none.push_back(clause.id);
    }
    return out;
}

Gate gate_of_proofs(const Results& results) {
    Gate gate;
    std::uint64_t lies = 0, survivors = 0;
    std::vector<Complaint> troubled;
    for (const ProofFacts& proof : results.proofs) {
        if (proof.lie.empty()) continue;
        ++lies;
        if (!proof.trouble.empty())
            troubled.push_back({"trouble", proof.lie, proof.trouble, "crosstalk prove " + proof.lie, ""});
        else if (!found(proof) && ++survivors > 0)
            gate.complaints.push_back({"survivor", proof.lie, "survives: " + proof.about,
                                       "crosstalk explain " + proof.lie + "; crosstalk explain " + proof.clause, ""});
    }
    const std::vector<std::string> none = unbroken_clauses(results).by_none;
    if (!none.empty())
        gate.complaints.push_back({"unbroken", "", "no lie breaks " + joined(none),
                                   "add a lie (faults/lies) or a hand-made history (properties/examples)", ""});
    gate.exit = !gate.complaints.empty() ? 1 : !troubled.empty() ? 3 : lies == 0 ? 4 : 0;
    gate.passed = gate.exit == 0;
    gate.line = fmt::format("prove: {} {} of {} lies found", gate.passed ? "PASSED" : "FAILED",
                            lies - survivors - troubled.size(), lies);
    if (!troubled.empty()) gate.line += fmt::format(", {} could not be told", troubled.size());
    if (!none.empty()) gate.line += fmt::format(", {} judged clauses broken by none", none.size());
    gate.complaints.insert(gate.complaints.end(), troubled.begin(), troubled.end());
    if (lies == 0) gate.complaints.push_back({"nothing", "", "no lie was told", "crosstalk list lies", ""});
    return gate;
}

std::string console_proof(const ProofFacts& proof) {
    if (!proof.trouble.empty()) return fmt::format("! {:<34} {}\n", proof.lie, proof.trouble);
    if (!found(proof))
        return fmt::format("✗ {:<34} {:<6} {:<16} survives {} cases: {}\n", proof.lie, proof.host, proof.clause,
                           with_thousands(proof.cases), proof.about);
    std::vector<std::pair<std::uint64_t, std::string>> by_times;
    for (const auto& [clause, times] : proof.clauses) by_times.emplace_back(times, clause);
    std::sort(by_times.rbegin(), by_times.rend());
    std::string where;
    for (std::size_t i = 0; i < std::min(by_times.size(), most_clauses_shown); ++i)
        where += fmt::format(" {} {}", by_times[i].second, by_times[i].first);
    if (by_times.size() > most_clauses_shown)
        where += fmt::format(" and {} more", by_times.size() - most_clauses_shown);
    return fmt::format("{} {:<34} {:<6} {:<16} {:>7}  {:>6}{}\n", proof.named_after != 0 ? "✓" : "≠", proof.lie,
                       proof.host, proof.clause, with_thousands(proof.found_after),
                       proof.named_after != 0 ? with_thousands(proof.named_after) : "never", where);
}

std::string console_proofs(const Results& results) {
    std::uint64_t lies = 0, played = 0, killed = 0, early = 0, named = 0, cases = 0, bugs = 0;
    double seconds = 0;
    std::string out =
        fmt::format("\n  {:<34} {:<6} {:<16} {:>7}  {:>6} {}\n", "lie", "host", "breaks", "found", "so", "found under");
    for (const ProofFacts& proof : results.proofs) {
        if (proof.lie.empty()) continue;
        out += console_proof(proof);
        ++lies;
        played += proof.host == "mirror";
        killed += found(proof);
        early += found(proof) && proof.found_after <= soon;
        named += proof.named_after != 0;
        bugs += found(proof) && !proof.bug.empty();
        cases += proof.cases;
        seconds += proof.seconds;
    }
    const Unbroken unbroken = unbroken_clauses(results);
    out += "(found: cases until the first violation; so: until one that names the clause; then violations by clause)\n";
    append_list(out, "judged clauses broken by none", unbroken.by_none);
    append_list(out, "noticed, but never under their own name", unbroken.by_other_name);
    append_list(out, "broken by a hand-made history only", unbroken.by_hand_made);
    out += fmt::format(
        "{} lies ({} by the agent, {} by the mirror): {} found, {} of them within {} cases, {} under the clause that "
        "they break; {} known bugs "
        "re-enacted\n",
        lies, lies - played, played, killed, early, with_thousands(soon), named, bugs);
    out += fmt::format("{} cases in {:.0f} s of lanes\n", with_thousands(cases), seconds);
    return out + gate_of_proofs(results).line + "\n";
}

}  // namespace crosstalk
