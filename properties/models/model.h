// What every model shares: an act in flight, and how far an explanation may go. A model accepts observations: `step`
// advances one act in one state by one indivisible change, if what was observed allows it; engines (properties/judge)
// choose the order. Each model defines its own State, of which `flights` is a part.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "properties/judge/acts.h"

namespace crosstalk::models {

// An act in flight: called, not yet returned.
struct Flight {
    std::uint32_t act = 0;
    bool done = false, slept = false;
    bool looked = false;                  // of a tee: it found what it needs, and has yet to copy
    std::uint32_t calls = 0;              // finished calls of the step
    std::uint64_t moved = 0;              // bytes of the call now going on
    std::uint64_t total = 0;              // bytes over all calls
    std::uint32_t run = 0, run_used = 0;  // how far observed runs are matched
    std::uint32_t how = 0;                // the model's bits: how it took effect, for evidence and explanations
};

enum class Step : std::uint8_t { no, silent, done };

// How much an explanation may ask for beyond what is usual and documents promise. The narrowest that explains a history
// wins; of two, the one without deviations.
struct Latitude {
    bool deviates = false;      // known deviations from documents, marked
    bool differs = false;       // what documents allow but no system is known to do, marked
    bool by_bytes = false;      // of pipes: room counted by the byte, as pipe(7) says it
    bool leaves_empty = false;  // of pipes, a deviation: a write that faults leaves an empty page behind, each time
};
inline constexpr Latitude strict{};

// The other way in which the same act may take effect in the same state, where there are two.
enum class Variant : std::uint8_t { first, second };

// What people call the bytes of a step's stream: "bytes 0..9 of A".
using NameBytes = std::function<std::string(ActorId, StepId, std::uint64_t offset, std::uint64_t length)>;

// What the engines ask of a model. `M::how_deviates`: the bits of Flight::how that mark deviations.
template <class M>
concept Model = requires(const M& model, typename M::State& state, Flight& flight, const judging::Act& act,
                         std::size_t f, const std::vector<std::uint32_t>& how, judging::Weights& weights,
                         std::vector<Deviation>& deviations, const NameBytes& name) {
    { model.component() } -> std::same_as<const judging::Component&>;
    { model.subject() } -> std::same_as<const judging::Subject&>;
    { model.initial() } -> std::same_as<typename M::State>;
    { state.flights } -> std::same_as<std::vector<Flight>&>;
    // Could this act do something now? Cheap; may say yes in vain, never no in vain.
    { model.may_step(state, flight, strict) } -> std::same_as<bool>;
    { model.has_second(state, flight, strict) } -> std::same_as<bool>;
    // Advances flight number `f` by one indivisible change; with `no`, nothing changed.
    { model.step(state, f, strict, Variant::first) } -> std::same_as<Step>;
    // Does it only look, so that taking it as soon as it fits can never hurt?
    { model.only_looks(act) } -> std::same_as<bool>;
    // When what it would do next was received, as far as is known: what is less should be tried first.
    { model.rank(state, flight) } -> std::same_as<std::uint32_t>;
    { model.moves_bytes(flight) } -> std::same_as<bool>;
    // At the calm point: may this act go on sleeping? no_clause if it may, else the clause that forbids it.
    { model.must_not_sleep(state, flight, strict) } -> std::same_as<ClauseId>;
    { model.fingerprint(state) } -> std::same_as<std::uint64_t>;
    // Why the return of this act cannot be explained in this state.
    { model.refusal(state, flight) } -> std::same_as<judging::Breach>;
    // The state, what else each clause would have allowed in it, and the one answer that was due if there is one: lines
    // for people, as "pipe 0 held 10 bytes: ...".
    { model.describe(state, name) } -> std::same_as<std::vector<std::string>>;
    { model.alternatives(state, flight) } -> std::same_as<std::vector<std::string>>;
    { model.due(state, flight) } -> std::same_as<Due>;
    // Which clauses an accepted explanation rests on; `how` of each act.
    { model.weigh(how, weights, deviations) } -> std::same_as<void>;
    // The same for what lies between calls: who was waiting when what it waited for came.
    { model.weigh_waits(how, weights) } -> std::same_as<void>;
    // Not "": why a rejection proves nothing here.
    { model.undecided() } -> std::same_as<std::string>;
    { M::how_deviates } -> std::convertible_to<std::uint32_t>;
};

}  // namespace crosstalk::models
