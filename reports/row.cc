// What each outcome means to a reader that knows only passed, failed and skipped.
#include "reports/row.h"

#include <algorithm>

#include "reports/cells.h"
#include "reports/console.h"

namespace crosstalk {
namespace {

// A cell that nobody could judge is skipped, never passed; one that is fixed passed, and the gate may still complain.
Row::Says says_of(std::string_view outcome) {
    if (outcome == "pass" || outcome == "fixed") return Row::Says::passed;
    if (outcome == "known") return Row::Says::expected;
    if (outcome == "flaky") return Row::Says::flaky;
    if (outcome == "broken") return Row::Says::broken;
    if (outcome == "not-evidenced" || outcome == "not-applicable") return Row::Says::skipped;
    return Row::Says::failed;
}

Row row_of(const Results& results, const CellOutcome& cell) {
    Row row{cell.mechanism, cell.property + "/" + cell.fault, cell.outcome, says_of(cell.outcome), cell.why, ""};
    if (row.says != Row::Says::failed) return row;
    for (const FindingFacts& finding : results.findings)
        if (finding.cell == cell.cell && says_of(outcome_of(results.run(), finding)) == Row::Says::failed)
            row.story += console_finding(results.run(), finding, {});
    return row;
}

Row row_of(const ProofFacts& proof) {
    const bool found = proof.found_after != 0;
    Row row{"lies/" + proof.host, proof.lie, found ? "found" : "survivor", Row::Says::passed, "", ""};
    if (found) row.why = proof.first + " after " + std::to_string(proof.found_after) + " cases";
    return row;
}

// A complaint about a cell or a lie turns its row red; each other gets a row. Findings have told themselves already.
void add_complaint(std::vector<Row>& rows, const Complaint& complaint) {
    if (complaint.kind == "regression" || complaint.kind == "crashed") return;
    const bool ours = complaint.kind == "broken" || complaint.kind == "trouble" || complaint.kind == "nothing";
    auto row = std::ranges::find_if(rows, [&](const Row& each) {
        return each.name == complaint.about || each.suite + "/" + each.name == complaint.about;
    });
    if (row == rows.end()) {
        const std::string name = complaint.kind + (complaint.where.empty() ? "" : " " + complaint.where);
        row = rows.insert(rows.end(), Row{"gate", name, "", Row::Says::passed, "", ""});
    }
    if (row->says != Row::Says::failed) {
        row->says = ours ? Row::Says::broken : Row::Says::failed;
        row->outcome = complaint.kind;
        row->why = complaint.what;
    }
    row->story += (complaint.where.empty() ? "" : complaint.where + ": ") + complaint.what;
    row->story += "\n    do: " + complaint.todo + "\n";
}

// Bytes of the first character (RFC 3629, table 3-7 of Unicode); 0 if they are no UTF-8, or no character of XML.
std::size_t length_of_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char c = byte(0);
    if (c < 0x80) return 1;
    const std::size_t length = c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    const bool overlong = (c == 0xe0 && byte(1) < 0xa0) || (c == 0xf0 && byte(1) < 0x90);
    const bool beyond = (c == 0xed && byte(1) >= 0xa0) || (c == 0xf4 && byte(1) >= 0x90);  // surrogates; above 10FFFF
    const bool never = text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf");
    return overlong || beyond || never ? 0 : length;
}

}  // namespace

std::vector<Row> rows_of(const Results& results) {
    std::vector<Row> rows;
    if (results.proofs.empty())
        for (const CellOutcome& cell : results.cells) rows.push_back(row_of(results, cell));
    for (const ProofFacts& proof : results.proofs)
        if (!proof.lie.empty()) rows.push_back(row_of(proof));
    for (const Complaint& complaint : gate_of(results).complaints) add_complaint(rows, complaint);
    std::vector<std::string> suites;  // in the order in which they first come
    for (const Row& row : rows)
        if (std::ranges::find(suites, row.suite) == suites.end()) suites.push_back(row.suite);
    std::ranges::stable_sort(rows, {}, [&](const Row& row) { return std::ranges::find(suites, row.suite); });
    return rows;
}

std::string readable(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = length_of_character(text.substr(at));
        const bool control =
            length == 1 &&
            ((static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\n' && text[at] != '\t') || text[at] == 0x7f);
        out += length == 0 || control ? std::string_view("?") : text.substr(at, length);
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

std::string on_one_line(std::string_view text) {
    std::string out = readable(text);
    std::ranges::replace_if(
        out, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace crosstalk
