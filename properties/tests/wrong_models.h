// Wrong models that look right: each is the byte stream with one mistake that somebody who writes such a model might
// make in good faith. On histories that the true model explains, a wrong one raises false alarms; a lax one misses what
// the true model rejects. They show that the histories of the tests can tell the true model from its neighbours.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "properties/judge/resolve.h"
#include "properties/judge/search.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::wrong {

using byte_stream::Flight;
using byte_stream::Latitude;
using byte_stream::State;
using byte_stream::Step;
using byte_stream::Variant;
using judging::Act;
using judging::ActKind;
using judging::Component;
using Outcome = judging::Outcome<byte_stream::State>;
using judging::Subject;

enum class Mistake : std::uint8_t {
    none,
    room_in_bytes,
    writes_never_join,
    sleepers_join,
    large_write_is_one_step,
    death_closes_nothing,
    killed_writer_wrote_nothing,
    killed_writer_never_slept,
    killed_reader_took_nothing,
    sleeper_did_nothing,
    signal_always_interrupts,
    closes_at_call,
    closes_at_return,
    acts_at_call,
    acts_at_return,
    reads_in_order_of_return,
    later_received_acts_later,
    unread_bytes_wait,
    sleeper_is_not_asked,
    killed_call_goes_on,
};

struct Wrong {
    Mistake mistake;
    bool lax;  // misses, rather than alarms
    std::string_view says;
};

inline constexpr std::array models{
    Wrong{Mistake::room_in_bytes, false, "a pipe is full when its bytes are its capacity"},
    Wrong{Mistake::writes_never_join, false, "each write begins a page of its own"},
    Wrong{Mistake::sleepers_join, false, "a writer that slept tries again to join the last page"},
    Wrong{Mistake::large_write_is_one_step, false, "a write of more than PIPE_BUF bytes is one atomic step"},
    Wrong{Mistake::death_closes_nothing, false, "what nobody closed is open, though its process died"},
    Wrong{Mistake::killed_writer_wrote_nothing, false, "a write that never returned wrote nothing"},
    Wrong{Mistake::killed_writer_never_slept, false, "a write that never returned wrote all at once or nothing"},
    Wrong{Mistake::killed_reader_took_nothing, false, "a read that never returned took nothing"},
    Wrong{Mistake::sleeper_did_nothing, false, "a call that is asleep at the end has done nothing before"},
    Wrong{Mistake::signal_always_interrupts, false, "a call in which a handler ran says so"},
    Wrong{Mistake::closes_at_call, false, "an end closes when close is called"},
    Wrong{Mistake::closes_at_return, false, "an end closes when close returns"},
    Wrong{Mistake::acts_at_call, false, "every call acts when it is called"},
    Wrong{Mistake::acts_at_return, false, "every call acts when it returns"},
    Wrong{Mistake::reads_in_order_of_return, false, "who returns first has read the earlier bytes"},
    Wrong{Mistake::later_received_acts_later, false, "who was received later does nothing before the other is done"},
    Wrong{Mistake::unread_bytes_wait, false, "bytes that nobody received are written as late as can be"},
    Wrong{Mistake::sleeper_is_not_asked, true, "whoever is asleep at the end may be"},
    Wrong{Mistake::killed_call_goes_on, true, "a call that never returned may act at any later time"},
};

// The acts of the component as the mistake sees them.
inline Component seen_by(Mistake mistake, Component component) {
    for (Act& act : component.acts) {
        const bool returned = !act.open && act.ended != judging::never;
        const bool closes = act.kind == ActKind::release;
        if (returned && (mistake == Mistake::acts_at_call || (mistake == Mistake::closes_at_call && closes)))
            act.ended = act.began;
        if (returned && (mistake == Mistake::acts_at_return || (mistake == Mistake::closes_at_return && closes)))
            act.began = act.ended;
        if (act.open && mistake == Mistake::killed_call_goes_on) act.ended = judging::never;
    }
    std::ranges::stable_sort(component.acts, {}, &Act::began);
    return component;
}

