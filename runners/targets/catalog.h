// The list of targets, and where the agent and the tool's data are. A target that is a command line is a file in
// runners/targets (target_file.h).
#pragma once

#include <span>

#include "faults/lies/catalog.h"
#include "properties/mirror/mutations.h"
#include "runners/targets/target.h"

namespace crosstalk {

std::span<const Target> targets();
// By name, or lie:ID, or mirror:ID, or the path of a target file (*.toml); an error lists the names there are.
Expected<Target> target_named(const std::string& name);

// The local target with an agent that tells this lie.
Target target_that_tells(const Lie& lie);
// This target with an agent that tells the lie of this id.
Target told_on(Target target, const std::string& lie);
// The mirror with this promise broken; the mutation must be one of mirror::mutations().
Target target_that_plays(const mirror::Mutation& mutation);

// The agent's path: $CROSSTALK_AGENT, else beside this program, else in ../libexec/crosstalk. An error says where it
// was looked for.
Expected<std::string> agent_path();
// The directory that holds the running program.
std::string program_directory();
// A directory of data that belongs to the tool ("expectations", "cases", "targets"): installed under
// ../share/crosstalk, else in the source tree that it was built from; "" if neither exists.
std::string data_directory(const std::string& name);

}  // namespace crosstalk
