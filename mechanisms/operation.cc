// The sheet of every verb, and how the bytes of a vector fall on its segments.
// It does not say what a call may answer (properties/) nor how it is made (mechanisms/system).
#include "mechanisms/operation.h"

#include <algorithm>

namespace crosstalk {
namespace {

using enum Flow;
constexpr bool sleeps = true, prompt = false;

constexpr std::array<VerbSheet, verb_count> sheets{{
    {Verb::create, "create", 0, 2, none, prompt},
    {Verb::write, "write", 1, 0, out, sleeps},
    {Verb::writev, "writev", 1, 0, out, sleeps},
    {Verb::read, "read", 1, 0, in, sleeps},
    {Verb::readv, "readv", 1, 0, in, sleeps},
    {Verb::close, "close", 1, 0, none, prompt},
    {Verb::dup, "dup", 1, 1, none, prompt},
    {Verb::set_flags, "set_flags", 1, 0, none, prompt},
    {Verb::get_flags, "get_flags", 1, 0, none, prompt},
    {Verb::set_cloexec, "set_cloexec", 1, 0, none, prompt},
    {Verb::get_capacity, "get_capacity", 1, 0, none, prompt},
    {Verb::set_capacity, "set_capacity", 1, 0, none, prompt},
    {Verb::available, "available", 1, 0, none, prompt},
    {Verb::poll, "poll", 4, 0, none, sleeps},
    {Verb::splice, "splice", 2, 0, across, sleeps},
    {Verb::tee, "tee", 2, 0, across, sleeps},
    {Verb::vmsplice, "vmsplice", 1, 0, out, sleeps},
    {Verb::stat, "stat", 1, 0, none, prompt},
    {Verb::seek, "seek", 1, 0, none, prompt},
    {Verb::pread, "pread", 1, 0, in, prompt},
    {Verb::pwrite, "pwrite", 1, 0, out, prompt},
    {Verb::sync, "sync", 1, 0, none, prompt},
    {Verb::truncate, "truncate", 1, 0, none, prompt},
    {Verb::map, "map", 1, 0, none, prompt},
    {Verb::path_limit, "path_limit", 1, 0, none, prompt},
    {Verb::limit, "limit", 0, 0, none, prompt},
    {Verb::signal, "signal", 0, 0, none, prompt},
    {Verb::start, "start", 0, 0, none, prompt},
    {Verb::exec, "exec", 0, 0, none, prompt},
    {Verb::exit, "exit", 0, 0, none, prompt},
    {Verb::pass, "pass", 4, 0, none, sleeps},  // a full mailbox: unix(7)
    {Verb::receive, "receive", 1, 3, none, sleeps},
    {Verb::open, "open", 0, 1, none, sleeps},  // of a FIFO: fifo(7)
    {Verb::unlink, "unlink", 0, 0, none, prompt},
    {Verb::socket, "socket", 0, 1, none, prompt},
    {Verb::bind, "bind", 1, 0, none, prompt},
    {Verb::listen, "listen", 1, 0, none, prompt},
    {Verb::connect, "connect", 1, 0, none, sleeps},
    {Verb::accept, "accept", 1, 1, none, sleeps},
    {Verb::send, "send", 4, 0, out, sleeps},
    {Verb::recv, "recv", 1, 3, in, sleeps},
    {Verb::shutdown, "shutdown", 1, 0, none, prompt},
    {Verb::get_option, "get_option", 1, 0, none, prompt},
    {Verb::set_option, "set_option", 1, 0, none, prompt},
    {Verb::mq_send, "mq_send", 1, 0, out, sleeps},
    {Verb::mq_receive, "mq_receive", 1, 0, in, sleeps},
    {Verb::mq_attributes, "mq_attributes", 1, 0, none, prompt},
    {Verb::mq_set_flags, "mq_set_flags", 1, 0, none, prompt},
    {Verb::mq_notify, "mq_notify", 1, 0, none, prompt},
    {Verb::sem_wait, "sem_wait", 1, 0, none, sleeps},
    {Verb::sem_post, "sem_post", 1, 0, none, prompt},
    {Verb::sem_value, "sem_value", 1, 0, none, prompt},
    {Verb::attach, "attach", 1, 1, none, prompt},
    {Verb::detach, "detach", 1, 0, none, prompt},
    {Verb::load, "load", 1, 0, in, prompt},
    {Verb::store, "store", 1, 0, out, prompt},
    {Verb::protect, "protect", 1, 0, none, prompt},
    {Verb::sync_view, "sync_view", 1, 0, none, prompt},
    {Verb::advise, "advise", 1, 0, none, prompt},
    {Verb::punch, "punch", 1, 0, none, prompt},
    {Verb::lend, "lend", 1, 0, none, prompt},
    {Verb::watch, "watch", 1, 1, none, prompt},
    {Verb::wait, "wait", 1, 0, none, prompt},
    {Verb::lock, "lock", 1, 0, none, sleeps},
    {Verb::unlock, "unlock", 1, 0, none, prompt},
    {Verb::misname, "misname", 0, 0, none, prompt},
    {Verb::new_mode, "new_mode", 0, 0, none, prompt},
    {Verb::trial, "trial", 0, 0, none, prompt},
    {Verb::nothing, "nothing", 0, 0, none, prompt},
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
