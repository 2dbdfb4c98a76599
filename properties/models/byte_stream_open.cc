// The byte stream: opening a FIFO by its name (fifo(7), XSH open). An open that waits counts as one that has its end
// open, so it lets the other side in; it is let in by any open of the other side that comes while it waits, also by one
// that is gone again at once. With its last reference a FIFO loses its bytes (XSH close) and what was set of it.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {
namespace {

constexpr std::uint8_t both = 2;  // Act::end of O_RDWR

bool has_entered(const Flight& flight) { return flight.moved != 0; }

// Since it began to wait, has the other side been opened?
bool is_met(const Pipe& pipe, const Flight& flight, const Act& act) {
    const bool there = act.end == 0 ? pipe.writers != 0 : pipe.readers != 0;
    return there || pipe.opens[1 - act.end] != flight.total;
}

}  // namespace

void Model::enter(Pipe& pipe, const Act& act) const {
    if (act.end != 1) pipe.readers += act.count, ++pipe.opens[0];
    if (act.end != 0) pipe.writers += act.count, ++pipe.opens[1];
}

void Model::leave(Pipe& pipe, const Act& act) const {
    if (act.end != 1) pipe.readers -= std::min(pipe.readers, act.count);
    if (act.end != 0) pipe.writers -= std::min(pipe.writers, act.count);
    if (pipe.readers == 0 && pipe.writers == 0) end_of_references(pipe, act.object);
}

std::uint32_t Model::end_of_references(Pipe& pipe, std::uint16_t object) const {
    const std::uint32_t slots = component_.objects[object].fresh_slots;
    if (slots == 0) return how_nothing;  // nobody can look any more
    const std::uint32_t how = pipe.bytes != 0 ? how_discarded : how_nothing;
    pipe.slots.clear();
    pipe.pieces.clear();
    pipe.bytes = 0;
    pipe.max_slots = slots;
    return how;
}

Step Model::step_open(State& state, Flight& flight, const Act& act) const {
    if (act.verb != Verb::open) return Step::no;
    Pipe& pipe = state.pipes[act.object];
    const auto done = [&](std::uint32_t how) {
        flight.how |= how;
        flight.done = true;
        return Step::done;
    };
    const bool waits = !act.never_sleeps && act.end != both;
    const bool there = act.end == 0 ? pipe.writers != 0 : pipe.readers != 0;
    if (!has_entered(flight)) {
        if (act.never_sleeps && act.end == 1 && pipe.readers == 0) {  // open(2): ENXIO
            return !act.open && act.error == Errno::ENXIO_ ? done(how_again) : Step::no;
        }
        if (!waits) {
            if (act.error != Errno::none) return Step::no;
            enter(pipe, act);
            if (act.open) {  // killed before it returned: what it opened goes with its process
                flight.moved = 1;
                return Step::silent;
            }
            const bool alone = act.end == 0 && !there;
            if (alone && act.description < state.heard.size()) state.heard[act.description] = 1 + pipe.opens[1];
            return done((alone ? how_end : how_nothing) | (pipe.bytes != 0 ? how_kept_bytes : how_nothing));
        }
        enter(pipe, act);
        flight.moved = 1;
        flight.total = pipe.opens[1 - act.end];
        if (there && !act.open && act.error == Errno::none)
            return done(pipe.bytes != 0 ? how_kept_bytes : how_nothing);
        flight.slept = true;
        flight.how |= how_slept;
        return Step::silent;
    }
    if (!act.open && act.error == Errno::none)
        return is_met(pipe, flight, act) ? done(there ? how_met : how_met | how_end) : Step::no;
    if (act.open || act.error != Errno::EINTR_ || !act.interrupted) return Step::no;
    leave(pipe, act);
    return done(how_interrupted);
}

void Model::abandon(State& state, std::size_t f) const {
    Flight& flight = state.flights[f];
    const Act& act = component_.acts[flight.act];
    if (act.verb == Verb::open && has_entered(flight) && !flight.done) leave(state.pipes[act.object], act);
    flight.done = true;
}

ClauseId Model::open_must_not_sleep(const State& state, const Flight& flight, const Act& act) const {
    if (act.end == both) return clause("FIFO-OPEN-5");
    if (act.never_sleeps) return act.end == 0 ? clause("FIFO-OPEN-2") : clause("FIFO-OPEN-4");
    const Pipe& pipe = state.pipes[act.object];
    if (!has_entered(flight))  // it enters first; where it then need not wait it is asleep for nothing
        return clause("FIFO-OPEN-1");
    if (act.end == 0 ? pipe.writers != 0 : pipe.readers != 0) return clause("FIFO-OPEN-1");
    return is_met(pipe, flight, act) ? clause("FIFO-OPEN-8") : no_clause;
}

}  // namespace crosstalk::byte_stream
