// Comparing two results.
#include "reports/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/cells.h"
#include "reports/console.h"

namespace crosstalk {
namespace {

// A clause or cell has lost its evidence if, at the other run's pace, so many weights were due and fewer than
// least_evidence came: below one in a million by chance (Poisson).
constexpr double clearly_due = 30;

double due(const Results& here, std::uint64_t evidence, const Results& there) {
    return static_cast<double>(evidence) * static_cast<double>(there.evidence.cases) /
           static_cast<double>(std::max<std::uint64_t>(here.evidence.cases, 1));
}

bool is_judged(std::string_view outcome) { return outcome != "not-evidenced" && outcome != "not-applicable"; }

// Is what changed more than the chance of having met a cell or not?
bool is_told(const Results& before, const Results& after, std::string_view was, std::uint64_t was_evidence,
             std::string_view is, std::uint64_t is_evidence) {
    if (was == is) return false;
    if (is == "not-evidenced") return due(before, was_evidence, after) >= clearly_due;
    if (was == "not-evidenced") return !is_judged(is) || due(after, is_evidence, before) >= clearly_due || is != "pass";
    return true;
}

void compare_clauses(const Results& before, const Results& after, const CellOutcome& was, const CellOutcome& is,
                     std::vector<Change>& out) {
    for (const ClauseOutcome& now : is.clauses) {
        const auto then = std::ranges::find(was.clauses, now.clause, &ClauseOutcome::clause);
        if (then != was.clauses.end() &&
            is_told(before, after, then->outcome, then->evidence, now.outcome, now.evidence))
            out.push_back({now.clause + " in " + is.cell, then->outcome, now.outcome, "", false});
    }
}

// What a finding did to a cell is the finding's to call worse; a cell that nobody judges any more is worse by itself.
void compare_cells(const Results& before, const Results& after, Difference& out) {
    std::map<std::string_view, const CellOutcome*> then;
    for (const CellOutcome& cell : before.cells) then[cell.cell] = &cell;
    for (const CellOutcome& is : after.cells) {
        const auto found = then.find(is.cell);
        if (found == then.end()) {
            out.only_after.push_back(is.cell);
            continue;
        }
        const CellOutcome& was = *found->second;
        then.erase(found);
        compare_clauses(before, after, was, is, out.clauses);
        if (is_told(before, after, was.outcome, was.evidence, is.outcome, is.evidence))
            out.cells.push_back(
                {is.cell, was.outcome, is.outcome, is.why, is_judged(was.outcome) && !is_judged(is.outcome)});
    }
    for (const CellOutcome& cell : before.cells)
        if (then.contains(cell.cell)) out.only_before.push_back(cell.cell);
}

const FindingFacts* finding_in(const Results& results, std::string_view id) {
    const auto found = std::ranges::find(results.findings, id, &FindingFacts::finding);
    return found == results.findings.end() ? nullptr : &*found;
}

// In how many of the judged cases it was met. Cases are drawn independently, so this is what the test asks for; weights
// of a clause come several to a case, and would seem to be more than they are.
Rate met(const Results& results, const FindingFacts& finding) {
    Rate out{0, results.evidence.cases};
    if (finding_in(results, finding.finding) == nullptr) return out;
    const auto again = results.evidence.again.find(finding.finding);
    out.failed = 1 + (again == results.evidence.again.end() ? 0 : again->second);
    out.tried = std::max(out.tried, out.failed);  // a case that killed the target was met and not judged
    return out;
}

std::string words(Rate rate) { return with_thousands(rate.failed) + " of " + with_thousands(rate.tried); }

double share(Rate rate) {
    return rate.tried == 0 ? 0.0 : static_cast<double>(rate.failed) / static_cast<double>(rate.tried);
}

// A finding that only the later run met is worse until it is shown that the earlier target fails as often.
void compare_findings(const Results& before, const Results& after, const Replays& replays, Difference& out) {
    std::vector<const FindingFacts*> all;
    for (const FindingFacts& finding : before.findings) all.push_back(&finding);
    for (const FindingFacts& finding : after.findings)
        if (finding_in(before, finding.finding) == nullptr) all.push_back(&finding);
    out.comparisons = all.size();
    for (const FindingFacts* finding : all) {
        const auto replayed = replays.find(finding->finding);
        const bool again = replayed != replays.end();
        const Rate was = again ? replayed->second.first : met(before, *finding);
        const Rate is = again ? replayed->second.second : met(after, *finding);
        const double p = fisher_exact(was, is);
        const bool differs = p < difference_error_level / static_cast<double>(all.size());
        const FindingFacts* now = finding_in(after, finding->finding);
        const bool is_new = finding_in(before, finding->finding) == nullptr, is_gone = now == nullptr;
        if (!is_new && !is_gone && !differs) continue;
        const bool serious = !is_gone && outcome_of(after.run(), *now) != "known";
        const bool more = differs ? share(is) > share(was) : is_new && !again;
        out.findings.push_back({finding->finding + " " + finding->clause + " " + finding->reason,
                                (again ? "fails " : "met in ") + words(was), (again ? "fails " : "met in ") + words(is),
                                fmt::format("p = {:.2g}: {}", p,
                                            differs ? "a change"
                                            : again ? "no change is shown"
                                                    : "it may be luck; --repeat N tells"),
                                serious && more});
    }
}

std::string list_of(const char* title, const std::vector<Change>& changes) {
    constexpr std::size_t shown = 50;
    std::string out = changes.empty() ? "" : fmt::format("{}:\n", title);
    for (std::size_t i = 0; i < std::min(changes.size(), shown); ++i) {
        const Change& change = changes[i];
        out += fmt::format("  {} {}: {} → {}{}\n", change.worse ? "✗" : "·", change.what, change.before, change.after,
                           change.why.empty() ? "" : "  (" + change.why + ")");
    }
    return out + (changes.size() > shown ? fmt::format("  and {} more\n", changes.size() - shown) : "");
}

std::string about(const char* which, const Results& results) {
    const RunFacts& run = results.run();
    return fmt::format("{} {}  {}  {}  seed {}  {} cases\n", which, run.target.name, run.target.kernel, run.target.libc,
                       run.seed, with_thousands(results.evidence.cases));
}

}  // namespace

bool Difference::worse() const {
    return std::ranges::any_of(cells, &Change::worse) || std::ranges::any_of(findings, &Change::worse);
}

Difference difference_of(const Results& before, const Results& after, const Replays& replays) {
    Difference out;
    compare_cells(before, after, out);
    compare_findings(before, after, replays, out);
    return out;
}

std::string verdict_of(const Difference& difference) {
    const std::size_t changes = difference.cells.size() + difference.clauses.size() + difference.findings.size();
    const auto worse = std::ranges::count_if(difference.cells, &Change::worse) +
                       std::ranges::count_if(difference.findings, &Change::worse);
    if (changes == 0) return "SAME";
    return worse > 0 ? fmt::format("WORSE in {} of {} changes", worse, changes)
                     : fmt::format("CHANGED in {}, none of them for the worse", changes);
}

std::string method_of(const Difference& difference) {
    if (difference.comparisons == 0) return "";
    return fmt::format(
        "Fisher's exact test, two-sided, {} comparisons that together err at most once in {:.0f} times "
        "(Bonferroni: each at p < {:.2g})",
        difference.comparisons, 1 / difference_error_level,
        difference_error_level / static_cast<double>(difference.comparisons));
}

std::vector<std::string> cautions_of(const Results& before, const Results& after) {
    std::vector<std::string> out;
    const RunFacts &was = before.run(), &is = after.run();
    if (was.selection != is.selection)
        out.push_back("the two selected different cells: '" + was.selection + "', '" + is.selection + "'");
    if (was.version != is.version)
        out.push_back("the two versions draw differently: " + was.version + ", " + is.version);
    return out;
}

std::string console_difference(const Results& before, const Results& after, const Difference& difference) {
    std::string out = about("before:", before) + about("after: ", after);
    for (const std::string& caution : cautions_of(before, after)) out += caution + '\n';
    out += list_of("cells", difference.cells) + list_of("clauses", difference.clauses) +
           list_of("findings", difference.findings);
    for (const auto& [title, cells] : {std::pair("cells only before", &difference.only_before),
                                       std::pair("cells only after", &difference.only_after)})
        if (!cells->empty()) out += fmt::format("{}: {}, first {}\n", title, cells->size(), cells->front());
    if (const std::string method = method_of(difference); !method.empty()) out += "rates: " + method + '\n';
    return out + "diff: " + verdict_of(difference) + '\n';
}

}  // namespace crosstalk
