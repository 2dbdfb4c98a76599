// The C code that is the same in every emitted program: the files of runtime/, in sections.
#pragma once

#include <string_view>
#include <vector>

namespace crosstalk::emit {

// A section of it; "" for a name that it does not have.
std::string_view runtime_section(std::string_view name);
// Their names, in the order in which a C compiler must see them: core first, play and main last.
std::vector<std::string_view> runtime_sections();

}  // namespace crosstalk::emit
