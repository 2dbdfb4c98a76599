// A format: a file form of results that other programs read. Each is one value in one file, and one line in the list in
// format.cc; its name is also the option of `run`, `gate` and `report` that writes it. results.jsonl itself is no
// format here: it is what all of these are functions of (record.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/result.h"

namespace crosstalk {

struct Format {
    std::string_view name;  // "junit"
    std::string_view about;
    std::string (*write)(const Results&) = nullptr;  // a whole file's bytes; equal results give equal bytes
};

extern const Format html_format;         // html.cc
extern const Format junit_format;        // junit.cc
extern const Format ktap_format;         // ktap.cc
extern const Format markdown_format;     // markdown.cc
extern const Format annotations_format;  // annotations.cc
extern const Format text_format;         // console.cc

std::span<const Format* const> formats();

}  // namespace crosstalk
