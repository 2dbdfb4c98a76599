// The sheet of every verb, and how the bytes of a vector fall on its segments.
// It does not say what a call may answer (properties/) nor how it is made (mechanisms/system).
#include "mechanisms/operation.h"

#include <algorithm>

namespace crosstalk {
namespace {

constexpr bool moves = true, sleeps = true;
constexpr bool still = false, prompt = false;

constexpr std::array<VerbSheet, verb_count> sheets{{
    {Verb::create, "create", 0, 2, still, prompt},
    {Verb::write, "write", 1, 0, moves, sleeps},
    {Verb::writev, "writev", 1, 0, moves, sleeps},
    {Verb::read, "read", 1, 0, moves, sleeps},
    {Verb::readv, "readv", 1, 0, moves, sleeps},
    {Verb::close, "close", 1, 0, still, prompt},
    {Verb::dup, "dup", 1, 1, still, prompt},
    {Verb::set_flags, "set_flags", 1, 0, still, prompt},
    {Verb::get_flags, "get_flags", 1, 0, still, prompt},
    {Verb::set_cloexec, "set_cloexec", 1, 0, still, prompt},
    {Verb::get_capacity, "get_capacity", 1, 0, still, prompt},
    {Verb::set_capacity, "set_capacity", 1, 0, still, prompt},
    {Verb::available, "available", 1, 0, still, prompt},
    {Verb::poll, "poll", 4, 0, still, sleeps},
    {Verb::splice, "splice", 2, 0, moves, sleeps},
    {Verb::tee, "tee", 2, 0, moves, sleeps},
    {Verb::vmsplice, "vmsplice", 1, 0, moves, sleeps},
    {Verb::stat, "stat", 1, 0, still, prompt},
    {Verb::seek, "seek", 1, 0, still, prompt},
    {Verb::pread, "pread", 1, 0, moves, prompt},
    {Verb::pwrite, "pwrite", 1, 0, moves, prompt},
    {Verb::sync, "sync", 1, 0, still, prompt},
    {Verb::truncate, "truncate", 1, 0, still, prompt},
    {Verb::map, "map", 1, 0, still, prompt},
    {Verb::path_limit, "path_limit", 1, 0, still, prompt},
    {Verb::limit, "limit", 0, 0, still, prompt},
    {Verb::signal, "signal", 0, 0, still, prompt},
    {Verb::start, "start", 0, 0, still, prompt},
    {Verb::exec, "exec", 0, 0, still, prompt},
    {Verb::exit, "exit", 0, 0, still, prompt},
    {Verb::pass, "pass", 4, 0, still, sleeps},  // a full mailbox: unix(7)
    {Verb::receive, "receive", 1, 3, still, sleeps},
    {Verb::nothing, "nothing", 0, 0, still, prompt},
}};

consteval bool in_order() {
    for (std::size_t i = 0; i < sheets.size(); ++i)
        if (static_cast<std::size_t>(sheets[i].verb) != i || sheets[i].name.empty()) return false;
    return true;
}
static_assert(in_order(), "one row a verb, in the order of Verb");

// Segment `index` of `count` among which `bytes` are shared out evenly, the first ones taking what is left over.
constexpr std::uint64_t share(std::uint64_t bytes, std::uint64_t count, std::uint64_t index) {
    return bytes / count + (index < bytes % count ? 1 : 0);
}

constexpr std::uint64_t segment_bytes(const Buffer& buffer, std::uint64_t index) {
    const std::uint64_t count = buffer.segments, bytes = buffer.bytes;
    const std::uint64_t tiny = std::min<std::uint64_t>(bytes, 1);
    if (count == 1) return bytes;
    switch (buffer.split) {
        case Split::tiny_first: return index == 0 ? tiny : share(bytes - tiny, count - 1, index - 1);
        case Split::tiny_last: return index == count - 1 ? tiny : share(bytes - tiny, count - 1, index);
        case Split::with_empty: return index % 2 == 0 ? share(bytes, (count + 1) / 2, index / 2) : 0;
        case Split::even: break;
    }
    return share(bytes, count, index);
}

}  // namespace

std::span<const VerbSheet, verb_count> verb_sheets() { return sheets; }

const VerbSheet& sheet_of(Verb verb) { return sheets[static_cast<std::size_t>(verb)]; }

std::optional<Verb> verb_named(std::string_view name) {
    for (const VerbSheet& sheet : sheets)
        if (sheet.name == name) return sheet.verb;
    return std::nullopt;
}

std::size_t split_into(const Buffer& buffer, std::span<std::uint64_t> out) {
    const std::size_t count = std::min<std::size_t>(buffer.segments, out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = segment_bytes(buffer, i);
    return count;
}

}  // namespace crosstalk
