// The list of targets.
#include "runners/targets/catalog.h"

#include <algorithm>
#include <vector>

#include "runners/targets/file_target.h"
#include "runners/targets/mirror_session.h"
#include "runners/targets/process_session.h"

namespace crosstalk {
namespace {

const std::string lie_prefix = "lie:", mutation_prefix = "mirror:";

// This machine's own kernel: the agent as a plain child of the tool.
Expected<std::unique_ptr<Session>> start_local(const SessionOptions& options) {
    const Expected<std::string> agent = agent_path();
    if (!agent) return tl::unexpected(agent.error());
    CommandLine command{.argv = {*agent}};
    if (!options.lie.empty()) command.argv.push_back("--lie=" + options.lie);
    return ProcessSession::start(command, options);
}

}  // namespace

std::span<const Target> targets() {
    static const std::vector<Target> list = [] {
        std::vector<Target> all{
            {"local", "this machine's own kernel", start_local},
            {"mirror", "the specification played forwards, in memory", MirrorSession::start},
        };
        std::ranges::move(shipped_targets(), std::back_inserter(all));
        return all;
    }();
    return list;
}

Target target_that_tells(const Lie& lie) {
    return told_on({lie_prefix + std::string(lie.id),
                    "this machine's kernel, telling the lie: " + std::string(lie.about), start_local},
                   std::string(lie.id));
}

Target told_on(Target target, const std::string& lie) {
    target.start = [start = std::move(target.start), lie](SessionOptions options) {
        options.lie = lie;
        return start(options);
    };
    return target;
}

Target target_that_plays(const mirror::Mutation& mutation) {
    return {mutation_prefix + std::string(mutation.id),
            "the mirror with one promise broken: " + std::string(mutation.about),
            [&mutation](const SessionOptions&) -> Expected<std::unique_ptr<Session>> {
                return std::make_unique<MirrorSession>(&mutation);
            }};
}

Expected<Target> target_named(const std::string& name) {
    if (name.starts_with(lie_prefix)) {
        const auto index = lie_named(std::string_view(name).substr(lie_prefix.size()));
        if (index) return target_that_tells(lie_at(*index));
        return tl::unexpected("no lie '" + name.substr(lie_prefix.size()) + "'; see crosstalk list lies");
    }
    if (name.starts_with(mutation_prefix)) {
        const std::string_view id = std::string_view(name).substr(mutation_prefix.size());
        const auto mutations = mirror::mutations();
        const auto found = std::ranges::find(mutations, id, &mirror::Mutation::id);
        if (found != mutations.end()) return target_that_plays(*found);
        return tl::unexpected("the mirror has no mutation '" + std::string(id) + "'; see crosstalk list lies");
    }
    if (std::optional<Expected<Target>> file = target_in_file(name)) return std::move(*file);
    std::string names;
    for (const Target& target : targets()) {
        if (target.name == name) return target;
        names += " " + target.name;
    }
    return tl::unexpected("no target '" + name + "'; there are:" + names +
                          " lie:ID mirror:ID FILE.toml (crosstalk list targets, crosstalk list lies)");
}

}  // namespace crosstalk
