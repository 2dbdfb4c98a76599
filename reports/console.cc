// Text for a terminal.
#include "reports/console.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/cells.h"
#include "reports/format.h"
#include "reports/gate.h"

namespace crosstalk {
namespace {

std::string_view colour_of(std::string_view outcome) {
    if (outcome == "regression" || outcome == "crashed" || outcome == "broken") return "\x1b[31m";
    if (outcome == "pass") return "\x1b[32m";
    if (outcome == "known" || outcome == "flaky" || outcome == "fixed") return "\x1b[33m";
    return "\x1b[2m";
}

std::string painted(std::string_view text, std::string_view outcome, bool colour) {
    return colour ? fmt::format("{}{}\x1b[0m", colour_of(outcome), text) : std::string(text);
}

const ClauseFact* clause_fact(const RunFacts& run, std::string_view id) {
    for (const ClauseFact& clause : run.catalogue.clauses)
        if (clause.id == id) return &clause;
    return nullptr;
}

struct GridLine {
    std::string mechanism, property;
    std::uint64_t cells = 0, evidence = 0, pass = 0, known = 0, flaky = 0, failed = 0, hollow = 0;
};

// "not-applicable" counts with the hollow: neither is green.
std::vector<GridLine> lines_of(const Results& results) {
    std::vector<GridLine> rows;
    for (const CellOutcome& cell : results.cells) {
        auto row = std::find_if(rows.begin(), rows.end(), [&](const GridLine& other) {
            return other.mechanism == cell.mechanism && other.property == cell.property;
        });
        if (row == rows.end()) row = rows.insert(rows.end(), GridLine{cell.mechanism, cell.property});
        ++row->cells;
        row->evidence += cell.evidence;
        row->pass += cell.outcome == "pass" || cell.outcome == "fixed";
        row->known += cell.outcome == "known";
        row->flaky += cell.outcome == "flaky";
        row->failed += cell.outcome == "regression" || cell.outcome == "crashed" || cell.outcome == "broken";
        row->hollow += cell.outcome == "not-evidenced" || cell.outcome == "not-applicable";
    }
    return rows;
}

std::string grid(const Results& results, bool colour) {
    std::string out = fmt::format(" {:<13} {:<13} {:>5} {:>10} {:>5} {:>5} {:>5} {:>6} {:>6}\n", "mechanism",
                                  "property", "cells", "evidence", "pass", "known", "flaky", "failed", "hollow");
    for (const GridLine& row : lines_of(results)) {
        const std::string_view worst = row.failed > 0  ? "regression"
                                       : row.flaky > 0 ? "flaky"
                                       : row.known > 0 ? "known"
                                       : row.pass > 0  ? "pass"
                                                       : "not-evidenced";
        out += painted(fmt::format("{}{:<13} {:<13} {:>5} {:>10} {:>5} {:>5} {:>5} {:>6} {:>6}", symbol_of(worst),
                                   row.mechanism, row.property, row.cells, with_thousands(row.evidence), row.pass,
                                   row.known, row.flaky, row.failed, row.hollow),
                       worst, colour) +
               "\n";
    }
    return out;
}

std::string top_of(const char* title, const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [what, times] : counts) {
        sum += times;
        order.emplace_back(times, what);
    }
    if (sum == 0) return "";
    std::sort(order.rbegin(), order.rend());
    std::string out = fmt::format("{}: {}\n", title, with_thousands(sum));
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(order.size(), shown); ++i)
        out += fmt::format("  {:>9}  {}\n", with_thousands(order[i].first), order[i].second);
    if (order.size() > shown) out += fmt::format("  and {} more kinds\n", order.size() - shown);
    return out;
}

std::string fault_table(const EvidenceFacts& evidence) {
    if (evidence.armed.empty()) return "";
    std::string out = fmt::format(" {:<20} {:>12} {:>12}\n", "fault", "armed", "fired");
    for (const auto& [fault, times] : evidence.armed) {
        const auto fired = evidence.fired.find(fault);
        out += fmt::format(" {:<20} {:>12} {:>12}\n", fault, with_thousands(times),
                           with_thousands(fired == evidence.fired.end() ? 0 : fired->second));
    }
    return out;
}

