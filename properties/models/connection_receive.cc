// The connection: receiving, and looking at what is there.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/connection.h"

namespace crosstalk::connection {

using namespace channel;

namespace {

// Of what comes next: up to the first that was perhaps not sent.
std::uint64_t surely_sent(const End& end) {
    std::uint64_t bytes = 0;
    for (const Piece& piece : end.unread) {
        if (piece.perhaps) break;
        bytes += piece.length;
    }
    return bytes;
}

}  // namespace

Step Model::receive(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End& mine = state.pairs[act.object][act.end];
    if (act.open) return receive_unseen(state, flight, act);
    const bool last = flight.calls >= act.full_calls;
    if (mine.sends_shut && !mine.receives_shut) flight.how |= how_half_shut;
    if (act.asked == 0 && act.error == Errno::none) return end_call(flight, act, 0, how_nothing);
    return last && act.tail == 0 ? receive_nothing(state, flight, act) : receive_some(state, f, latitude);
}

// How many of the bytes that are first in line come next in what was received: to where that tells of others.
std::uint64_t Model::like_first(const Flight& flight, const Act& act, const End& mine, std::uint64_t most) const {
    if (mine.unread.empty() || flight.run == act.run_count) return 0;
    const Run& run = subject_.history->runs[act.first_run + flight.run];
    return begins_with(flight, act, mine.unread[0], std::min<std::uint64_t>(most, run.length - flight.run_used));
}

Step Model::receive_some(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End& mine = state.pairs[act.object][act.end];
    const std::uint16_t flags = subject_.operation(act).flags;
    const bool peeks = flags & flag_peek, all = (flags & flag_wait_all) && !peeks && sleeps(state, act);
    const std::uint64_t wanted = promised(flight, act);
    std::uint32_t how = how_there | (peeks ? how_peeked : how_nothing);
    if (mine.unread.size() > 1 && mine.unread[0].length < wanted) how |= how_joined;
    if (state.pairs[act.object][1 - act.end].dead) how |= how_after_close;
    const bool may_wait = (flags & flag_wait_all) && !peeks && may_sleep(state, act);
    const std::uint64_t sought = at_once(flight, act, all, mine);
    std::uint64_t taken = take(state, f, sought, peeks);
    // What had arrived is a part of what was sent, perhaps: up to bytes of which others have got some before.
    if (taken == 0 && may_wait) taken = take(state, f, like_first(flight, act, mine, sought), peeks);
    flight.moved += taken;
    if (peeks)
        mine.arrived = std::max(mine.arrived, taken);
    else
        mine.arrived -= std::min(mine.arrived, taken);
    if (flight.moved < wanted) {
        // What is left may be on its way, and others may get it.
        const bool waits = may_wait && taken != 0 && mine.arrived == 0;
        if (waits) flight.how |= how_slept;
        return waits ? Step::silent : Step::no;
    }
    if (wanted < act.asked) {
        if (mine.arrived > (peeks ? wanted : 0)) return Step::no;  // that much was there
        const bool ended = mine.receives_shut || mine.gone || mine.finished || may_be_reset(state, act);
        const bool cut = act.interrupted || act.restarted || gave_up(act);
        if (all && !ended && cut && gave_up(act)) how |= how_gave_up;
        if (all && !ended && !cut) {
            if (!act.stopped || !latitude.deviates) return taken != 0 ? Step::silent : Step::no;
            how |= how_stopped;
        }
        if (all && act.interrupted) how |= how_interrupted;
    }
    return end_call(flight, act, wanted, how);
}

// An error, or 0 at the end.
Step Model::receive_nothing(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const bool closed = state.pairs[act.object][1 - act.end].dead;
    switch (act.error) {
        case Errno::ECONNRESET_:
            if (!may_be_reset(state, act)) return Step::no;
            mine.gone = true, mine.reset = Told::not_due;
            mine.unread.clear();  // RFC 9293, 3.10.7.4: what was not received is lost
            mine.arrived = 0;
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        case Errno::EAGAIN_: {
            const bool ended = mine.ended || mine.receives_shut || mine.gone || mine.reset == Told::due;
            if (mine.arrived != 0 || ended) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        }
        case Errno::EINTR_:
            if (!may_be_interrupted(act) || mine.arrived != 0) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::none: {
            if (mine.gone) {
                mine.unread.clear();
                mine.arrived = 0;
            } else if (mine.finished && is_empty(mine)) {
                mine.ended = true;
            } else if (!mine.receives_shut || mine.arrived != 0) {
                return Step::no;
            }
            return end_call(flight, act, 0, how_end | (closed ? how_after_close : how_nothing));
        }
        default: return Step::no;
    }
}

// A receive that never returned may have taken what was there, or nothing.
Step Model::receive_unseen(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const std::uint64_t before = bytes_of(mine);
    const Step taken = channel::Model::receive_unseen(state, flight, act);
    mine.arrived -= std::min(mine.arrived, before - bytes_of(mine));
    return taken;
}

// poll(2): what must be shown by what is known, and what may be.
Model::Events Model::events(const State& state, const Act& act) const {
    const End& mine = state.pairs[act.object][act.end];
    const bool reset = may_be_reset(state, act), sure = mine.reset == Told::due && !mine.gone;
    const bool no_more = mine.receives_shut || mine.ended || mine.gone || sure;
    const bool may_be_no_more = no_more || mine.finished || reset;
    const bool comes = !mine.unread.empty() || std::ranges::any_of(state.flights, [&](const Flight& other) {
        return may_come(state, other, act, act.end);
    });
    const bool fresh = !was_used(state, act);
    Events shown;
    const auto show = [&](std::int64_t bit, bool must, bool may) {
        shown.must |= must ? bit : 0;
        shown.may |= may ? bit : 0;
    };
    show(poll_in, mine.arrived != 0 || no_more, comes || may_be_no_more);
    show(poll_out, fresh || mine.sends_shut || mine.gone, true);
    show(poll_rdhup, no_more, may_be_no_more);
    shown.must &= act.value, shown.may &= act.value;
    const bool sends_no_more = mine.sends_shut || mine.gone;
    show(poll_hup, no_more && sends_no_more, may_be_no_more && (sends_no_more || reset));
    show(poll_err, sure, reset);
    return {subject_.told(act, shown.must), subject_.told(act, shown.may)};
}

// What a poll saw is known from then on.
void Model::learn(State& state, const Act& poll) const {
    End& mine = state.pairs[poll.object][poll.end];
    if (mine.receives_shut || mine.gone) return;
    if (poll.result & poll_err) mine.reset = Told::due;
    if (may_be_reset(state, poll)) return;
    if (poll.result & poll_rdhup) mine.ended = true, mine.arrived = surely_sent(mine);
    if (!(poll.result & poll_in) || mine.ended) return;
    if (mine.unread.empty() && !mine.finished) pull_one(state, poll.object, poll.end);
    if (mine.unread.empty())
        mine.ended = mine.finished;
    else if (!mine.unread.front().perhaps && !mine.finished)
        mine.arrived = std::max<std::uint64_t>(mine.arrived, 1);
}

Step Model::look(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    const auto end = [&](std::uint32_t how) {
        flight.how |= how;
        flight.done = true;
        return Step::done;
    };
    if (act.kind == ActKind::look_flags)
        return (state.flags[act.description] & act.value) == act.result ? end(how_nothing) : Step::no;
    if (act.open) return Step::no;
    End& mine = state.pairs[act.object][act.end];
    const bool wide = latitude.differs && changes_beside(act, true);
    if (act.kind == ActKind::look_poll) {
        const Events shown = events(state, act);
        if ((shown.must & ~act.result) == 0 && (act.result & ~shown.may) == 0) {
            learn(state, act);
            return end(how_nothing);
        }
        // poll takes no lock: what changes beside it may show in part.
        return wide && (act.result & ~(act.value | poll_hup | poll_err)) == 0 ? end(how_differs) : Step::no;
    }
    if (act.kind != ActKind::look_available) return Step::no;
    const auto told = static_cast<std::uint64_t>(act.result);
    const bool lost = mine.gone || may_be_reset(state, act);
    std::uint64_t most = bytes_of(mine);
    for (const Flight& other : state.flights)
        if (may_come(state, other, act, act.end)) most += promised(other, act_of(other)) - other.moved;
    if ((told < mine.arrived && !lost) || told > most) return wide ? end(how_nothing) : Step::no;
    if (!lost) mine.arrived = std::max(mine.arrived, std::min(told, surely_sent(mine)));
    return end(how_nothing);
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude) const {
    const Act& act = act_of(flight);
    const End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool reset = !mine.gone && (mine.reset == Told::coming || mine.reset == Told::due);
    std::uint64_t there = 0;
    for (const Piece& piece : mine.unread) there += piece.perhaps ? 0 : piece.length;
    // The end comes behind all that was sent, and that may be more than its receiver has room for: so much fits into
    // any buffer, and into one that nobody made smaller (tcp(7), tcp_rmem).
    constexpr std::uint64_t fits_always = 300, fits_usually = 32'768;
    const bool shrinks = std::ranges::any_of(component_.acts, [](const Act& each) {
        return each.verb == Verb::set_option &&
               (each.value & 0xff) == static_cast<std::int64_t>(SocketOption::receive_buffer);
    });
    const bool finished = mine.finished && there <= (shrinks ? fits_always : fits_usually);
    const bool ended = finished || mine.receives_shut || mine.gone || reset;
    if (act.kind == ActKind::look_poll) {
        const std::int64_t ready =
            (there != 0 || ended ? poll_in : 0) | (peer.unread.empty() ? poll_out : 0) | (ended ? poll_rdhup : 0);
        const bool hung_up = ended && (mine.sends_shut || mine.gone || reset);
        return subject_.told(act, (ready & act.value) | (hung_up ? poll_hup : 0)) != 0 ? clause("RDY-7") : no_clause;
    }
    if (act.kind == ActKind::read) {
        const std::uint16_t flags = subject_.operation(act).flags;
        const bool waits = (flags & flag_peek) && (flags & flag_wait_all);
        if (ended) return clause("SOCK-EOF-1");
        if (waits ? there >= act.asked && there != 0 : there != 0) return clause("TCP-STREAM-1");
        return may_never_sleep(act) ? clause("SOCK-DONTWAIT-1") : no_clause;
    }
    if (act.kind != ActKind::write) return no_clause;
    if (mine.sends_shut || mine.gone || reset) return clause("SOCK-EPIPE-1");
    if (may_never_sleep(act)) return clause("SOCK-DONTWAIT-1");
    return peer.unread.empty() ? clause("TCP-BUF-1") : no_clause;
}

}  // namespace crosstalk::connection
