// A name that is made and removed by calls which overlap: states and steps, and what an explanation rests on.
#include "properties/models/name.h"

#include <fmt/format.h>

#include "properties/clauses/all.h"

namespace crosstalk::name {
namespace {

constexpr std::int64_t most_numbers = 64;

Step done(Flight& flight, std::uint32_t how) {
    flight.how |= how;
    flight.done = true;
    return Step::done;
}

std::uint64_t bit(std::int64_t number) { return std::uint64_t{1} << (number % most_numbers); }

}  // namespace

// There before the first step.
State Model::initial() const { return {.bound = 1, .made = bit(1), .flights = {}}; }

Step Model::step(State& state, std::size_t f, Latitude, Variant) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    if (act.verb == Verb::open) return step_open(state, flight, act);
    const bool there = state.bound != nowhere;
    if (act.error == Errno::ENOENT_) return there ? Step::no : done(flight, how_refused);
    if (act.error != Errno::none || !there) return Step::no;
    state.bound = nowhere;
    return done(flight, how_removed);
}

Step Model::step_open(State& state, Flight& flight, const Act& act) const {
    const std::uint16_t flags = subject_.operation(act).flags;
    const bool creates = (flags & flag_create) != 0, exclusive = creates && (flags & flag_exclusive) != 0;
    const bool there = state.bound != nowhere;
    if (act.open) {  // what it has made nobody has seen yet
        if (there || !creates) return Step::no;
        state.bound = unseen;
        return done(flight, how_made);
    }
    if (act.error == Errno::ENOENT_) return !creates && !there ? done(flight, how_refused) : Step::no;
    if (act.error == Errno::EEXIST_) return exclusive && there ? done(flight, how_refused) : Step::no;
    if (act.error != Errno::none) return Step::no;
    if (state.bound == act.value) return exclusive ? Step::no : done(flight, how_found);
    const bool is_new = (state.made & bit(act.value)) == 0;
    if (!is_new || (there ? state.bound != unseen || exclusive : !creates)) return Step::no;
    state.bound = act.value;
    state.made |= bit(act.value);
    return done(flight, there ? how_found : how_made);
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = (state.made ^ static_cast<std::uint64_t>(state.bound + 2) << 56) * 0x9fb21c651e98df25u;
    for (const Flight& flight : state.flights) {
        hash = (hash ^ (std::uint64_t{flight.act} * 2 + flight.done)) * 0x9fb21c651e98df25u;
        hash ^= hash >> 32;
    }
    return hash;
}

judging::Breach Model::refusal(const State&, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    const bool opened = act.verb == Verb::open && act.error == Errno::none;
    std::string line = opened ? fmt::format("it led to object {}, which the name did not lead to then", act.value)
                              : "that is not what the name led to";
    return {clause("SHM-LIFE-6"),
            opened ? Reason::wrong_value : Reason::wrong_errno,
            opened ? "" : std::string(act.error == Errno::none ? "none" : name_of(act.error)) + "/none",
            act.event,
            {std::move(line)}};
}

std::vector<std::string> Model::describe(const State& state, const models::NameBytes&) const {
    const ObjectId id = component_.objects[0].id;
    if (state.bound == nowhere) return {fmt::format("name {} led nowhere", id)};
    if (state.bound == unseen) return {fmt::format("name {} led to an object that nobody had opened", id)};
    return {fmt::format("name {} led to object {}", id, state.bound)};
}

void Model::weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights, std::vector<Deviation>&) const {
    for (const std::uint32_t each : how) weights[clause("SHM-LIFE-6")] += (each & (how_found | how_made)) != 0;
}

}  // namespace crosstalk::name
