// What is done with a case that failed: it is played again unchanged, made smaller as long as it fails for the same
// reason, then for whatever reason may stand for it, and what is left is played again for its rate. Repeating measures;
// it never forgives.
#pragma once

#include "properties/draw.h"
#include "runners/campaign/player.h"

namespace crosstalk {

// What went wrong, apart from the case that showed it. Equal goals are one finding.
struct Goal {
    MechanismId mechanism = 0;
    ClauseId clause = no_clause;
    Reason reason = Reason::none;
    std::string detail;  // of wrong-errno: part of the reason
    bool deviates = false;
    std::size_t event = 0;
    // The reason of the contract: "torn", "wrong-errno:EAGAIN/none".
    std::string reason_text() const;
    std::string clause_name() const { return std::string(clause_of(clause).id); }
    bool same_as(const Goal& other) const {
        return mechanism == other.mechanism && clause == other.clause && deviates == other.deviates &&
               reason_text() == other.reason_text();
    }
};

// All that a reply shows: the violation, each deviation, or the death of the target. Empty: nothing.
std::vector<Goal> goals_of(const Case& value, const Reply& reply, const Verdict& verdict);

struct Failure {  // a case that showed a goal, and how
    Case value;
    History history;
    Verdict verdict;  // of a death: empty
    std::string why;  // of a death: what is known
    Goal goal;
    std::uint64_t serial = 0;
};

struct Investigation {
    unsigned replays = 10;
    std::chrono::milliseconds shrink_time{3000};
    std::chrono::milliseconds deviation_shrink_time{500};
    std::function<rc::Seq<Case>(const Case&)> smaller;
    // Tried once, before all others, the best first.
    std::function<std::vector<Case>(const Case&, const History&, std::size_t event)> first_cuts;
    // May a failure be named by the goal of a smaller one? One defect is met as many goals, by the accident of the case
    // that shows it first; smallest cases are much alike. The goal moves only once nothing smaller shows the goal that
    // was met: what is left does little beside showing it, so what its parts show is most likely the same defect. It
    // is a guess all the same, so `first` tells what was met. Unset: the goal stays.
    std::function<bool(const Failure& met, const Failure& smaller)> may_become;
    // Ways to show it more plainly, the plainest first, and how far from plain it is. Tried last, where the goal may
    // move: which call of many the broken promise shows in is an accident of the case too.
    std::function<std::vector<Case>(const Case&, const History&, std::size_t event)> plainer;
    std::function<unsigned(const Case&, const History&, std::size_t event)> plainness;
};

struct Investigated {
    Failure smallest;
    Failure first;                   // as it was met; its goal may be another one
    unsigned failed = 0, tried = 0;  // of the smallest
    std::uint64_t plays = 0;         // all of them together
};

// The smallest fails as steadily as the found one did: a smaller case that does not is given up for a greater one. Only
// where a race leaves no such case but the found one, often (7 of 10) is enough.
Investigated investigate(Player& player, const JudgeFunction& judge, const Environment& environment, Failure found,
                         const Investigation& how);

// How many plays of a candidate make it unlikely (below 1 in 20) to miss a failure of this rate; at most 30.
unsigned plays_for_rate(unsigned failed, unsigned tried);

}  // namespace crosstalk
