// The association: sending, closing, shutting down, options. Receiving and looking are in association_receive.cc, what
// to say when nothing explains an observation and what counts as evidence in association_refusal.cc.
#include "properties/models/association.h"

#include <algorithm>
#include <cerrno>

#include "mechanisms/trial.h"
#include "properties/clauses/all.h"

namespace crosstalk::association {

using namespace channel;

// Is there, or may there be, an error that a call on this end is to tell?
bool Model::may_be_reset(const State& state, const Act& act) const {
    const End& mine = state.pairs[act.object][act.end];
    return !mine.gone && mine.reset != Told::not_due;
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
        End& mine = state.pairs[act.object][act.end];
        mine.gone = true, mine.reset = Told::not_due;
        flight.done = true;
        return Step::done;
    }
    Step taken = Step::no;
    switch (act.kind) {
        case ActKind::write: taken = send(state, flight, act, latitude); break;
        case ActKind::read: taken = receive(state, flight, act); break;
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

bool Model::is_shutdown_error(const Act& act) const {
    return subject_.history->events[act.event].value == ESHUTDOWN;  // names.h: the number of what has no name there
}

bool lacks_stream(const Operation& send) {
    return send.verb == Verb::send && label_of(send.value).stream >= streams_of_pairs;
}

// A message goes whole or not at all. `finished`: the peer ends the association, and this end learns of it some time.
Step Model::send(State& state, Flight& flight, const Act& act, Latitude latitude) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (act.open) return send_unseen(state, flight, act);
    const bool over = mine.sends_shut || mine.gone || mine.disconnected, reset = may_be_reset(state, act);
    const bool ends = over || reset || mine.finished;
    if (flight.calls < act.full_calls) {
        if (over || mine.reset == Told::due || act.asked == 0 || act.asked > mine.most_buffer) return Step::no;
        if (lacks_stream(subject_.operation(act))) return Step::no;
        if (!peer.dead) return place(state, flight, act, act.asked);
        if (mine.reset == Told::not_due) mine.reset = Told::perhaps;  // nobody takes it, and its host may say so
        peer.used = true;
        return end_call(flight, act, act.asked, how_after_close);
    }
    switch (act.error) {
        case Errno::EAGAIN_:
            if (sleeps(state, act) || mine.reset == Told::due || !was_used(state, act)) return Step::no;
            if (!over) return fail(flight, act, Errno::EAGAIN_, how_again);
            return latitude.deviates ? fail(flight, act, Errno::EAGAIN_, how_unnamed) : Step::no;
        case Errno::EINTR_:
            if (!act.interrupted || !was_used(state, act)) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::EINVAL_:
            if (lacks_stream(subject_.operation(act))) return fail(flight, act, Errno::EINVAL_, how_no_stream);
            return act.asked == 0 ? fail(flight, act, Errno::EINVAL_, how_nothing) : Step::no;
        case Errno::EMSGSIZE_:
            return act.asked > mine.least_buffer ? fail(flight, act, Errno::EMSGSIZE_, how_too_large) : Step::no;
        case Errno::EPIPE_:
            if (!ends) return Step::no;
            if (!over) mine.disconnected = true;
            return fail(flight, act, Errno::EPIPE_, mine.sends_shut ? how_own_shutdown : how_refused);
        case Errno::ECONNRESET_:
            if (!reset) return Step::no;
            mine.gone = true, mine.reset = Told::not_due;
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        case Errno::ESRCH_:  // Linux says so to who slept while the association ended
            if (!latitude.deviates || !may_sleep(state, act) || !ends) return Step::no;
            return fail(flight, act, Errno::ESRCH_, how_vanished);
        case Errno::other:  // ESHUTDOWN: while the two ends agree that it ends
            if (!latitude.deviates || !is_shutdown_error(act) || !ends) return Step::no;
            return fail(flight, act, Errno::other, how_unnamed);
        default: return Step::no;
    }
}

// A send that never returned: any of its messages may have gone, but for the one that it sleeps for.
Step Model::send_unseen(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool over = mine.sends_shut || mine.gone || mine.disconnected;
    if (act.must_fail_epipe && (over || may_be_reset(state, act) || mine.finished)) {
        flight.done = mine.disconnected = true;
        return Step::done;
    }
    const bool last = flight.calls + 1 >= subject_.operation(act).times;
    if (over || act.asked == 0 || act.asked > mine.most_buffer || lacks_stream(subject_.operation(act)))
        return Step::no;
    if (last && (act.asleep || act.must_fail_epipe)) return Step::no;
    if (!peer.dead) return place(state, flight, act, act.asked);
    if (mine.reset == Told::not_due) mine.reset = Told::perhaps;
    return end_call(flight, act, act.asked, how_nothing);
}

// The last reference goes. RFC 6458, 4.1.8 and 8.1.4: gracefully, unless SO_LINGER of 0 seconds asks for an abort;
// Linux aborts too where messages were unread, of which no document says anything.
Step Model::release(State& state, Flight& flight, const Act& act) const {
    if (flight.calls == 0) return drop_references(state, flight, act);
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    flight.done = true;
    if (!peer.dead && !peer.gone && !mine.gone) {
        const bool over = mine.sends_shut || peer.sends_shut;
        if (mine.aborts && !over)
            peer.reset = Told::coming;
        else if (peer.reset == Told::not_due && (mine.aborts || !mine.unread.empty()))
            peer.reset = Told::perhaps;
        peer.finished = peer.finished || !mine.aborts || over;
    }
    mine.unread.clear();
    mine.arrived = 0;
    return Step::done;
}

Step Model::control(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (act.verb != Verb::shutdown) return option(state, flight, act);
    flight.done = true;
    if (act.error == Errno::ENOTCONN_) {  // shutdown(2): once the association has ended
        const bool over = mine.gone || mine.finished || mine.sends_shut || may_be_reset(state, act);
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
        case SocketOption::error:
            if (act.result == 0) return mine.reset == Told::due && !mine.gone ? Step::no : Step::done;
            if (act.result != static_cast<std::int64_t>(Errno::ECONNRESET_) || !may_be_reset(state, act))
                return Step::no;
            mine.gone = true, mine.reset = Told::not_due;
            flight.how |= how_reset;
            return Step::done;
        case SocketOption::type: return act.result == 1 ? Step::done : Step::no;  // SOCK_STREAM
        default: return act.result >= 0 ? Step::done : Step::no;
    }
}

}  // namespace crosstalk::association