class Model : public byte_stream::Model {
  public:
    Model(const Subject& subject, const Component& component, Mistake mistake)
        : byte_stream::Model(subject, component), mistake_(mistake) {}

    bool may_step(const State& state, const Flight& flight, Latitude latitude) const {
        const Act& acting = act(flight);
        const bool cut = acting.open && !acting.asleep;
        if (mistake_ == Mistake::killed_writer_wrote_nothing && cut && acting.kind == ActKind::write) return false;
        if (mistake_ == Mistake::killed_reader_took_nothing && cut && acting.kind == ActKind::read) return false;
        if (mistake_ == Mistake::sleeper_did_nothing && acting.asleep) return false;
        if (acting.kind == ActKind::write && waits_for_others(state, flight)) return false;
        return byte_stream::Model::may_step(state, flight, latitude);
    }

    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const {
        const Act& acting = act(state.flights[f]);
        byte_stream::Pipe& pipe = state.pipes[acting.object];
        if (mistake_ == Mistake::writes_never_join && !pipe.slots.empty()) pipe.slots.back().merges = false;
        if (acting.kind == ActKind::release && acting.death) return die(state, f, latitude);
        if (mistake_ == Mistake::killed_writer_never_slept && acting.open && !acting.asleep) return at_once(state, f);
        if (mistake_ == Mistake::signal_always_interrupts && acting.interrupted) return must_tell(state, f);
        if (acting.kind != ActKind::write) return byte_stream::Model::step(state, f, latitude, variant);
        if (mistake_ == Mistake::sleepers_join) return joins(state, f, latitude);
        const bool may_sleep = !(state.flags[acting.description] & flag_nonblock);
        if (mistake_ == Mistake::large_write_is_one_step && acting.asked > subject().pipe_buf && may_sleep)
            return in_one_step(state, f, latitude);
        return byte_stream::Model::step(state, f, latitude, variant);
    }

    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
        if (mistake_ == Mistake::sleeper_is_not_asked) return no_clause;
        return byte_stream::Model::must_not_sleep(state, flight, latitude);
    }

  private:
    bool waits_for_others(const State& state, const Flight& flight) const {
        const std::uint32_t mine = rank(state, flight);
        return std::ranges::any_of(state.flights, [&](const Flight& other) {
            const Act& theirs = act(other);
            if (other.done || other.act == flight.act) return false;
            if (mistake_ == Mistake::later_received_acts_later)
                return theirs.kind == ActKind::write &&
                       subject().rank_of(theirs.actor, theirs.step, other.total) < mine;
            return mistake_ == Mistake::unread_bytes_wait && mine == judging::unranked && only_looks(theirs);
        });
    }

    Step die(State& state, std::size_t f, Latitude latitude) const {
        byte_stream::Pipe& pipe = state.pipes[act(state.flights[f]).object];
        const auto [readers, writers] = std::pair(pipe.readers, pipe.writers);
        std::vector<Flight> flights = state.flights;
        const Step taken = byte_stream::Model::step(state, f, latitude);
        if (mistake_ == Mistake::death_closes_nothing) pipe.readers = readers, pipe.writers = writers;
        if (mistake_ == Mistake::killed_call_goes_on && taken == Step::done) {
            flights[f] = state.flights[f];
            state.flights = std::move(flights);
        }
        return taken;
    }

    Step at_once(State& state, std::size_t f) const {
        State before = state;
        const Step taken = byte_stream::Model::step(state, f, {.deviates = true});
        if (taken != Step::silent || !state.flights[f].slept) return taken;
        state = std::move(before);
        return Step::no;
    }

    Step must_tell(State& state, std::size_t f) const {
        State before = state;
        const Step taken = byte_stream::Model::step(state, f, {.deviates = true});
        if (taken != Step::done || (state.flights[f].how & byte_stream::how_interrupted)) return taken;
        state = std::move(before);
        return Step::no;
    }

    Step joins(State& state, std::size_t f, Latitude latitude) const {
        Flight& flight = state.flights[f];
        const bool slept = flight.slept;
        const std::uint64_t bytes = state.pipes[act(flight).object].bytes;
        flight.slept = false;
        const Step taken = byte_stream::Model::step(state, f, latitude);
        const bool nothing = taken == Step::silent && slept && state.pipes[act(flight).object].bytes == bytes;
        if (taken == Step::no) flight.slept = slept;
        return nothing ? Step::no : taken;
    }

    Step in_one_step(State& state, std::size_t f, Latitude latitude) const {
        byte_stream::Pipe& pipe = state.pipes[act(state.flights[f]).object];
        const std::uint32_t slots = pipe.max_slots;
        pipe.max_slots = 1u << 20;
        const Step taken = byte_stream::Model::step(state, f, latitude);
        pipe.max_slots = slots;
        return taken;
    }

    Mistake mistake_;
};

