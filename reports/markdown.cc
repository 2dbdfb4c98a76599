// Markdown for a job's summary: GitHub's $GITHUB_STEP_SUMMARY, GitLab's merge request notes. The gate's line, then what
// fails and what to do, then counts. It stays below 64 kB, because a longer summary is refused as a whole: stories of
// the first few rows only, and tables that say how many more there are.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/console.h"
#include "reports/format.h"
#include "reports/row.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_rows = 50, most_stories = 5, most_of_a_story = 6000, most_of_a_field = 300;

// Whatever Markdown or HTML would take for a mark inside a line is escaped, and what GitHub would link: #1, @name.
std::string field(std::string_view text) {
    std::string out;
    for (const char c : on_one_line(text.substr(0, most_of_a_field))) {
        if (std::string_view("\\`*_[]<>#|&~$@").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string symbol(const Row& row) {
    const bool red = row.says == Row::Says::failed || row.says == Row::Says::broken;
    return symbol_of(red ? "regression" : row.outcome);
}

// Backticks become quotes, so that no text can end its own block.
std::string block(std::string_view text) {
    std::size_t kept = std::min(text.size(), most_of_a_story);
    while (kept < text.size() && kept > 0 && text[kept - 1] != '\n') --kept;
    std::string story = readable(text.substr(0, kept));
    std::ranges::replace(story, '`', '\'');
    return fmt::format("\n```text\n{}{}```\n", story,
                       kept < text.size() ? "... (cut here; the whole story is in report.html)\n" : "");
}

std::string table(const std::vector<Row>& rows, std::string_view title, Row::Says first, Row::Says second) {
    std::string out;
    std::size_t shown = 0, more = 0;
    for (const Row& row : rows) {
        if (row.says != first && row.says != second) continue;
        if (shown == most_rows) {
            ++more;
            continue;
        }
        if (shown++ == 0) out = fmt::format("\n### {}\n\n| | where | why |\n| --- | --- | --- |\n", title);
        out += fmt::format("| {} {} | {} | {} |\n", symbol(row), field(row.outcome), field(row.suite + "/" + row.name),
                           field(row.why));
    }
    return out + (more > 0 ? fmt::format("\nand {} more.\n", more) : "");
}

std::string stories(const std::vector<Row>& rows) {
    std::string out;
    std::size_t told = 0;
    for (const Row& row : rows)
        if (!row.story.empty() && told++ < most_stories)
            out += fmt::format("\n<details><summary>{} {}</summary>\n{}\n</details>\n", symbol(row),
                               field(row.suite + "/" + row.name), block(row.story));
    return out;
}

std::string counts(const std::vector<Row>& rows) {
    std::map<std::string, std::map<Row::Says, std::size_t>> suites;
    for (const Row& row : rows) ++suites[row.suite][row.says];
    std::string out =
        "\n### All\n\n| | passed | known | flaky | failed | broken | not judged |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    std::size_t shown = 0;
    for (auto& [suite, says] : suites)
        if (shown++ < most_rows)
            out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", field(suite), says[Row::Says::passed],
                               says[Row::Says::expected], says[Row::Says::flaky], says[Row::Says::failed],
                               says[Row::Says::broken], says[Row::Says::skipped]);
    return out + (shown > most_rows ? fmt::format("\nand {} more.\n", shown - most_rows) : "");
}

std::string markdown(const Results& results) {
    const std::vector<Row> rows = rows_of(results);
    const RunFacts& run = results.run();
    const Gate gate = gate_of(results);
    return fmt::format("## {} {}\n\n", gate.passed ? "✓" : "✗", field(gate.line)) +
           fmt::format("crosstalk {}, target {} ({}, {}, {}), seed {}, {} cases\n", field(run.version),
                       field(run.target.name), field(run.target.kernel), field(run.target.libc), field(run.target.arch),
                       run.seed, with_thousands(results.evidence.cases)) +
           table(rows, "What fails", Row::Says::failed, Row::Says::broken) + stories(rows) +
           table(rows, "Known, and counted", Row::Says::expected, Row::Says::flaky) + counts(rows);
}

}  // namespace

const Format markdown_format{
    .name = "markdown", .about = "Markdown for the summary of a job on GitHub or GitLab", .write = markdown};

}  // namespace crosstalk
