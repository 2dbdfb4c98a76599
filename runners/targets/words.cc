// Times and placeholders.
#include "runners/targets/words.h"

namespace crosstalk {
namespace {

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";

// The length of the placeholder that begins here, braces and all; 0 if none does.
std::size_t placeholder_at(std::string_view text) {
    if (!text.starts_with('{')) return 0;
    const std::size_t end = text.find_first_not_of(name_characters, 1);
    return end != std::string_view::npos && end > 1 && text[end] == '}' ? end + 1 : 0;
}

}  // namespace

Expected<std::chrono::milliseconds> time_from(const std::string& text) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const std::string unit = text.substr(digits);
    const std::int64_t factor = unit == "ms"  ? 1
                                : unit == "s" ? 1000
                                : unit == "m" ? 60'000
                                : unit == "h" ? 3'600'000
                                              : 0;
    if (digits == 0 || digits > 9 || factor == 0)
        return tl::unexpected("'" + text + "' is not a time; write 500ms, 20s, 10m or 2h");
    return std::chrono::milliseconds(std::stoll(text.substr(0, digits)) * factor);
}

std::vector<std::string> placeholders_in(std::string_view text) {
    std::vector<std::string> out;
    for (; !text.empty(); text.remove_prefix(1))
        if (const std::size_t length = placeholder_at(text); length != 0) out.emplace_back(text.substr(1, length - 2));
    return out;
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& words) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = placeholder_at(text);
        const auto word = length == 0 ? words.end() : words.find(std::string(text.substr(1, length - 2)));
        if (word == words.end())
            out += text.front();
        else
            out += word->second;
        text.remove_prefix(word == words.end() ? 1 : length);
    }
    return out;
}

}  // namespace crosstalk
