// The rules of memory against histories that no kernel made: legal ones are accepted, and what a load may tell is what
// some moments of all that happened, tried one by one, let it tell.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <tuple>

#include "faults/text/history_text.h"
#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/judge/acts.h"
#include "properties/judge/resolve.h"
#include "properties/tests/memory_simulator.h"
#include "properties/tests/nightly.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Memories;
using simulation::MemoryDefect;
using simulation::MemoryScope;
using simulation::PlayedMemory;

Verdict judged(const PlayedMemory& played) { return judge(played.value, played.history, Environment{}, {}); }

TEST(Memory, EveryHistoryOfASimulatedOneIsAccepted) {
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        const PlayedMemory played = Memories(seed, {}).play();
        ASSERT_EQ(why_not(played.value.program), "") << "seed " << seed;
        const Verdict verdict = judged(played);
        ASSERT_EQ(verdict.answer, Answer::holds) << "seed " << seed << ": " << told(verdict);
    }
}

TEST(Memory, EachDefectIsSeen) {
    for (const MemoryDefect defect : {MemoryDefect::store_lost, MemoryDefect::load_stale, MemoryDefect::cut_off_stays,
                                      MemoryDefect::private_leaks, MemoryDefect::fault_lost}) {
        int struck = 0, seen = 0;
        for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
            const PlayedMemory played = Memories(seed, {}, defect).play();
            const bool violated = judged(played).answer == Answer::violated;
            ASSERT_TRUE(played.defect_struck || !violated) << "seed " << seed;
            struck += played.defect_struck;
            seen += violated;
        }
        EXPECT_GT(struck, 50) << static_cast<int>(defect);
        EXPECT_GT(seen, 10) << static_cast<int>(defect) << " of " << struck;
    }
}

// One byte of the object, everything that may change it and everybody who looks: all moments at which that may have
// happened are tried. A copy may put its byte in place several times while it goes on; a length changes once.
class AllMoments {
  public:
    AllMoments(const PlayedMemory& played, const judging::Subject& subject, std::uint64_t at)
        : played_(played), subject_(subject), at_(at) {
        for (const Event& event : played.history.events) {
            if (event.kind != EventKind::call) continue;
            const std::optional<std::uint8_t> seen = seen_by(event);
            if (!seen && !changes(event)) continue;
            points_.push_back({event.began, calls_.size(), true});
            points_.push_back({end_of(event), calls_.size(), false});
            calls_.push_back({&event, seen});
        }
        std::ranges::sort(points_, {}, &Point::at);
    }
    // May each have seen what it saw?
    bool allow() { return goes_on(0, {played_.value.program.objects[0].asked.capacity_bytes, {0}, {}}, 0, 0); }

  private:
    struct Looked {
        const Event* event;
        std::optional<std::uint8_t> seen;  // by a load; none: it changes something
    };
    struct Point {
        Stamp at;
        std::size_t call;
        bool begins;
    };
    struct State {
        std::uint64_t length;
        std::set<std::uint8_t> values;  // any of these
        std::set<std::uint8_t> weak;    // stored beyond the end: they may stay when the rest becomes zero
        auto operator<=>(const State&) const = default;
    };

    const Operation& step_of(const Event& event) const {
        return played_.value.program.actors[event.actor].steps[event.step];
    }
    bool covers(const Operation& step) const {
        const auto first = static_cast<std::uint64_t>(step.value);
        return first <= at_ && at_ < first + step.buffer.bytes;
    }
    bool changes(const Event& event) const {
        const Verb verb = event.verb;
        return verb == Verb::truncate || verb == Verb::pwrite || (verb == Verb::store && covers(step_of(event)));
    }
    // Whoever is killed stores nothing any more.
    Stamp end_of(const Event& call) const {
        if (call.ended != 0) return call.ended;
        for (const Event& event : played_.history.events)
            if (event.kind == EventKind::death && event.actor == call.actor) return event.ended;
        return judging::never;
    }
    std::optional<std::uint8_t> seen_by(const Event& event) const {
        if (event.verb != Verb::load && event.verb != Verb::pread) return std::nullopt;
        const auto first = static_cast<std::uint64_t>(step_of(event).value);
        if (at_ < first || at_ - first >= event.run_count) return std::nullopt;  // a run is a byte here
        const Run& run = played_.history.runs[event.first_run + (at_ - first)];
        return run.kind == RunKind::raw ? played_.history.raw[run.offset]
                                        : byte_at(subject_.stream(run.actor, run.step), run.offset);
    }

