// The list of targets.
#include "runners/targets/catalog.h"

#include <vector>

#include "runners/targets/mirror_session.h"
#include "runners/targets/process_session.h"

namespace crosstalk {
namespace {

// This machine's own kernel: the agent as a plain child of the tool.
Expected<std::unique_ptr<Session>> start_local(const SessionOptions& options) {
    const Expected<std::string> agent = agent_path();
    if (!agent) return tl::unexpected(agent.error());
    return ProcessSession::start({.argv = {*agent}}, options);
}

}  // namespace

std::span<const Target> targets() {
    static const std::vector<Target> list{
        {"local", "this machine's own kernel", start_local},
        {"mirror", "the specification played forwards, in memory", MirrorSession::start},
    };
    return list;
}

Expected<Target> target_named(const std::string& name) {
    std::string names;
    for (const Target& target : targets()) {
        if (target.name == name) return target;
        names += " " + target.name;
    }
    return tl::unexpected("no target '" + name + "'; there are:" + names + " (crosstalk list targets)");
}

}  // namespace crosstalk
