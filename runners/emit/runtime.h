// The part of an emitted program that is the same for every finding, as text: runtime.c beside it.
#pragma once

#include <string>
#include <string_view>

namespace crosstalk::emit {

// A section of runtime.c: "core", "main", or what some verb needs ("poll"). "" if there is none of this name.
std::string_view runtime_section(std::string_view name);

}  // namespace crosstalk::emit
