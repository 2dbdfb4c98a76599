// The rules of memory against histories that no kernel made: legal ones are accepted, and what a load may tell is what
// some order of all that happened, tried one by one, lets it tell.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "properties/clauses/all.h"
#include "properties/judge.h"
#include "properties/judge/acts.h"
#include "properties/judge/resolve.h"
#include "properties/tests/memory_simulator.h"
#include "properties/tests/told.h"

namespace crosstalk {
namespace {

using simulation::Memories;
using simulation::MemoryDefect;
using simulation::MemoryScope;
using simulation::PlayedMemory;

Verdict judged(const PlayedMemory& played) { return judge(played.value, played.history, Environment{}, {}); }

TEST(Memory, EveryHistoryOfASimulatedOneIsAccepted) {
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
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

// One byte of the object, and everything that may change it: all orders of what overlaps are tried.
class AllOrders {
  public:
    AllOrders(const PlayedMemory& played, const judging::Subject& subject) : played_(played), subject_(subject) {}

    // May this load have found `seen` at byte `at` of the object?
    bool allows(const Event& load, std::uint64_t at, std::uint8_t seen) {
        load_ = &load, at_ = at, seen_ = seen;
        others_.clear();
        for (const Event& event : played_.history.events)
            if (event.kind == EventKind::call && event.began <= load.ended && changes(event)) others_.push_back(&event);
        placed_.assign(others_.size(), false);
        const std::uint64_t length = played_.value.program.objects[0].asked.capacity_bytes;
        return extend({length, {0}, {}});
    }

  private:
    struct State {
        std::uint64_t length;
        std::set<std::uint8_t> values;  // any of these
        std::set<std::uint8_t> weak;    // stored beyond the end: they may stay when the rest becomes zero
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
    bool before(const Event& one, const Event& other) const { return end_of(one) < other.began; }
    bool all_before_are_placed(const Event& event) const {  // but for what was killed, which may have done nothing
        for (std::size_t i = 0; i < others_.size(); ++i)
            if (!placed_[i] && others_[i]->ended != 0 && before(*others_[i], event)) return false;
        return true;
    }
    bool comes_too_late(const Event& event) const {
        for (std::size_t i = 0; i < others_.size(); ++i)
            if (placed_[i] && before(event, *others_[i])) return true;
        return false;
    }

    bool extend(const State& state) {
        if (all_before_are_placed(*load_) && state.values.contains(seen_)) return true;
        for (std::size_t i = 0; i < others_.size(); ++i) {
            if (placed_[i] || !all_before_are_placed(*others_[i]) || comes_too_late(*others_[i])) continue;
            placed_[i] = true;
            const bool found = extend(after(state, *others_[i]));
            placed_[i] = false;
            if (found) return true;
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
    const Event* load_ = nullptr;
    std::uint64_t at_ = 0;
    std::uint8_t seen_ = 0;
    std::vector<const Event*> others_;
    std::vector<bool> placed_;
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

bool all_orders_allow(const PlayedMemory& played) {
    judging::Hypothesis hypothesis;
    const judging::Resolved resolved = judging::resolve(played.value, played.history, Environment{}, 0, hypothesis);
    AllOrders orders(played, resolved.subject);
    for (const Event& load : played.history.events) {
        if (load.verb != Verb::load && load.verb != Verb::pread) continue;
        const auto first = static_cast<std::uint64_t>(played.value.program.actors[load.actor].steps[load.step].value);
        for (std::uint32_t i = 0; i < load.run_count; ++i) {
            const Run& run = played.history.runs[load.first_run + i];
            const std::uint8_t seen = run.kind == RunKind::raw
                                          ? played.history.raw[run.offset]
                                          : byte_at(resolved.subject.stream(run.actor, run.step), run.offset);
            if (!orders.allows(load, first + i, seen)) return false;
        }
    }
    return true;
}

TEST(Memory, ALoadTellsWhatSomeOrderOfAllStoresAllows) {
    std::mt19937_64 random(7);
    int allowed = 0, forbidden = 0;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        PlayedMemory played =
            Memories(seed, {.lengths = false, .faults = false, .privates = false, .most_steps = 4}).play();
        if (seed % 4 != 0) mutate(played, random);
        const Verdict verdict = judged(played);
        const bool legal = all_orders_allow(played);
        ASSERT_EQ(verdict.answer, legal ? Answer::holds : Answer::violated) << "seed " << seed << ": " << told(verdict);
        ++(legal ? allowed : forbidden);
    }
    EXPECT_GT(allowed, 5'000);
    EXPECT_GT(forbidden, 1'000);
}

// Where lengths change, what is stored beyond the end may stay: the rules forgive more than all orders do, never less.
TEST(Memory, WhereLengthsChangeNothingIsRefusedThatSomeOrderAllows) {
    std::mt19937_64 random(11);
    int forbidden = 0, refused = 0;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        PlayedMemory played = Memories(seed, {.faults = false, .privates = false, .most_steps = 4}).play();
        if (seed % 4 != 0) mutate(played, random);
        const Verdict verdict = judged(played);
        const bool legal = all_orders_allow(played);
        ASSERT_FALSE(legal && verdict.answer != Answer::holds) << "seed " << seed << ": " << told(verdict);
        forbidden += !legal;
        refused += verdict.answer == Answer::violated;
    }
    EXPECT_GT(refused * 10, forbidden * 8) << refused << " of " << forbidden;
    EXPECT_GT(forbidden, 1'000);
}

}  // namespace
}  // namespace crosstalk
