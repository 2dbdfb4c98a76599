// The small language of target files and options: times, and words with placeholders.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "faults/frame.h"

namespace crosstalk {

// "500ms" "20s" "10m" "2h".
Expected<std::chrono::milliseconds> time_from(const std::string& text);

// A placeholder is {name}, its name of a-z, 0-9 and _; other braces mean themselves.
std::vector<std::string> placeholders_in(std::string_view text);
// With each placeholder that `words` knows replaced, once: what comes in is not looked at again.
std::string filled(std::string_view text, const std::map<std::string, std::string>& words);

}  // namespace crosstalk
