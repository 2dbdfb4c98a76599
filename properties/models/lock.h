// The lock: a robust mutex in shared memory, one state at a time: who has it, whether its last owner died, whether what
// that left behind was made consistent. A component is one lock. Only processes have locks here, so that owners are
// processes. See system/locks.h for what it is made of.
#pragma once

#include "properties/models/model.h"

namespace crosstalk::lock {

using judging::Act;
using judging::ActKind;
using judging::Component;
using judging::Subject;
using models::Flight;
using models::Latitude;
using models::Step;
using models::strict;
using models::Variant;

enum How : std::uint32_t {
    how_nothing = 0,
    how_took = 1u << 0,
    how_told = 1u << 1,     // EOWNERDEAD
    how_gave = 1u << 2,     // unlocked
    how_refused = 1u << 3,  // rightly: EBUSY, EDEADLK, EPERM
    how_lost = 1u << 4,     // ENOTRECOVERABLE
    how_died = 1u << 5,     // a death took it from its owner
    how_anew = 1u << 6,     // it was another's before
};

inline constexpr std::uint8_t nobody = 0xff;

struct State {
    std::uint8_t owner = nobody, last = nobody;  // processes
    bool died = false;                           // its last owner, and nobody has been told
    bool unsound = false;                        // who has it was told, and has not made it consistent
    bool lost = false;                           // nobody can have it any more
    std::uint64_t dead = 0;                      // processes, a bit each
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = lock::State;
    static constexpr std::uint32_t how_deviates = 0;

    Model(const Subject& subject, const Component& component) : subject_(subject), component_(component) {}

    State initial() const { return {}; }
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
    Step step_lock(State& state, Flight& flight, const Act& act) const;
    Step step_unlock(State& state, Flight& flight, const Act& act) const;
    Errno wanted(const State& state, const Act& act) const;
    bool somebody_died_before(const Act& act) const;

    const Subject& subject_;
    const Component& component_;
};

}  // namespace crosstalk::lock
