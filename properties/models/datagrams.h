// Datagrams between hosts, as udp(7) and the pages of socket calls describe them: whatever was sent may be received,
// once, twice, later than what was sent after it, or never; but whole and unchanged, and nothing else is received. A
// datagram that meets a closed port may make one later call fail with ECONNREFUSED.
//
// So nothing that was sent ever leaves the state. What comes next is known only after somebody looked at it. Between
// two hosts that our link joins its log tells what arrived, and in which order: then what is there is known exactly.
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
    // datagrams_link.cc
    static bool is_of_link(const Act& act) {  // what its log says; no call
        return act.kind == judging::ActKind::other && act.verb == Verb::nothing;
    }
    bool is_of(const Act& act, const channel::Piece& piece) const;
    Step carried(State& state, Flight& flight, const Act& act) const;
    judging::Breach not_carried(const End& to, const Act& act) const;
    judging::Breach not_there(const End& mine, const Act& act) const;
    template <class IsIt>
    bool was_sent(const Act& act, std::uint8_t to, IsIt is_it) const;

    bool surely_there(const End& end) const { return logged_ ? !end.unread.empty() : !end.next.empty(); }
    bool may_refuse(const State& state, const Act& act) const;
    bool may_have_dropped(const End& end, const Act& receive) const;
    Step put(State& state, Flight& flight, const Act& act) const;
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
    bool logged_;               // a link carries them, and keeps a log
};

}  // namespace crosstalk::datagrams
