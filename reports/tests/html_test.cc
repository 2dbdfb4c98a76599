// The HTML report as bytes: what is in the file. How it looks and behaves is web/tests/report.test.mjs.
#include "reports/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/record.h"
#include "reports/tests/sample.h"
#include "reports/web/shell.h"

namespace crosstalk {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t times_in(std::string_view text, std::string_view what) {
    std::size_t times = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++times;
    return times;
}

TEST(HtmlReport, TheEmbeddedShellIsTheCommittedFileByteForByte) {
    const auto file = text_of_file(CROSSTALK_SOURCE_DIR "/reports/web/dist/shell.html");
    ASSERT_TRUE(file) << file.error();
    EXPECT_TRUE(*file == html_shell());
}

TEST(HtmlReport, TheShellHasEachMarkOnceAndAsksForNothing) {
    EXPECT_EQ(times_in(html_shell(), "<!--crosstalk:summary-->"), 1u);
    EXPECT_EQ(times_in(html_shell(), "<!--crosstalk:records-->"), 1u);
    EXPECT_THAT(std::string(html_shell()), HasSubstr("default-src 'none'"));
    EXPECT_EQ(times_in(html_shell(), "src=\"http"), 0u);
    EXPECT_LT(html_shell().size(), 400'000u);
}

TEST(HtmlReport, NoRecordCanEndTheScriptThatHoldsIt) {
    const std::string page = html_page("{\"type\":\"run\",\"version\":\"</script><b>\"}\n", "");
    EXPECT_EQ(times_in(page, "</script"), times_in(html_shell(), "</script"));
    EXPECT_THAT(page,
                HasSubstr("id=\"records\">\n{\"type\":\"run\",\"version\":\"\\u003c/script>\\u003cb>\"}\n</script>"));
}

TEST(HtmlReport, MarksInsideRecordsAreLeftAlone) {
    const std::string page = html_page("{\"a\":\"<!--crosstalk:records-->\"}\n", "<p>1</p>");
    EXPECT_THAT(page, HasSubstr("<noscript><p>1</p></noscript>"));
    EXPECT_THAT(page, HasSubstr("\\u003c!--crosstalk:records-->"));
}

TEST(HtmlReport, TheSummaryNamesEachFindingAndEachCellWithItsOutcome) {
    const Results results = sample("findings");
    const std::string summary = html_summary(results);
    ASSERT_FALSE(results.findings.empty());
    for (const FindingFacts& finding : results.findings)
        EXPECT_THAT(summary, HasSubstr("crosstalk replay out/cases/" + finding.finding + ".json"));
    for (const CellOutcome& cell : results.cells)
        EXPECT_THAT(summary, HasSubstr("<td>" + cell.cell + "</td><td>" + cell.outcome + "</td>"));
    EXPECT_THAT(summary, HasSubstr("gate: FAILED"));
}

TEST(HtmlReport, TheSummaryEscapesWhatATargetSaysOfItself) {
    Results results = sample("pass");
    results.runs.front().target.kernel = "<script>&\"";
    EXPECT_THAT(html_summary(results), HasSubstr("&lt;script&gt;&amp;&quot;"));
    EXPECT_THAT(html_summary(results), Not(HasSubstr("<script>")));
}

TEST(HtmlReport, ARunThatWasKilledSaysSo) {
    EXPECT_THAT(html_summary(sample("killed")), HasSubstr("did not come to its end"));
    EXPECT_THAT(html_summary(sample("pass")), Not(HasSubstr("did not come to its end")));
}

TEST(HtmlReport, EqualResultsGiveEqualBytes) {
    EXPECT_TRUE(html_report(sample("findings")) == html_report(sample("findings")));
}

TEST(HtmlReport, IncrementsOfEvidenceAreTheirSumInThePage) {
    const Results results = sample("findings");
    const std::string page = html_report(results);
    EXPECT_EQ(times_in(page, "\n{\"type\":\"evidence\""), 1u);
    EXPECT_THAT(page, HasSubstr("\"cases\":" + std::to_string(results.evidence.cases)));
}

TEST(HtmlReport, EachFindingCarriesItsOwnOutcome) {
    const std::string page = html_report(sample("findings"));
    EXPECT_THAT(page, HasSubstr("{\"type\":\"finding\",\"outcome\":\"known\",\"finding\":\"b4417c09e3d2\""));
    EXPECT_THAT(page, HasSubstr("{\"type\":\"finding\",\"outcome\":\"regression\",\"finding\":\"7f3a91c20be4\""));
}

TEST(HtmlReport, ADifferencePageHoldsTheDifferenceFirstAndThenBothRunsUnderTheirSides) {
    const Results before = sample("pass"), after = sample("findings");
    const Difference difference = difference_of(before, after);
    ASSERT_TRUE(difference.worse());
    const std::string page = html_difference(before, after, difference);
    const std::size_t first = page.find("{\"type\":\"difference\",\"verdict\":\"WORSE in ");
    const std::size_t later = page.find("{\"type\":\"side\",\"side\":\"after\"}\n{\"type\":\"run\"", first);
    const std::size_t last = page.find("{\"type\":\"side\",\"side\":\"before\"}\n{\"type\":\"run\"", later);
    EXPECT_LT(first, later);
    EXPECT_LT(later, last);
    EXPECT_NE(last, page.npos);
    EXPECT_THAT(page, HasSubstr("diff: WORSE in "));
    EXPECT_THAT(html_page(html_records(before), ""), Not(HasSubstr("\"type\":\"side\"")));
}

TEST(HtmlReport, ClaimsAreAnsweredInThePage) {
    Results results = sample("pass");
    results.runs.front().catalogue.claims = {{"pipe", "one <way>", "it holds", "holds", {"sctp*"}, {"SCTP-*"}}};
    EXPECT_THAT(html_records(results), HasSubstr("\"answer\":\"undecided\",\"why\":\"its mechanism is not in this"));
}

}  // namespace
}  // namespace crosstalk