// Over all mechanisms: in how many orders calls and returns came, and how many calls were in flight at one time.
std::string interleaving_line(const EvidenceFacts& evidence) {
    Interleaving sum;
    std::uint64_t orders = 0;
    bool exact = true;
    for (const auto& [key, how] : evidence.interleavings) {
        sum.add(how);
        orders += how.orders.count();
        exact = exact && how.orders.exact();
    }
    if (orders == 0) return "";
    const std::uint64_t told = exact ? orders : std::min(orders, evidence.cases);
    return fmt::format(" different orders {}{}   calls at once {}   switches (log2) {}\n", exact ? "" : "about ",
                       with_thousands(told), spark(sum.at_once), spark(sum.switches));
}

std::string known_lines(const Results& results) {
    std::string out;
    for (const FindingFacts& finding : results.findings) {
        if (outcome_of(results.run(), finding) != "known") continue;
        const auto again = results.evidence.again.find(finding.finding);
        const Expectation* entry = expectation_for(results.run(), finding);
        out += fmt::format("  {} {} {} {} times: {}\n", symbol_of("known"), finding.clause, finding.reason,
                           with_thousands(1 + (again == results.evidence.again.end() ? 0 : again->second)),
                           entry != nullptr
                               ? entry->reason
                               : "strength " + finding.strength + " does not gate with book " + results.run().book);
    }
    return out.empty() ? "" : "known deviations:\n" + out;
}

// What fails the gate beside findings, which have told themselves.
std::string complaints(const Gate& gate, bool colour) {
    constexpr std::size_t shown = 20;
    std::string out;
    std::size_t told = 0;
    for (const Complaint& complaint : gate.complaints) {
        if (complaint.kind == "regression" || complaint.kind == "crashed" || ++told > shown) continue;
        out += painted(fmt::format("✗ {}  {}{}", complaint.kind, complaint.about.empty() ? "" : complaint.about + ": ",
                                   complaint.what),
                       "regression", colour);
        out += complaint.where.empty() ? "\n" : "\n    at: " + complaint.where + "\n";
        out += "    do: " + complaint.todo + "\n";
    }
    return out + (told > shown ? fmt::format("and {} more complaints\n", told - shown) : "");
}

}  // namespace

std::string symbol_of(std::string_view outcome) {
    if (outcome == "pass") return "✓";
    if (outcome == "regression" || outcome == "crashed" || outcome == "broken") return "✗";
    if (outcome == "known") return "≈";
    if (outcome == "flaky") return "~";
    if (outcome == "fixed") return "!";
    return outcome == "not-applicable" ? "—" : "○";
}

