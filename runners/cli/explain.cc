// crosstalk explain: what one id means.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "faults/fault.h"
#include "properties/consequences.h"
#include "reports/catalogue.h"
#include "reports/console.h"
#include "reports/record.h"
#include "runners/campaign/prove.h"
#include "runners/cli/command.h"

namespace crosstalk {
namespace {

struct ExplainOptions {
    std::string id, out = "out";
};

std::string of_clause(const ClauseFact& clause) {
    std::string out = fmt::format(
        "{}\n  {}\n  source    {}\n  strength  {}\n  property  {}\n  binds     {}\n  standing  {}{}\n", clause.id,
        clause.says, clause.source, clause.strength, clause.property, fmt::join(clause.mechanisms, " "),
        clause.standing, clause.because.empty() ? "" : ": " + clause.because);
    return out + fmt::format("  try       crosstalk run clause:{}\n", clause.id);
}

std::string of_property(const Catalogue& known, const Named& property) {
    std::string out = fmt::format("property {}\n  {}\n", property.name, property.about);
    for (const ClauseFact& clause : known.clauses)
        if (clause.property == property.name)
            out += fmt::format("  {:<18} {:<8} {}\n", clause.id, clause.strength, clause.says);
    return out + fmt::format("  try       crosstalk run property:{}\n", property.name);
}

std::string of_named(const char* kind, const Named& entry) {
    return fmt::format("{} {}\n  {}\n  try       crosstalk run {}:{}\n", kind, entry.name, entry.about, kind,
                       entry.name);
}

std::string of_fault(const Named& fault) {
    std::string out = of_named("fault", fault);
    for (const ClauseId id : consequences_of(fault_named(fault.name).value_or(no_fault)))
        out += fmt::format("  clause    {:<16} {}\n", clause_of(id).id, clause_of(id).says);
    return out;
}

std::string of_lie(const Suspect& suspect) {
    const ProofFacts& lie = suspect.about;
    return fmt::format(
        "lie {}\n  {}\n  breaks    {}\n  told by   the {}\n  mechanism {}\n{}"
        "  try       crosstalk run --target={} --fail-fast\n",
        lie.lie, lie.about, lie.clause, lie.host, lie.mechanism,
        lie.bug.empty() ? "" : fmt::format("  known as  {}, re-enacted\n", lie.bug), suspect.target.name);
}

// A finding, from the results in `out`; "" if it is not there.
std::string of_finding(const ExplainOptions& options) {
    const std::string path = options.out + "/results.jsonl";
    const Expected<std::string> text = text_of_file(path);
    if (!text) return "";
    const NamedText file{path, *text};
    const Expected<Results> results = results_from({&file, 1});
    if (!results) return "";
    for (const FindingFacts& finding : results->findings)
        if (finding.finding == options.id) return console_finding(results->run(), finding, {false, options.out});
    return "";
}

std::string text_of(const ExplainOptions& options) {
    const Catalogue known = catalogue();
    for (const ClauseFact& clause : known.clauses)
        if (clause.id == options.id) return of_clause(clause);
    for (const Named& property : known.properties)
        if (property.name == options.id) return of_property(known, property);
    for (const Named& fault : known.faults)
        if (fault.name == options.id) return of_fault(fault);
    for (const Named& mechanism : known.mechanisms)
        if (mechanism.name == options.id) return of_named("mechanism", mechanism);
    for (const Suspect& suspect : all_suspects())
        if (suspect.about.lie == options.id) return of_lie(suspect);
    return of_finding(options);
}

// Ids that share a beginning with what was asked: enough to catch a slip of the keyboard.
std::string near(const std::string& id) {
    std::string out;
    const Catalogue known = catalogue();
    for (std::size_t length = id.size(); length >= 3 && out.empty(); --length)
        for (const ClauseFact& clause : known.clauses)
            if (clause.id.starts_with(id.substr(0, length)) && out.size() < 100) out += " " + clause.id;
    return out;
}

int carry_out(const ExplainOptions& options) {
    const std::string text = text_of(options);
    if (!text.empty()) {
        std::fputs(text.c_str(), stdout);
        return exit_passed;
    }
    const std::string like = near(options.id);
    return complain(exit_usage, "nothing is called '" + options.id + "'" + (like.empty() ? "" : "; near it:" + like) +
                                    "; a finding is looked for in " + options.out + "/results.jsonl (--out DIR)");
}

}  // namespace

Command add_explain(CLI::App& root) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* app = root.add_subcommand("explain", "what a clause, property, fault, lie, mechanism or finding is");
    app->add_option("ID", options->id, "PIPE-ATOMIC-2, atomicity, interruption, pipe, or 12 hex digits of a finding")
        ->required();
    app->add_option("--out", options->out, "where the run's results lie")->type_name("DIR")->capture_default_str();
    return {app, [options] { return carry_out(*options); }};
}

}  // namespace crosstalk
