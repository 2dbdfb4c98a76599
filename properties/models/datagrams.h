// Datagrams between hosts, as udp(7) and the pages of socket calls describe them: whatever was sent may be received,
// once, twice, later than what was sent after it, or never; but whole and unchanged, and nothing else is received. A
// datagram that meets a closed port may make one later call fail with ECONNREFUSED.
//
// So nothing that was sent ever leaves the state. What comes next is known only after somebody looked at it.
#pragma once

#include "properties/models/channel.h"

namespace crosstalk::datagrams {

using channel::End;
using judging::Act;
using models::Flight;
using models::Latitude;
using models::Step;
using models::Variant;

class Model : public channel::Model {
  public:
    Model(const judging::Subject& subject, const judging::Component& component);

    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    judging::Breach refusal(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;

  private:
    bool may_refuse(const State& state, const Act& act) const;
    bool may_have_dropped(const End& end, const Act& receive) const;
    Step refused(State& state, Flight& flight, const Act& act) const;
    Step send(State& state, Flight& flight, const Act& act) const;
    Step receive(State& state, Flight& flight, const Act& act) const;
    Step receive_nothing(State& state, Flight& flight, const Act& act) const;
    Step control(State& state, Flight& flight, const Act& act) const;
    Step look(State& state, Flight& flight, const Act& act) const;
    // The datagrams that may come next, as far as is known, and of these those that have `fits`.
    template <class Fits>
    std::vector<std::uint32_t> may_come_next(const End& end, Fits fits) const;

    std::uint64_t most_bytes_;  // of one datagram
};

}  // namespace crosstalk::datagrams