std::string with_thousands(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string spark(std::span<const std::uint64_t> counts) {
    static constexpr std::string_view bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::size_t used = counts.size();
    while (used > 0 && counts[used - 1] == 0) --used;
    std::uint64_t most = 1;
    for (const std::uint64_t count : counts) most = std::max(most, count);
    std::string out;
    for (std::size_t i = 0; i < used; ++i) out += bars[counts[i] == 0 ? 0 : 1 + counts[i] * 7 / most];
    return out;
}

std::string console_opening(const RunFacts& run) {
    std::string out = fmt::format("crosstalk {}  seed {}  target {}\n", run.version, run.seed, run.target.name);
    if (!run.target.absent.empty()) return out + "target: absent: " + run.target.absent + "\n";
    const auto said = [&run](const char* key) {
        const auto found = run.target.environment.find(key);
        return found == run.target.environment.end() ? "" : found->second;
    };
    const std::string variant = said("variant"), news = said("unlike_its_file");
    out += fmt::format("target: {}  {}  {}{}\n", run.target.kernel, run.target.libc, run.target.arch,
                       variant.empty() ? "" : "  with " + variant);
    if (!news.empty()) out += "target: unlike its file it " + news + "\n";
    std::string has, lacks, faults, no_faults;
    for (const auto& [name, there] : run.target.abilities) (there ? has : lacks) += " " + name;
    for (const auto& [name, answer] : run.faults)
        if (answer == "yes")
            faults += name == "none" ? "" : " " + name;
        else
            no_faults += fmt::format("faults: no {}: {}\n", name, answer);
    out += "abilities:" + (has.empty() ? " none" : has) + (lacks.empty() ? "" : "  (lacking:" + lacks + ")") + "\n";
    out += "faults:" + (faults.empty() ? " none" : faults) + "\n" + no_faults;
    out += run.expectation_file.empty() ? "expectations: none\n" : "expectations: " + run.expectation_file + "\n";
    return out;
}

std::string console_finding(const RunFacts& run, const FindingFacts& finding, const ConsoleStyle& style) {
    const std::string outcome = outcome_of(run, finding);
    std::string out = painted(
        fmt::format("{} {}  {}  {} {}", symbol_of(outcome), finding.cell, outcome, finding.clause, finding.reason),
        outcome, style.colour);
    out += fmt::format("\n    finding {}  {} actors, {} steps  fails {} of {} replays{}\n", finding.finding,
                       finding.actors, finding.steps, finding.failed, finding.tried,
                       finding.deviates ? "  (a deviation the model knows)" : "");
    for (const SeenAs& seen : finding.seen_as)
        out += fmt::format("    seen also as {} {} ({}), in greater cases\n", seen.clause, seen.reason, seen.finding);
    if (const ClauseFact* clause = clause_fact(run, finding.clause))
        out += fmt::format("    promised: {}  [{}, {}]\n", clause->says, clause->source, clause->strength);
    for (const std::string& line : finding.explanation) out += "    " + line + "\n";
    out += fmt::format("    replay: crosstalk replay {}/cases/{}.json\n", style.out, finding.finding);
    if (const Expectation* entry = expectation_for(run, finding))
        out += fmt::format("    known: {} ({})\n", entry->reason, entry->where);
    return out;
}

std::string console_summary(const Results& results, const ConsoleStyle& style) {
    std::string out;
    for (const FindingFacts& finding : results.findings)
        if (const std::string outcome = outcome_of(results.run(), finding); outcome != "known")
            out += console_finding(results.run(), finding, style);
    out += "\n" + grid(results, style.colour) + "\n" + fault_table(results.evidence);
    const EvidenceFacts& evidence = results.evidence;
    if (const std::string sizes = spark(evidence.sizes); !sizes.empty())
        out += fmt::format(" sizes (log2) {}   actors {}\n", sizes, spark(evidence.actors));
    out += interleaving_line(evidence);
    out += known_lines(results);
    for (const CellOutcome& cell : results.cells)
        if (cell.outcome == "fixed") out += fmt::format("{} {}: {}\n", symbol_of("fixed"), cell.cell, cell.why);
    out += top_of("inconclusive", evidence.inconclusive);
    out += top_of("not applicable", evidence.not_applicable);
    out += top_of("broken (our trouble, not the target's; kept: histories/broken-*.json)", evidence.broken);
    double seconds = 0;
    std::string stopped;
    for (const EndFacts& end : results.ends) {
        seconds += end.seconds;
        stopped += (stopped.empty() ? "" : ", ") + end.stopped_because;
    }
    if (results.ends.size() < results.runs.size()) stopped += (stopped.empty() ? "" : ", ") + std::string("killed");
    out += fmt::format("{} cases, {} events judged in {:.1f} s; stopped: {}\n", with_thousands(evidence.cases),
                       with_thousands(evidence.events), seconds, stopped);
    const Gate gate = gate_of(results);
    return out + complaints(gate, style.colour) + gate.line + "\n";
}

const Format text_format{.name = "text", .about = "what a run prints at its end", .write = [](const Results& results) {
                             return console_summary(results, {});
                         }};

}  // namespace crosstalk
