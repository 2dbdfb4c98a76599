// The list of formats. Adding one: its file, its line in format.h, its place here.
#include "reports/format.h"

#include <array>

namespace crosstalk {
namespace {

constexpr std::array all_formats{&html_format,     &junit_format,       &ktap_format,
                                 &markdown_format, &annotations_format, &text_format};

}  // namespace

std::span<const Format* const> formats() { return all_formats; }

}  // namespace crosstalk
