// What a target said at its handshake, in the form of records.
#include <algorithm>
#include <sstream>

#include "faults/fault.h"
#include "mechanisms/catalog.h"
#include "runners/campaign/campaign.h"
#include "runners/targets/abilities.h"

namespace crosstalk {
namespace {

std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> out;
    std::istringstream in{std::string(text)};
    for (std::string name; std::getline(in, name, ',');)
        if (!name.empty()) out.push_back(name);
    return out;
}

}  // namespace

TargetFacts facts_of(const std::string& target_name, const Environment& environment) {
    TargetFacts out;
    out.name = target_name;
    out.kernel = environment.text("kernel");
    out.libc = environment.text("libc");
    out.arch = environment.text("machine");
    for (const std::string_view name : ability_names) out.abilities[std::string(name)] = false;
    for (const std::string& name : listed(environment.text("abilities"))) out.abilities[name] = true;
    for (const auto& [key, value] : environment.said) out.environment[key] = value;
    return out;
}

std::map<std::string, std::string> faults_on(const TargetFacts& target) {
    std::map<std::string, std::string> out;
    for (const Fault* fault : faults()) {
        const auto ability = target.abilities.find(std::string(fault->needs));
        const bool lacks = !fault->needs.empty() && ability != target.abilities.end() && !ability->second;
        out[std::string(fault->name)] =
            lacks ? "needs " + std::string(fault->needs) + ", which this target lacks" : "yes";
    }
    return out;
}

std::map<std::string, std::string> mechanisms_on(const Environment& environment) {
    const std::vector<std::string> offered = listed(environment.text("mechanisms"));
    std::map<std::string, std::string> out;
    for (const Mechanism* mechanism : mechanisms()) {
        // Who says nothing of mechanisms is asked for all.
        const bool there = offered.empty() || std::ranges::find(offered, mechanism->name) != offered.end();
        const std::string lacks = mechanism->absent.empty() ? "this target offers no " + std::string(mechanism->name)
                                                            : std::string(mechanism->absent);
        out[std::string(mechanism->name)] = there ? "yes" : lacks;
    }
    return out;
}

}  // namespace crosstalk
