// The channel: a connected pair of sockets, as unix(7), send(2), recv(2) and shutdown(2) describe it, one state at a
// time: a queue each way, of bytes or of records, by the facts of the data sheet. How much a queue holds no document
// says: whoever sends is surely accepted by an empty one, and may be refused or sleep while something is unread.
//
// Bytes of a stream become visible part by part while their send goes on. Nothing is guessed about when: a part is
// placed when somebody is seen to take it, and the rest when the send returns. Where descriptors travel along, resolve
// has followed them (resolve_rights.cc), and here a receive does not go on behind their bytes. Addresses are not here.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "properties/models/line.h"
#include "properties/models/model.h"

namespace crosstalk::channel {

using judging::Act;
using judging::ActKind;
using judging::Component;
using judging::Subject;
using models::Flight;
using models::Latitude;
using models::Line;
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
    how_wake_lost = 1u << 17,     // SOCK-PEEK-1; of streams UNIX-PEEKOFF-1
    how_stopped = 1u << 18,       // SIG-STOP-2
    how_barrier = 1u << 19,       // the first byte of a message with descriptors was received
    how_gave_up = 1u << 20,       // its time limit was over
    how_low_water = 1u << 21,     // SO_RCVLOWAT held it back
    how_unsupported = 1u << 22,   // MSG_OOB where there is none
    how_ended = 1u << 23,         // a record that was sent with MSG_EOR
    how_gathered = 1u << 24,      // a record of several parts
    how_credible = 1u << 25,      // with credentials, as they must be
    how_dropped = 1u << 27,       // datagrams that found no room were counted
    how_rights_early = 1u << 29,  // UNIX-STREAM-2
    how_offset = 1u << 28,        // it looked from an offset on
    how_writer = 1u << 26,        // it stopped before what another process had sent
};

inline constexpr std::uint32_t record_overhead = 32;  // unix(7), SO_SNDBUF: of a datagram, beside its bytes

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
    Line<Piece> unread;  // what this end receives next
    bool dead = false;   // closed
    bool sends_shut = false, receives_shut = false;
    Told reset = Told::not_due;  // ECONNRESET
    bool disconnected = false;   // of datagrams: a send found the peer gone
    bool used = false;           // something was ever sent to this end
    // SO_SNDBUF: between these. It bounds a record (unix(7)).
    std::uint32_t least_buffer = 2048, most_buffer = ~0u;
    std::int64_t peek_offset = -1;  // SO_PEEK_OFF, of streams: where the next peek begins; below 0: at what comes next
    // Where delivery takes time (connection.h): so many bytes of `unread` are surely here. The peer sends no more
    // (finished), which was seen (ended). The connection was reset, and that was told (gone). Closing resets (aborts).
    std::uint64_t arrived = 0;
    bool finished = false, ended = false, gone = false, aborts = false;
    // Of datagrams that may be lost (datagrams.h): those of `unread` of which one comes next, if that is known; and how
    // many calls have told that one of them met a closed port.
    std::vector<std::uint32_t> next;
    std::uint32_t refusals = 0, received = 0;  // and how many of them were received
    // The same where a link between two hosts keeps a log: sent to this end and not yet seen by the link, which one it
    // carried last, and how many met a closed port, or no room.
    std::vector<Piece> coming;
    Piece carried;
    std::uint32_t met_closed = 0, met_full = 0;
};

struct State {
    std::vector<std::array<End, 2>> pairs;
    std::vector<std::uint16_t> flags;  // of each description
    std::vector<Flight> flights;
};

// The time limit of a call (socket(7), SO_RCVTIMEO and SO_SNDTIMEO), and how many bytes it waits for (SO_RCVLOWAT).
// Other calls may set them meanwhile: between these.
struct Limits {
    bool may = false;        // there may be a limit
    bool unlimited = false;  // ... or it was made 0, which is never
    std::int64_t least_ns = 0;
    std::uint64_t least_water = 1, most_water = 1;
};