    // From point `next` on; `going`: the calls that go on, `done`: those that took effect, or looked.
    bool goes_on(std::size_t next, const State& state, std::uint64_t going, std::uint64_t done) {
        if (next == points_.size()) return true;
        if (!tried_.insert({next, state, going, done}).second) return false;
        const Point& point = points_[next];
        const std::uint64_t bit = std::uint64_t{1} << point.call;
        const bool must = calls_[point.call].seen || calls_[point.call].event->ended != 0;
        if (point.begins ? goes_on(next + 1, state, going | bit, done)
                         : (!must || done & bit) && goes_on(next + 1, state, going & ~bit, done))
            return true;
        for (std::size_t call = 0; call < calls_.size(); ++call) {
            const std::uint64_t mine = std::uint64_t{1} << call;
            const Looked& each = calls_[call];
            if (!(going & mine) || (done & mine && (each.seen || each.event->verb == Verb::truncate))) continue;
            if (each.seen && !state.values.contains(*each.seen)) continue;
            State later = each.seen ? state : after(state, *each.event);
            if (each.seen) later.values = {*each.seen};
            if (goes_on(next, later, going, done | mine)) return true;
        }
        return false;
    }

    State after(State state, const Event& event) const {
        const Operation& step = step_of(event);
        if (event.verb == Verb::truncate) {
            const auto length = static_cast<std::uint64_t>(step.value);
            if (at_ >= length) state.values = state.weak, state.values.insert(0);
            state.length = length;
            return state;
        }
        if (event.verb == Verb::pwrite) state.length = std::max(state.length, step.buffer.bytes);
        if (!covers(step)) return state;
        const std::uint8_t stored =
            byte_at(subject_.stream(event.actor, event.step), at_ - static_cast<std::uint64_t>(step.value));
        if (at_ < state.length)
            state.values.clear(), state.weak.clear();
        else
            state.weak.insert(stored);
        state.values.insert(stored);
        return state;
    }

    const PlayedMemory& played_;
    const judging::Subject& subject_;
    const std::uint64_t at_;
    std::vector<Looked> calls_;
    std::vector<Point> points_;
    std::set<std::tuple<std::size_t, State, std::uint64_t, std::uint64_t>> tried_;
};

// A byte of a load becomes one that another step stored there, or zero.
void mutate(PlayedMemory& played, std::mt19937_64& random) {
    History& history = played.history;
    std::vector<const Event*> loads, stores;
    for (const Event& event : history.events) {
        if (event.verb == Verb::load && event.run_count != 0) loads.push_back(&event);
        if (event.verb == Verb::store || event.verb == Verb::pwrite) stores.push_back(&event);
    }
    if (loads.empty()) return;
    const Event& load = *loads[random() % loads.size()];
    const std::uint32_t byte = static_cast<std::uint32_t>(random() % load.run_count);
    const auto step_of = [&](const Event& event) { return played.value.program.actors[event.actor].steps[event.step]; };
    const auto at = static_cast<std::uint64_t>(step_of(load).value) + byte;
    Run run{RunKind::raw, 0, 0, static_cast<std::uint32_t>(history.raw.size()), 1};
    history.raw.push_back(0);
    for (const Event* const store : stores) {
        const Operation step = step_of(*store);
        const auto first = static_cast<std::uint64_t>(step.value);
        if (at >= first && at < first + step.buffer.bytes && random() % 2 == 0)
            run = {RunKind::origin, store->actor, store->step, static_cast<std::uint32_t>(at - first), 1};
    }
    history.runs[load.first_run + byte] = run;
}

bool all_moments_allow(const PlayedMemory& played) {
    judging::Hypothesis hypothesis;
    const judging::Resolved resolved = judging::resolve(played.value, played.history, Environment{}, 0, hypothesis);
    std::set<std::uint64_t> looked_at;
    for (const Event& load : played.history.events) {
        if (load.verb != Verb::load && load.verb != Verb::pread) continue;
        const auto first = static_cast<std::uint64_t>(played.value.program.actors[load.actor].steps[load.step].value);
        for (std::uint32_t i = 0; i < load.run_count; ++i) looked_at.insert(first + i);
    }
    return std::ranges::all_of(looked_at,
                               [&](std::uint64_t at) { return AllMoments(played, resolved.subject, at).allow(); });
}

