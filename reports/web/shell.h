// The built shell of the HTML report (reports/web/dist/shell.html), as bytes in this program.
#pragma once

#include <string_view>

namespace crosstalk {

std::string_view html_shell();

}  // namespace crosstalk
