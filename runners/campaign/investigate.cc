// Rates and shrinking.
#include "runners/campaign/investigate.h"

#include <algorithm>
#include <cmath>

namespace crosstalk {
namespace {

using Clock = std::chrono::steady_clock;

// Plays a case once; the failure if it shows the goal.
std::optional<Failure> shows(Player& player, const JudgeFunction& judge, const Environment& environment,
                             const Case& value, const Failure& like) {
    Reply reply = player.play(value, like.serial);
    Verdict verdict;
    if (reply.kind == Reply::Kind::refused) return std::nullopt;
    if (reply.kind == Reply::Kind::played) {
        JudgeOptions options;
        options.explanations = false;
        options.evidence = false;
        options.case_number = static_cast<std::uint16_t>(like.serial);
        verdict = judge(value, reply.history, environment, options);
    }
    for (Goal& goal : goals_of(value, reply, verdict))
        if (goal.same_as(like.goal))
            return Failure{value,     std::move(reply.history), std::move(verdict),
                           reply.why, std::move(goal),          like.serial};
    return std::nullopt;
}

// Greedy: the first smaller case that still fails is where the search goes on. Ends when none does, or with the time.
Failure shrunk(Player& player, const JudgeFunction& judge, const Environment& environment, Failure from,
               const Investigation& how, unsigned plays, Clock::time_point until) {
    for (bool progress = true; progress;) {
        progress = false;
        rc::Seq<Case> candidates = how.smaller(from.value);
        while (auto candidate = candidates.next()) {
            if (Clock::now() >= until) return from;
            std::optional<Failure> failure;
            for (unsigned i = 0; i < plays && !failure && (i == 0 || Clock::now() < until); ++i)
                failure = shows(player, judge, environment, *candidate, from);
            if (!failure) continue;
            from = std::move(*failure);
            progress = true;
            break;
        }
    }
    return from;
}

}  // namespace

std::string Goal::reason_text() const {
    std::string out(name_of(reason));
    if (reason == Reason::wrong_errno && !detail.empty()) out += ":" + detail;
    return out;
}

unsigned plays_for_rate(unsigned failed, unsigned tried) {
    if (failed >= tried) return 1;
    const double rate = std::max(1.0, static_cast<double>(failed)) / static_cast<double>(tried);
    return std::min(30u, static_cast<unsigned>(std::ceil(std::log(0.05) / std::log(1.0 - rate))));
}

std::vector<Goal> goals_of(const Case& value, const Reply& reply, const Verdict& verdict) {
    if (reply.kind == Reply::Kind::died) {
        const MechanismId first = value.program.objects.empty() ? MechanismId{0} : value.program.objects[0].mechanism;
        return {{first, clause_named("TARGET-ALIVE-1").value_or(no_clause), Reason::crashed, "", false, 0}};
    }
    std::vector<Goal> out;
    if (verdict.answer == Answer::violated)
        out.push_back({verdict.mechanism, verdict.clause, verdict.reason, verdict.detail, false, verdict.event});
    if (verdict.answer == Answer::holds || verdict.answer == Answer::violated)
        for (const Deviation& deviation : verdict.deviations) {
            Goal goal{verdict.mechanism, deviation.clause, deviation.reason, deviation.detail, true, deviation.event};
            if (std::none_of(out.begin(), out.end(), [&](const Goal& other) { return other.same_as(goal); }))
                out.push_back(std::move(goal));
        }
    return out;
}

Investigated investigate(Player& player, const JudgeFunction& judge, const Environment& environment, Failure found,
                         const Investigation& how) {
    Investigated out;
    const unsigned replays = found.goal.deviates ? std::min(how.replays, 3u) : how.replays;
    for (; out.tried < replays; ++out.tried)
        if (shows(player, judge, environment, found.value, found)) ++out.failed;
    const unsigned plays = plays_for_rate(out.failed, out.tried);
    const auto time = found.goal.deviates ? how.deviation_shrink_time : how.shrink_time;
    out.smallest = std::move(found);
    if (how.smaller)
        out.smallest = shrunk(player, judge, environment, std::move(out.smallest), how, plays, Clock::now() + time);
    // Candidates were judged without explanations; the judge is pure, so the same history tells the story now.
    Failure& last = out.smallest;
    if (last.goal.reason != Reason::crashed) {
        JudgeOptions options;
        options.evidence = false;
        options.case_number = static_cast<std::uint16_t>(last.serial);
        last.verdict = judge(last.value, last.history, environment, options);
    }
    return out;
}

}  // namespace crosstalk
