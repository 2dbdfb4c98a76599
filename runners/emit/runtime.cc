// Holds runtime.c, byte for byte; lines "//// name" part it into sections. The assembler reads the file; CMake makes
// this object depend on it.
#include "runners/emit/runtime.h"

asm(".pushsection .rodata, \"a\", %progbits\n"
    ".global crosstalk_emit_runtime_begin\n"
    ".hidden crosstalk_emit_runtime_begin\n"
    "crosstalk_emit_runtime_begin:\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "\"\n"
    ".global crosstalk_emit_runtime_end\n"
    ".hidden crosstalk_emit_runtime_end\n"
    "crosstalk_emit_runtime_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char crosstalk_emit_runtime_begin[];
extern const char crosstalk_emit_runtime_end[];
}

namespace crosstalk::emit {

std::string_view runtime_section(std::string_view name) {
    const std::string_view all(crosstalk_emit_runtime_begin,
                               static_cast<std::size_t>(crosstalk_emit_runtime_end - crosstalk_emit_runtime_begin));
    constexpr std::string_view mark = "//// ";
    std::size_t from = 0;
    if (name != "core") {
        const std::string line = std::string(mark) + std::string(name) + "\n";
        from = all.find(line);
        if (from == std::string_view::npos) return "";
        from += line.size();
    }
    return all.substr(from, all.find(mark, from) - from);
}

}  // namespace crosstalk::emit
