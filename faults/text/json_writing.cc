// See json_writing.h.
#include "faults/text/json_writing.h"

#include <fmt/format.h>

namespace crosstalk::json {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (static_cast<unsigned char>(c) < ' ')
            out += fmt::format("\\u{:04x}", c);
        else
            out += static_cast<unsigned char>(c) > '~' ? '?' : c;
    }
    return out + '"';
}

std::string on_one_line(std::string_view text) {
    std::string out;
    bool at_start = false;  // of a line: skip its indentation
    for (const char c : text) {
        at_start = c == '\n' || (at_start && c == ' ');
        if (!at_start) out += c;
    }
    return out;
}

std::string list(const std::vector<std::string>& items) { return fmt::format("[{}]", fmt::join(items, ",")); }

std::string lines(const std::vector<std::string>& items, int indent) {
    if (items.empty()) return "[]";
    const std::string line = fmt::format("\n{:{}}", "", indent);
    return fmt::format("[{}{}]", line, fmt::join(items, "," + line));
}

std::string words(std::span<const std::string_view> values) {
    std::vector<std::string> items;
    for (const std::string_view value : values) items.push_back(quoted(value));
    return list(items);
}

JsonObject& JsonObject::put(std::string_view key, std::string_view json, std::string_view before) {
    text_ += text_.empty() ? "{" : ",";
    text_.append(before).append(quoted(key)).append(":").append(json);
    return *this;
}

}  // namespace crosstalk::json
