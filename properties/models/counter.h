// The counter: semaphores as sem_overview(7) describes them, one state at a time. A component is one object of a case:
// an unnamed semaphore, or a name with all semaphores that it ever led to. Which of these a name leads to, and which
// one an `open` found, is part of the state. `step` accepts observations; engines (properties/judge) choose the order.
//
// Tokens are alike, so that of two acts in flight that ask and answer alike only the one that ends first is tried.
#pragma once

#include "properties/models/model.h"

namespace crosstalk::counter {

using judging::Act;
using judging::ActKind;
using judging::Component;
using judging::Subject;
using models::Flight;
using models::Latitude;
using models::Step;
using models::strict;
using models::Variant;

// How an act took effect: bits for evidence and explanations.
enum How : std::uint32_t {
    how_nothing = 0,
    how_took = 1u << 0,               // a token
    how_gave = 1u << 1,               // one
    how_empty = 1u << 2,              // EAGAIN at 0
    how_late = 1u << 3,               // ETIMEDOUT at 0
    how_interrupted = 1u << 4,        // EINTR at 0
    how_invalid = 1u << 5,            // EINVAL at 0
    how_full = 1u << 6,               // EOVERFLOW at SEM_VALUE_MAX
    how_made = 1u << 7,               // open made it
    how_found = 1u << 8,              // open found it
    how_refused = 1u << 9,            // open or unlink failed rightly
    how_counted = 1u << 10,           // sem_getvalue told how many wait
    how_zero = 1u << 11,              // it told 0
    how_again = 1u << 12,             // open made one where there had been another
    how_same = 1u << 13,              // two handles were one semaphore
    how_deviates_restart = 1u << 20,  // SIG-SEM-1
    how_deviates_check = 1u << 21,    // SEM-TIME-4
};

struct State {
    std::vector<std::uint32_t> values;  // of each semaphore
    std::int16_t bound = -1;            // the one that the name leads to
    std::vector<std::int16_t> handles;  // of each description: the semaphore that it stands for
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = counter::State;
    static constexpr std::uint32_t how_deviates = how_deviates_restart | how_deviates_check;

    Model(const Subject& subject, const Component& component);

    State initial() const;
    bool may_step(const State& state, const Flight& flight, Latitude latitude) const;
    bool has_second(const State&, const Flight&, Latitude) const { return false; }
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    bool only_looks(const Act& act) const;
    std::uint32_t rank(const State&, const Flight&) const { return judging::unranked; }
    bool moves_bytes(const Flight&) const { return false; }
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    std::uint64_t fingerprint(const State& state) const;

    judging::Breach refusal(const State& state, const Flight& flight) const;
    std::vector<std::string> describe(const State& state, const models::NameBytes& name) const;
    std::vector<std::string> alternatives(const State&, const Flight&) const { return {}; }
    Due due(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;
    void weigh_waits(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    std::string undecided() const { return ""; }

    const Subject& subject() const { return subject_; }
    const Component& component() const { return component_; }

  private:
    const Operation& asked(const Act& act) const { return subject_.operation(act); }
    std::uint32_t& value_of(State& state, const Act& act) const;
    std::uint32_t value_of(const State& state, const Act& act) const;
    Step step_wait(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_failed_wait(std::uint32_t value, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_post(State& state, Flight& flight, const Act& act) const;
    Step step_value(const State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_open(State& state, Flight& flight, const Act& act) const;
    Step step_unlink(State& state, Flight& flight, const Act& act) const;
    bool alike(const State& state, const Act& a, const Act& b) const;
    std::uint32_t wakings_lost(const Act& sleeper) const;
    judging::Breach refuse_wait(const State& state, const Act& act) const;
    judging::Breach refuse_value(const State& state, const Act& act) const;
    judging::Breach refuse_name(const State& state, const Act& act) const;
    ClauseId who_spoiled(const State& state, const Act& act) const;
    // Of an act, as the program and the other acts tell: who opened its semaphore, whether its slot came by a fork,
    // whether its actor has called this before, whether another process has used the semaphore, or waits for it.
    const Act* opening_of(const Act& act) const;
    bool is_inherited(const Act& act) const;
    bool has_before(const Act& act, Verb verb) const;
    bool used_by_others(const Act& act) const;
    bool somebody_waits(const Act& act) const;

    const Subject& subject_;
    const Component& component_;
    bool named_ = false;
    bool placed_ = false;  // a POSIX semaphore: it lies in memory, and has a largest value
    bool tells_waiters_ = false;  // a value below 0 was told: then it matters when a wait that fails ends
};

// A deadline is given, and it is one that no clock ever shows.
bool is_bad_deadline(const Operation& operation);
// The value with which `open` would make the semaphore.
std::int64_t first_value(const Subject& subject, const Act& open);

}  // namespace crosstalk::counter
