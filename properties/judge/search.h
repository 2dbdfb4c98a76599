// The exact layer: depth-first search for an order of steps that explains every observation (just-in-time
// linearisation: nothing is tried before some return needs it), and the plain fold over sets of states that is the
// meaning, and the reference in tests. Both run the same model; neither knows what a pipe is.
#pragma once

#include <algorithm>
#include <unordered_set>

#include "properties/judge/seen.h"
#include "properties/models/model.h"

namespace crosstalk::judging {

// What happens to the search as time goes on: calls begin and end; at the calm point the sleepers are looked at.
struct Item {
    enum class Kind : std::uint8_t { call, end, calm } kind;
    std::uint32_t act = 0;
    Stamp at = 0;
};

// In order of time. A call and an end never share a stamp; ends of acts that never ended are left out.
inline std::vector<Item> items_of(const Component& component) {
    std::vector<Item> items;
    items.reserve(component.acts.size() * 2 + 1);
    bool in_order = true;
    for (std::uint32_t i = 0; i < component.acts.size(); ++i) {
        const Act& act = component.acts[i];
        items.push_back({Item::Kind::call, i, act.began});
        if (act.ended != never) items.push_back({Item::Kind::end, i, act.ended});
    }
    if (component.calm != 0) items.push_back({Item::Kind::calm, 0, component.calm});
    for (std::size_t i = 1; i < items.size() && in_order; ++i) in_order = items[i - 1].at <= items[i].at;
    // Stable: a call stands before its own end where both are one moment; a release beside the call that caused it.
    if (!in_order)
        std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.at < b.at; });
    return items;
}

template <class State>
struct Outcome {
    enum class Kind : std::uint8_t { accepted, rejected, spent } kind = Kind::accepted;
    std::uint64_t work = 0;
    std::vector<std::uint32_t> how;  // accepted: of each act, how it took effect (the model's bits)
    std::uint32_t item = 0;          // rejected: the item that no path passes
    State state;                     // rejected: one state that reached it
    std::uint32_t flight = 0;        // rejected: the flight in that state
};

// What the search leaves out because it can change no verdict.
enum class Reductions : std::uint8_t {
    none,
    looks,  // what only looks is taken as soon as it fits
    all     // and who would overtake what was received before it waits
};

// May what stands in a state stand there? Without foresight, whatever a model lets happen.
struct NoForesight {
    template <class State>
    bool fits(const State&) const {
        return true;
    }
};

// A call that never returned ends here, with what it has done so far.
template <models::Model Model>
void give_up(const Model& model, typename Model::State& state, std::size_t f) {
    if constexpr (requires { model.abandon(state, f); })
        model.abandon(state, f);
    else
        state.flights[f].done = true;
}

template <models::Model Model, class Foresight = NoForesight>
class Search {
  public:
    using State = typename Model::State;

    Search(const Model& model, models::Latitude latitude, std::uint64_t budget, Reductions reductions,
           const Foresight* foresight = nullptr)
        : model_(model),
          latitude_(latitude),
          looking_{.by_bytes = latitude.by_bytes},
          budget_(budget),
          reductions_(reductions),
          foresight_(foresight),
          items_(items_of(model.component())) {}

    Outcome<State> run() {
        Outcome<State> outcome;
        how_.assign(model_.component().acts.size(), 0);
        state_ = model_.initial();
        std::uint32_t item = 0;
        bool noted = false;
        while (true) {
            while (item < items_.size() && pass(item)) {
            }
            if (item == items_.size()) break;
            if (!noted || item > outcome.item) note(outcome, item), noted = true;
            if (work_ >= budget_)
                outcome.kind = Outcome<State>::Kind::spent;
            else if (!back(item))
                outcome.kind = Outcome<State>::Kind::rejected;
            if (outcome.kind != Outcome<State>::Kind::accepted) break;
        }
        for (const auto& flight : state_.flights) how_[flight.act] = flight.how;
        outcome.how = std::move(how_);
        outcome.work = work_;
        return outcome;
    }

  private:
    struct Candidate {
        std::uint32_t flight, rank;
        models::Variant variant = models::Variant::first;
        bool drop = false;  // a call that never returned ends here, with what it has done so far
    };
    struct Choice {
        State state;
        std::uint32_t item;
        std::vector<Candidate> candidates;
        std::size_t next;
    };

    void note(Outcome<State>& outcome, std::uint32_t item) {
        outcome.item = item;
        outcome.state = state_;
        outcome.flight = flight_of(items_[item].act);
        if (items_[item].kind == Item::Kind::calm) outcome.flight = stuck_;
    }

