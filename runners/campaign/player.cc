// Playing single cases.
#include "runners/campaign/player.h"

namespace crosstalk {

std::string Player::ready() {
    if (session_ != nullptr) return "";
    Expected<std::unique_ptr<Session>> started = target_.start(options_);
    if (!started) return started.error();
    session_ = std::move(*started);
    return "";
}

Reply Player::receive() {
    std::optional<Reply> reply = session_->receive(silence_limit(options_.case_time_limit));
    if (!reply) {
        reply.emplace();
        reply->why = "no reply within " + std::to_string(silence_limit(options_.case_time_limit).count()) + " ms";
    }
    if (reply->kind == Reply::Kind::died) discard();
    return std::move(*reply);
}

Reply Player::play(const Case& value, std::uint64_t serial) {
    if (std::string wrong = ready(); !wrong.empty()) {
        Reply reply;
        reply.why = "it does not start again: " + wrong;
        return reply;
    }
    session_->send(serial, value);
    return receive();
}

}  // namespace crosstalk
