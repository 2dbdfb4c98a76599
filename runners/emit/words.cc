// Words of C. See words.h.
#include "runners/emit/words.h"

#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"

namespace crosstalk::emit {
namespace {

constexpr std::uint32_t all = ~0u;              // of Buffer::mapped
constexpr std::uint64_t most_bytes = 2u << 20;  // to write from: as many as an actor has in the agent

}  // namespace

std::string flags_of(std::uint16_t bits, std::initializer_list<CFlag> names) {
    std::string text;
    for (const CFlag& each : names)
        if (bits & each.bit) text += (text.empty() ? "" : " | ") + std::string(each.name);
    return text.empty() ? "0" : text;
}

std::string status_flags(std::uint16_t bits) {
    return flags_of(bits, {{flag_nonblock, "O_NONBLOCK"},
                           {flag_direct, "O_DIRECT"},
                           {flag_async, "O_ASYNC"},
                           {flag_cloexec, "O_CLOEXEC"},
                           {flag_unknown, "O_TRUNC"}});
}

std::string constant(std::uint64_t count) { return std::to_string(count) + (count >> 63 ? "u" : ""); }

std::string fd(Slot slot) { return slot == no_slot ? "-1" : fmt::format("fd[{}]", slot); }

bool is_partly_mapped(const Operation& step) {
    const Flow flow = sheet_of(step.verb).flow;
    const Buffer& buffer = step.buffer;
    if (flow != Flow::in && flow != Flow::out) return false;
    return buffer.mapped == all ? flow == Flow::out && buffer.bytes > most_bytes : buffer.mapped < buffer.bytes;
}

std::string buffer(const Operation& step) {
    const bool reads = sheet_of(step.verb).flow == Flow::in;
    if (is_partly_mapped(step))
        return fmt::format("partly_mapped({}, {})", std::min<std::uint64_t>(step.buffer.mapped, most_bytes),
                           reads ? 0 : 1);
    return reads ? "room()" : fmt::format("bytes({})", step.buffer.bytes);
}

std::string vector(const Operation& step) {
    return fmt::format("parts({}, {}, {}, {}), {}", buffer(step), constant(step.buffer.bytes), step.buffer.segments,
                       static_cast<int>(step.buffer.split), step.buffer.segments);
}

Kind kind_of(const Object& object) {
    const Mechanism& mechanism = mechanism_of(object.mechanism);
    const bool named = mechanism.facts.naming != Naming::none, path = mechanism.facts.naming == Naming::path;
    switch (mechanism.semantics) {
        case Semantics::counter:
            if (mechanism.facts.held == Held::descriptor) return Kind::counter;
            return named ? Kind::named_semaphore : Kind::semaphore;
        case Semantics::priority_queue: return Kind::queue;
        case Semantics::shared_bytes: return path ? Kind::file : named ? Kind::memory_object : Kind::nothing;
        default: break;
    }
    return is_pipe(mechanism) ? (named ? Kind::fifo : Kind::pipe) : Kind::pair;
}

bool is_of_network(const Object& object) {
    return mechanism_of(object.mechanism).facts.delivery == Delivery::eventually;
}

bool is_sctp(const Object& object) { return binds::sctp(mechanism_of(object.mechanism)); }

std::string pair_type(const Object& object) {
    const Mechanism& mechanism = mechanism_of(object.mechanism);
    if (mechanism.semantics == Semantics::byte_stream || is_sctp(object)) return "SOCK_STREAM";
    return mechanism.facts.dead_peer == DeadPeer::refused ? "SOCK_DGRAM" : "SOCK_SEQPACKET";
}

}  // namespace crosstalk::emit
