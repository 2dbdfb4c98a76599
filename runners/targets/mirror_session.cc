// The mirror as a target.
#include "runners/targets/mirror_session.h"

#include "properties/mirror/mirror.h"

namespace crosstalk {
namespace {

// FNV-1a over what would travel to an agent.
std::uint64_t seed_of(std::uint64_t serial, const Case& value) {
    std::uint64_t hash = 0xcbf29ce484222325u ^ serial;
    for (const std::uint8_t byte : encode(value)) hash = (hash ^ byte) * 0x100000001b3u;
    return hash;
}

}  // namespace

MirrorSession::MirrorSession(const mirror::Mutation* mutation)
    : mutation_(mutation), environment_(mirror::environment()) {}

Expected<std::unique_ptr<Session>> MirrorSession::start(const SessionOptions&) {
    return std::make_unique<MirrorSession>();
}

bool MirrorSession::send(std::uint64_t serial, const Case& value) {
    sent_.push_back({serial, value});
    return true;
}

std::optional<Reply> MirrorSession::receive(std::chrono::milliseconds) {
    if (sent_.empty()) return std::nullopt;
    const Sent sent = std::move(sent_.front());
    sent_.pop_front();
    Reply reply;
    reply.serial = sent.serial;
    reply.why = why_not(sent.value);
    if (reply.why.empty() && !mirror::offers(sent.value.program))
        reply.why = "the mirror does not play all that this program works on";
    reply.kind = reply.why.empty() ? Reply::Kind::played : Reply::Kind::refused;
    if (reply.kind == Reply::Kind::refused) return reply;
    reply.history = mirror::play(sent.value, environment_, seed_of(sent.serial, sent.value),
                                 {.case_number = static_cast<std::uint16_t>(sent.serial), .mutation = mutation_});
    return reply;
}

}  // namespace crosstalk
