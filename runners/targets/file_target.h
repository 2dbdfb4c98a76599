// Targets that files describe (target_file.h): those of runners/targets/*.toml by name, others by path.
#pragma once

#include <vector>

#include "runners/targets/target.h"
#include "runners/targets/target_file.h"

namespace crosstalk {

Target target_of(const TargetFile& file);

// The files that belong to the tool, by name. Those that cannot be read are left out: asked for, they say why.
std::vector<Target> shipped_targets();
// "debian-kernel" among them, or a path ("my.toml", "here/my.toml"). nullopt: there is no such file.
std::optional<Expected<Target>> target_in_file(const std::string& name);

}  // namespace crosstalk
