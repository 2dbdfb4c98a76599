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

std::string event_line(const History& history, std::size_t index) {
    if (index >= history.events.size()) return "";
    const Event& event = history.events[index];
    return fmt::format("    at event {}: actor {} step {} {} = {} {}\n", index, event.actor, event.step,
                       sheet_of(event.verb).name, event.result, name_of(event.error));
}

}  // namespace

std::string story_of(const Verdict& verdict, const History& history) {
    std::string out;
    if (verdict.answer == Answer::violated)
        out += clause_lines(verdict.clause, verdict.reason, verdict.detail, "violated") +
               event_line(history, verdict.event);
    else
        out += fmt::format("{}{}\n", name_of(verdict.answer), verdict.why.empty() ? "" : ": " + verdict.why);
    for (const std::string& line : verdict.explanation) out += "    " + line + "\n";
    for (const Deviation& deviation : verdict.deviations)
        out += clause_lines(deviation.clause, deviation.reason, deviation.detail, "deviates") +
               event_line(history, deviation.event);
    return out;
}

}  // namespace crosstalk
