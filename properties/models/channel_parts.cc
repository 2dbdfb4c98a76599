// The channel: which bytes of a stream a receive got, where several sends may have placed theirs in turn.
#include <algorithm>
#include <span>
#include <utility>

#include "properties/models/channel.h"

namespace crosstalk::channel {

// Can these pieces be what a receive got from here on? `all`: it took all of them.
bool Model::follow(Flight trial, const Act& act, std::span<const Piece> pieces, bool all) const {
    const std::span runs =
        std::span(subject_.history->runs).subspan(act.first_run + trial.run, act.run_count - trial.run);
    std::uint64_t left = 0;
    for (const Run& run : runs) left += run.length;
    left -= trial.run_used;
    for (const Piece& piece : pieces) {
        if (piece.perhaps) continue;
        const std::uint64_t part = std::min<std::uint64_t>(left, piece.length);
        if (!matches(trial, act, piece, 0, part) || (all && part != piece.length)) return false;
        left -= part;
    }
    return true;
}

// How much of what is read next is of one send, `behind` being the first piece that stands behind it. Who decodes gives
// a byte to the run that it may continue; where nothing that may come next would fit then, it is the next one's.
std::uint64_t Model::within_run(const State& state, const Flight& flight, const Act& act, std::uint64_t length,
                                std::size_t behind) const {
    if (flight.run == act.run_count) return length;
    const std::uint64_t left = subject_.history->runs[act.first_run + flight.run].length - flight.run_used;
    if (length < left) return length;
    const std::span pieces = std::span(state.pairs[act.object][act.end].unread).subspan(behind);
    const bool queued = std::ranges::any_of(pieces, [](const Piece& piece) { return !piece.perhaps; });
    const bool took_all = promised(flight, act) < act.asked && !(subject_.operation(act).flags & flag_peek) &&
                          !may_pass_credentials(act);  // who stops before what another has sent
    std::vector<Piece> coming;
    for (const Flight& other : state.flights)
        if (const Act& theirs = act_of(other); may_come(state, other, act, act.end))
            coming.push_back({theirs.actor, theirs.step, static_cast<std::uint32_t>(other.total + other.moved),
                              static_cast<std::uint32_t>(promised(other, theirs) - other.moved)});
    const bool last = flight.run + 1 == act.run_count;
    // Streams look no longer alike for so long; but what nobody could decode may be of several.
    const bool undecoded = subject_.history->runs[act.first_run + flight.run].kind == RunKind::raw;
    const std::uint64_t most = last && !queued ? 0 : undecoded ? left : std::min<std::uint64_t>(left, 8);
    for (std::uint64_t less = 0; less <= most; ++less) {
        Flight after = flight;
        after.run_used += static_cast<std::uint32_t>(left - less);
        if (less == 0) ++after.run, after.run_used = 0;
        if (queued && follow(after, act, pieces, took_all)) return left - less;
        if (last && less == 0) continue;
        if (std::ranges::any_of(coming, [&](const Piece& next) { return follow(after, act, {&next, 1}, false); }))
            return left - less;
    }
    return left;
}

// Sends that went on beside each other may have placed their parts in turn (neither unix(7) nor tcp(7) promises
// anything else): what is left of the piece after the bytes that were received goes behind the one that is seen to come
// next, which is there or is only now placed.
bool Model::part_for_others(State& state, std::size_t f, std::size_t at, std::uint64_t most) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    Line<Piece>& unread = state.pairs[act.object][act.end].unread;
    Piece head = unread[at];
    const auto come = [&](const Flight& after, std::uint32_t part) {
        if (part == 0 || part == unread[at].length) return false;
        const Piece whole = unread[at];
        unread[at].length = part;
        Piece rest = whole;
        rest.offset += part, rest.length -= part;
        unread.insert(unread.begin() + static_cast<std::ptrdiff_t>(at) + 1, rest);
        const Flight before = std::exchange(flight, after);
        const bool came = pull(state, f, at + 1, most - part);
        flight = before;
        if (came) return true;
        unread.erase(unread.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        unread[at] = whole;
        return false;
    };
    const std::uint64_t length = std::min<std::uint64_t>(head.length, most);
    // Where the runs say that it ends; or with a part of what nobody could decode, which is shorter than a word or two.
    constexpr std::uint64_t undecoded = 16;
    std::uint64_t part = within_run(state, flight, act, length, at + 1);
    for (std::uint64_t next = std::min(length, undecoded);; part = next, next -= next != 0) {
        head.length = static_cast<std::uint32_t>(part);
        Flight after = flight;
        if (part < most && matches(after, act, head, 0, part) &&
            (put_before_rest(state, after, act, at, part) || come(after, head.length)))
            return true;
        if (part == 0) return false;
    }
}

// How many bytes of this piece are received next: so many, or none; of bytes that nobody could decode, and of which
// others may go on, as many as are the same.
std::uint64_t Model::begins_with(const Flight& flight, const Act& act, const Piece& piece, std::uint64_t most) const {
    const std::uint64_t length = std::min<std::uint64_t>(piece.length, most);
    Flight trial = flight;
    if (matches(trial, act, piece, 0, length)) return length;
    if (flight.run == act.run_count) return 0;
    const Run& run = subject_.history->runs[act.first_run + flight.run];
    const std::uint64_t there = std::min<std::uint64_t>(length, run.length - flight.run_used);
    std::uint64_t same = 0;
    while (run.kind == RunKind::raw && same < there &&
           subject_.may_be(run, flight.run_used + same, piece.actor, piece.step, piece.offset + same, 1))
        ++same;
    return same;
}

// Whose bytes come next? It moves before what is left of the piece, and of all that it may pass.
bool Model::put_before_rest(State& state, const Flight& flight, const Act& act, std::size_t at,
                            std::uint64_t part) const {
    if (flight.run == act.run_count) return false;
    Line<Piece>& unread = state.pairs[act.object][act.end].unread;
    const std::uint64_t left = subject_.history->runs[act.first_run + flight.run].length - flight.run_used;
    std::size_t next = at;
    for (std::uint64_t j = at + 1, most = 0; j < unread.size(); ++j) {
        const Act& send = component_.acts[unread[j].act];
        const auto passed = std::span(unread).subspan(at, j - at);
        if (!std::ranges::all_of(passed, [&](const Piece& each) {
                return each.act != unread[j].act && send.began < component_.acts[each.act].ended;
            }))
            continue;
        if (const std::uint64_t same = begins_with(flight, act, unread[j], left); same > most) most = same, next = j;
    }
    if (next == at) return false;
    const auto first = unread.begin() + static_cast<std::ptrdiff_t>(at);
    std::rotate(first, first + static_cast<std::ptrdiff_t>(next - at),
                first + static_cast<std::ptrdiff_t>(next - at + 1));
    Piece head = unread[at + 1];
    head.length = static_cast<std::uint32_t>(part);
    unread[at + 1].offset += head.length, unread[at + 1].length -= head.length;
    if (part != 0) unread.insert(unread.begin() + static_cast<std::ptrdiff_t>(at), head);
    return true;
}

// Places a part of a send that goes on, as this receive saw it, where it reads: at the end, or before bytes whose own
// send went on beside it, so that either may have come first. Of several sends that of which it saw most: a first byte
// may be that of another by chance.
bool Model::pull(State& state, std::size_t f, std::size_t at, std::uint64_t most) const {
    const Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    Line<Piece>& unread = state.pairs[act.object][act.end].unread;
    Flight* sender = nullptr;
    Piece seen;
    const auto look_at = [&](Flight& other, bool within) {
        const Act& theirs = act_of(other);
        if (!may_come(state, other, act, act.end)) return;
        const auto later = std::span(unread).subspan(at);
        if (std::ranges::any_of(later, [&](const Piece& piece) {
                return piece.act == other.act || component_.acts[piece.act].ended < theirs.began;
            }))
            return;
        const std::uint64_t rest = std::min(most, promised(other, theirs) - other.moved);
        const std::uint64_t whole = within ? within_run(state, flight, act, rest, at) : rest;
        Piece next{theirs.actor,
                   theirs.step,
                   static_cast<std::uint32_t>(other.total + other.moved),
                   static_cast<std::uint32_t>(whole),
                   false,
                   other.act};
        const std::uint64_t part = begins_with(flight, act, next, whole);
        next.length = static_cast<std::uint32_t>(part);
        if (part == 0 || !brings_rights(act, next) || passes_barrier(flight, act, next)) return;
        const bool first = flight.moved == 0 && most == promised(flight, act);
        if (first ? !is_credible(act, next) : is_of_another_writer(act, next)) return;
        if (part > seen.length) sender = &other, seen = next;
    };
    for (Flight& other : state.flights) look_at(other, true);
    const bool nobody = sender == nullptr;  // its first byte may have been decoded as one more of another's
    for (Flight& other : state.flights)
        if (nobody) look_at(other, false);
    if (sender == nullptr) return false;
    const Act& send = act_of(*sender);
    unread.insert(unread.begin() + static_cast<std::ptrdiff_t>(at), seen);
    sender->moved += seen.length;
    state.pairs[act.object][act.end].used = true;
    if (sender->moved == send.asked) end_call(*sender, send, send.asked, how_nothing);
    return true;
}

// Takes bytes of a stream as this receive saw them, and says how many; fewer than `count`: no more are there, or they
// are others. `keeps`: they stay (MSG_PEEK).
std::uint64_t Model::take(State& state, std::size_t f, std::uint64_t count, bool keeps) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    Line<Piece>& unread = state.pairs[act.object][act.end].unread;
    std::uint64_t taken = 0;
    std::size_t at = 0;
    const auto may_be_told_of = [&](const Piece& one) {
        return flight.moved + taken == 0 ? is_credible(act, one) : !is_of_another_writer(act, one);
    };
    std::size_t changes = 0;  // since bytes were taken
    while (taken < count) {
        if (at == unread.size() && !pull(state, f, at, count - taken)) return taken;
        Piece& piece = unread[at];
        std::uint64_t part = std::min<std::uint64_t>(piece.length, count - taken);
        if (piece.perhaps) {  // what nobody could decode tells by its bytes how far it goes
            if (const std::uint64_t same = begins_with(flight, act, piece, part); same != 0) part = same;
            part = within_run(state, flight, act, part, at + 1);
        }
        const Flight before = flight;
        const bool ours = brings_rights(act, piece) && !passes_barrier(flight, act, piece) && may_be_told_of(piece);
        if (!ours && !piece.perhaps) {
            if (pull(state, f, at, count - taken)) continue;
            // Another's messages came between two parts of this one, and that is whose credentials were told.
            const Line<Piece> as_they_stood = unread;
            const bool once_more = changes++ <= unread.size();
            if (once_more && put_before_rest(state, flight, act, at, 0) && may_be_told_of(unread[at])) continue;
            unread = as_they_stood;
            return taken;
        }
        if (!ours || part == 0 || !matches(flight, act, piece, 0, part)) {
            flight = before;
            const bool perhaps = piece.perhaps;  // the piece itself may move
            if (!perhaps && pull(state, f, at, count - taken)) continue;
            // Of two that begin alike each may be moved before the other, for ever: so often all have had their chance.
            const bool once_more = changes++ <= unread.size() + state.flights.size();
            if (once_more && part_for_others(state, f, at, count - taken)) continue;
            if (!perhaps) return taken;
            unread.erase(unread.begin() + static_cast<std::ptrdiff_t>(at));
            continue;
        }
        taken += part, changes = 0;
        if (component_.acts[piece.act].carries && piece.offset == 0) flight.how |= how_barrier;
        Piece rest = piece;
        rest.offset += static_cast<std::uint32_t>(part), rest.length -= static_cast<std::uint32_t>(part);
        if (keeps) {
            piece.length -= rest.length, piece.perhaps = false;
            ++at;
            if (rest.length != 0) unread.insert(unread.begin() + static_cast<std::ptrdiff_t>(at), rest);
        } else if (rest.length != 0) {
            piece = rest;
        } else {
            unread.erase(unread.begin());
        }
    }
    return taken;
}

}  // namespace crosstalk::channel
