// Datagrams between two hosts that our link joins: what its log says of each, and what is wrong where the log and the
// sockets do not agree. Whether the link did as the plan said is not asked here.
#include <fmt/format.h>

#include <algorithm>

#include "faults/delivery.h"
#include "properties/clauses/all.h"
#include "properties/models/datagrams.h"

namespace crosstalk::datagrams {

using namespace channel;

// Are these the bytes of this datagram? Of a receive that cut it, the first of them.
bool Model::is_of(const Act& act, const Piece& piece) const {
    std::uint64_t at = 0;
    for (std::uint32_t r = 0; r < act.run_count; at += subject_.history->runs[act.first_run + r++].length) {
        const Run& run = subject_.history->runs[act.first_run + r];
        if (at + run.length > piece.length) return false;
        if (!subject_.may_be(run, 0, piece.actor, piece.step, piece.offset + at, run.length)) return false;
    }
    return true;
}

Step Model::carried(State& state, Flight& flight, const Act& act) const {
    End& to = state.pairs[act.object][act.end];
    const Event& event = subject_.history->events[act.event];
    const Fate fate = fate_of(event);
    const auto is_it = [&](const Piece& piece) {
        return static_cast<std::int64_t>(piece.length) == event.result && is_of(act, piece);
    };
    flight.done = true;
    if (fate == Fate::quiet)
        return std::ranges::all_of(to.coming, [](const Piece& piece) { return piece.perhaps; }) ? Step::done : Step::no;
    if (again_of(event)) {
        if (!is_it(to.carried)) return Step::no;
    } else {
        const auto found = std::ranges::find_if(to.coming, is_it);
        if (found == to.coming.end()) return Step::no;
        to.carried = *found;
        to.coming.erase(found);
    }
    switch (fate) {
        case Fate::delivered:
            if (!to.dead) to.unread.push_back(to.carried);
            return Step::done;
        case Fate::refused:
            if (!to.dead) return Step::no;
            ++to.met_closed;
            return Step::done;
        case Fate::no_room: ++to.met_full; return Step::done;
        default: return fate == Fate::lost ? Step::done : Step::no;
    }
}

// Has a send to this end returned of which a datagram `is_it`?
template <class IsIt>
bool Model::was_sent(const Act& act, std::uint8_t to, IsIt is_it) const {
    return std::ranges::any_of(component_.acts, [&](const Act& each) {
        if (each.kind != ActKind::write || each.object != act.object || each.end == to) return false;
        for (std::uint32_t call = 0; call < each.full_calls; ++call)
            if (is_it(Piece{each.actor, each.step, static_cast<std::uint32_t>(call * each.asked),
                            static_cast<std::uint32_t>(each.asked)}))
                return true;
        return false;
    });
}

judging::Breach Model::not_carried(const End& to, const Act& act) const {
    const Event& event = subject_.history->events[act.event];
    const auto say = [&](ClauseId id, Reason reason, std::string line) {
        return judging::Breach{id, reason, "", act.event, {std::move(line)}};
    };
    if (fate_of(event) == Fate::quiet)
        return say(clause("UDP-LINK-2"), Reason::lost,
                   fmt::format("{} datagrams were sent and never reached the link", to.coming.size()));
    const bool sent = std::ranges::any_of(
        to.coming, [&](const Piece& piece) { return piece.length == event.result && is_of(act, piece); });
    if (fate_of(event) == Fate::refused && sent)
        return say(clause("UDP-CONN-2"), Reason::lost, "its host says that nobody has the port, and somebody has");
    if (was_sent(act, act.end, [&](const Piece& piece) { return piece.length == event.result && is_of(act, piece); }))
        return say(clause("UDP-LINK-1"), Reason::doubled, "it was sent once and came to the link before");
    const bool part = std::ranges::any_of(to.coming, [&](const Piece& piece) { return is_of(act, piece); });
    return say(clause("UDP-LOSS-2"), part ? Reason::torn : Reason::wrong_value,
               fmt::format("the link was given {} bytes, and no such datagram was on its way", event.result));
}

// What is wrong with a receive as far as the log tells; no clause: nothing that only the log would tell.
judging::Breach Model::not_there(const End& mine, const Act& act) const {
    const auto say = [&](ClauseId id, Reason reason, std::string line, std::string detail = "") {
        return judging::Breach{id, reason, std::move(detail), act.event, {std::move(line)}};
    };
    if (act.error == Errno::EAGAIN_ && !mine.unread.empty() && act.full_calls == 0)
        return say(clause("UDP-LINK-2"), Reason::wrong_errno, "a datagram has arrived and was not received",
                   "EAGAIN/none");
    if (act.error != Errno::none || act.full_calls + act.has_tail != 1) return {};
    const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
    const auto is_it = [&](const Piece& piece) {
        return std::min<std::uint64_t>(piece.length, act.asked) == got && is_of(act, piece);
    };
    if (got == 0 || (!mine.unread.empty() && is_it(mine.unread.front()))) return {};
    if (std::ranges::any_of(mine.unread, is_it))
        return say(clause("UDP-LINK-1"), Reason::reordered, "another datagram arrived before this one");
    return was_sent(act, act.end, is_it)
               ? say(clause("UDP-LINK-1"), Reason::doubled, "it was received before, or has not arrived")
               : judging::Breach{};
}

}  // namespace crosstalk::datagrams
