// The connection: sending, closing, shutting down, options. Receiving and looking are in connection_receive.cc, what to
// say when nothing explains an observation and what counts as evidence in connection_refusal.cc.
#include "properties/models/connection.h"

#include <algorithm>

#include "properties/clauses/all.h"

namespace crosstalk::connection {
namespace {

using namespace channel;

void end_connection(End& end) {
    end.gone = true;
    end.reset = Told::not_due;
}

}  // namespace

// RFC 1122, 4.2.2.13: who has shut both ways answers further bytes with a reset; also those of a send that never said
// that it had sent them.
bool Model::tears(const State& state, const Act& act, std::uint8_t end) const {
    const End& shut = state.pairs[act.object][end];
    return shut.sends_shut && shut.receives_shut &&
           (shut.used || std::ranges::any_of(state.flights, [&](const Flight& other) {
                return &act_of(other) != &act && may_come(state, other, act, end);
            }));
}

// Is there, or may there be, an error that a call on this end is to tell?
bool Model::may_be_reset(const State& state, const Act& act) const {
    const End& mine = state.pairs[act.object][act.end];
    const auto other = static_cast<std::uint8_t>(1 - act.end);
    return !mine.gone && (mine.reset != Told::not_due || tears(state, act, act.end) || tears(state, act, other));
}

bool Model::has_second(const State& state, const Flight& flight, Latitude) const {
    const Act& act = act_of(flight);
    const bool tells = act.kind == ActKind::write || act.kind == ActKind::read ||
                       (act.kind == ActKind::other && act.verb == Verb::get_option);
    return tells && act.open && !act.asleep && !flight.done && may_be_reset(state, act);
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant variant) const {
    const State before = state;
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    if (variant == Variant::second) {
        end_connection(state.pairs[act.object][act.end]);
        flight.done = true;
        return Step::done;
    }
    Step taken = Step::no;
    switch (act.kind) {
        case ActKind::write: taken = send(state, f, latitude); break;
        case ActKind::read: taken = receive(state, f, latitude); break;
        case ActKind::release: taken = release(state, flight, act); break;
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            flight.done = true;
            taken = Step::done;
            break;
        case ActKind::other: taken = control(state, flight, act); break;
        default: taken = look(state, flight, act, latitude);
    }
    if (taken == Step::no) state = before;
    return taken;
}

Step Model::send(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (mine.finished && !mine.sends_shut && !peer.dead) flight.how |= how_half_shut;
    if (act.open) return send_unseen(state, flight, act);
    const bool last = flight.calls >= act.full_calls;
    if (!last || act.error == Errno::none || act.tail != 0) return send_some(state, flight, act, latitude);
    const bool shut = mine.sends_shut || mine.gone, reset = may_be_reset(state, act);
    switch (act.error) {
        case Errno::EAGAIN_:
            if (shut || mine.reset == Told::due || !was_used(state, act)) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        case Errno::EINTR_:
            if (!may_be_interrupted(act) || !was_used(state, act)) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::EPIPE_:
            if (!shut && !reset) return Step::no;
            if (!shut) end_connection(mine);
            return fail(flight, act, Errno::EPIPE_, mine.gone ? how_refused : how_own_shutdown);
        case Errno::ECONNRESET_:
            if (!reset) return Step::no;
            end_connection(mine);
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        default: return Step::no;
    }
}

// The whole of one call, or the part of the last.
Step Model::send_some(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool last = flight.calls >= act.full_calls, shut = mine.sends_shut || mine.gone;
    if (last && act.tail == 0) return Step::no;
    const std::uint64_t count = promised(flight, act) - flight.moved;
    if (!last && count != 0 && (shut || mine.reset == Told::due)) return Step::no;
    if (last) {  // why no more went nobody was told, if the connection has ended
        const bool answered = peer.dead || (peer.sends_shut && peer.receives_shut);  // its first part, by a reset
        const bool cut = !sleeps(state, act) || act.interrupted || act.restarted || shut || answered ||
                         may_be_reset(state, act) || gave_up(act);
        if (!cut && !(act.stopped && latitude.deviates)) return Step::no;
        if (!cut) flight.how |= how_stopped;
        if (!sleeps(state, act)) flight.how |= how_short;
        if (act.interrupted) flight.how |= how_interrupted;
    }
    if (peer.dead && count != 0) {  // nobody takes it, and its host says so
        peer.used = true;
        if (!mine.gone) mine.reset = Told::coming;
        flight.how |= how_after_close;
        return end_call(flight, act, last ? act.tail : act.asked, how_nothing);
    }
    if (!last) return place(state, flight, act, count);
    place(state, flight, act, count);
    return end_call(flight, act, act.tail, how_nothing);
}

// A send that never returned. Asleep it has placed all but something; else any first part.
Step Model::send_unseen(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const auto end = [&] {
        flight.done = true;
        return Step::done;
    };
    if (mine.sends_shut || mine.gone) return act.must_fail_epipe ? end() : Step::no;
    if (act.must_fail_epipe) {  // or an earlier call of its own was answered by a reset
        const bool torn = peer.sends_shut && peer.receives_shut;
        const bool by_itself = subject_.operation(act).times > 1 && (peer.dead || torn);
        if (!may_be_reset(state, act) && !by_itself) return Step::no;
        peer.used = peer.used || torn;
        end_connection(mine);
        return end();
    }
    const std::uint64_t left = subject_.operation(act).times * act.asked - flight.total - flight.moved;
    if (act.asleep) {
        return left > 1 && peer.unread.empty() && !peer.dead ? place(state, flight, act, 1) : Step::no;
    }
    if (peer.dead) {
        if (mine.reset == Told::not_due) mine.reset = Told::perhaps;
        return end();
    }
    if (left != 0) {
        peer.unread.push_back({act.actor, act.step, static_cast<std::uint32_t>(flight.total + flight.moved),
                               static_cast<std::uint32_t>(left), true, flight.act});
        peer.used = true;
    }
    return end();
}

// The last reference goes. Bytes that are unread then, or arrive later, reset the connection; if they are known to be
// there its peer sees no end of file (RFC 2525, 2.17). Where both directions had ended nobody is left to be told.
Step Model::release(State& state, Flight& flight, const Act& act) const {
    if (flight.calls == 0) return drop_references(state, flight, act);
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    flight.done = true;
    if (!peer.dead && !peer.gone && !mine.gone) {
        const bool over = mine.sends_shut && peer.sends_shut;
        const bool more = std::ranges::any_of(
            state.flights, [&](const Flight& other) { return may_come(state, other, act, act.end); });
        const bool surely = !mine.unread.empty() && !mine.unread.front().perhaps && mine.unread.front().length != 0;
        if ((surely || mine.aborts) && !over)
            peer.reset = Told::coming;
        else if (peer.reset == Told::not_due && (!mine.unread.empty() || more || mine.aborts))
            peer.reset = Told::perhaps;
        const bool no_end = (mine.arrived != 0 || mine.aborts) && !over && !mine.sends_shut;
        peer.finished = peer.finished || !no_end;
    }
    mine.unread.clear();
    mine.arrived = 0;
    return Step::done;
}

Step Model::control(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (act.verb != Verb::shutdown) return option(state, flight, act);
    flight.done = true;
    // shutdown(2), ENOTCONN: once both directions have ended, or by a reset.
    if (act.error == Errno::ENOTCONN_) {
        const bool over = mine.gone || may_be_reset(state, act) || (mine.finished && mine.sends_shut);
        return over ? Step::done : Step::no;
    }
    if (act.error != Errno::none) return Step::no;
    if (act.value != static_cast<std::int64_t>(Access::write)) mine.receives_shut = true;
    if (act.value != static_cast<std::int64_t>(Access::read)) mine.sends_shut = peer.finished = true;
    return Step::done;
}

Step Model::option(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const auto which = static_cast<SocketOption>(act.value & 0xff);
    flight.done = true;
    if (act.error != Errno::none) return Step::no;
    if (act.verb == Verb::set_option) {
        if (which == SocketOption::send_buffer) set_buffer(mine, act.value >> 8);
        if (which == SocketOption::linger) mine.aborts = true;
        return Step::done;
    }
    if (act.open) return Step::done;
    switch (which) {
        case SocketOption::send_buffer: return buffer_may_be(mine, act.result) ? Step::done : Step::no;
        case SocketOption::error: {
            const bool error = act.result == static_cast<std::int64_t>(Errno::ECONNRESET_) ||
                               act.result == static_cast<std::int64_t>(Errno::EPIPE_);
            if (error ? !may_be_reset(state, act) : act.result != 0 || mine.reset == Told::due) return Step::no;
            if (!error) return Step::done;
            end_connection(mine);
            flight.how |= how_reset;
            return Step::done;
        }
        case SocketOption::type: return act.result == 1 ? Step::done : Step::no;  // SOCK_STREAM
        default: return act.result >= 0 ? Step::done : Step::no;
    }
}

}  // namespace crosstalk::connection
