// See json_reading.h.
#include "faults/text/json_reading.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crosstalk::json {
namespace {

// Depth and number of values, before the parser builds any; a text that is no JSON is left to the parser to refuse.
const char* too_much(std::string_view text) {
    if (text.size() > max_text_bytes) return "longer than 16 MiB";
    std::size_t depth = 0, values = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
            continue;
        }
        if (c == '"') in_string = true;
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (c == ',' || c == ':') ++values;
        if (depth > max_depth) return "nested deeper than 16";
        if (values > max_values) return "more than 2097152 values";
    }
    return nullptr;
}

}  // namespace

Expected<Json> parse(std::string_view text) {
    if (const char* wrong = too_much(text)) return tl::unexpected<Error>(wrong);
    try {
        return Json::parse(text.begin(), text.end());
    } catch (const Json::exception& error) {  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        const std::string_view what = error.what();
        const std::size_t id_ends = what.find("] ");
        return tl::unexpected<Error>(Error(id_ends == what.npos ? what : what.substr(id_ends + 2)));
    }
}

void Mistake::say(std::string_view where, std::string_view what) {
    if (!made()) text_ = fmt::format("{}: {}", where.empty() ? "/" : where, what);
}

Fields::Fields(const Json& value, std::string where, Mistake& mistake, Unknown unknown)
    : value_(value), where_(std::move(where)), mistake_(mistake), unknown_(unknown) {
    if (!value.is_object()) mistake.say(where_, "must be an object {...}");
}

const Json* Fields::find(std::string_view key) {
    if (asked_.empty() || asked_.back() != key) asked_.push_back(key);
    if (!value_.is_object()) return nullptr;
    const auto found = value_.find(key);
    return found == value_.end() ? nullptr : &*found;
}

const Json* Fields::need(std::string_view key) {
    const Json* value = find(key);
    if (value == nullptr) wrong(key, "is missing");
    return value;
}

void Fields::flag(std::string_view key, bool& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_boolean())
        out = value->get<bool>();
    else
        wrong(key, "must be true or false");
}

void Fields::text(std::string_view key, std::string& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (value->is_string())
        out = value->get<std::string>();
    else
        wrong(key, "must be a text \"...\"");
}

void Fields::items(std::string_view key, std::size_t most,
                   const std::function<void(const Json&, const std::string&)>& each) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(key, "must be a list [...]");
    if (value->size() > most) return wrong(key, fmt::format("must have at most {} items", most));
    for (std::size_t i = 0; i < value->size() && !mistake_.made(); ++i)
        each((*value)[i], fmt::format("{}/{}/{}", where_, key, i));
}

void Fields::done() {
    if (unknown_ == Unknown::ignore || mistake_.made() || !value_.is_object()) return;
    for (const auto& [key, value] : value_.items()) {
        if (std::ranges::find(asked_, key) != asked_.end()) continue;
        return mistake_.say(where_, fmt::format("unknown field {}; known here: {}",
                                                Json(key).dump(-1, ' ', true, Json::error_handler_t::replace),
                                                fmt::join(asked_, ", ")));
    }
}

}  // namespace crosstalk::json
