// Datagrams between hosts: what may happen. What to say when nothing explains an observation, and what counts as
// evidence, is in datagrams_refusal.cc.
#include "properties/models/datagrams.h"

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"

namespace crosstalk::datagrams {

using namespace channel;

Model::Model(const judging::Subject& subject, const judging::Component& component)
    : channel::Model(subject, component),
      most_bytes_(mechanism_of(component.mechanism).facts.most_record_bytes),
      logged_(std::ranges::any_of(component.acts, is_of_link)) {}

template <class Fits>
std::vector<std::uint32_t> Model::may_come_next(const End& end, Fits fits) const {
    std::vector<std::uint32_t> found;
    if (logged_) return !end.unread.empty() && fits(end.unread[0]) ? std::vector<std::uint32_t>{0} : found;
    if (!end.next.empty()) {
        std::ranges::copy_if(end.next, std::back_inserter(found), [&](std::uint32_t i) { return fits(end.unread[i]); });
        return found;
    }
    for (std::uint32_t i = 0; i < end.unread.size(); ++i)
        if (fits(end.unread[i])) found.push_back(i);
    return found;
}

// Each datagram that met a closed port makes one call fail at most.
bool Model::may_refuse(const State& state, const Act& act) const {
    const End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    return logged_ ? mine.refusals < peer.met_closed : peer.dead && mine.refusals < peer.unread.size();
}

Step Model::refused(State& state, Flight& flight, const Act& act) const {
    if (!may_refuse(state, act)) return Step::no;
    ++state.pairs[act.object][act.end].refusals;
    return fail(flight, act, Errno::ECONNREFUSED_, how_refused);
}

Step Model::step(State& state, std::size_t f, Latitude, Variant) const {
    const State before = state;
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    Step taken = Step::no;
    switch (act.kind) {
        case ActKind::write: taken = send(state, flight, act); break;
        case ActKind::read: taken = receive(state, flight, act); break;
        case ActKind::release:
            taken = drop_references(state, flight, act);
            if (taken == Step::silent) flight.done = true, taken = Step::done;
            break;
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            flight.done = true;
            taken = Step::done;
            break;
        case ActKind::other: taken = is_of_link(act) ? carried(state, flight, act) : control(state, flight, act); break;
        default: taken = look(state, flight, act);
    }
    if (taken == Step::no) state = before;
    return taken;
}

Step Model::put(State& state, Flight& flight, const Act& act) const {
    if (!logged_) return place(state, flight, act, act.asked);
    End& peer = state.pairs[act.object][1 - act.end];
    const auto at = static_cast<std::uint32_t>(flight.total), length = static_cast<std::uint32_t>(act.asked);
    peer.coming.push_back({act.actor, act.step, at, length, act.open, flight.act});
    peer.used = true;
    return end_call(flight, act, act.asked, how_nothing);
}

Step Model::send(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool last = flight.calls >= act.full_calls;
    if (act.error == Errno::EOPNOTSUPP_) return unsupported(flight, act);
    if (subject_.operation(act).flags & flag_urgent && act.error != Errno::EMSGSIZE_) return Step::no;
    if (act.open) {  // any of its datagrams may have gone
        const bool stuck = act.asleep && flight.calls + 1 >= subject_.operation(act).times;
        if (mine.sends_shut || act.must_fail_epipe || act.asked > most_bytes_ || stuck) return Step::no;
        return put(state, flight, act);
    }
    if (!last || act.error == Errno::none) {
        if (last || mine.sends_shut || act.asked > most_bytes_) return Step::no;
        if (peer.dead) flight.how |= how_after_close;
        return put(state, flight, act);
    }
    switch (act.error) {
        case Errno::EAGAIN_:
            if (mine.sends_shut || !was_used(state, act)) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        case Errno::EINTR_:
            return may_be_interrupted(act) && was_used(state, act) ? fail(flight, act, Errno::EINTR_, how_interrupted)
                                                                   : Step::no;
        case Errno::EPIPE_: return mine.sends_shut ? fail(flight, act, Errno::EPIPE_, how_own_shutdown) : Step::no;
        case Errno::EMSGSIZE_:
            return act.asked > most_bytes_ ? fail(flight, act, Errno::EMSGSIZE_, how_too_large) : Step::no;
        case Errno::ECONNREFUSED_: return refused(state, flight, act);
        default: return Step::no;
    }
}

// socket(7), SO_RXQ_OVFL: how many found no room until then. Where nothing is doubled they were all sent.
bool Model::may_have_dropped(const End& end, const Act& receive) const {
    const std::int64_t value = subject_.history->events[receive.event].value;
    if (logged_) return !(value & message_control) || value >> 16 <= end.met_full;
    return !(value & message_control) || end.received + 1 + (value >> 16) <= std::ssize(end.unread);
}

Step Model::receive(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const Operation& operation = subject_.operation(act);
    if (act.open) {  // it may have taken what came next
        if (act.asleep || !surely_there(mine) || operation.flags & flag_peek) return Step::no;
        mine.next.clear();
        if (logged_) mine.unread.erase(mine.unread.begin());
        flight.done = true;
        return Step::done;
    }
    if (flight.calls >= act.full_calls && act.error != Errno::none) return receive_nothing(state, flight, act);
    const std::uint64_t count = promised(flight, act);
    // shutdown(2): after SHUT_RD a 0 may be the end, whatever else it may be.
    if (count == 0 && mine.receives_shut && !surely_there(mine)) return end_call(flight, act, 0, how_end);
    if (!may_have_dropped(mine, act)) return Step::no;
    const bool told = subject_.history->events[act.event].value & message_cut;
    const bool tells = operation.verb == Verb::recv && operation.times == 1;
    Flight after = flight;
    const std::vector<std::uint32_t> found = may_come_next(mine, [&](const Piece& each) {
        if (std::min<std::uint64_t>(each.length, act.asked) != count) return false;
        if (tells && told != (each.length > act.asked)) return false;
        if (tells && operation.flags & flag_real_length && act.result != static_cast<std::int64_t>(each.length))
            return false;
        Flight trial = flight;
        if (!matches(trial, act, each, 0, count)) return false;
        after = trial;
        return true;
    });
    if (found.empty()) return Step::no;
    flight = after;
    const bool peeks = operation.flags & flag_peek, cut = mine.unread[found[0]].length > act.asked;
    std::uint32_t how = how_there | (cut ? how_cut : how_nothing) | (peeks ? how_peeked : how_nothing);
    const Operation& sent = subject_.operation(component_.acts[mine.unread[found[0]].act]);
    if (sent.verb == Verb::send && sent.buffer.segments > 1 && mine.unread[found[0]].length > 1) how |= how_gathered;
    if (!mine.next.empty() && !peeks) how |= how_joined;  // what had been looked at before
    if (subject_.history->events[act.event].value & message_control) how |= how_dropped;
    if (!peeks) ++mine.received;
    mine.next = peeks ? found : std::vector<std::uint32_t>{};
    if (logged_ && !peeks) mine.unread.erase(mine.unread.begin());
    return end_call(flight, act, count, how);
}

Step Model::receive_nothing(State& state, Flight& flight, const Act& act) const {
    const bool known = surely_there(state.pairs[act.object][act.end]);
    switch (act.error) {
        case Errno::EAGAIN_:
            if (known) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        case Errno::EINTR_:
            return may_be_interrupted(act) && !known ? fail(flight, act, Errno::EINTR_, how_interrupted) : Step::no;
        case Errno::ECONNREFUSED_: return refused(state, flight, act);
        default: return Step::no;
    }
}

Step Model::control(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    flight.done = true;
    if (act.error != Errno::none) return Step::no;
    const auto which = static_cast<SocketOption>(act.value & 0xff);
    if (act.verb == Verb::shutdown) {
        if (act.value != static_cast<std::int64_t>(Access::write)) mine.receives_shut = true;
        if (act.value != static_cast<std::int64_t>(Access::read)) mine.sends_shut = true;
        return Step::done;
    }
    if (act.verb == Verb::set_option) {
        if (which == SocketOption::send_buffer) set_buffer(mine, act.value >> 8);
        return Step::done;
    }
    if (act.open) return Step::done;
    switch (which) {
        case SocketOption::send_buffer: return buffer_may_be(mine, act.result) ? Step::done : Step::no;
        case SocketOption::error:
            if (act.result == 0) return Step::done;
            if (act.result != static_cast<std::int64_t>(Errno::ECONNREFUSED_) || !may_refuse(state, act))
                return Step::no;
            ++mine.refusals;
            flight.how |= how_refused;
            return Step::done;
        case SocketOption::type: return act.result == 2 ? Step::done : Step::no;  // SOCK_DGRAM
        default: return act.result >= 0 ? Step::done : Step::no;
    }
}

Step Model::look(State& state, Flight& flight, const Act& act) const {
    if (act.kind == ActKind::look_flags) {
        flight.done = true;
        return (state.flags[act.description] & act.value) == act.result ? Step::done : Step::no;
    }
    if (act.open) return Step::no;
    flight.done = true;
    End& mine = state.pairs[act.object][act.end];
    if (act.kind == ActKind::look_available) {
        const auto told = static_cast<std::uint64_t>(act.result);
        if (told == 0 && !surely_there(mine)) return Step::done;
        mine.next = may_come_next(mine, [&](const Piece& each) { return each.length == told; });
        return mine.next.empty() ? Step::no : Step::done;
    }
    if (act.kind != ActKind::look_poll) return Step::no;
    // udp(7) has no rule of its own: poll(2). Of two looks in one call the first may be older.
    const bool ended = mine.receives_shut && mine.sends_shut, refusal = may_refuse(state, act);
    std::int64_t must = (surely_there(mine) || mine.receives_shut ? poll_in : 0) |
                        (!was_used(state, act) ? poll_out : 0) | (mine.receives_shut ? poll_rdhup : 0);
    std::int64_t may = must | poll_out | (!mine.unread.empty() ? poll_in : 0);
    must = (must & act.value) | (ended ? poll_hup : 0);
    may = (may & act.value) | (ended ? poll_hup : 0) | (refusal ? poll_err : 0);
    const bool empty = std::ranges::all_of(mine.next, [&](std::uint32_t i) { return mine.unread[i].length == 0; });
    if (!mine.next.empty() && empty && act.result & poll_in) flight.how |= how_there;
    must = subject_.told(act, must), may = subject_.told(act, may);
    return (must & ~act.result) == 0 && (act.result & ~may) == 0 ? Step::done : Step::no;
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
    const Act& act = act_of(flight);
    const End& mine = state.pairs[act.object][act.end];
    if (act.kind == ActKind::look_poll) {
        const bool in = surely_there(mine) || mine.receives_shut;
        const std::int64_t there = (in ? poll_in : 0) | poll_out | (mine.receives_shut ? poll_rdhup : 0),
                           hung_up = mine.receives_shut && mine.sends_shut ? poll_hup : 0;
        return subject_.told(act, (there & act.value) | hung_up) != 0 ? clause("RDY-7") : no_clause;
    }
    if (act.kind == ActKind::write) return may_never_sleep(act) ? clause("SOCK-DONTWAIT-1") : clause("UDP-LOSS-1");
    if (act.kind != ActKind::read) return no_clause;
    if (surely_there(mine) && latitude.deviates && slept_beside_peek(act)) {
        flight.how |= how_wake_lost;
        return no_clause;
    }
    if (surely_there(mine)) return logged_ ? clause("UDP-LINK-2") : clause("SOCK-DGRAM-1");
    if (mine.receives_shut) return clause("SOCK-SHUT-3");
    return may_never_sleep(act) ? clause("SOCK-DONTWAIT-1") : no_clause;
}

}  // namespace crosstalk::datagrams
