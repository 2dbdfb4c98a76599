// The loop of a lane.
#include "runners/campaign/lane.h"

#include <algorithm>

namespace crosstalk {
namespace {

constexpr unsigned most_crashes = 50;  // of a run: a target that dies each time has told its story

}  // namespace

void Line::end(const std::string& why) {
    const std::lock_guard lock(why_mutex);
    if (stopped_because.empty()) stopped_because = why;
    stop.store(true, std::memory_order_relaxed);
}

Lane::Lane(Line& line, Core& core, std::unique_ptr<Session> session)
    : line_(line),
      core_(core),
      player_(line.options.target, line.options.session, std::move(session), &core),
      tally_(line.options.cells) {}

std::optional<Drawn> Lane::next_case() {
    if (line_.stop.load(std::memory_order_relaxed)) return std::nullopt;
    if (line_.options.interrupted != nullptr && line_.options.interrupted->load(std::memory_order_relaxed)) {
        line_.end("interrupted");
        return std::nullopt;
    }
    if (std::chrono::steady_clock::now() >= line_.until) {
        line_.end("budget");
        return std::nullopt;
    }
    const std::uint64_t number = line_.next.fetch_add(1, std::memory_order_relaxed);
    if (line_.options.cases != 0 && number >= line_.options.cases + line_.options.corpus.size()) {
        line_.end("cases");
        return std::nullopt;
    }
    std::optional<Drawn> drawn = line_.source.at(number);
    if (!drawn) line_.end("cases");
    return drawn;
}

// Suspects hold the drawing back, so that what is in flight drains and they are looked into soon.
void Lane::keep_busy() {
    while (in_flight_.size() < cases_ahead && suspects_.empty()) {
        std::optional<Drawn> drawn = next_case();
        if (!drawn) return;
        player_.session().send(serial_of(*drawn), drawn->value);
        in_flight_.push_back(std::move(*drawn));
    }
}

void Lane::run() {
    const std::lock_guard place(core_);
    for (;;) {
        if (line_.stop.load(std::memory_order_relaxed) && in_flight_.empty() && suspects_.empty()) return;
        if (std::string wrong = player_.ready(); !wrong.empty()) return line_.end("broken: " + wrong);
        keep_busy();
        if (in_flight_.empty() && suspects_.empty()) return;
        if (in_flight_.empty()) {
            look_into_suspects();
            continue;
        }
        const Reply reply = player_.receive();
        if (reply.kind == Reply::Kind::died) {
            target_died(reply);
        } else {
            const Drawn drawn = std::move(in_flight_.front());
            in_flight_.pop_front();
            judge_reply(drawn, reply);
        }
        if (tally_.cases() == 0 && tally_.broken() >= broken_to_give_up) line_.end("broken: no case could be judged");
    }
}

void Lane::judge_reply(const Drawn& drawn, const Reply& reply) {
    if (reply.kind == Reply::Kind::refused)
        tally_.broke("refused: " + reply.why);
    else if (reply.history.ending == Ending::broken) {
        tally_.broke(reply.history.why);
        keep_broken(drawn, reply.history);
    } else {
        JudgeOptions options;
        options.explanations = false;
        options.case_number = static_cast<std::uint16_t>(serial_of(drawn));
        const Verdict verdict = line_.options.judge(drawn.value, reply.history, line_.environment, options);
        tally_.judged(drawn, reply.history, verdict);
        if (verdict.answer == Answer::broken) keep_broken(drawn, reply.history);
        for (Goal& goal : goals_of(drawn.value, reply, verdict))
            met(drawn, {drawn.value, reply.history, verdict, "", std::move(goal), serial_of(drawn)});
    }
}

void Lane::keep_broken(const Drawn& drawn, const History& history) {
    const Recording recording{line_.environment, history, drawn.value, static_cast<std::uint16_t>(serial_of(drawn))};
    if (std::string wrong = line_.findings.keep_broken(recording, drawn.number); !wrong.empty())
        line_.end("broken: " + wrong);
}

void Lane::met(const Drawn& drawn, Failure failure) {
    const std::string id = Findings::id_of(failure.goal);
    if (line_.findings.claim(id))
        suspects_.push_back({drawn, std::move(failure)});
    else
        tally_.again(id);
}

void Lane::look_into_suspects() {
    for (Suspect& suspect : std::exchange(suspects_, {})) {
        Investigation how = line_.options.investigation;
        if (line_.stop.load(std::memory_order_relaxed)) how.shrink_time /= 4;  // somebody waits for the verdict
        how.may_become = [&](const Failure& met, const Failure& smaller) {
            return line_.findings.may_become(suspect.drawn, met, smaller);
        };
        const Investigated investigated =
            investigate(player_, line_.options.judge, line_.environment, std::move(suspect.failure), how);
        const std::string wrong =
            line_.findings.record(suspect.drawn, investigated, line_.environment, suspect.drawn.number + 1);
        if (!wrong.empty()) line_.end("broken: " + wrong);
    }
    if (line_.options.fail_fast != 0 && line_.findings.serious() >= line_.options.fail_fast) line_.end("fail-fast");
}

// The agent is gone with cases in flight: the finding, not the harness's trouble, unless it ended over trouble of its
// own. Each is played again alone in a fresh session; whoever kills it again is guilty. If none does, the oldest in
// flight stands for all of them.
void Lane::target_died(const Reply& death) {
    std::deque<Drawn> doubtful = std::exchange(in_flight_, {});
    if (!death.gave_up && line_.crashes.fetch_add(1) + 1 >= most_crashes) line_.end("crashes");
    bool guilty = false;
    const Drawn oldest = doubtful.empty() ? Drawn{} : doubtful.front();
    for (const Drawn& drawn : doubtful) {
        const Reply reply = player_.play(drawn.value, serial_of(drawn));
        if (reply.kind != Reply::Kind::died) {
            judge_reply(drawn, reply);
            continue;
        }
        guilty = true;
        if (reply.gave_up) tally_.broke(reply.why);
        for (Goal& goal : goals_of(drawn.value, reply, {}))
            met(drawn, {drawn.value, {}, {}, reply.why, std::move(goal), serial_of(drawn)});
    }
    if (guilty || death.gave_up) return;
    const std::string why =
        death.why + "; none of the " + std::to_string(doubtful.size()) + " cases in flight does it again alone";
    if (doubtful.empty()) return tally_.broke("the agent died with nothing to do: " + death.why);
    for (Goal& goal : goals_of(oldest.value, death, {}))
        met(oldest, {oldest.value, {}, {}, why, std::move(goal), serial_of(oldest)});
}

}  // namespace crosstalk
