// Writing JSON that people like to read: sparse objects on one line, lists with one item a line where that helps.
// Only what cases and histories need; reading is json_reading.h.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crosstalk::json {

// A string as JSON: quoted and escaped. Bytes that are not ASCII become '?', since texts here are ASCII.
std::string quoted(std::string_view text);

// A text of several lines on one: strings hold no newline (quoted() escapes it), so all there are is layout.
std::string on_one_line(std::string_view text);

// "[a,b]" of finished items; lines() puts each on a line of its own, `indent` spaces in.
std::string list(const std::vector<std::string>& items);
std::string lines(const std::vector<std::string>& items, int indent);

template <std::integral T>
std::string numbers(std::span<const T> values) {
    std::vector<std::string> items;
    for (const T value : values) items.push_back(std::to_string(value));
    return list(items);
}
std::string words(std::span<const std::string_view> values);

// An object, field by field, in the order of the calls.
class JsonObject {
  public:
    // A finished value. `before` goes in front of the key: "\n " starts a line.
    JsonObject& put(std::string_view key, std::string_view json, std::string_view before = "");
    JsonObject& word(std::string_view key, std::string_view value) { return put(key, quoted(value)); }
    template <std::integral T>
    JsonObject& number(std::string_view key, T value) {
        if constexpr (std::same_as<T, bool>)
            return put(key, value ? "true" : "false");
        else
            return put(key, std::to_string(value));
    }
    // Left out when it says nothing.
    template <std::integral T>
    JsonObject& sparse(std::string_view key, T value, std::type_identity_t<T> otherwise = 0) {
        return value == otherwise ? *this : number(key, value);
    }
    std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }

  private:
    std::string text_;
};

}  // namespace crosstalk::json
