// Reading JSON that people wrote: each mistake is told with where it is and what would be right; the first one counts.
// Texts are untrusted: bounded in size, depth and number of values before anything is built from them.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "faults/frame.h"

namespace crosstalk::json {

using Json = nlohmann::json;

inline constexpr std::size_t max_text_bytes = 16u << 20;  // as much as a frame may hold
inline constexpr std::size_t max_depth = 16;              // a case embedded in a history needs 8
inline constexpr std::size_t max_values = 2u << 20;       // so that a text of brackets cannot ask for gigabytes

// Parses; an error says line and column.
Expected<Json> parse(std::string_view text);

// The first mistake found.
class Mistake {
  public:
    void say(std::string_view where, std::string_view what);
    bool made() const { return !text_.empty(); }
    const Error& text() const { return text_; }

  private:
    Error text_;
};

enum class Unknown : std::uint8_t { refuse, ignore };

// One object. Ask for its fields, then done().
class Fields {
  public:
    Fields(const Json& value, std::string where, Mistake& mistake, Unknown unknown);

    const std::string& where() const { return where_; }
    Mistake& mistake() const { return mistake_; }
    Unknown unknown() const { return unknown_; }
    std::string at(std::string_view key) const { return where_ + "/" + std::string(key); }
    void wrong(std::string_view key, std::string_view what) const { mistake_.say(at(key), what); }

    // The field's value, null if it is absent.
    const Json* find(std::string_view key);
    const Json* need(std::string_view key);

    // Leaves `out` alone if the field is absent.
    template <std::integral T>
    void number(std::string_view key, T& out, std::type_identity_t<T> least = std::numeric_limits<T>::min(),
                std::type_identity_t<T> most = std::numeric_limits<T>::max()) {
        if (const Json* value = find(key)) to_number(*value, at(key), mistake_, out, least, most);
    }
    void flag(std::string_view key, bool& out);
    // A word that `named` knows.
    template <class T>
    void word(std::string_view key, T& out, const std::function<std::optional<T>(std::string_view)>& named,
              std::string_view expected) {
        const Json* value = find(key);
        if (value == nullptr) return;
        const std::optional<T> found = value->is_string() ? named(value->get_ref<const std::string&>()) : std::nullopt;
        if (found)
            out = *found;
        else
            wrong(key, "must be " + std::string(expected));
    }
    void text(std::string_view key, std::string& out);
    // Calls `each` with every item and where it stands. `most` bounds their number.
    void items(std::string_view key, std::size_t most,
               const std::function<void(const Json&, const std::string&)>& each);
    template <std::integral T>
    void numbers(std::string_view key, std::size_t most, std::vector<T>& out) {
        items(key, most, [&](const Json& item, const std::string& where) {
            T value = 0;
            to_number(item, where, mistake_, value);
            out.push_back(value);
        });
    }
    // Tells of the first field that nobody asked for, unless unknown fields are ignored.
    void done();

    template <std::integral T>
    static void to_number(const Json& value, const std::string& where, Mistake& mistake, T& out,
                          T least = std::numeric_limits<T>::min(), T most = std::numeric_limits<T>::max()) {
        if (value.is_number_unsigned() && std::cmp_less_equal(value.get<std::uint64_t>(), most) &&
            std::cmp_greater_equal(value.get<std::uint64_t>(), least))
            out = static_cast<T>(value.get<std::uint64_t>());
        else if (value.is_number_integer() && !value.is_number_unsigned() &&
                 std::cmp_less_equal(value.get<std::int64_t>(), most) &&
                 std::cmp_greater_equal(value.get<std::int64_t>(), least))
            out = static_cast<T>(value.get<std::int64_t>());
        else
            mistake.say(where, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }

  private:
    const Json& value_;
    std::string where_;
    Mistake& mistake_;
    Unknown unknown_;
    std::vector<std::string_view> asked_;
};

}  // namespace crosstalk::json
