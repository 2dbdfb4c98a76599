// The association: receiving, and looking at what is there.
#include <algorithm>
#include <numeric>

#include "properties/clauses/all.h"
#include "properties/models/association.h"

namespace crosstalk::association {

using namespace channel;

namespace {

// RFC 9260, 6.9: a message is cut for its transport only where it is longer than the path carries, and every path
// carries so much. What is cut may be delivered in parts, the rest coming later (RFC 6458, 8.1.20).
constexpr std::uint64_t never_cut_bytes = 400;

std::uint64_t surely_sent(const End& end) {
    return std::accumulate(end.unread.begin(), end.unread.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Piece& piece) { return sum + piece.length; });
}

}  // namespace

Step Model::receive(State& state, Flight& flight, const Act& act) const {
    if (act.open) return receive_unseen(state, flight, act);
    if (act.asked == 0 && act.error == Errno::none) return end_call(flight, act, 0, how_nothing);
    const bool last = flight.calls >= act.full_calls;
    return last && act.tail == 0 ? receive_nothing(state, flight, act) : receive_message(state, flight, act);
}

// May this message be delivered before all others that are unread? One of which a part was delivered must (RFC 6458,
// 8.1.20); of a stream the first, or one that was sent unordered (RFC 9260, 6.6).
bool Model::is_next(const End& mine, std::size_t at) const {
    const auto is_begun = [&](const Piece& piece) { return piece.length != component_.acts[piece.act].asked; };
    const auto begun = std::ranges::find_if(mine.unread, is_begun);
    if (begun != mine.unread.end()) return begun - mine.unread.begin() == static_cast<std::ptrdiff_t>(at);
    const auto sent_as = [&](std::size_t which) -> const Operation& {
        return subject_.operation(component_.acts[mine.unread[which].act]);
    };
    const auto is_unordered = [&](std::size_t which) {
        return sent_as(which).verb == Verb::send && sent_as(which).flags & flag_unordered;
    };
    const auto stream = [&](std::size_t which) {
        return sent_as(which).verb == Verb::send ? label_of(sent_as(which).value).stream : 0;
    };
    if (is_unordered(at)) return true;
    for (std::size_t before = 0; before < at; ++before)
        if (!is_unordered(before) && stream(before) == stream(at)) return false;
    return true;
}

bool is_label_of(const judging::Subject& subject, const Act& receive, const Act& send) {
    const Operation &taken = subject.operation(receive), &sent = subject.operation(send);
    if (taken.verb != Verb::recv || taken.times != 1 || !(taken.flags & flag_control) || taken.value != 1) return true;
    const std::int64_t told = subject.history->events[receive.event].value;
    const bool says = sent.verb == Verb::send;
    return told & message_control && label_of(told) == (says ? label_of(sent.value) : Label{}) &&
           (told & message_unordered) == (says && sent.flags & flag_unordered ? message_unordered : 0);
}

// May this call have brought so many bytes of this message?
bool Model::may_bring(Flight& flight, const Act& act, const Piece& message, std::uint64_t count) const {
    const Operation& operation = subject_.operation(act);
    const bool tells = operation.verb == Verb::recv && operation.times == 1;  // MSG_EOR, RFC 6458, 3.1.4
    const bool told = subject_.history->events[act.event].value & message_ends;
    if (count > message.length || (tells && told != (count == message.length))) return false;
    const bool cut = count < std::min<std::uint64_t>(message.length, act.asked);
    if (cut && component_.acts[message.act].asked <= never_cut_bytes) return false;
    if (!is_label_of(subject_, act, component_.acts[message.act])) return false;
    return matches(flight, act, message, 0, count);
}

