// From the states of single clauses to the answer of a claim.
#include "reports/claims.h"

#include <algorithm>

#include "reports/cells.h"

namespace crosstalk {
namespace {

bool any_matches(const std::vector<std::string>& globs, std::string_view text) {
    return std::ranges::any_of(globs, [&](const std::string& glob) { return glob_matches(glob, text); });
}

DecidingClause state_of(const Results& results, const ClaimFact& claim, const ClauseFact& clause) {
    DecidingClause out{clause.id, "unjudged", 0};
    for (const auto& [key, times] : results.evidence.counts)
        if (std::get<1>(key) == clause.id && any_matches(claim.mechanisms, std::get<0>(key))) out.evidence += times;
    // What needs something is judged where the target gave it.
    const bool judged = clause.standing == "judged" || out.evidence != 0;
    if (judged) out.state = out.evidence >= least_evidence ? "holds" : "thin";
    for (const FindingFacts& finding : results.findings)
        if (finding.clause == clause.id && any_matches(claim.mechanisms, finding.mechanism) && out.state != "broken")
            out.state = finding.deviates ? "deviates" : "broken";
    return out;
}

// The ids in this state: "PIPE-CAP-1, PIPE-CAP-2"; "" if there are none.
std::string in_state(const ClaimAnswer& answer, std::string_view state) {
    std::string out;
    for (const DecidingClause& each : answer.clauses)
        if (each.state == state) out += (out.empty() ? "" : ", ") + each.clause;
    return out;
}

// Globs for which this build judges no clause.
std::string undecidable(const Catalogue& known, const ClaimFact& claim, const ClaimAnswer& answer) {
    if (std::ranges::none_of(known.mechanisms, [&](const Named& m) { return any_matches(claim.mechanisms, m.name); }))
        return "its mechanism is not in this version";
    std::string absent, unjudged;
    for (const std::string& glob : claim.clauses) {
        bool is_there = false, judged = false;
        for (const DecidingClause& each : answer.clauses) {
            const bool met = glob_matches(glob, each.clause);
            is_there = is_there || met;
            judged = judged || (met && each.state != "unjudged");
        }
        std::string& list = is_there ? unjudged : absent;
        if (!judged) list += (list.empty() ? "" : ", ") + glob;
    }
    if (!absent.empty()) return absent + ": not in this version";
    return unjudged.empty() ? "" : unjudged + ": this version cannot judge it";
}

void decide(const Catalogue& known, const ClaimFact& claim, ClaimAnswer& out) {
    const bool documents_refute = claim.told == "refuted";
    if (const std::string broken = in_state(out, "broken"); !broken.empty()) {
        out.answer = documents_refute ? "undecided" : "refuted";
        out.why = "this target breaks " + broken;
        return;
    }
    out.answer = "undecided";
    out.why = undecidable(known, claim, out);
    if (!out.why.empty()) return;
    if (const std::string thin = in_state(out, "thin"); !thin.empty()) {
        out.why = "too little evidence in this run: " + thin;
        return;
    }
    const std::string deviates = in_state(out, "deviates");
    out.answer = documents_refute ? "refuted" : claim.told == "holds" && deviates.empty() ? "confirmed" : "conditional";
    if (!deviates.empty()) out.why = "but this target deviates from " + deviates;
}

}  // namespace

std::vector<ClaimAnswer> answers_of(const Results& results) {
    std::vector<ClaimAnswer> out;
    if (results.runs.empty()) return out;
    const Catalogue& known = results.run().catalogue;
    for (const ClaimFact& claim : known.claims) {
        ClaimAnswer answer{claim, "", "", {}};
        for (const ClauseFact& clause : known.clauses)
            if (any_matches(claim.clauses, clause.id)) answer.clauses.push_back(state_of(results, claim, clause));
        decide(known, claim, answer);
        out.push_back(std::move(answer));
    }
    return out;
}

}  // namespace crosstalk