    std::uint32_t flight_of(std::uint32_t act) const {
        for (std::uint32_t f = 0; f < state_.flights.size(); ++f)
            if (state_.flights[f].act == act) return f;
        return 0;
    }

    // Passes the item, or takes one step towards it (and then says true without moving on); false: stuck.
    bool pass(std::uint32_t& item) {
        const Item& now = items_[item];
        switch (now.kind) {
            case Item::Kind::call: {
                models::Flight flight;
                flight.act = now.act;
                state_.flights.push_back(flight);
                if (reductions_ != Reductions::none) settle(state_.flights.size() - 1);
                ++item;
                return true;
            }
            case Item::Kind::end: {
                const std::uint32_t f = flight_of(now.act);
                if (state_.flights[f].done) {
                    how_[now.act] = state_.flights[f].how;
                    state_.flights.erase(state_.flights.begin() + f);
                    ++item;
                    return true;
                }
                return advance(item, f);
            }
            case Item::Kind::calm: return calm(item);
        }
        return false;
    }

    bool calm(std::uint32_t& item) {
        for (std::uint32_t f = 0; f < state_.flights.size(); ++f) {
            auto& flight = state_.flights[f];
            if (flight.done || !model_.component().acts[flight.act].asleep) continue;
            if (model_.must_not_sleep(state_, flight, latitude_) == no_clause) continue;
            stuck_ = f;
            // A sleeper that can still move bytes without ending may have done so: then it may sleep on.
            return advance(item, f);
        }
        ++item;
        return true;
    }

    // Takes one step of some act in flight, remembering the others.
    bool advance(std::uint32_t item, std::uint32_t needed) {
        candidates_.clear();
        for (std::uint32_t f = 0; f < state_.flights.size(); ++f) {
            const auto& flight = state_.flights[f];
            if (!model_.may_step(state_, flight, latitude_) || overtakes(flight)) continue;
            candidates_.push_back({f, 0});
            if (model_.has_second(state_, flight, latitude_)) candidates_.push_back({f, 0, models::Variant::second});
        }
        if (items_[item].kind == Item::Kind::end && model_.component().acts[items_[item].act].open)
            candidates_.push_back({needed, 0, models::Variant::first, true});
        if (candidates_.size() == 1) {
            ++work_;
            return step(candidates_[0]);
        }
        if (candidates_.empty()) return false;
        for (Candidate& candidate : candidates_) candidate.rank = rank_of(candidate, candidate.flight == needed);
        // Whose bytes were received first goes first; what nobody received, last; the one that is waited for before
        // its equals. This only orders the attempts.
        for (std::size_t i = 1; i < candidates_.size(); ++i)  // a handful: by insertion
            for (std::size_t j = i; j > 0 && candidates_[j].rank < candidates_[j - 1].rank; --j)
                std::swap(candidates_[j], candidates_[j - 1]);
        if (!seen_.insert(model_.fingerprint(state_) + item * 0x9e3779b97f4a7c15ull)) return false;
        Choice& choice = push();
        choice.state = state_;
        choice.item = item;
        choice.candidates = candidates_;
        choice.next = 0;
        return retry();
    }

    // Not every model knows an order.
    bool overtakes(const models::Flight& flight) const {
        if constexpr (requires { model_.overtakes(state_, flight); })
            return reductions_ == Reductions::all && model_.overtakes(state_, flight);
        return false;
    }

    // Whose bytes were received first goes first. What is waited for and moves no bytes goes at once; bytes that nobody
    // received come after those that somebody did. Reads have their place too, but writes that may have slept before
    // them show more: only the hard cases need it.
    std::uint32_t rank_of(const Candidate& candidate, bool needed) const {
        const auto& flight = state_.flights[candidate.flight];
        if (candidate.drop) return model_.rank(state_, flight) != unranked ? unranked : 0;
        const bool reads = model_.component().acts[flight.act].kind == ActKind::read;
        const std::uint32_t rank = reads && foresight_ == nullptr ? unranked : model_.rank(state_, flight);
        if (!needed || rank != unranked) return rank;
        return model_.moves_bytes(flight) ? unranked / 2 : 0;
    }

    // The next candidate of the last choice that works; forgets the choice when it has none left.
    bool retry() {
        Choice& choice = choices_[depth_ - 1];
        while (choice.next < choice.candidates.size()) {
            const Candidate candidate = choice.candidates[choice.next++];
            ++work_;
            if (choice.next == choice.candidates.size()) --depth_;  // the last one needs no way back
            if (step(candidate)) return true;
            if (foresight_ != nullptr) state_ = choice.state;
        }
        return false;
    }

