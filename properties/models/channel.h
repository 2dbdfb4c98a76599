// The channel: a connected pair of sockets, as unix(7), send(2), recv(2) and shutdown(2) describe it, one state at a
// time: a queue each way, of bytes or of records, by the facts of the data sheet. How much a queue holds no document
// says: whoever sends is surely accepted by an empty one, and may be refused or sleep while something is unread.
//
// Bytes of a stream become visible part by part while their send goes on. Nothing is guessed about when: a part is
// placed when somebody is seen to take it, and the rest when the send returns. Descriptors in messages and addresses
// are not here.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "properties/models/model.h"

namespace crosstalk::channel {

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
    how_again = 1u << 0,         // EAGAIN
    how_end = 1u << 1,           // end of file; of a release: it was the last reference
    how_refused = 1u << 2,       // the peer is gone or does not read
    how_own_shutdown = 1u << 3,  // EPIPE since this end was shut down
    how_reset = 1u << 4,         // ECONNRESET
    how_interrupted = 1u << 5,
    how_short = 1u << 6,
    how_cut = 1u << 7,  // a record of which a part was discarded
    how_peeked = 1u << 8,
    how_after_close = 1u << 9,  // data that a closed peer left
    how_too_large = 1u << 10,
    how_joined = 1u << 11,  // bytes of several sends
    how_slept = 1u << 12,
    how_there = 1u << 13,      // something was unread
    how_half_shut = 1u << 14,  // this direction went on although the other was shut down
    how_no_signal = 1u << 15,  // SOCK-EPIPE-1
    how_differs = 1u << 16,
    how_wake_lost = 1u << 17,  // SOCK-PEEK-1
    how_stopped = 1u << 18,    // SIG-STOP-2
};

struct Piece {  // bytes of one step's stream; of records: one record
    ActorId actor = 0;
    StepId step = 0;
    std::uint32_t offset = 0, length = 0;
    bool perhaps = false;   // of a send that never returned: any first part of it, or nothing
    std::uint32_t act = 0;  // of the send
};

// An error that a call is to tell once. coming: it is on its way, and surely here at the calm point.
enum class Told : std::uint8_t { not_due, due, perhaps, coming };

struct End {
    std::uint32_t references = 0;
    std::vector<Piece> unread;  // what this end receives next
    bool dead = false;          // closed
    bool sends_shut = false, receives_shut = false;
    Told reset = Told::not_due;  // ECONNRESET
    bool disconnected = false;   // of datagrams: a send found the peer gone
    bool used = false;           // something was ever sent to this end
    // SO_SNDBUF: between these. It bounds a record (unix(7)).
    std::uint32_t least_buffer = 2048, most_buffer = ~0u;
    // Where delivery takes time (connection.h): so many bytes of `unread` are surely here. The peer sends no more
    // (finished), which was seen (ended). The connection was reset, and that was told (gone). Closing resets (aborts).
    std::uint64_t arrived = 0;
    bool finished = false, ended = false, gone = false, aborts = false;
    // Of datagrams that may be lost (datagrams.h): those of `unread` of which one comes next, if that is known; and how
    // many calls have told that one of them met a closed port.
    std::vector<std::uint32_t> next;
    std::uint32_t refusals = 0;
};

struct State {
    std::vector<std::array<End, 2>> pairs;
    std::vector<std::uint16_t> flags;  // of each description
    std::vector<Flight> flights;
};

// What only perhaps was sent stands nowhere, if nothing stands here.
bool is_empty(End& end);
std::uint64_t bytes_of(const End& end);
void set_buffer(End& end, std::int64_t asked);    // SO_SNDBUF was asked for
bool buffer_may_be(End& end, std::int64_t told);  // ... and said to be this

class Model {
  public:
    using State = channel::State;
    static constexpr std::uint32_t how_deviates = how_no_signal | how_wake_lost | how_stopped;

    Model(const Subject& subject, const Component& component);

    State initial() const;
    bool may_step(const State& state, const Flight& flight, Latitude latitude) const;
    bool has_second(const State&, const Flight&, Latitude) const { return false; }
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    bool only_looks(const Act& act) const { return act.kind == ActKind::look_flags; }
    std::uint32_t rank(const State& state, const Flight& flight) const;
    bool moves_bytes(const Flight& flight) const { return component_.acts[flight.act].kind <= ActKind::read; }
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    std::uint64_t fingerprint(const State& state) const;

    judging::Breach refusal(const State& state, const Flight& flight) const;
    std::vector<std::string> describe(const State& state, const models::NameBytes& name) const;
    std::vector<std::string> alternatives(const State& state, const Flight& flight) const;
    Due due(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;
    void weigh_waits(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    std::string undecided() const;

    const Subject& subject() const { return subject_; }
    const Component& component() const { return component_; }

  protected:
    const Act& act_of(const Flight& flight) const { return component_.acts[flight.act]; }
    bool sleeps(const State& state, const Act& act) const;
    bool may_never_sleep(const Act& act) const;
    bool keeps_silent(const Act& act) const;
    bool slept_beside_peek(const Act& act) const;
    bool changes_beside(const Act& act, bool transfers) const;
    Step end_call(Flight& flight, const Act& act, std::uint64_t moved, std::uint32_t how) const;
    Step fail(Flight& flight, const Act& act, Errno error, std::uint32_t how) const;
    Step step_send(State& state, std::size_t f, Latitude latitude) const;
    Step place(State& state, Flight& flight, const Act& act, std::uint64_t count) const;
    Step step_receive(State& state, std::size_t f, Latitude latitude) const;
    Step receive_record(State& state, Flight& flight, const Act& act) const;
    Step receive_bytes(State& state, std::size_t f, Latitude latitude) const;
    Step receive_nothing(State& state, Flight& flight, const Act& act) const;
    Step receive_unseen(State& state, Flight& flight, const Act& act) const;
    Step drop_references(State& state, Flight& flight, const Act& act) const;
    Step step_release(State& state, Flight& flight, const Act& act) const;
    Step step_other(State& state, Flight& flight, const Act& act) const;
    Step step_look(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    std::int64_t poll_bits(State& state, const Act& act) const;
    std::uint64_t take(State& state, std::size_t f, std::uint64_t count, bool keeps) const;
    bool may_come(const State& state, const Flight& other, const Act& like, std::uint8_t to) const;
    bool follow(Flight trial, const Act& act, std::span<const Piece> pieces, bool all) const;
    bool part_for_others(State& state, std::size_t f, std::size_t at, std::uint64_t most) const;
    bool put_before_rest(State& state, const Flight& flight, const Act& act, std::size_t at, std::uint64_t part) const;
    std::uint64_t within_run(const State& state, const Flight& flight, const Act& act, std::uint64_t length,
                             std::size_t behind) const;
    bool pull(State& state, std::size_t f, std::size_t at, std::uint64_t most) const;
    bool pull_one(State& state, std::uint16_t object, std::uint8_t to) const;
    bool was_used(const State& state, const Act& sender) const;
    bool may_be_unread(const State& state, const Act& sender) const;
    bool comes_next(const State& state, const Flight& flight) const;
    bool matches(Flight& flight, const Act& act, const Piece& piece, std::uint64_t at, std::uint64_t length) const;
    std::uint64_t promised(const Flight& flight, const Act& act) const;

    const Subject& subject_;
    const Component& component_;
    bool records_ = false, connected_ = false;  // connected: who closes tells the peer
    bool eventual_ = false;                     // what is sent arrives some time later
};

}  // namespace crosstalk::channel
