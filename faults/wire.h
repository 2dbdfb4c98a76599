// Flat values in and out of a payload, for the frame_*.cc files alone. Reading never goes past the end: a reader that
// ran short gives zeros from then on and says so when asked, so that a decoder checks once, not at every field.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "faults/frame.h"

namespace crosstalk::wire {

// What travels as its own bytes: nothing in it may be padding, or equal values would differ on the wire.
template <class T>
concept Flat = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

template <Flat T>
void append(std::vector<std::uint8_t>& out, std::span<const T> values) {
    if (values.empty()) return;
    const std::size_t at = out.size();
    out.resize(at + values.size_bytes());
    std::memcpy(out.data() + at, values.data(), values.size_bytes());
}
template <Flat T>
void append(std::vector<std::uint8_t>& out, const T& value) {
    append(out, std::span(&value, 1));
}
inline void append(std::vector<std::uint8_t>& out, std::string_view text) {
    append(out, std::span<const char>(text.data(), text.size()));
}

class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    template <Flat T>
    T one() {
        T value{};
        if (const std::uint8_t* from = take(sizeof(T))) std::memcpy(&value, from, sizeof(T));
        return value;
    }
    // Refuses before it allocates if the payload does not hold `count` of them.
    template <Flat T>
    void many(std::vector<T>& out, std::size_t count) {
        const std::uint8_t* from = count > left_.size() / sizeof(T) ? fail() : take(count * sizeof(T));
        if (from == nullptr || count == 0) return;
        out.resize(count);
        std::memcpy(out.data(), from, count * sizeof(T));
    }
    std::string text(std::size_t count) {
        const std::uint8_t* from = take(count);
        return from == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(from), count);
    }
    bool short_of_bytes() const { return short_; }
    bool at_end() const { return left_.empty(); }

  private:
    const std::uint8_t* fail() {
        short_ = true;
        left_ = {};
        return nullptr;
    }
    const std::uint8_t* take(std::size_t count) {
        if (count > left_.size()) return fail();
        const std::uint8_t* from = left_.data();
        left_ = left_.subspan(count);
        return from;
    }

    std::span<const std::uint8_t> left_;
    bool short_ = false;
};

inline tl::unexpected<Error> wrong(std::string_view where, std::string_view what) {
    return tl::unexpected<Error>(Error(where).append(": ").append(what));
}

}  // namespace crosstalk::wire