Step Model::receive_message(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const std::uint64_t count = promised(flight, act);
    std::size_t at = 0;
    Flight after = flight;
    const auto brings = [&] {
        after = flight;
        return may_bring(after, act, mine.unread[at], count);
    };
    while (at < mine.unread.size() && !(is_next(mine, at) && brings())) ++at;
    if (at == mine.unread.size() && mine.receives_shut) {
        // After SHUT_RD what arrives is thrown away, and what had arrived is not.
        std::uint64_t before = 0;
        for (at = 0; at < mine.unread.size() && !brings(); ++at) {
            if (before < mine.arrived) return Step::no;
            before += mine.unread[at].length;
        }
        mine.unread.erase(mine.unread.begin(), mine.unread.begin() + static_cast<std::ptrdiff_t>(at));
        at = mine.unread.empty() ? at : 0;
    }
    if (at >= mine.unread.size()) return Step::no;
    flight = after;
    Piece& message = mine.unread[at];
    const bool peeks = subject_.operation(act).flags & flag_peek;
    std::uint32_t how = how_there | (peeks ? how_peeked : how_nothing);
    if (count != component_.acts[message.act].asked) how |= how_rest;
    if (subject_.history->events[act.event].value & message_control) how |= how_labelled;
    if (state.pairs[act.object][1 - act.end].dead) how |= how_after_close;
    if (peeks) {
        mine.arrived = std::max(mine.arrived, count);
        return end_call(flight, act, count, how);
    }
    mine.arrived -= std::min(mine.arrived, count);
    message.offset += static_cast<std::uint32_t>(count), message.length -= static_cast<std::uint32_t>(count);
    if (message.length == 0) mine.unread.erase(mine.unread.begin() + static_cast<std::ptrdiff_t>(at));
    return end_call(flight, act, count, how);
}

// An error, or 0 at the end.
Step Model::receive_nothing(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const bool closed = state.pairs[act.object][1 - act.end].dead, reset = may_be_reset(state, act);
    const bool all_came = mine.unread.empty() || mine.gone || reset || (mine.receives_shut && mine.arrived == 0);
    switch (act.error) {
        case Errno::ECONNRESET_:
            if (!reset) return Step::no;
            mine.gone = true, mine.reset = Told::not_due;
            mine.unread.clear();  // RFC 9260, 9.1: what was not received is lost
            mine.arrived = 0;
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        case Errno::EAGAIN_: {
            const bool ended = mine.ended || mine.receives_shut || mine.reset == Told::due;
            if (sleeps(state, act) || (!mine.gone && (mine.arrived != 0 || ended))) return Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        }
        case Errno::EINTR_:
            if (!act.interrupted || (!mine.gone && mine.arrived != 0)) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::ENOTCONN_:
            if (!may_sleep(state, act) || !all_came || !(mine.gone || mine.sends_shut)) return Step::no;
            return fail(flight, act, Errno::ENOTCONN_, how_end);
        case Errno::none:
            if (mine.gone || mine.receives_shut) {
                if (!all_came) return Step::no;
                mine.unread.clear();
                mine.arrived = 0;
            } else if (!mine.unread.empty() || !(mine.finished || mine.sends_shut)) {
                return Step::no;
            }
            mine.ended = mine.ended || (mine.finished && !mine.sends_shut && !reset);
            return end_call(flight, act, 0, how_end | (closed ? how_after_close : how_nothing));
        default: return Step::no;
    }
}

// A receive that never returned may have taken what was there, or nothing.
Step Model::receive_unseen(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    if (act.asleep || mine.unread.empty() || act.asked == 0 || subject_.operation(act).flags & flag_peek)
        return Step::no;
    std::size_t at = 0;
    while (!is_next(mine, at)) ++at;
    Piece& message = mine.unread[at];
    const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(message.length, act.asked));
    message.offset += part, message.length -= part;
    mine.arrived -= std::min<std::uint64_t>(mine.arrived, part);
    if (message.length == 0) mine.unread.erase(mine.unread.begin() + static_cast<std::ptrdiff_t>(at));
    flight.done = true;
    return Step::done;
}

// poll(2): what must be shown by what is known, and what may be. Of an association that is over RFC 6458 says nothing.
Model::Events Model::events(const State& state, const Act& act) const {
    const End& mine = state.pairs[act.object][act.end];
    const bool reset = may_be_reset(state, act), sure = mine.reset == Told::due && !mine.gone;
    const bool no_more = mine.receives_shut || mine.ended;
    const bool may_be_no_more = no_more || mine.finished || mine.gone || mine.sends_shut || reset;
    Events shown;
    const auto show = [&](std::int64_t bit, bool must, bool may) {
        shown.must |= must ? bit : 0;
        shown.may |= may ? bit : 0;
    };
    show(poll_in, (mine.arrived != 0 && !mine.gone) || no_more, !mine.unread.empty() || may_be_no_more);
    show(poll_out, !was_used(state, act) && !may_be_no_more, true);
    show(poll_rdhup, no_more, may_be_no_more);
    shown.must &= act.value, shown.may &= act.value;
    show(poll_hup, no_more && mine.sends_shut, may_be_no_more && (mine.sends_shut || mine.gone || reset));
    show(poll_err, sure, reset);
    return {subject_.told(act, shown.must), subject_.told(act, shown.may)};
}

