// The byte stream: what the order in which bytes were received says of the order in which they were put in. A pipe
// gives back first what was put in first (pipe(7)); so who puts bytes in front of others that came out before them is
// wrong at once, not only when they are read. It speaks where sixteen bytes at least agree, which chance never makes.
#include <algorithm>

#include "mechanisms/payload.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {

using judging::Receipt;

namespace {

// Bytes that it takes go with no word of which they were.
bool takes_in_silence(const Subject& subject, const Act& act) {
    if (act.kind == ActKind::set_flags) return act.value & flag_direct;  // of a packet that is cut, the rest goes
    if (act.kind != ActKind::read) return false;
    if (act.open) return !act.asleep || subject.operation(act).times > 1;
    const auto runs = std::span(subject.history->runs).subspan(act.first_run, act.run_count);
    return act.mapped < act.asked || subject.history->events[act.event].truncated ||
           std::ranges::any_of(runs, [](const Run& run) { return run.kind != RunKind::origin; });
}

}  // namespace

Model::Told Model::what_receipts_tell() const {
    if (component_.objects.size() != 1 || subject_.receipts.empty()) return Told::nothing;
    Told told = Told::all;
    for (const std::uint16_t flags : component_.flags)
        if (flags & flag_direct) told = Told::order;
    for (const Act& act : component_.acts) {
        if (act.verb == Verb::open) return Told::nothing;  // with the last reference to a FIFO its bytes go untold
        if (act.to_object != judging::none16 || act.kind == ActKind::splice) return Told::nothing;
        if (act.kind == ActKind::write && subject_.stream(act.actor, act.step).stream_bytes > max_stream_bytes)
            return Told::nothing;  // which lap was received is not known
        if (takes_in_silence(subject_, act)) told = Told::order;
    }
    return told;
}

// Of the next bytes that a write puts in, if they are told beyond chance.
const Receipt* Model::next_receipt(const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (act.kind != ActKind::write && act.kind != ActKind::vmsplice) return nullptr;
    const std::uint64_t at = flight.total + flight.moved;
    const Receipt* const receipt = subject_.receipt_of(act.actor, act.step, at);
    const bool whole = receipt != nullptr && receipt->offset <= at &&
                       at + small_stream_bytes <= receipt->offset + std::uint64_t{receipt->length};
    return whole ? receipt : nullptr;
}

bool Model::overtakes(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    if (told_ == Told::nothing || act.kind != ActKind::write || act.open) return false;
    const Pipe& pipe = state.pipes[act.object];
    const std::uint64_t put = flight.total + flight.moved, all = act.full_calls * act.asked + act.tail;
    const std::uint64_t left = std::min(all - put, act.asked - flight.moved);
    // Only who surely puts in sixteen bytes now: a free page takes as many, and so does room for an indivisible write.
    if (all <= put || left < small_stream_bytes || pipe.full() || room(pipe) < std::min(act.asked, subject_.pipe_buf))
        return false;
    const Receipt* const mine = next_receipt(flight);
    if (mine == nullptr && (told_ != Told::all || subject_.receipt_of(act.actor, act.step, put) != nullptr))
        return false;
    return std::ranges::any_of(state.flights, [&](const Flight& other) {
        if (other.done || other.act == flight.act) return false;
        const Receipt* const theirs = next_receipt(other);
        return theirs != nullptr && (mine == nullptr || theirs->surely_before(*mine));
    });
}

}  // namespace crosstalk::byte_stream
