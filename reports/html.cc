// Puts records into the page, and writes the summary that needs no script.
#include "reports/html.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/cells.h"
#include "reports/claims.h"
#include "reports/format.h"
#include "reports/gate.h"
#include "reports/record.h"
#include "reports/web/shell.h"

namespace crosstalk {
namespace {

constexpr std::string_view summary_mark = "<!--crosstalk:summary-->";
constexpr std::string_view records_mark = "<!--crosstalk:records-->";

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    return out;
}

std::string_view says_of(const Results& results, std::string_view id) {
    for (const RunFacts& run : results.runs)
        for (const ClauseFact& clause : run.catalogue.clauses)
            if (clause.id == id) return clause.says;
    return "";
}

nlohmann::ordered_json claims_of(const Results& results) {
    auto out = nlohmann::ordered_json::array();
    for (const ClaimAnswer& each : answers_of(results)) {
        auto clauses = nlohmann::ordered_json::array();
        for (const DecidingClause& clause : each.clauses)
            clauses.push_back({{"clause", clause.clause}, {"state", clause.state}, {"evidence", clause.evidence}});
        out.push_back({{"about", each.claim.about},
                       {"says", each.claim.says},
                       {"documents", each.claim.documents},
                       {"named", each.claim.clauses},
                       {"answer", each.answer},
                       {"why", each.why},
                       {"clauses", std::move(clauses)}});
    }
    return out;
}

// The last line that the page reads: cells with their clauses, judged over all shards, what the gate says, and claims.
std::string judged_line(const Results& results) {
    using Json = nlohmann::ordered_json;
    Json cells = Json::array();
    for (const CellOutcome& cell : results.cells) {
        Json clauses = Json::array();
        for (const ClauseOutcome& clause : cell.clauses) {
            Json entry{{"clause", clause.clause}, {"outcome", clause.outcome}, {"evidence", clause.evidence}};
            if (!clause.why.empty()) entry["why"] = clause.why;
            clauses.push_back(std::move(entry));
        }
        Json entry{{"cell", cell.cell},
                   {"mechanism", cell.mechanism},
                   {"property", cell.property},
                   {"fault", cell.fault},
                   {"outcome", cell.outcome},
                   {"evidence", cell.evidence},
                   {"clauses", std::move(clauses)}};
        if (!cell.why.empty()) entry["why"] = cell.why;
        cells.push_back(std::move(entry));
    }
    const Gate gate = gate_of(results);
    const Json json{{"type", "cells"},
                    {"gate", {{"exit", gate.exit}, {"line", gate.line}}},
                    {"cells", std::move(cells)},
                    {"claims", claims_of(results)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// A finding's line with its own outcome in it, which is known only here, beside the expectations.
std::string finding_line(const Results& results, const FindingFacts& finding) {
    std::string line = line_of(finding);
    const std::string head = "{\"type\":\"finding\",";
    if (!line.starts_with(head)) throw std::logic_error("a finding's line begins with its type");
    return head + "\"outcome\":\"" + outcome_of(results.run(), finding) + "\"," + line.substr(head.size());
}

void append_row(std::string& out, std::initializer_list<std::string_view> fields) {
    out += "<tr>";
    for (const std::string_view field : fields) out += "<td>" + escaped(field) + "</td>";
    out += "</tr>\n";
}

void append_table(std::string& out, std::string_view caption, std::initializer_list<std::string_view> heads) {
    out += "<table><caption>" + escaped(caption) + "</caption><thead><tr>";
    for (const std::string_view head : heads) out += "<th scope=\"col\">" + escaped(head) + "</th>";
    out += "</tr></thead><tbody>\n";
}

}  // namespace

std::string html_page(std::string_view records, std::string_view summary) {
    const std::string_view shell = html_shell();
    const std::size_t at_summary = shell.find(summary_mark), at_records = shell.find(records_mark);
    if (at_summary == shell.npos || at_records == shell.npos || at_records < at_summary)
        throw std::logic_error("web/dist/shell.html lacks the marks that reports/html.cc fills");
    std::string out;
    out.reserve(shell.size() + summary.size() + records.size() + records.size() / 16);
    out += shell.substr(0, at_summary);
    out += summary;
    out += shell.substr(at_summary + summary_mark.size(), at_records - at_summary - summary_mark.size());
    for (const char c : records)  // in JSON "<" stands in strings only; so no record can end the script that holds it
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    out += shell.substr(at_records + records_mark.size());
    return out;
}

std::string html_summary(const Results& results) {
    std::string out;
    if (results.runs.empty()) return out;
    const RunFacts& run = results.run();
    out += "<h1>" + escaped(gate_of(results).line) + "</h1>\n";
    out += fmt::format("<p>Crosstalk {}, target {} ({}, {}, {}), seed {}, {} cases, {} events, started {}{}.</p>\n",
                       escaped(run.version), escaped(run.target.name), escaped(run.target.kernel),
                       escaped(run.target.libc), escaped(run.target.arch), run.seed, results.evidence.cases,
                       results.evidence.events, escaped(run.started),
                       results.ends.size() < results.runs.size() ? "; it did not come to its end" : "");
    append_table(out, results.findings.empty() ? "No findings" : "Findings",
                 {"outcome", "finding", "clause", "promise", "what happened", "cell", "rate", "replay"});
    for (const FindingFacts& finding : results.findings)
        append_row(out, {outcome_of(run, finding), finding.finding, finding.clause, says_of(results, finding.clause),
                         finding.detail.empty() ? finding.reason : finding.reason + ":" + finding.detail, finding.cell,
                         fmt::format("{}/{}", finding.failed, finding.tried),
                         "crosstalk replay out/cases/" + finding.finding + ".json"});
    out += "</tbody></table>\n";
    append_table(out, "Cells", {"cell", "outcome", "evidence", "why"});
    for (const CellOutcome& cell : results.cells)
        append_row(out, {cell.cell, cell.outcome, std::to_string(cell.evidence), cell.why});
    out += "</tbody></table>\n";
    return out;
}

std::string html_records(const Results& results) {
    std::string records;
    for (const RunFacts& run : results.runs) records += line_of(run);
    records += line_of(results.evidence);  // the sum: a night of increments would be megabytes
    for (const FindingFacts& finding : results.findings) records += finding_line(results, finding);
    for (const ProofFacts& proof : results.proofs) records += line_of(proof);
    for (EndFacts end : results.ends) {
        end.cells.clear();  // told again, over all shards, below
        records += line_of(end);
    }
    return records + judged_line(results);
}

std::string html_report(const Results& results) { return html_page(html_records(results), html_summary(results)); }

const Format html_format{
    .name = "html", .about = "report.html: one file that opens without a network", .write = html_report};

}  // namespace crosstalk