// Do the bytes of each write come in the order in which their readers returned? A rule on intervals, not a model.
inline bool reads_in_order_of_return(const Subject& subject, const Component& component) {
    std::vector<const Act*> reads;
    for (const Act& act : component.acts)
        if (act.kind == ActKind::read && !act.open) reads.push_back(&act);
    std::ranges::stable_sort(reads, {}, &Act::ended);
    std::map<std::pair<ActorId, StepId>, std::uint32_t> reached;
    for (const Act* read : reads)
        for (std::uint32_t r = 0; r < read->run_count; ++r) {
            const Run& run = subject.history->runs[read->first_run + r];
            std::uint32_t& from = reached[{run.actor, run.step}];
            if (run.kind == RunKind::origin && run.offset < from) return false;
            from = run.offset;
        }
    return true;
}

// Does the model with this mistake explain the component? As Linux counts room, or as the mistake does.
inline Outcome::Kind explained(const Subject& subject, const Component& component, Mistake mistake) {
    if (mistake == Mistake::reads_in_order_of_return)
        return reads_in_order_of_return(subject, component) ? Outcome::Kind::accepted : Outcome::Kind::rejected;
    const Component seen = seen_by(mistake, component);
    const Model model(subject, seen, mistake);
    const Latitude latitude{.deviates = true, .by_bytes = mistake == Mistake::room_in_bytes};
    return judging::Search(model, latitude, 20'000, judging::Reductions::all).run().kind;
}

struct Count {
    std::uint64_t histories = 0;  // that the true model accepts; of a lax one, mutants that it rejects
    std::uint64_t wrong = 0;      // of them, those of which the wrong model says the opposite
};
using Counts = std::array<Count, models.size()>;

// Under the first hypothesis about what the history leaves open, which is enough to count by.
inline void count(const Case& value, const History& history, const Environment& environment, std::uint16_t number,
                  bool mutant, Counts& counts) {
    judging::Hypothesis hypothesis;
    const judging::Resolved resolved = judging::resolve(value, history, environment, number, hypothesis);
    if (!resolved.unjudged.empty() || !resolved.breaches.empty()) return;
    const auto opinion = [&](Mistake mistake) {
        auto worst = Outcome::Kind::accepted;
        for (const Component& component : resolved.components)
            if (const auto kind = explained(resolved.subject, component, mistake); kind != Outcome::Kind::accepted)
                worst = kind;
        return worst;
    };
    const Outcome::Kind truth = opinion(Mistake::none);
    for (std::size_t i = 0; i < models.size(); ++i) {
        const Outcome::Kind fits = models[i].lax ? Outcome::Kind::rejected : Outcome::Kind::accepted;
        const Outcome::Kind opposite = models[i].lax ? Outcome::Kind::accepted : Outcome::Kind::rejected;
        if (truth != fits || models[i].lax != mutant) continue;
        ++counts[i].histories;
        counts[i].wrong += opinion(models[i].mistake) == opposite;
    }
}

}  // namespace crosstalk::wrong
