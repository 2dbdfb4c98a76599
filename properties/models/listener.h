// The listener: addresses, and the sockets that are not connected yet, as bind(2), listen(2), connect(2), accept(2) and
// unix(7) describe them, one state at a time. Which socket a name leads to, and which connections wait in whose queue,
// is part of the state. What travels on a connection is another model's (channel.h).
//
// How many connections may wait no document says exactly: Linux lets one more wait than listen(2) was asked for.
#pragma once

#include "properties/models/model.h"

namespace crosstalk::listener {

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
    how_no_name = 1u << 0,     // ENOENT
    how_nobody = 1u << 1,      // ECONNREFUSED
    how_full = 1u << 2,        // EAGAIN: as many wait as may
    how_last = 1u << 3,        // connected, as the last that may wait
    how_waited = 1u << 4,      // connected; it had found the queue full
    how_connected = 1u << 5,   // EISCONN
    how_taken = 1u << 6,       // EADDRINUSE
    how_bound = 1u << 7,       // EINVAL: it has an address already
    how_deaf = 1u << 8,        // EINVAL: it does not listen
    how_none_waits = 1u << 9,  // EAGAIN
    how_no_number = 1u << 11,  // EMFILE while a connection waits
    how_accepted = 1u << 12,
    how_listening = 1u << 13,  // EINVAL: a listening socket has no unread bytes
    how_unlinked = 1u << 16,   // ENOENT where a name had been before
    how_gone = 1u << 18,       // an abstract name leads nowhere after its socket was closed, or is given anew
    how_no_file = 1u << 19,    // nothing to unlink, though a socket has the abstract name
    how_fewer = 1u << 17,      // EAGAIN with as many waiting as were asked for, not one more
};

struct Socket {
    std::int16_t home = -1;  // over a network: the address that it is bound to
    bool unsure = false;     // its connect failed: it may be in any state (connect(2), NOTES)
    bool bound = false, listens = false, connected = false;
    bool shut = false;  // by shutdown(2) before it was connected: what then comes no document says
    std::int64_t backlog = 0;
    std::uint32_t references = 0;       // 0: closed
    std::vector<std::int64_t> waiting;  // connections, the first to be accepted first
};

inline constexpr std::int16_t no_name = -1, nobody = -2;  // a name that leads to no socket is there all the same

struct State {
    std::vector<Socket> sockets;
    std::vector<std::int16_t> names;  // of each address: the socket that it leads to
    std::vector<bool> had_name;       // there was one before
    std::vector<std::uint16_t> flags;
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = listener::State;
    static constexpr std::uint32_t how_deviates = 0;

    Model(const Subject& subject, const Component& component);

    State initial() const;
    bool may_step(const State&, const Flight& flight, Latitude) const { return !flight.done; }
    bool has_second(const State&, const Flight&, Latitude) const { return false; }
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    bool only_looks(const Act& act) const { return act.kind == ActKind::look_flags; }
    std::uint32_t rank(const State& state, const Flight& flight) const;
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
    bool sleeps(const State& state, const Act& act) const;
    bool is_abstract(std::uint16_t object) const {
        return subject_.value->program.objects[component_.objects[object].id].asked.value == 1;
    }
    bool is_claimed(std::int64_t connection) const;
    std::int16_t who_listens(const State& state, std::uint16_t address, std::int16_t but = -1) const;
    Step step_port(State& state, Flight& flight, const Act& act) const;
    Step bind_port(State& state, Flight& flight, const Act& act) const;
    Step listen_on_port(State& state, Flight& flight, const Act& act) const;
    Step connect_to_port(State& state, Flight& flight, const Act& act) const;
    Step accept_on_port(State& state, Flight& flight, const Act& act) const;
    ClauseId port_must_not_sleep(const State& state, const Act& act) const;
    judging::Breach refuse_port(const State& state, const Act& act) const;
    void weigh_ports(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    Step step_bind(State& state, Flight& flight, const Act& act) const;
    Step step_listen(State& state, Flight& flight, const Act& act) const;
    Step step_connect(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step join(State& state, Flight& flight, const Act& act, Socket& target) const;
    Step step_accept(State& state, Flight& flight, const Act& act) const;
    Step step_unlink(State& state, Flight& flight, const Act& act) const;
    Step step_release(State& state, Flight& flight, const Act& act) const;
    Step step_look(State& state, Flight& flight, const Act& act) const;
    bool killed_beside(const Act& sleeper) const;
    bool bound_beside(const Act& act) const;
    judging::Breach refuse_connect(const State& state, const Flight& flight, const Act& act) const;
    std::size_t shown_by(const Act& accept) const;
    ClauseId of_waiting(const Act& act, ClauseId otherwise) const;
    judging::Breach refuse_accept(const State& state, const Act& act) const;

    const Subject& subject_;
    const Component& component_;
    bool by_network_;  // its addresses are ports: listener_ports.cc
};

// What listener.cc and listener_ports.cc share: a flight that has taken effect.
inline Step done(Flight& flight, std::uint32_t how = how_nothing) {
    flight.how |= how;
    flight.done = true;
    return Step::done;
}

// May one more connection wait? As Linux counts, and as listen(2) says it. A backlog below 0 is as one of 0 (XSH
// listen, not re-read), and Linux's largest: it promises nothing and bounds nothing.
inline bool has_room(const Socket& socket) {
    return socket.backlog < 0 || static_cast<std::int64_t>(socket.waiting.size()) <= socket.backlog;
}
inline bool has_promised_room(const Socket& socket) {
    return static_cast<std::int64_t>(socket.waiting.size()) < socket.backlog;
}

}  // namespace crosstalk::listener
