// One lane: a thread of the tool and the session that it keeps busy. Draws ahead of the agent, judges behind it.
#pragma once

#include <deque>

#include "runners/campaign/campaign.h"
#include "runners/campaign/findings.h"
#include "runners/campaign/tally.h"

namespace crosstalk {

// What the lanes of a run share.
struct Line {
    Line(const CampaignOptions& of, const CaseSource& from, Findings& into, const Environment& said)
        : options(of), source(from), findings(into), environment(said) {}

    const CampaignOptions& options;
    const CaseSource& source;
    Findings& findings;
    Environment environment;
    std::atomic<std::uint64_t> next{0};  // case number
    std::atomic<bool> stop{false};
    std::atomic<unsigned> crashes{0};
    std::mutex why_mutex;
    std::string stopped_because;  // the first reason wins
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();  // of the budget

    void end(const std::string& why);
};

class Lane {
  public:
    Lane(Line& line, Core& core, std::unique_ptr<Session> session);
    void run();  // until the line stops and nothing is in flight
    Tally& tally() { return tally_; }

  private:
    std::optional<Drawn> next_case();
    void keep_busy();
    void judge_reply(const Drawn& drawn, const Reply& reply);
    void keep_broken(const Drawn& drawn, const History& history);
    void target_died(const Reply& death);
    void met(const Drawn& drawn, Failure failure);
    void look_into_suspects();
    static std::uint64_t serial_of(const Drawn& drawn) { return drawn.number + 1; }

    struct Suspect {
        Drawn drawn;
        Failure failure;
    };
    Line& line_;
    Core& core_;
    Player player_;
    Tally tally_;
    std::deque<Drawn> in_flight_;
    std::vector<Suspect> suspects_;  // looked into when nothing is in flight
};

}  // namespace crosstalk
