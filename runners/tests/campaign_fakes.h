// A target without a kernel: a session that plays nothing and answers by a script, so that the campaign's own behaviour
// can be tested. What a case "does" is written in its first object's capacity.
#pragma once

#include <deque>
#include <filesystem>
#include <mutex>

#include <unistd.h>

#include "mechanisms/catalog.h"
#include "runners/campaign/campaign.h"

namespace crosstalk::fakes {

// capacity_bytes of the first object says what playing it comes to.
enum Script : std::uint64_t {
    holds = 1,
    violates = 2,
    deviates = 3,
    kills = 4,
    refused = 5,
    breaks = 6,
    racy = 7,
    mostly = 8,
    slides = 9,           // violates another clause, and as `violates` once it has two steps or fewer
    gives_up = 11,        // as `kills`, but over trouble of the agent's own
    slides_to_known = 10  // violates another clause, and as `deviates` once it has two steps or fewer
};

inline Case case_of(Script script, std::size_t steps = 4) {
    Case out;
    out.program.objects.push_back({0, {.capacity_bytes = script, .flags = 0}});
    Actor actor;
    actor.steps.resize(steps);
    out.program.actors.push_back(actor);
    return out;
}
inline Script script_of(const Case& value) {
    return static_cast<Script>(value.program.objects.front().asked.capacity_bytes);
}

struct Counters {
    std::atomic<unsigned> started{0}, played{0}, most_in_flight{0};
    std::atomic<unsigned> racy_plays{0};
};

class FakeSession final : public Session {
  public:
    explicit FakeSession(Counters& counters) : counters_(counters) { environment_.said["kernel"] = "Fake 1.0"; }
    const Environment& environment() const override { return environment_; }
    std::size_t in_flight_bytes() const override { return 1 << 20; }
    bool send(std::uint64_t serial, const Case& value) override {
        waiting_.push_back({serial, value});
        if (waiting_.size() > counters_.most_in_flight)
            counters_.most_in_flight = static_cast<unsigned>(waiting_.size());
        return true;
    }
    std::optional<Reply> receive(std::chrono::milliseconds) override {
        Reply reply;
        if (waiting_.empty()) return reply;
        const auto [serial, value] = waiting_.front();
        waiting_.pop_front();
        reply.serial = serial;
        if (script_of(value) == kills || script_of(value) == gives_up) {
            reply.why = "scripted death";
            reply.gave_up = script_of(value) == gives_up;
            return reply;
        }
        reply.kind = script_of(value) == refused ? Reply::Kind::refused : Reply::Kind::played;
        reply.why = script_of(value) == refused ? "scripted refusal" : "";
        Event event;
        event.result = static_cast<std::int64_t>(script_of(value));
        if (script_of(value) == racy && counters_.racy_plays.fetch_add(1) % 3 != 0) event.result = holds;
        if (script_of(value) == mostly)  // violates, three times of four
            event.result = counters_.racy_plays.fetch_add(1) % 4 != 3 ? violates : holds;
        reply.history.events.assign(3, event);
        if (script_of(value) == breaks) {
            reply.history.ending = Ending::broken;
            reply.history.why = "scripted break";
        }
        counters_.played.fetch_add(1);
        return reply;
    }

  private:
    Counters& counters_;
    Environment environment_;
    std::deque<std::pair<std::uint64_t, Case>> waiting_;
};

inline Target target(Counters& counters) {
    return {"fake", "answers by a script", [&counters](const SessionOptions&) -> Expected<std::unique_ptr<Session>> {
                counters.started.fetch_add(1);
                return std::unique_ptr<Session>(new FakeSession(counters));
            }};
}

inline ClauseId some_clause() { return 0; }

inline ClauseId other_clause() { return clause_named("PIPE-WRITE-1").value(); }

inline Verdict judge_by_script(const Case& value, const History& history, const Environment&, const JudgeOptions&) {
    Verdict out;
    auto script = static_cast<Script>(history.events.front().result);
    const bool small = value.program.actors.front().steps.size() <= 2;
    if (small && script == slides) script = violates;
    if (small && script == slides_to_known) script = deviates;
    out.evidence.push_back({some_clause(), no_fault, 2});
    if (script == violates || script == racy) {
        out.answer = Answer::violated;
        out.clause = some_clause();
        out.reason = Reason::lost;
        out.explanation = {"the story"};
    }
    if (script == slides || script == slides_to_known) {
        out.answer = Answer::violated;
        out.clause = other_clause();
        out.reason = Reason::early;
    }
    if (script == deviates) out.deviations.push_back({some_clause(), Reason::early, "", 0});
    return out;
}

// One step less, as long as there is one.
inline rc::Seq<Case> one_step_less(const Case& value) {
    if (value.program.actors.front().steps.size() <= 1) return {};
    Case smaller = value;
    smaller.program.actors.front().steps.pop_back();
    return rc::seq::just(smaller);
}

// Options of a run of `cases` cases; the n-th is scripted by `script(n)`.
inline CampaignOptions options(Counters& counters, std::uint64_t cases, std::function<Script(std::uint64_t)> script) {
    CampaignOptions out;
    out.target = target(counters);
    out.cases = cases;
    out.seed = 7;
    out.cells = {all_cells().front()};
    out.judge = judge_by_script;
    out.investigation.smaller = one_step_less;
    // The campaign hands the mixed seed of the n-th case; the script counts n by looking it up.
    out.drawing = [script, cases](const std::vector<Cell>&, const Ground&) -> DrawCell {
        std::map<std::uint64_t, std::uint64_t> number_of;
        for (std::uint64_t n = 0; n < cases; ++n) number_of[mixed(7, n)] = n;
        return [script, number_of](std::size_t, std::uint64_t seed) { return case_of(script(number_of.at(seed))); };
    };
    return out;
}

// A directory that goes when the test ends.
class Directory {
  public:
    Directory() {
        std::string form = (std::filesystem::temp_directory_path() / "crosstalk-test-XXXXXX").string();
        path_ = ::mkdtemp(form.data());
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace crosstalk::fakes
