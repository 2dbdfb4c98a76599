// Rates and shrinking.
#include "runners/campaign/investigate.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>

namespace crosstalk {
namespace {

using Clock = std::chrono::steady_clock;

// An investigation has its time; where plays are slow, by what they do or by what else the machine does, it has three
// times the time to come to so many plays.
struct Bound {
    Clock::time_point soft, hard;
    std::uint64_t plays = 0;
};
constexpr std::uint64_t least_plays = 800;
constexpr std::size_t plays_ahead = 8;  // sent before their replies: hides the way there and back

// How many plays of a candidate are enough to go on with: of a race that became smaller and fails soon, fewer than its
// first rate asks for.
class Thrift {
  public:
    unsigned plays(unsigned full) const {
        if (full == 1 || seen_ < few) return full;
        return std::clamp(static_cast<unsigned>(std::ceil(3 * mean_)), 2u, full);
    }
    void failed_at(unsigned play) {
        mean_ = seen_ == 0 ? play : mean_ + (play - mean_) / few;
        ++seen_;
    }

  private:
    static constexpr unsigned few = 4;
    double mean_ = 0;
    unsigned seen_ = 0;
};

class Investigator {
  public:
    Investigator(Player& player, const JudgeFunction& judge, const Environment& environment, const Investigation& how)
        : player_(player), judge_(judge), environment_(environment), how_(how) {}

    // How often, of so many times, it fails again.
    unsigned replayed(const Failure& failure, unsigned times);
    // Rates from a few plays; of what seldom fails, from more of them, until it has failed a few times.
    void measure(const Failure& failure, Investigated& rate, const Bound& until);
    // Appends failures, each smaller than the one before.
    void shrink(std::vector<Failure>& way, Investigated& rate, const Bound& until);
    void let_the_goal_move(bool moves) { goal_moves_ = moves; }
    // Appends a failure that shows it in a plainer way, and smaller ones of the same goal.
    void make_plain(std::vector<Failure>& way, Investigated& rate, const Bound& until);
    // The last of the way that fails as the first did: each time, or not much more seldom. The first stays in any case.
    void go_back_to_a_steady_one(std::vector<Failure>& way, Investigated& rate);
    std::uint64_t plays() const { return plays_; }
    Bound within(Clock::duration time) const {
        return {Clock::now() + time, Clock::now() + 3 * time, plays_ + least_plays};
    }

  private:
    struct Aim {
        const Failure& like;
        unsigned plays;  // of one candidate, until it fails
        const Bound& until;
    };
    // What first_that_fails() found: the number of the candidate, and which play of it failed.
    struct Found {
        std::size_t number = 0;
        unsigned play = 0;
    };
    bool is_over(const Bound& bound) const {
        const Clock::time_point now = Clock::now();
        return now >= bound.hard || (now >= bound.soft && plays_ >= bound.plays);
    }
    std::optional<Failure> shows(const Case& value, Reply reply, const Failure& like, bool goal_moves);
    std::optional<Failure> first_that_fails(rc::Seq<Case>& candidates, const Aim& aim, Found& at);
    bool cut(std::vector<Failure>& way, Investigated& rate, const Bound& until, bool only_to_turns);
    bool again(const Failure& failure) { return replayed(failure, 1) == 1; }

