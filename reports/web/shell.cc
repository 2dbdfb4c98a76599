// Holds dist/shell.html, byte for byte. The assembler reads the file: no generated source, no size limit of literals.
// CMake makes this object depend on it; ccache sees .incbin and steps aside.
#include "reports/web/shell.h"

asm(".pushsection .rodata, \"a\", %progbits\n"
    ".global crosstalk_html_shell_begin\n"
    ".hidden crosstalk_html_shell_begin\n"
    "crosstalk_html_shell_begin:\n"
    ".incbin \"" CROSSTALK_HTML_SHELL
    "\"\n"
    ".global crosstalk_html_shell_end\n"
    ".hidden crosstalk_html_shell_end\n"
    "crosstalk_html_shell_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char crosstalk_html_shell_begin[];
extern const char crosstalk_html_shell_end[];
}

namespace crosstalk {

std::string_view html_shell() {
    return {crosstalk_html_shell_begin,
            static_cast<std::size_t>(crosstalk_html_shell_end - crosstalk_html_shell_begin)};
}

}  // namespace crosstalk