// What only perhaps was sent stands nowhere, if nothing stands here.
bool is_empty(End& end);
std::uint64_t bytes_of(const End& end);
void set_buffer(End& end, std::int64_t asked);    // SO_SNDBUF was asked for
bool buffer_may_be(End& end, std::int64_t told);  // ... and said to be this

class Model {
  public:
    using State = channel::State;
    static constexpr std::uint32_t how_deviates = how_no_signal | how_wake_lost | how_stopped | how_rights_early;

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
    Limits limits_of(const Act& act) const;
    std::uint64_t most_water(const Act& act) const;
    bool looks_behind_a_mixture() const;
    bool slept_before_flags(const Act& act) const;
    // Does it sleep now, or has it since before somebody set O_NONBLOCK?
    bool may_sleep(const State& state, const Act& act) const { return sleeps(state, act) || slept_before_flags(act); }
    bool may_be_held_back(const End& end, const Act& poll) const;
    bool gave_up(const Act& act) const;
    bool may_be_interrupted(const Act& act) const;
    bool passes_barrier(const Flight& flight, const Act& act, const Piece& piece) const;
    bool brings_rights(const Act& act, const Piece& piece) const;
    bool may_pass_credentials(const Act& receive) const;
    bool surely_passes_credentials(const Act& receive, const Act& send) const;
    bool is_credible(const Act& receive, const Piece& piece) const;
    bool is_of_another_writer(const Act& receive, const Piece& piece) const;
    bool slept_beside_peek(const Act& act) const;
    bool slept_beside_receive(const Act& act) const;
    bool slept_before_offset(const Act& act) const;
    bool changes_beside(const Act& act, bool transfers) const;
    bool is_too_large(const End& mine, const Act& send) const;
    Step end_call(Flight& flight, const Act& act, std::uint64_t moved, std::uint32_t how) const;
    Step fail(Flight& flight, const Act& act, Errno error, std::uint32_t how) const;
    Step unsupported(Flight& flight, const Act& act) const;
    Step step_send(State& state, std::size_t f, Latitude latitude) const;
    Step place(State& state, Flight& flight, const Act& act, std::uint64_t count) const;
    Step step_receive(State& state, std::size_t f, Latitude latitude) const;
    Step receive_record(State& state, Flight& flight, const Act& act) const;
    Step receive_bytes(State& state, std::size_t f, Latitude latitude) const;
    bool nothing_there(State& state, const Act& act) const;
    std::uint64_t take_from_offset(State& state, std::size_t f, std::uint64_t count) const;
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
    std::uint64_t at_once(const Flight& flight, const Act& act, bool all, const End& mine) const;
    bool part_for_others(State& state, std::size_t f, std::size_t at, std::uint64_t most) const;
    std::uint64_t begins_with(const Flight& flight, const Act& act, const Piece& piece, std::uint64_t most) const;
    bool put_before_rest(State& state, const Flight& flight, const Act& act, std::size_t at, std::uint64_t part) const;
    std::uint64_t within_run(const State& state, const Flight& flight, const Act& act, std::uint64_t length,
                             std::size_t behind) const;
    bool pull(State& state, std::size_t f, std::size_t at, std::uint64_t most) const;
    bool pull_one(State& state, std::uint16_t object, std::uint8_t to) const;
    bool was_used(const State& state, const Act& sender) const;
    bool may_be_unread(const State& state, const Act& sender) const;
    bool comes_next(const State& state, const Flight& flight) const;
    bool gave_nothing(const Act& act) const;
    bool discards(const Act& act) const;
    bool discards_of_the_dead() const;
    bool may_have_met_nobody() const;
    bool looked_beside_a_wait() const;
    bool matches(Flight& flight, const Act& act, const Piece& piece, std::uint64_t at, std::uint64_t length) const;
    std::uint64_t promised(const Flight& flight, const Act& act) const;

    const Subject& subject_;
    const Component& component_;
    bool records_ = false, connected_ = false;  // connected: who closes tells the peer
    bool eventual_ = false;                     // what is sent arrives some time later
    bool limited_ = false;                      // somebody sets time limits, or another option
};

}  // namespace crosstalk::channel
