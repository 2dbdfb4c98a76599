// crosstalk probe: what a target says of itself, and what can be done there.
#include <fmt/format.h>

#include <cstdio>

#include "runners/campaign/campaign.h"
#include "runners/cli/command.h"

namespace crosstalk {
namespace {

int carry_out(const TargetChoice& choice) {
    const auto target = choice.target();
    const auto withheld = choice.withheld();
    if (!target) return complain(exit_usage, target.error());
    if (!withheld) return complain(exit_usage, withheld.error());
    SessionOptions session;
    session.withhold = *withheld;
    const auto started = target->start(session);
    if (!started)
        return complain(choice.when_not_started(*target),
                        "target '" + target->name + "' did not start: " + started.error());
    const TargetFacts facts = facts_of(target->name, (*started)->environment());
    std::string out = fmt::format("target {}: {}\n", target->name, target->about);
    for (const auto& [key, value] : facts.environment)
        if (key != "abilities" && key != "withheld") out += fmt::format("  {:<24} {}\n", key, value);
    out += "abilities\n";
    for (const auto& [name, there] : facts.abilities) out += fmt::format("  {:<24} {}\n", name, there ? "yes" : "no");
    out += "faults\n";
    for (const auto& [name, answer] : faults_on(facts)) out += fmt::format("  {:<24} {}\n", name, answer);
    std::fputs(out.c_str(), stdout);
    return exit_passed;
}

}  // namespace

Command add_probe(CLI::App& root) {
    auto choice = std::make_shared<TargetChoice>();
    CLI::App* app = root.add_subcommand("probe", "what a target says of itself: limits, abilities, faults it takes");
    choice->add_to(*app);
    return {app, [choice] { return carry_out(*choice); }};
}

}  // namespace crosstalk
