// Playing single cases in a lane's session, starting a new one when the agent died.
#pragma once

#include "properties/judge.h"
#include "runners/campaign/core.h"
#include "runners/targets/target.h"

namespace crosstalk {

using JudgeFunction = std::function<Verdict(const Case&, const History&, const Environment&, const JudgeOptions&)>;

// No reply for this long means that the target hangs: far above the agent's own bound on a case.
constexpr std::chrono::milliseconds silence_limit(std::chrono::milliseconds case_time_limit) {
    return case_time_limit * 5 + std::chrono::seconds(5);
}

// So long a case may take before others work in its place: some times what one of pipes does.
constexpr std::chrono::milliseconds lent_after{10};

constexpr std::size_t cases_ahead = 16;           // drawn and sent before their replies: hides the way there and back
constexpr std::uint64_t broken_to_give_up = 200;  // cases, before anything was judged

class Player {
  public:
    // core: where its sessions are pinned and whose place the caller holds; without, `options` say where.
    Player(const Target& target, SessionOptions options, std::unique_ptr<Session> session = nullptr,
           Core* core = nullptr);

    // Starts a session if there is none. "" or why it cannot.
    std::string ready();
    Session& session() { return *session_; }
    void discard() { session_.reset(); }
    const SessionOptions& options() const { return options_; }

    // Nothing else may be in flight. A reply `died` also when the session cannot be started again or is silent.
    Reply play(const Case& value, std::uint64_t serial);
    // Waits for the next reply of what was sent, with the place lent while nothing comes; silence becomes `died`, which
    // discards the session.
    Reply receive();

  private:
    const Target& target_;
    SessionOptions options_;
    std::unique_ptr<Session> session_;
    Core* core_;
};

}  // namespace crosstalk
