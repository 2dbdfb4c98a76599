// The formats: bytes as they were approved, and what readers that others wrote make of them: xmllint with a schema,
// junitparser, Perl's TAP::Parser, GitHub's Markdown. The last three know nothing of us.
#include "reports/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "reports/cells.h"
#include "reports/record.h"
#include "reports/row.h"
#include "reports/tests/sample.h"

namespace crosstalk {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* samples[] = {"pass", "findings", "killed", "proofs", "complaints"};

// Entries that expired, are stale and unreviewed, a cell without evidence, a shard that is missing.
Results complaints() {
    Results out = sample("findings");
    out.runs.push_back(out.runs[0]);
    out.runs[0].shard = "1/3", out.runs[1].shard = "2/3";
    out.runs[0].terms.min_evidence = 10;
    Expectation& known = out.runs[0].expectations.emplace_back();
    known = {"pipe/order/*", "PIPE-STREAM-1", "violated", "bytes are lost", "", 1.0, "linux.toml:15"};
    known.owner = "the driver's team", known.link = "https://bugs.example/7", known.expires = "2026-11-01";
    Expectation& unseen = out.runs[0].expectations.emplace_back();
    unseen = {"pipe/*", "PIPE-READ-1", "violated", "it was so once", "", 1.0, "linux.toml:24"};
    unseen.owner = "the driver's team", unseen.expires = "2026-11-01";
    out.runs[0].expectations.push_back(
        {"pipe/*", "PIPE-CREATE-1", "deviates", "UNREVIEWED: early", "", 1.0, "linux.toml:33"});
    std::erase_if(out.evidence.counts,
                  [](const auto& count) { return std::get<2>(count.first) == "descriptor-limit"; });
    out.cells = outcomes_of(out);
    return out;
}

Results results_named(const std::string& name) { return name == "complaints" ? complaints() : sample(name); }

// Everything that a target or a file can say which a format might take for its own marks.
Results hostile() {
    Results out = sample("findings");
    const std::string text =
        "]]>&<b>\"'|`````* # ok 1 %,: \x01\x1b[31m \xff\xc3 \xed\xa0\x80 caf\xc3\xa9\n::error::\nnot ok 9";
    out.runs.front().target.kernel = out.runs.front().target.name = text;
    for (FindingFacts& finding : out.findings) {
        finding.reason += text;
        finding.explanation = {text, "```\n# Heading\n</details>"};
    }
    for (CellOutcome& cell : out.cells) cell.why += text;
    return out;
}

std::string written(const Format& format, const Results& results) {
    const std::string path =
        testing::TempDir() + "crosstalk-" + std::string(format.name) + "." + std::to_string(::getpid());
    EXPECT_EQ(replace_file(path, format.write(results)), "");
    return path;
}

// What a command printed on both streams; `status` is its exit status.
struct Said {
    int status;
    std::string text;
};
Said said_by(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::string text;
    for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
    const int status = ::pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}
Said read_by(const std::string& reader, const Format& format, const Results& results) {
    const std::string path = written(format, results);
    Said out = said_by(reader + " " + path);
    std::filesystem::remove(path);
    return out;
}

std::size_t times(const std::vector<Row>& rows, Row::Says says) {
    return static_cast<std::size_t>(std::ranges::count(rows, says, &Row::says));
}

std::vector<std::pair<std::string, Results>> all_results() {
    std::vector<std::pair<std::string, Results>> out;
    for (const char* name : samples) out.emplace_back(name, results_named(name));
    out.emplace_back("hostile", hostile());
    return out;
}

class Golden : public testing::TestWithParam<std::tuple<const char*, const Format*>> {};

TEST_P(Golden, IsWhatWasApproved) {
    const auto& [name, format] = GetParam();
    const std::string path =
        CROSSTALK_SOURCE_DIR "/reports/tests/golden/" + std::string(name) + "." + std::string(format->name);
    const std::string text = format->write(results_named(name));
    if (std::getenv("CROSSTALK_APPROVE") != nullptr) {
        EXPECT_EQ(replace_file(path, text), "");
    }
    const auto approved = text_of_file(path);
    ASSERT_TRUE(approved) << approved.error();
    EXPECT_TRUE(text == *approved) << path << " differs; with CROSSTALK_APPROVE=1 this test writes it anew: read the "
                                   << "difference, then commit it";
}

std::vector<const Format*> approved_formats() {  // html is mostly its shell, which web/check.sh compares
    std::vector<const Format*> out;
    for (const Format* format : formats())
        if (format->name != "html") out.push_back(format);
    return out;
}
INSTANTIATE_TEST_SUITE_P(Formats, Golden,
                         testing::Combine(testing::ValuesIn(samples), testing::ValuesIn(approved_formats())),
                         [](const auto& each) {
                             return std::string(std::get<0>(each.param)) + "_" +
                                    std::string(std::get<1>(each.param)->name);
                         });

TEST(Formats, HaveNamesOfTheirOwnAndWriteEqualBytesForEqualResults) {
    std::set<std::string_view> names;
    for (const Format* format : formats()) {
        EXPECT_TRUE(names.insert(format->name).second) << format->name;
        EXPECT_TRUE(format->write(sample("findings")) == format->write(sample("findings"))) << format->name;
    }
}

TEST(Rows, OneIsRedExactlyIfTheGateDoesNotPass) {
    Results nothing = sample("pass");
    nothing.cells.clear();
    Results unjudged = sample("pass");
    unjudged.evidence = {};
    auto all = all_results();
    all.emplace_back("nothing", nothing);
    all.emplace_back("unjudged", unjudged);
    for (const auto& [name, results] : all) {
        const std::vector<Row> rows = rows_of(results);
        EXPECT_EQ(times(rows, Row::Says::failed) + times(rows, Row::Says::broken) == 0, gate_of(results).passed)
            << name;
        EXPECT_EQ(gate_of(results).complaints.empty(), gate_of(results).passed) << name;
    }
}

TEST(Rows, OfOneSuiteStandTogether) {
    Results results = sample("pass");
    CellOutcome other = results.cells.front();
    other.mechanism = "fifo";
    results.cells.insert(results.cells.begin() + 1, other);
    std::vector<std::string> suites;
    for (const Row& row : rows_of(results))
        if (suites.empty() || suites.back() != row.suite) suites.push_back(row.suite);
    EXPECT_THAT(suites, testing::ElementsAre("pipe", "fifo"));
}

TEST(Junit, IsValidByASchemaOfItsReaders) {
    const std::string reader = "xmllint --noout --schema " CROSSTALK_SOURCE_DIR "/reports/tests/readers/junit.xsd";
    for (const auto& [name, results] : all_results()) {
        const Said said = read_by(reader, junit_format, results);
        EXPECT_EQ(said.status, 0) << name << ": " << said.text;
    }
    const Format wrong{"junit", "",
                       [](const Results&) { return std::string("<testsuites><testsuite name=\"a\"/></testsuites>"); }};
    EXPECT_NE(read_by(reader, wrong, {}).status, 0);
}

TEST(Junit, IsReadByJunitparserWithTheCountsOfItsRows) {
    for (const auto& [name, results] : all_results()) {
        const std::vector<Row> rows = rows_of(results);
        const Said said =
            read_by("/usr/bin/python3 " CROSSTALK_SOURCE_DIR "/reports/tests/readers/junit.py", junit_format, results);
        EXPECT_EQ(said.text, std::to_string(rows.size()) + " " + std::to_string(times(rows, Row::Says::failed)) + " " +
                                 std::to_string(times(rows, Row::Says::broken)) + " " +
                                 std::to_string(times(rows, Row::Says::skipped) + times(rows, Row::Says::expected)) +
                                 "\n")
            << name;
    }
}

TEST(Ktap, IsReadByPerlWithTheCountsOfItsRows) {
    for (const auto& [name, results] : all_results()) {
        const std::vector<Row> rows = rows_of(results);
        std::set<std::string> suites, red;
        for (const Row& row : rows) {
            suites.insert(row.suite);
            if (row.says == Row::Says::failed || row.says == Row::Says::broken) red.insert(row.suite);
        }
        const Said said = read_by("perl " CROSSTALK_SOURCE_DIR "/reports/tests/readers/tap.pl", ktap_format, results);
        EXPECT_EQ(said.text, std::to_string(suites.size()) + " " + std::to_string(red.size()) + " 0 " +
                                 std::to_string(rows.size()) + " " +
                                 std::to_string(times(rows, Row::Says::failed) + times(rows, Row::Says::broken)) + " " +
                                 std::to_string(times(rows, Row::Says::skipped)) + "\n")
            << name;
    }
}

TEST(Markdown, IsTablesToGitHubsReaderAndNothingInItIsMarkup) {
    for (const auto& [name, results] : all_results()) {
        const std::vector<Row> rows = rows_of(results);
        const Said said = read_by("cmark-gfm --unsafe -e table", markdown_format, results);
        EXPECT_EQ(said.status, 0);
        const auto count = [&](std::string_view what) {
            std::size_t found = 0;
            for (std::size_t at = 0; (at = said.text.find(what, at)) != std::string::npos; ++at) ++found;
            return found;
        };
        const std::size_t red = times(rows, Row::Says::failed) + times(rows, Row::Says::broken);
        const std::size_t known = times(rows, Row::Says::expected) + times(rows, Row::Says::flaky);
        std::set<std::string> suites;
        for (const Row& row : rows) suites.insert(row.suite);
        EXPECT_EQ(count("<tr>"), red + (red > 0) + known + (known > 0) + suites.size() + 1) << said.text;
        EXPECT_EQ(count("<h1>"), 0u) << name;
        EXPECT_EQ(count("<b>"), 0u) << name;
        EXPECT_EQ(count("<details>"), count("</details>")) << name;
    }
}

TEST(Markdown, StaysBelowWhatASummaryMayHold) {
    Results results = hostile();
    const FindingFacts finding = results.findings.front();
    for (int i = 0; i < 1000; ++i) {
        CellOutcome cell = results.cells.front();
        cell.mechanism = "m" + std::to_string(i);
        cell.cell = cell.mechanism + "/" + cell.property + "/" + cell.fault;
        cell.outcome = "regression";
        cell.why = std::string(100'000, '<');
        results.cells.push_back(cell);
        results.findings.push_back(finding);
        results.findings.back().cell = cell.cell;
        results.findings.back().explanation = {std::string(100'000, '`')};
    }
    EXPECT_LT(markdown_format.write(results).size(), 64'000u);
}

TEST(Annotations, AreOneLineEachAndAtMostTen) {
    for (const auto& [name, results] : all_results()) {
        std::istringstream lines(annotations_format.write(results));
        std::size_t errors = 0;
        for (std::string line; std::getline(lines, line);) {
            EXPECT_THAT(line, testing::AnyOf(testing::StartsWith("::error "), testing::StartsWith("::notice ")))
                << name;
            errors += line.starts_with("::error ");
        }
        EXPECT_EQ(errors, std::min<std::size_t>(gate_of(results).complaints.size(), 10)) << name;
    }
    Results many = sample("findings");
    for (int i = 0; i < 20; ++i) many.findings.push_back(many.findings.front());
    EXPECT_THAT(annotations_format.write(many), HasSubstr(" more: see the summary"));
}

}  // namespace
}  // namespace crosstalk