    bool back(std::uint32_t& item) {
        while (depth_ > 0) {
            Choice& choice = choices_[depth_ - 1];
            state_ = choice.state;
            item = choice.item;
            if (retry()) return true;
        }
        return false;
    }

    bool step(const Candidate& candidate) {
        if (candidate.drop) {
            give_up(model_, state_, candidate.flight);
            return true;
        }
        if (model_.step(state_, candidate.flight, latitude_, candidate.variant) == models::Step::no) return false;
        if (foresight_ != nullptr && !foresight_->fits(state_)) return false;
        if (reductions_ != Reductions::none) settle(0);
        return true;
    }

    // Takes what only looks as soon as it fits: that can never hurt a later step.
    void settle(std::size_t from) {
        for (std::size_t f = from; f < state_.flights.size(); ++f) {
            auto& flight = state_.flights[f];
            if (flight.done || !model_.only_looks(model_.component().acts[flight.act])) continue;
            const auto before = flight;
            // Going to sleep first is a choice, and not made here.
            if (model_.step(state_, f, looking_) == models::Step::silent) state_.flights[f] = before;
        }
    }

    Choice& push() {
        if (depth_ == choices_.size()) choices_.emplace_back();
        return choices_[depth_++];
    }

    const Model& model_;
    models::Latitude latitude_, looking_;
    std::uint64_t budget_, work_ = 0;
    Reductions reductions_;
    const Foresight* foresight_;
    std::vector<Item> items_;
    State state_;
    std::vector<Choice> choices_;
    std::size_t depth_ = 0;
    std::vector<Candidate> candidates_;
    Seen seen_;
    std::vector<std::uint32_t> how_;
    std::uint32_t stuck_ = 0;
};

// The meaning: every state that the observations so far allow, closed under every step of every act in flight at each
// moment. No reductions, no preferences. Slow; for tests. Same outcome kinds; `spent` when the set outgrows the budget.
template <models::Model Model>
Outcome<typename Model::State> fold(const Model& model, models::Latitude latitude, std::uint32_t budget) {
    using State = typename Model::State;
    Outcome<State> outcome;
    std::vector<State> states{model.initial()};
    const std::vector<Item> items = items_of(model.component());
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        const Item& item = items[i];
        if (item.kind == Item::Kind::call) {
            for (State& state : states) {
                models::Flight flight;
                flight.act = item.act;
                state.flights.push_back(flight);
            }
            continue;
        }
        std::unordered_set<std::uint64_t> seen;  // fingerprints include each flight's progress
        // What two states differed in may be over, by the return of a call.
        std::erase_if(states, [&](const State& state) { return !seen.insert(model.fingerprint(state)).second; });
        for (std::size_t s = 0; s < states.size(); ++s) {
            for (std::uint32_t f = 0; f < states[s].flights.size(); ++f) {
                if (states[s].flights[f].done) continue;
                for (const auto variant : {models::Variant::first, models::Variant::second}) {
                    if (variant == models::Variant::second &&
                        !model.has_second(states[s], states[s].flights[f], latitude))
                        continue;
                    State next = states[s];
                    ++outcome.work;
                    if (model.step(next, f, latitude, variant) == models::Step::no) continue;
                    if (seen.insert(model.fingerprint(next)).second) states.push_back(std::move(next));
                }
            }
            if (states.size() > budget) {
                outcome.kind = Outcome<State>::Kind::spent;
                return outcome;
            }
        }
        std::vector<State> left;
        for (State& state : states) {
            if (item.kind == Item::Kind::calm) {
                bool legal = true;
                for (auto& flight : state.flights)
                    if (!flight.done && model.component().acts[flight.act].asleep)
                        legal = legal && model.must_not_sleep(state, flight, latitude) == no_clause;
                if (legal) left.push_back(std::move(state));
                continue;
            }
            for (std::size_t f = 0; f < state.flights.size(); ++f) {
                if (state.flights[f].act != item.act) continue;
                if (!state.flights[f].done && !model.component().acts[item.act].open) break;
                if (!state.flights[f].done) give_up(model, state, f);
                state.flights.erase(state.flights.begin() + static_cast<std::ptrdiff_t>(f));
                left.push_back(std::move(state));
                break;
            }
        }
        if (left.empty()) {
            outcome.kind = Outcome<State>::Kind::rejected;
            outcome.item = i;
            return outcome;
        }
        states = std::move(left);
    }
    return outcome;
}

}  // namespace crosstalk::judging
