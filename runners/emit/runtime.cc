// Holds the files of runtime/, byte for byte and one after the other; lines "//// name" part them into sections. The
// assembler reads the files; CMake makes this object depend on them.
#include "runners/emit/runtime.h"

#include <string>

asm(".pushsection .rodata, \"a\", %progbits\n"
    ".global crosstalk_emit_runtime_begin\n"
    ".hidden crosstalk_emit_runtime_begin\n"
    "crosstalk_emit_runtime_begin:\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/core.c\"\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/verbs.c\"\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/objects.c\"\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/places.c\"\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/play.c\"\n"
    ".incbin \"" CROSSTALK_EMIT_RUNTIME
    "/verdict.c\"\n"
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
namespace {

constexpr std::string_view mark = "//// ", first = "core";

std::string_view all() {
    return {crosstalk_emit_runtime_begin,
            static_cast<std::size_t>(crosstalk_emit_runtime_end - crosstalk_emit_runtime_begin)};
}

}  // namespace

std::string_view runtime_section(std::string_view name) {
    std::size_t from = 0;
    if (name != first) {
        const std::string line = std::string(mark) + std::string(name) + "\n";
        from = all().find(line);
        if (from == std::string_view::npos) return "";
        from += line.size();
    }
    return all().substr(from, all().find(mark, from) - from);
}

std::vector<std::string_view> runtime_sections() {
    std::vector<std::string_view> names{first};
    for (std::size_t at = all().find(mark); at != std::string_view::npos; at = all().find(mark, at)) {
        at += mark.size();
        names.push_back(all().substr(at, all().find('\n', at) - at));
    }
    return names;
}

}  // namespace crosstalk::emit
