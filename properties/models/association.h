// The association: a one-to-one SCTP pair, as RFC 6458 and RFC 9260 describe it: whole messages, which arrive once, but
// some time later, and in order within their stream, but for those that were sent unordered. A receive that is too
// short takes a part, and the rest comes next. There is no half-closed state: whoever shuts down ends both directions,
// once what was sent before has arrived. An abort loses what had not been received.
//
// What a receive says on an association that its own end has shut down no document tells: 0, EAGAIN and ENOTCONN are
// all accepted. Notifications and several addresses are not here: trials show them (judge/trial_sights.h).
#pragma once

#include "properties/models/channel.h"

namespace crosstalk::association {

using channel::End;
using judging::Act;
using models::Flight;
using models::Latitude;
using models::Step;
using models::Variant;

inline constexpr std::uint32_t how_vanished = 1u << 30;  // ESRCH for an association that ended: SCTP-DIE-1
inline constexpr std::uint32_t how_unnamed = 1u << 28;   // ESHUTDOWN or EAGAIN in place of EPIPE: SCTP-O2O-2
inline constexpr std::uint32_t how_rest = 1u << 29;      // the rest of a message, or a part that leaves one

inline constexpr std::uint32_t how_rest_unheard = 1u << 27;  // it sleeps beside the rest of a message: SCTP-ORD-4
inline constexpr std::uint32_t how_labelled = 1u << 25;   // the receiver was told what the sender said of it
inline constexpr std::uint32_t how_no_stream = 1u << 24;  // EINVAL for a stream that there is not

// Does this send ask for a stream that its association does not have?
bool lacks_stream(const Operation& send);
// Was the receiver told what the sender said of the message (RFC 6458, 5.3.5)? Where it asked.
bool is_label_of(const judging::Subject& subject, const Act& receive, const Act& send);

class Model : public channel::Model {
  public:
    using channel::Model::Model;
    static constexpr std::uint32_t how_deviates =
        channel::how_wake_lost | how_vanished | how_unnamed | how_rest_unheard;

    // The second way of a call that never returned: it was told of an abort, and nobody saw it.
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

    bool may_be_reset(const State& state, const Act& act) const;
    bool is_shutdown_error(const Act& act) const;
    Step send(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step send_unseen(State& state, Flight& flight, const Act& act) const;
    Step receive(State& state, Flight& flight, const Act& act) const;
    bool is_next(const End& mine, std::size_t at) const;
    bool may_bring(Flight& flight, const Act& act, const channel::Piece& message, std::uint64_t count) const;
    Step receive_message(State& state, Flight& flight, const Act& act) const;
    Step receive_nothing(State& state, Flight& flight, const Act& act) const;
    Step receive_unseen(State& state, Flight& flight, const Act& act) const;
    Step release(State& state, Flight& flight, const Act& act) const;
    Step control(State& state, Flight& flight, const Act& act) const;
    Step option(State& state, Flight& flight, const Act& act) const;
    Step look(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    bool slept_beside_part(const Act& act) const;
    Events events(const State& state, const Act& act) const;
    void learn(State& state, const Act& poll) const;
};

}  // namespace crosstalk::association
