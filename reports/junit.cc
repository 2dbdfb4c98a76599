// JUnit XML as Jenkins, GitLab and Surefire read it: one <testsuite> a mechanism, one <testcase> a cell. Their schemas
// differ (junit-10.xsd of the xUnit plugin, surefire-test-report.xsd of Maven); what is written here is what both
// allow, under a root <testsuites>. A known failure is skipped with its reason: JUnit has no word for "fails as
// expected". Times of cells are not known, as a case may bear on many; Surefire demands one, so it is 0.
#include <fmt/format.h>

#include <algorithm>

#include "reports/format.h"
#include "reports/row.h"

namespace crosstalk {
namespace {

// In an attribute, line ends must be references to survive (XML 1.0, 3.3.3); "]]>" may not stand in text either.
std::string escaped(std::string_view text, bool attribute) {
    std::string out;
    for (const char c : readable(text)) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += attribute ? "&quot;" : "\""; break;
            case '\n': out += attribute ? "&#10;" : "\n"; break;
            case '\t': out += attribute ? "&#9;" : "\t"; break;
            default: out += c;
        }
    return out;
}
std::string attribute(std::string_view text) { return escaped(text, true); }
std::string content(std::string_view text) { return escaped(text, false); }

struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    void add(const Row& row) {
        ++tests;
        failures += row.says == Row::Says::failed;
        errors += row.says == Row::Says::broken;
        skipped += row.says == Row::Says::skipped || row.says == Row::Says::expected;
    }
};

std::string body_of(const Row& row) {
    const std::string message = attribute(row.outcome + (row.why.empty() ? "" : ": " + row.why));
    switch (row.says) {
        case Row::Says::passed: return "";
        case Row::Says::failed:
            return fmt::format("<failure message=\"{}\" type=\"{}\">{}</failure>", message, attribute(row.outcome),
                               content(row.story));
        case Row::Says::broken:
            return fmt::format("<error message=\"{}\" type=\"{}\">{}</error>", message, attribute(row.outcome),
                               content(row.story));
        case Row::Says::flaky:
            return fmt::format("<flakyFailure message=\"{}\" type=\"flaky\"><stackTrace/></flakyFailure>", message);
        case Row::Says::skipped:
        case Row::Says::expected: return fmt::format("<skipped message=\"{}\"/>", message);
    }
    return "";
}

std::string properties_of(const RunFacts& run) {
    std::string out = "    <properties>\n";
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"version", run.version},
                                      {"seed", std::to_string(run.seed)},
                                      {"profile", run.profile},
                                      {"book", run.book},
                                      {"started", run.started},
                                      {"selection", run.selection},
                                      {"target", run.target.name},
                                      {"kernel", run.target.kernel},
                                      {"libc", run.target.libc},
                                      {"arch", run.target.arch}})
        out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, attribute(value));
    return out + "    </properties>\n";
}

std::string junit(const Results& results) {
    const std::vector<Row> rows = rows_of(results);
    Counts all;
    std::string suites;
    for (auto row = rows.begin(); row != rows.end();) {
        const auto end = std::find_if(row, rows.end(), [&](const Row& other) { return other.suite != row->suite; });
        Counts counts;
        std::string cases;
        const std::string suite = attribute(row->suite);
        for (; row != end; ++row) {
            counts.add(*row), all.add(*row);
            const std::string body = body_of(*row);
            cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", suite, attribute(row->name));
            cases += body.empty() ? "/>\n" : ">" + body + "</testcase>\n";
        }
        suites += fmt::format(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}{}  </testsuite>\n",
            suite, counts.tests, counts.failures, counts.errors, counts.skipped, properties_of(results.run()), cases);
    }
    double seconds = 0;
    for (const EndFacts& end : results.ends) seconds += end.seconds;
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"crosstalk\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n{}</testsuites>\n",
        all.tests, all.failures, all.errors, seconds, suites);
}

}  // namespace

const Format junit_format{
    .name = "junit", .about = "JUnit XML, as Jenkins, GitLab and Surefire read it", .write = junit};

}  // namespace crosstalk