    Player& player_;
    const JudgeFunction& judge_;
    const Environment& environment_;
    const Investigation& how_;
    std::uint64_t plays_ = 0;
    bool goal_moves_ = false;
};

// The failure if this reply shows the goal, or else one that it may become.
std::optional<Failure> Investigator::shows(const Case& value, Reply reply, const Failure& like, bool goal_moves) {
    Verdict verdict;
    if (reply.kind == Reply::Kind::refused) return std::nullopt;
    if (reply.kind == Reply::Kind::played) {
        JudgeOptions options;
        options.explanations = false;
        options.evidence = false;
        options.case_number = static_cast<std::uint16_t>(like.serial);
        verdict = judge_(value, reply.history, environment_, options);
    }
    std::vector<Goal> goals = goals_of(value, reply, verdict);
    if (goals.empty()) return std::nullopt;
    Failure failure{value, std::move(reply.history), std::move(verdict), reply.why, {}, like.serial};
    for (const Goal& goal : goals)
        if (failure.goal = goal; goal.same_as(like.goal)) return failure;
    for (const Goal& goal : goals)
        if (failure.goal = goal; goal_moves && how_.may_become(like, failure)) return failure;
    return std::nullopt;
}

unsigned Investigator::replayed(const Failure& failure, unsigned times) {
    unsigned failed = 0;
    for (unsigned i = 0; i < times; ++i, ++plays_)
        if (shows(failure.value, player_.play(failure.value, failure.serial), failure, false)) ++failed;
    return failed;
}

void Investigator::measure(const Failure& failure, Investigated& rate, const Bound& until) {
    constexpr unsigned seldom = 3, most = 300;
    rate.failed = replayed(failure, rate.tried);
    while (rate.failed < std::min(seldom, rate.tried) && rate.tried < most && !is_over(until)) {
        rate.failed += replayed(failure, 1);
        ++rate.tried;
    }
}

// Candidates are sent ahead of their replies, the more the longer none fails; what was sent beyond the first that fails
// comes back unread. A death says nothing of those behind it, so where deaths are looked for, one goes at a time.
std::optional<Failure> Investigator::first_that_fails(rc::Seq<Case>& candidates, const Aim& aim, Found& at) {
    struct Sent {
        Case value;
        Found at;
    };
    std::deque<Sent> ahead;
    std::optional<Failure> found;
    std::optional<Case> next;
    std::size_t window = 1, drawn = 0;
    unsigned left = 0;  // plays of `next`
    const std::size_t widest = aim.like.goal.reason == Reason::crashed ? 1 : plays_ahead;
    for (;;) {
        while (!found && ahead.size() < window && !is_over(aim.until) && player_.ready().empty()) {
            if (left == 0) {
                rc::Maybe<Case> candidate = candidates.next();
                if (!candidate) break;
                next = std::move(*candidate), left = aim.plays, ++drawn;
            }
            player_.session().send(aim.like.serial, *next);
            ahead.push_back({*next, {drawn - 1, aim.plays - left + 1}});
            --left, ++plays_;
        }
        if (ahead.empty()) return found;
        Sent sent = std::move(ahead.front());
        ahead.pop_front();
        Reply reply = player_.receive();
        const bool died = reply.kind == Reply::Kind::died;
        if (!found) {
            found = shows(sent.value, std::move(reply), aim.like, goal_moves_);
            at = sent.at;
        }
        if (died) ahead.clear();
        if (!found) window = std::min(widest, window * 2);
    }
}

// One cut that the history of the last failure tells, if it fails as steadily. A race that fails each time when its
// steps are taken one by one is no race, and goes on as what it is.
bool Investigator::cut(std::vector<Failure>& way, Investigated& rate, const Bound& until, bool only_to_turns) {
    const Failure& last = way.back();
    if (!how_.first_cuts) return false;
    for (const Case& value : how_.first_cuts(last.value, last.history, last.goal.event)) {
        const bool to_turns = value.schedule.mode != last.value.schedule.mode;
        const bool fewer = value.program.actors.size() < last.value.program.actors.size();
        if (only_to_turns && (!to_turns || fewer)) continue;
        rc::Seq<Case> one = rc::seq::just(value);
        Found at;
        const unsigned plays = to_turns ? 1 : plays_for_rate(rate.failed, rate.tried);
        std::optional<Failure> failure = first_that_fails(one, {last, plays, until}, at);
        if (!failure) continue;
        if (plays == 1) {
            const unsigned times = std::min(rate.tried, how_.replays);
            if (replayed(*failure, times) < times) continue;
            rate.failed = rate.tried = times;
        }
        way.push_back(std::move(*failure));
        return true;
    }
    return false;
}

// Each smaller case that still fails is where the search goes on, from where it stands: what did not go from the
// greater case seldom goes from the smaller. It ends with a whole pass of all the plays in which none fails, or with
// the time.
void Investigator::shrink(std::vector<Failure>& way, Investigated& rate, const Bound& until) {
    cut(way, rate, until, false);
    Thrift thrift;
    for (bool progress = true, whole = false; (progress || !whole) && how_.smaller && !is_over(until);) {
        whole = !progress;
        progress = false;
        for (std::size_t skip = 0; !is_over(until);) {
            const unsigned full = plays_for_rate(rate.failed, rate.tried);
            if (full == 1) whole = true;
            rc::Seq<Case> candidates = how_.smaller(way.back().value);
            for (std::size_t i = 0; i < skip; ++i) candidates.next();
            Found at;
            std::optional<Failure> failure =
                first_that_fails(candidates, {way.back(), whole ? full : thrift.plays(full), until}, at);
            if (!failure) break;
            skip += at.number;
            if (full == 1 && !again(*failure)) {  // steady failures stay steady
                ++skip;
                continue;
            }
            thrift.failed_at(at.play);
            progress = true;
            way.push_back(std::move(*failure));
            if (way.back().value.schedule.mode == Mode::free) cut(way, rate, until, true);
        }
    }
}

// All ways are tried, and the first by one fixed order of what they show is taken: which one was met is chance.
void Investigator::make_plain(std::vector<Failure>& way, Investigated& rate, const Bound& until) {
    if (!how_.plainer || !how_.plainness) return;
    const auto order_of = [&](const Failure& of) {
        return std::tuple(how_.plainness(of.value, of.history, of.goal.event), of.goal.reason, of.goal.clause);
    };
    const unsigned plays = plays_for_rate(rate.failed, rate.tried);
    std::optional<Failure> best;
    let_the_goal_move(true);
    for (const Case& value : how_.plainer(way.back().value, way.back().history, way.back().goal.event)) {
        rc::Seq<Case> one = rc::seq::just(value);
        Found at;
        std::optional<Failure> failure = first_that_fails(one, {way.back(), plays, until}, at);
        if (failure && order_of(*failure) < order_of(best ? *best : way.back()) && (plays > 1 || again(*failure)))
            best = std::move(failure);
    }
    let_the_goal_move(false);
    if (!best) return;
    way.push_back(std::move(*best));
    shrink(way, rate, until);
}

// Back from the end in growing steps to one that is steady, then by halves towards those that are not. 0 if only the
// first may be.
template <class Steady>
std::size_t last_steady(std::size_t size, Steady is_steady) {
    std::size_t at = size - 1, unsteady = size;
    for (std::size_t looks = 0; at > 0 && !is_steady(at); ++looks) {
        const std::size_t back = looks < 4 ? 1 : std::size_t{1} << std::min<std::size_t>(looks - 3, 16);
        unsteady = at;
        at -= std::min(back, at);
    }
    while (unsteady - at > 1) {
        const std::size_t middle = at + (unsteady - at) / 2;
        (is_steady(middle) ? at : unsteady) = middle;
    }
    return at;
}

// A race that failed each time as it was met may have done so by luck: where no smaller one does, often is enough.
void Investigator::go_back_to_a_steady_one(std::vector<Failure>& way, Investigated& rate) {
    const unsigned tried = std::min(rate.tried, 60u), failed_first = rate.failed, tried_first = rate.tried;
    const bool each_time = plays_for_rate(failed_first, tried_first) == 1;
    const auto fails_in = [&](std::size_t at, unsigned least) {
        const unsigned failed = replayed(way[at], tried);
        if (failed < least) return false;
        rate.failed = failed, rate.tried = tried;
        return true;
    };
    const unsigned quarter = std::max(1u, (failed_first * tried + 4 * tried_first - 1) / (4 * tried_first));
    std::size_t at = last_steady(way.size(), [&](std::size_t i) { return fails_in(i, each_time ? tried : quarter); });
    if (at == 0 && each_time && way.back().value.schedule.mode == Mode::free)
        at = last_steady(way.size(), [&](std::size_t i) { return fails_in(i, (tried * 7 + 9) / 10); });
    way.resize(at + 1);
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
    if (reply.gave_up) return {};
    if (reply.kind == Reply::Kind::died) {
        const MechanismId first = value.program.objects.empty() ? MechanismId{0} : value.program.objects[0].mechanism;
        return {{first, *clause_named("TARGET-ALIVE-1"), Reason::crashed, "", false, 0}};
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
    Investigator investigator(player, judge, environment, how);
    out.tried = found.goal.deviates ? std::min(how.replays, 3u) : how.replays;
    const auto time = found.goal.deviates ? how.deviation_shrink_time : how.shrink_time;
    investigator.measure(found, out, investigator.within(time / 4));
    const bool races = out.failed < out.tried;                    // each candidate then takes many plays
    const auto whole = time * (races && out.failed > 0 ? 3 : 1);  // what never fails again is not made smaller by time
    out.first = found;
    std::vector<Failure> way{std::move(found)};
    investigator.shrink(way, out, investigator.within(whole));
    if (how.may_become && !out.first.goal.deviates) {
        investigator.let_the_goal_move(true);
        investigator.shrink(way, out, investigator.within(whole / 2));
        investigator.make_plain(way, out, investigator.within(whole / 2));
    }
    investigator.go_back_to_a_steady_one(way, out);
    out.smallest = std::move(way.back());
    out.plays = investigator.plays();
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
