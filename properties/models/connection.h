// The connection: a channel between hosts, as tcp(7), RFC 9293 and the pages of socket calls describe it. What is sent
// arrives in order and once, but some time later: so what is known to have arrived is kept beside what was sent, and
// grows with what receivers and pollers see. At the calm point everything has arrived. The same holds for the end of
// file, and for the reset, which loses what had not been received.
//
// Of SHUT_RD only the own end knows. Urgent bytes, time limits and addresses are not here.
#pragma once

#include "properties/models/channel.h"

namespace crosstalk::connection {

using channel::End;
using channel::How;
using channel::Told;
using judging::Act;
using models::Flight;
using models::Latitude;
using models::Step;
using models::Variant;

class Model : public channel::Model {
  public:
    using channel::Model::Model;

    // The second way of a call that never returned: it was told of a reset, and nobody saw it.
    bool has_second(const State& state, const Flight& flight, Latitude latitude) const;
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    judging::Breach refusal(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;

  private:
    struct Events {  // of poll(2)
        std::int64_t must = 0, may = 0;
    };

    bool tears(const State& state, const Act& act, std::uint8_t end) const;
    bool may_be_reset(const State& state, const Act& act) const;
    Step send(State& state, std::size_t f, Latitude latitude) const;
    Step send_some(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step send_unseen(State& state, Flight& flight, const Act& act) const;
    Step receive(State& state, std::size_t f, Latitude latitude) const;
    Step receive_some(State& state, std::size_t f, Latitude latitude) const;
    std::uint64_t like_first(const Flight& flight, const Act& act, const End& mine, std::uint64_t most) const;
    Step receive_nothing(State& state, Flight& flight, const Act& act) const;
    Step receive_unseen(State& state, Flight& flight, const Act& act) const;
    Step release(State& state, Flight& flight, const Act& act) const;
    Step control(State& state, Flight& flight, const Act& act) const;
    Step option(State& state, Flight& flight, const Act& act) const;
    Step look(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Events events(const State& state, const Act& act) const;
    void learn(State& state, const Act& poll) const;
};

}  // namespace crosstalk::connection
