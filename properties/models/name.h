// A name: which of the objects that were made under it, one after the other, it leads to, where calls that make and
// remove it overlap. A component is one name. An open tells which object it found, by its inode, so that each can be
// held against the others; what lies in the objects is not looked at here.
#pragma once

#include "properties/models/model.h"

namespace crosstalk::name {

using judging::Act;
using judging::Component;
using judging::Subject;
using models::Flight;
using models::Latitude;
using models::Step;
using models::Variant;

enum How : std::uint32_t { how_nothing = 0, how_found = 1, how_made = 2, how_removed = 4, how_refused = 8 };

inline constexpr std::int64_t nowhere = 0, unseen = -1;  // unseen: made by somebody who died in the call

struct State {
    std::int64_t bound = nowhere;  // the number of the object (Verb::open)
    std::uint64_t made = 0;        // numbers, a bit each: none is made twice
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = name::State;
    static constexpr std::uint32_t how_deviates = 0;

    Model(const Subject& subject, const Component& component) : subject_(subject), component_(component) {}

    State initial() const;
    bool may_step(const State&, const Flight& flight, Latitude) const { return !flight.done; }
    bool has_second(const State&, const Flight&, Latitude) const { return false; }
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    bool only_looks(const Act& act) const { return !act.open && act.error != Errno::none; }
    std::uint32_t rank(const State&, const Flight&) const { return judging::unranked; }
    bool moves_bytes(const Flight&) const { return false; }
    ClauseId must_not_sleep(const State&, Flight&, Latitude) const { return no_clause; }
    std::uint64_t fingerprint(const State& state) const;

    judging::Breach refusal(const State& state, const Flight& flight) const;
    std::vector<std::string> describe(const State& state, const models::NameBytes& name) const;
    std::vector<std::string> alternatives(const State&, const Flight&) const { return {}; }
    Due due(const State&, const Flight&) const { return {}; }
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;
    void weigh_waits(const std::vector<std::uint32_t>&, judging::Weights&) const {}
    std::string undecided() const { return ""; }

    const Subject& subject() const { return subject_; }
    const Component& component() const { return component_; }

  private:
    Step step_open(State& state, Flight& flight, const Act& act) const;

    const Subject& subject_;
    const Component& component_;
};

}  // namespace crosstalk::name
