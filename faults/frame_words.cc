// The handshake on the wire: what is asked of an agent, and what it says of the place it runs in.
#include <algorithm>

#include "faults/wire.h"

namespace crosstalk {
namespace {

using wire::wrong;

constexpr std::size_t max_environment_keys = 256, max_environment_bytes = 64u << 10;

struct FlatHello {
    std::uint32_t version;
    std::int32_t core;
    std::uint32_t withhold, case_time_limit_ms;
};

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= 64 && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}
bool is_plain(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::vector<std::uint8_t> encode(const Hello& hello) {
    std::vector<std::uint8_t> out;
    wire::append(out, FlatHello{hello.version, hello.core, hello.withhold, hello.case_time_limit_ms});
    return out;
}

Expected<Hello> decode_hello(std::span<const std::uint8_t> payload) {
    wire::Reader reader(payload);
    const auto flat = reader.one<FlatHello>();
    if (reader.short_of_bytes() || !reader.at_end()) return wrong("hello", "of a wrong length");
    const Hello hello{flat.version, flat.core, flat.withhold, flat.case_time_limit_ms};
    if (hello.version != Hello{}.version)
        return wrong("hello", "of version " + std::to_string(hello.version) + ", not 1");
    if (hello.core < -1 || hello.case_time_limit_ms == 0) return wrong("hello", "a field out of range");
    return hello;
}

std::vector<std::uint8_t> encode(const Environment& environment) {
    std::string lines;
    for (const auto& [key, value] : environment.said) {
        lines.append(key).append("=");
        for (const char c : value) lines += is_plain(c) ? c : '?';
        lines += '\n';
    }
    return {lines.begin(), lines.end()};
}

Expected<Environment> decode_environment(std::span<const std::uint8_t> payload) {
    if (payload.size() > max_environment_bytes) return wrong("environment", "longer than 64 KiB");
    Environment environment;
    std::string_view left(reinterpret_cast<const char*>(payload.data()), payload.size());
    for (std::size_t line = 1; !left.empty(); ++line) {
        const auto at = [&] { return "environment, line " + std::to_string(line); };
        const std::size_t end = left.find('\n');
        if (end == std::string_view::npos) return wrong(at(), "not ended");
        const std::string_view text = left.substr(0, end);
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos || !is_key(text.substr(0, equals))) return wrong(at(), "not key=value");
        const std::string_view value = text.substr(equals + 1);
        if (!std::ranges::all_of(value, is_plain)) return wrong(at(), "a value that is not printable ASCII");
        if (!environment.said.emplace(text.substr(0, equals), value).second) return wrong(at(), "a key said twice");
        if (environment.said.size() > max_environment_keys) return wrong("environment", "more than 256 keys");
        left.remove_prefix(end + 1);
    }
    return environment;
}

}  // namespace crosstalk
