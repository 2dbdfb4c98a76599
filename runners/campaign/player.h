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

// A case may take so long, and so many times what most of its lane do, before others work in its place: were the lanes
// of a slow target lent at each case, ever more of them would make it slower.
constexpr std::chrono::milliseconds least_lent_after{10};
constexpr int lent_after_usual = 8;

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
    std::optional<Reply> receive_soon();
    const Target& target_;
    SessionOptions options_;
    std::unique_ptr<Session> session_;
    Core* core_;
    std::chrono::microseconds usual_{1000};  // what a reply takes: half of them take longer
};

}  // namespace crosstalk