// Of what is stored beyond the end, which may go at any time, no load is evidence: there the rules forgive more.
TEST(Memory, LoadsTellWhatSomeMomentsOfAllStoresAllow) {
    std::mt19937_64 random(7);
    std::uint64_t allowed = 0, forbidden = 0, forgiven = 0;
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        PlayedMemory played =
            Memories(seed, {.lengths = false, .faults = false, .privates = false, .most_steps = 4}).play();
        if (seed % 4 != 0) mutate(played, random);
        const Verdict verdict = judged(played);
        const bool legal = all_moments_allow(played);
        ASSERT_FALSE(legal && verdict.answer != Answer::holds) << "seed " << seed << ": " << told(verdict);
        ++(legal ? allowed : forbidden);
        forgiven += !legal && verdict.answer == Answer::holds;
    }
    EXPECT_GT(allowed, many(5'000));
    EXPECT_GT(forbidden, many(1'000));
    EXPECT_LT(forgiven * 10, forbidden);
}

// Actor 0 stores all the while; actors 1 and 2 load, one after the other.
Answer seen_in_turn(const char* first, const char* second) {
    const auto recording = history_from_text(std::string(R"({"version":1,"case":{"version":1,
 "objects":[{"mechanism":"shm-posix","asked":{"capacity_bytes":64}}],
 "actors":[{"kind":"pooled","steps":[{"verb":"attach","uses":[0],"makes":[2],"flags":["writable"],"bytes":4096},
                                     {"verb":"store","uses":[2],"bytes":8}]},
           {"kind":"pooled","steps":[{"verb":"attach","uses":[0],"makes":[2],"bytes":4096},
                                     {"verb":"load","uses":[2],"bytes":8}]},
           {"kind":"pooled","steps":[{"verb":"attach","uses":[0],"makes":[2],"bytes":4096},
                                     {"verb":"load","uses":[2],"bytes":8}]}],
 "schedule":{"mode":"free"},"plan":[]},
 "environment":{"kernel":"hand-made","page_bytes":4096,"uid":1000},"events":[
 {"kind":"call","actor":0,"step":0,"verb":"attach","began":1,"ended":2,"result":0,"error":null},
 {"kind":"call","actor":1,"step":0,"verb":"attach","began":3,"ended":4,"result":0,"error":null},
 {"kind":"call","actor":2,"step":0,"verb":"attach","began":5,"ended":6,"result":0,"error":null},
 {"kind":"call","actor":0,"step":1,"verb":"store","began":7,"ended":20,"result":8,"error":null},
 {"kind":"call","actor":1,"step":1,"verb":"load","began":8,"ended":9,"result":8,"error":null,"data":)") +
                                             first + R"(},
 {"kind":"call","actor":2,"step":1,"verb":"load","began":10,"ended":11,"result":8,"error":null,"data":)" +
                                             second + R"(}],"ended":"complete"})");
    if (!recording) throw std::runtime_error(recording.error());
    return judge(*recording->played, recording->history, recording->environment, {}).answer;
}

TEST(Memory, WhatOneLoadHasSeenNoLaterLoadMisses) {
    const char* const before = R"([{"raw":"0000000000000000"}])";
    const char* const after = "[[0,1,0,8]]";
    EXPECT_EQ(seen_in_turn(before, before), Answer::holds);
    EXPECT_EQ(seen_in_turn(before, after), Answer::holds);
    EXPECT_EQ(seen_in_turn(after, after), Answer::holds);
    EXPECT_EQ(seen_in_turn(after, before), Answer::violated);
}

// Where lengths change, what is stored beyond the end may stay: the rules forgive more than all moments do, never less.
TEST(Memory, WhereLengthsChangeNothingIsRefusedThatSomeMomentsAllow) {
    std::mt19937_64 random(11);
    std::uint64_t forbidden = 0, refused = 0;
    for (std::uint64_t seed = 0; seed < many(20'000); ++seed) {
        PlayedMemory played = Memories(seed, {.faults = false, .privates = false, .most_steps = 4}).play();
        if (seed % 4 != 0) mutate(played, random);
        const Verdict verdict = judged(played);
        const bool legal = all_moments_allow(played);
        ASSERT_FALSE(legal && verdict.answer != Answer::holds) << "seed " << seed << ": " << told(verdict);
        forbidden += !legal;
        refused += verdict.answer == Answer::violated;
    }
    EXPECT_GT(refused * 10, forbidden * 8) << refused << " of " << forbidden;
    EXPECT_GT(forbidden, many(1'000));
}

}  // namespace
}  // namespace crosstalk
