// Playing single cases.
#include "runners/campaign/player.h"

#include <algorithm>

namespace crosstalk {

Player::Player(const Target& target, SessionOptions options, std::unique_ptr<Session> session, Core* core)
    : target_(target), options_(options), session_(std::move(session)), core_(core) {
    if (core_ != nullptr) options_.core = core_->number();
}

std::string Player::ready() {
    if (session_ != nullptr) return "";
    Expected<std::unique_ptr<Session>> started = target_.start(options_);
    if (!started) return started.error();
    session_ = std::move(*started);
    return "";
}

std::optional<Reply> Player::receive_soon() {
    using std::chrono::milliseconds, std::chrono::steady_clock;
    const auto began = steady_clock::now();
    const auto limit = std::chrono::ceil<milliseconds>(usual_ * lent_after_usual);
    std::optional<Reply> reply = session_->receive(std::max(limit, least_lent_after));
    usual_ += steady_clock::now() - began > usual_ ? usual_ / 8 : -usual_ / 8;
    usual_ = std::clamp(usual_, std::chrono::microseconds(100), std::chrono::microseconds(10'000'000));
    return reply;
}

Reply Player::receive() {
    // A slow place has told so at its handshake, and gives its cases as much more time.
    const std::int64_t slow = std::clamp<std::int64_t>(session_->environment().number("slow_factor", 1), 1, 30);
    const std::chrono::milliseconds limit = silence_limit(options_.case_time_limit * slow);
    std::optional<Reply> reply;
    if (core_ != nullptr) reply = receive_soon();
    if (!reply) {
        if (core_ != nullptr) core_->unlock();
        reply = session_->receive(limit);
        if (core_ != nullptr) core_->lock();
    }
    if (!reply) {
        reply.emplace();
        reply->why = "no reply within " + std::to_string(limit.count()) + " ms";
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