// What a poll saw is known from then on. The end is told only when all that was sent before has arrived (RFC
// 9260, 9.2).
void Model::learn(State& state, const Act& poll) const {
    End& mine = state.pairs[poll.object][poll.end];
    if (mine.receives_shut || mine.gone) return;
    if (poll.result & poll_err) mine.reset = Told::due;
    if (may_be_reset(state, poll)) return;
    if (poll.result & poll_rdhup && mine.finished && !mine.sends_shut) {
        mine.ended = true;
        mine.arrived = surely_sent(mine);
    }
    if (!(poll.result & poll_in) || mine.ended || mine.finished || mine.sends_shut) return;
    mine.arrived = std::max<std::uint64_t>(mine.arrived, mine.unread.empty() ? 0 : 1);
}

Step Model::look(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    flight.done = true;
    if (act.kind == ActKind::look_flags)
        return (state.flags[act.description] & act.value) == act.result ? Step::done : Step::no;
    if (act.open || act.kind != ActKind::look_poll) return Step::no;
    const Events shown = events(state, act);
    if ((shown.must & ~act.result) == 0 && (act.result & ~shown.may) == 0) {
        learn(state, act);
        return Step::done;
    }
    // poll takes no lock: what changes beside it may show in part.
    const bool wide = latitude.differs && changes_beside(act, true);
    if (!wide || (act.result & ~(act.value | poll_hup | poll_err)) != 0) return Step::no;
    flight.how |= how_differs;
    return Step::done;
}

// Linux wakes one sleeping receiver, and if that one leaves the rest of its message nobody else (net/sctp/socket.c,
// sctp_recvmsg).
bool Model::slept_beside_part(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& other) {
        if (other.kind != ActKind::read || other.object != act.object || other.end != act.end ||
            other.event == act.event || other.error != Errno::none || other.ended < act.began)
            return false;
        const Operation& operation = subject_.operation(other);
        return operation.verb == Verb::recv
                   ? !(operation.flags & flag_peek) && !(subject_.history->events[other.event].value & message_ends)
                   : other.result == static_cast<std::int64_t>(other.asked);
    });
}

// At the calm point all that could arrive has arrived. Whoever has unread messages may hold up the end that its peer
// asked for.
ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
    const Act& act = act_of(flight);
    const End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool reset = !mine.gone && (mine.reset == Told::coming || mine.reset == Told::due);
    const bool there = !mine.unread.empty() && !mine.receives_shut && !mine.gone && mine.reset == Told::not_due;
    const bool peer_has_all = peer.dead || peer.unread.empty();
    const bool over = mine.gone || reset || (mine.sends_shut && peer_has_all);
    const bool told_end = mine.receives_shut || (mine.finished && !mine.sends_shut && !mine.gone);
    if (act.kind == ActKind::look_poll) {
        const std::int64_t ready =
            (there || told_end ? poll_in : 0) | (peer_has_all ? poll_out : 0) | (told_end ? poll_rdhup : 0);
        const bool hung_up = mine.receives_shut && mine.sends_shut;
        const std::int64_t shown = (ready & act.value) | (hung_up ? poll_hup : 0) | (reset ? poll_err : 0);
        return subject_.told(act, shown) != 0 ? clause("RDY-7") : no_clause;
    }
    if (act.kind == ActKind::read) {
        if (there && latitude.deviates && slept_beside_peek(act)) {
            flight.how |= how_wake_lost;
            return no_clause;
        }
        if (there && latitude.deviates && slept_beside_part(act)) {
            flight.how |= how_rest_unheard;
            return no_clause;
        }
        if (there) return clause("SCTP-ORD-4");
        if (told_end || over) return clause("SCTP-O2O-1");
        return may_never_sleep(act) ? clause("SOCK-DONTWAIT-1") : no_clause;
    }
    if (act.kind != ActKind::write) return no_clause;
    if (act.asked == 0) return clause("SCTP-MSG-4");
    if (lacks_stream(subject_.operation(act))) return clause("SCTP-STR-2");
    if (over || mine.sends_shut || mine.disconnected || (mine.finished && mine.unread.empty()))
        return clause("SCTP-O2O-1");
    if (may_never_sleep(act)) return clause("SOCK-DONTWAIT-1");
    return peer_has_all ? clause("SCTP-MSG-5") : no_clause;
}

}  // namespace crosstalk::association
