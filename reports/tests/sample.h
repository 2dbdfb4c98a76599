// The sample results that the page's tests use too, by name: pass findings killed proofs.
#pragma once

#include <stdexcept>

#include "reports/record.h"

namespace crosstalk {

inline Results sample(const std::string& name) {
    const auto text = text_of_file(std::string(CROSSTALK_SOURCE_DIR "/reports/web/tests/samples/") + name + ".jsonl");
    if (!text) throw std::runtime_error(text.error());
    const NamedText file{name, *text};
    auto results = results_from(std::span(&file, 1));
    if (!results) throw std::runtime_error(results.error());
    return *results;
}

}  // namespace crosstalk
