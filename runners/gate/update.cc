// Writing entries. A finding that was seen as several needs one for each.
#include "runners/gate/update.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <set>

#include "reports/cells.h"
#include "reports/rates.h"

namespace crosstalk {
namespace {

constexpr int days_of_grace = 30;

// A basic string of TOML 1.0: quotes, backslashes and control characters are escaped.
std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text)
        if (c == '"' || c == '\\')
            out += '\\', out += c;
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            out += c;
    return out + "\"";
}

std::string entry_for(const RunFacts& run, const FindingFacts& finding, const std::string& clause,
                      const std::string& cell) {
    const bool flaky = !finding.deviates && finding.failed < finding.tried;
    std::string out = fmt::format("\n[[expect]]\ncell    = {}\nclause  = {}\noutcome = {}\nreason  = {}\n",
                                  toml_text(cell), toml_text(clause),
                                  toml_text(finding.deviates ? "deviates"
                                            : flaky          ? "flaky"
                                                             : "violated"),
                                  toml_text(fmt::format("{}: {}, finding {}, seen on {}", unreviewed, finding.reason,
                                                        finding.finding, run.target.kernel)));
    if (finding.deviates) return out;
    out += fmt::format("owner   = \"nobody yet\"\nexpires = {}\n", days_later(today_of(run), days_of_grace));
    if (!flaky) return out;
    // What the replays do not contradict, so that the next run does not fail by chance alone.
    const double rate = highest_rate({finding.failed, finding.tried}, flaky_error_level);
    return out + fmt::format("max_rate = {:.2f}\n", std::min(std::ceil(rate * 100) / 100, 1.0));
}

}  // namespace

std::string days_later(const std::string& day, int days) {
    int year = 0;
    unsigned month = 0, of_month = 0;
    std::sscanf(day.c_str(), "%4d-%2u-%2u", &year, &month, &of_month);
    using namespace std::chrono;
    const year_month_day later =
        sys_days{year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{of_month}}} +
        std::chrono::days{days};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(later.year()), static_cast<unsigned>(later.month()),
                       static_cast<unsigned>(later.day()));
}

std::string entries_for(const Results& results) {
    const RunFacts& run = results.run();
    std::set<std::string> written;
    std::string out;
    for (const FindingFacts& finding : results.findings) {
        const std::string outcome = outcome_of(run, finding);
        if ((outcome != "regression" && outcome != "crashed") || expired_for(run, finding) != nullptr) continue;
        std::vector<std::pair<std::string, std::string>> names{{finding.clause, finding.cell}};
        for (const SeenAs& seen : finding.seen_as) names.emplace_back(seen.clause, seen.cell);
        for (const auto& [clause, cell] : names)
            if (written.insert(clause + " " + cell).second) out += entry_for(run, finding, clause, cell);
    }
    return out.empty()
               ? ""
               : fmt::format("\n# Written by crosstalk gate --update from a run of {}: say why each is accepted.\n",
                             today_of(run)) +
                     out.substr(1);
}

}  // namespace crosstalk
