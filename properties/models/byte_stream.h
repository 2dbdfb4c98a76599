// The byte stream with page slots: pipes as pipe(7) and the documents of its verbs describe them, one state at a time.
// `step` accepts observations: it advances one act in one state, if what was observed allows that. Each step is one
// indivisible change; a blocking write of more than fits takes several. Engines (properties/judge) choose the order.
//
// Room is counted in page slots, tail merging included: that is what makes EAGAIN and short counts exact where a
// system works so. Where a document promises more than slots give, the step is marked as a deviation.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "properties/models/model.h"
#include "properties/models/page_slots.h"

namespace crosstalk::byte_stream {

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
    how_merged = 1u << 0,
    how_slept = 1u << 1,
    how_again = 1u << 2,
    how_end = 1u << 3,
    how_epipe = 1u << 4,
    how_short = 1u << 5,
    how_interrupted = 1u << 6,
    how_faulted = 1u << 7,
    how_cut_by_close = 1u << 8,
    how_packet = 1u << 9,
    how_packet_cut = 1u << 10,
    how_from_empty = 1u << 11,
    how_filled = 1u << 12,
    how_busy = 1u << 13,
    how_grew = 1u << 14,
    how_shrank = 1u << 15,
    how_kept_bytes = 1u << 16,
    how_zero = 1u << 17,
    how_several_writers = 1u << 18,
    how_less_than_there = 1u << 19,
    how_refused = 1u << 20,
    how_after_page_read = 1u << 21,
    how_nonblocking = 1u << 25,
    how_deviates_room = 1u << 22,    // PIPE-CAP-3
    how_deviates_packet = 1u << 23,  // PIPE-PKT-1
    how_deviates_tee = 1u << 26,     // PIPE-TEE-2
    how_deviates_stop = 1u << 27,    // SIG-STOP-2
    how_deviates_empty = 1u << 30,   // PIPE-FAULT-1
    how_met = 1u << 28,              // open: released by one of the other end
    how_discarded = 1u << 29,        // release: bytes went with the last reference to a FIFO
    how_differs = 1u << 24,          // legal by the documents, but not what page slots give
};
inline constexpr std::uint32_t how_deviates =
    how_deviates_room | how_deviates_packet | how_deviates_tee | how_deviates_stop | how_deviates_empty;

struct State {
    std::vector<Pipe> pipes;
    std::vector<std::uint16_t> flags;  // of each description
    // Of each description that opened a FIFO for reading without waiting for a writer: 1 + how often the other end had
    // been opened by then. 0: of any other; empty: nobody opens a FIFO.
    std::vector<std::uint32_t> heard;
    std::vector<Flight> flights;
};

class Model {
  public:
    using State = byte_stream::State;
    static constexpr std::uint32_t how_deviates = byte_stream::how_deviates;

    Model(const Subject& subject, const Component& component);

    State initial() const;
    const Act& act(const Flight& flight) const { return component_.acts[flight.act]; }

    // Could this act do something now? Cheap; may say yes in vain, never no in vain.
    bool may_step(const State& state, const Flight& flight, Latitude latitude) const;
    bool has_second(const State& state, const Flight& flight, Latitude latitude) const;
    // Advances flight number `f` by one indivisible change, if what was observed allows it; with `no`, nothing changed.
    Step step(State& state, std::size_t f, Latitude latitude, Variant variant = Variant::first) const;
    // Does it only look, so that taking it as soon as it fits can never hurt?
    bool only_looks(const Act& act) const;
    // When what it would do next was received, as far as reads tell: what is less should be tried first.
    std::uint32_t rank(const State& state, const Flight& flight) const;
    bool moves_bytes(const Flight& flight) const;
    // Would a step put its bytes in front of others that were surely received before them?
    bool overtakes(const State& state, const Flight& flight) const;
    // At the calm point: may this act go on sleeping in this state? no_clause if it may, else the clause that forbids
    // it.
    ClauseId must_not_sleep(const State& state, Flight& flight, Latitude latitude) const;
    std::uint64_t fingerprint(const State& state) const;

    // Why the return of this act cannot be explained in this state: the clause that speaks, the reason and a line.
    judging::Breach refusal(const State& state, const Flight& flight) const;
    std::vector<std::string> describe(const State& state, const models::NameBytes& name) const;
    std::vector<std::string> alternatives(const State& state, const Flight& flight) const;
    Due due(const State& state, const Flight& flight) const;
    void weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
               std::vector<Deviation>& deviations) const;
    void weigh_waits(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    std::string undecided() const;
    // The search gives a call up that never returned: what it holds while it sleeps goes with it.
    void abandon(State& state, std::size_t f) const;

    const Subject& subject() const { return subject_; }
    const Component& component() const { return component_; }

  private:
    bool may_end(const Flight& flight, const Act& act, std::uint64_t moved, Errno error) const;
    Step end_call(Flight& flight, const Act& act, std::uint64_t moved, Errno error, std::uint32_t how) const;
    Step step_write(State& state, Flight& flight, const Act& act, Latitude latitude, Variant variant) const;
    Step stop_writing(const State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step place_anyway(State& state, Flight& flight, const Act& act) const;
    Step step_read(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_read_empty(State& state, Flight& flight, const Act& act) const;
    Step step_vmsplice(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_splice(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_capacity(State& state, Flight& flight, const Act& act, Latitude latitude) const;
    Step step_look(const State& state, Flight& flight, const Act& act, Latitude latitude) const;
    bool transfers_beside(const Act& act) const;
    void weigh_names(const std::vector<std::uint32_t>& how, judging::Weights& weights) const;
    Step step_open(State& state, Flight& flight, const Act& act) const;
    void enter(Pipe& pipe, const Act& act) const;
    void leave(Pipe& pipe, const Act& act) const;
    std::uint32_t end_of_references(Pipe& pipe, std::uint16_t object) const;
    ClauseId open_must_not_sleep(const State& state, const Flight& flight, const Act& act) const;
    Step step_release(State& state, Flight& flight, const Act& act) const;
    bool matches(Flight& flight, const Act& act, const Piece& piece, std::uint64_t length) const;
    bool sleeps(const State& state, const Act& act) const;
    bool was_refused(const Flight& flight, const Act& act) const;
    bool never_fits(const State& state, const Flight& flight, const Act& act, Latitude latitude) const;
    bool may_never_sleep(const State& state, const Act& act) const;
    std::int64_t poll_bits(const State& state, const Act& act, Latitude latitude) const;
    std::uint64_t observed_count(const Flight& flight, const Act& act, std::uint64_t most) const;
    std::uint64_t room(const Pipe& pipe) const;  // by the byte
    bool full(const Pipe& pipe, Latitude latitude) const;
    Placement placement_of(const Pipe& pipe, const Flight& flight, const Act& act, bool fresh, Latitude latitude) const;

    // How much the order in which bytes were received says of the order in which they were put in.
    enum class Told : std::uint8_t {
        nothing,  // they may have taken different ways
        order,    // what was received first was put in first
        all       // and what was never received came last: nobody took bytes without saying which
    };
    Told what_receipts_tell() const;
    const judging::Receipt* next_receipt(const Flight& flight) const;

    const Subject& subject_;
    const Component& component_;
    Told told_;
};

}  // namespace crosstalk::byte_stream
