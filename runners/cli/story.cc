// Lines of a verdict.
#include "runners/cli/story.h"

#include <fmt/format.h>

namespace crosstalk {
namespace {

std::string clause_lines(ClauseId id, Reason reason, const std::string& detail, const char* what) {
    if (id >= clauses().size()) return "";
    const Clause& clause = clause_of(id);
    return fmt::format("{}: {} {}{}{}\n    promised: {}  [{}, {}]\n", what, clause.id, name_of(reason),
                       detail.empty() ? "" : ":", detail, clause.says, clause.source, name_of(clause.strength));
}

}  // namespace

std::string story_of(const Verdict& verdict) {
    std::string out;
    if (verdict.answer == Answer::violated)
        out += clause_lines(verdict.clause, verdict.reason, verdict.detail, "violated");
    else
        out += fmt::format("{}{}\n", name_of(verdict.answer), verdict.why.empty() ? "" : ": " + verdict.why);
    for (const Deviation& deviation : verdict.deviations) {
        const std::string lines = clause_lines(deviation.clause, deviation.reason, deviation.detail, "deviates");
        if (out.find(lines) == std::string::npos) out += lines;
    }
    for (const std::string& line : verdict.explanation) out += "    " + line + "\n";
    return out;
}

}  // namespace crosstalk
