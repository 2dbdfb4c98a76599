// The channel: states, sending, closing, shutting down. Receiving and looking are in channel_receive.cc, what to say
// when nothing explains an observation in channel_refusal.cc, evidence in channel_evidence.cc.
#include "properties/models/channel.h"

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"

namespace crosstalk::channel {

Model::Model(const Subject& subject, const Component& component) : subject_(subject), component_(component) {
    const Facts& facts = mechanism_of(component.mechanism).facts;
    records_ = facts.keeps_boundaries, connected_ = facts.dead_peer == DeadPeer::reset;
    eventual_ = facts.delivery == Delivery::eventually;
    limited_ = std::ranges::any_of(component.acts, [&](const Act& act) {
        return act.verb == Verb::set_option ||
               (act.kind <= ActKind::read && subject.operation(act).timeout_ns != forever);
    });
}

State Model::initial() const {
    State state;
    for (const auto& facts : component_.objects) {
        std::array<End, 2> pair;
        pair[0].references = facts.readers, pair[1].references = facts.writers;
        const std::uint64_t asked = subject_.value->program.objects[facts.id].asked.capacity_bytes;
        for (End& end : pair)
            if (asked != 0) set_buffer(end, static_cast<std::int64_t>(asked));
        for (const std::size_t end : {0u, 1u}) {  // what nobody was given is closed
            if (pair[end].references != 0) continue;
            pair[end].dead = true;
            if (eventual_)
                pair[1 - end].finished = true;
            else if (connected_)
                pair[1 - end].sends_shut = pair[1 - end].receives_shut = true;
        }
        state.pairs.push_back(std::move(pair));
    }
    state.flags = component_.flags;
    return state;
}

bool Model::sleeps(const State& state, const Act& act) const {
    return !act.never_sleeps && !(state.flags[act.description] & flag_nonblock);
}

bool Model::may_never_sleep(const Act& act) const {
    if (act.never_sleeps) return true;
    if (!(component_.flags[act.description] & flag_nonblock)) return false;
    return std::ranges::none_of(component_.acts, [&](const Act& other) {
        return other.kind == ActKind::set_flags && other.description == act.description;
    });
}

std::uint32_t Model::rank(const State&, const Flight& flight) const {
    const Act& act = act_of(flight);
    if (act.kind == ActKind::write) return subject_.rank_of(act.actor, act.step, flight.total + flight.moved);
    return act.kind == ActKind::read ? act.rank : judging::unranked;
}

bool Model::may_step(const State&, const Flight& flight, Latitude) const { return !flight.done; }

// How many bytes the call now going on moved, as observed; of one that never returned, at most.
std::uint64_t Model::promised(const Flight& flight, const Act& act) const {
    return act.open || flight.calls < act.full_calls ? act.asked : act.tail;
}

Step Model::end_call(Flight& flight, const Act& act, std::uint64_t moved, std::uint32_t how) const {
    flight.how |= how;
    flight.total += moved;
    flight.moved = 0;
    ++flight.calls;
    flight.done = act.open ? flight.calls >= subject_.operation(act).times
                           : flight.calls > act.full_calls || (flight.calls == act.full_calls && !act.has_tail);
    return flight.done ? Step::done : Step::silent;
}

Step Model::fail(Flight& flight, const Act& act, Errno error, std::uint32_t how) const {
    if (act.error != error || flight.moved != 0) return Step::no;
    flight.how |= how;
    flight.done = true;
    return Step::done;
}

Step Model::step(State& state, std::size_t f, Latitude latitude, Variant) const {
    const State before = state;
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    if (act.open && !act.asleep && (act.kind <= ActKind::read || act.kind == ActKind::other)) {
        Told& reset = state.pairs[act.object][act.end].reset;
        if (reset == Told::due) return reset = Told::perhaps, Step::silent;  // it may have been told where nobody saw
    }
    Step taken = Step::no;
    switch (act.kind) {
        case ActKind::write: taken = step_send(state, f, latitude); break;
        case ActKind::read: taken = step_receive(state, f, latitude); break;
        case ActKind::release: taken = step_release(state, flight, act); break;
        case ActKind::set_flags:
            state.flags[act.description] = static_cast<std::uint16_t>(act.value);
            flight.done = true;
            taken = Step::done;
            break;
        case ActKind::other: taken = step_other(state, flight, act); break;
        default: taken = step_look(state, flight, act, latitude);
    }
    if (taken == Step::no) state = before;
    return taken;
}

// Does an end change, or (if asked) do bytes move, while this call goes on?
bool Model::changes_beside(const Act& act, bool transfers) const {
    return std::ranges::any_of(component_.acts, [&](const Act& other) {
        const bool changes = other.kind == ActKind::release ||
                             (other.kind == ActKind::other && other.verb == Verb::shutdown) ||
                             (transfers && other.kind <= ActKind::read);
        return changes && other.object == act.object && other.event != act.event && other.began < act.ended &&
               act.began < other.ended;
    });
}

// send(2): with EPIPE comes SIGPIPE, unless MSG_NOSIGNAL asks for none. True if it did not come, where Linux does so:
// on seqpacket sockets, and where a sleeping sender learns of it. The rest is the business of the rules on signals.
bool Model::keeps_silent(const Act& act) const {
    if (!connected_ || (subject_.operation(act).flags & flag_no_signal) || act.ended == judging::never) return false;
    if (!records_ && !changes_beside(act, false)) return false;
    for (const Actor& actor : subject_.value->program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::exec ||
                (step.verb == Verb::signal && step.value == static_cast<std::int64_t>(Signal::SIGPIPE_)))
                return false;
    return std::ranges::none_of(subject_.history->events, [&](const Event& event) {
        return event.kind == EventKind::signal && event.signal == Signal::SIGPIPE_ && event.actor == act.actor &&
               event.began > act.began && event.began < act.ended;
    });
}

// Is something unread in this direction, perhaps? A receive that goes on beside it may not have made its room yet.
bool Model::may_be_unread(const State& state, const Act& sender) const {
    if (!state.pairs[sender.object][1 - sender.end].unread.empty()) return true;
    return std::ranges::any_of(state.flights, [&](const Flight& other) {
        const Act& act = act_of(other);
        if (&act == &sender || act.object != sender.object) return false;
        return act.end == sender.end ? act.kind == ActKind::write && !other.done : act.kind == ActKind::read;
    });
}

// Of what arrives some time later: was anything ever sent in this direction? Until that has been acknowledged its bytes
// may still fill the buffer.
bool Model::was_used(const State& state, const Act& sender) const {
    if (state.pairs[sender.object][1 - sender.end].used) return true;
    return std::ranges::any_of(state.flights, [&](const Flight& other) {
        const Act& act = act_of(other);
        return act.kind == ActKind::write && &act != &sender && act.object == sender.object && act.end == sender.end;
    });
}

Step Model::place(State& state, Flight& flight, const Act& act, std::uint64_t count) const {
    const Piece piece{act.actor,
                      act.step,
                      static_cast<std::uint32_t>(flight.total + flight.moved),
                      static_cast<std::uint32_t>(count),
                      false,
                      flight.act};
    End& peer = state.pairs[act.object][1 - act.end];
    if (count != 0 || records_) peer.unread.push_back(piece), peer.used = true;
    flight.moved += count;
    if (flight.moved < act.asked && !(records_ && count == 0)) return Step::silent;
    return end_call(flight, act, act.asked, how_nothing);
}

// unix(7), BUGS: no out-of-band data. Of records that is so; streams may have it.
Step Model::unsupported(Flight& flight, const Act& act) const {
    if (!(subject_.operation(act).flags & flag_urgent)) return Step::no;
    return fail(flight, act, Errno::EOPNOTSUPP_, how_unsupported);
}

Step Model::step_send(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const bool unread_by_peer = mine.sends_shut || peer.dead || peer.receives_shut;
    const bool blocked = unread_by_peer || mine.disconnected;
    if (peer.sends_shut && !mine.sends_shut) flight.how |= how_half_shut;
    if (records_ && subject_.operation(act).flags & flag_urgent && act.error != Errno::EOPNOTSUPP_ &&
        act.error != Errno::ECONNRESET_)
        return Step::no;
    if (act.open) {
        if (!connected_ && peer.dead && !mine.disconnected && !mine.sends_shut && !act.asleep) {  // ECONNREFUSED
            mine.disconnected = flight.done = true;
            mine.unread.clear();
            return Step::done;
        }
        if (blocked) {
            flight.done = act.must_fail_epipe;
            return flight.done ? Step::done : Step::no;
        }
        const std::uint64_t whole = subject_.operation(act).times * act.asked,
                            left = whole - flight.total - flight.moved;
        if (act.asleep && (records_ ? flight.calls + 1 >= subject_.operation(act).times : left <= 1)) return Step::no;
        if (is_too_large(mine, act)) return Step::no;
        if (records_) return place(state, flight, act, act.asked);
        if (act.asleep) return peer.unread.empty() ? place(state, flight, act, 1) : Step::no;
        if (left != 0)
            peer.unread.push_back({act.actor, act.step, static_cast<std::uint32_t>(flight.total + flight.moved),
                                   static_cast<std::uint32_t>(left), true, flight.act});
        flight.done = !act.must_fail_epipe;
        return flight.done ? Step::done : Step::no;
    }
    if (act.error == Errno::EOPNOTSUPP_) return unsupported(flight, act);
    const bool last = flight.calls >= act.full_calls;
    if (!last || act.error == Errno::none || act.tail != 0) {
        if (last && (records_ || act.tail == 0)) return Step::no;
        if (last && !sleeps(state, act)) flight.how |= how_short;
        const std::uint64_t count = promised(flight, act) - flight.moved;
        if (last && blocked) {  // a part, which had come before; why no more went nobody was told
            if (mine.reset == Told::due) mine.reset = Told::perhaps;
            if (!peer.dead)
                place(state, flight, act, count);
            else if (connected_ && !mine.sends_shut && count != 0)  // and is lost as soon as this end is told
                peer.unread.push_back({act.actor, act.step, static_cast<std::uint32_t>(flight.total + flight.moved),
                                       static_cast<std::uint32_t>(count), true, flight.act});
            return end_call(flight, act, act.tail, how_refused);
        }
        if (blocked && (count != 0 || records_)) return Step::no;
        if (!last) {
            if (is_too_large(mine, act)) return Step::no;
            if (!peer.unread.empty()) flight.how |= how_there;
            return place(state, flight, act, count);
        }
        const bool cut = !sleeps(state, act) || act.interrupted || act.restarted || gave_up(act);
        const bool may_stop_here = cut || (act.stopped && latitude.deviates);
        if (!may_stop_here && !records_ && count != 0 && changes_beside(act, false)) {  // and sleeps until it is cut
            place(state, flight, act, count);
            return Step::silent;
        }
        if (!may_stop_here) return Step::no;
        if (!cut) flight.how |= how_stopped;
        place(state, flight, act, count);
        return end_call(flight, act, act.tail, act.interrupted ? how_interrupted : how_nothing);
    }
    switch (act.error) {
        case Errno::EAGAIN_:
            if (mine.sends_shut || !may_be_unread(state, act)) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        case Errno::EINTR_:
            if (!may_be_interrupted(act) || !may_be_unread(state, act)) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::EPIPE_: {
            if (connected_ ? !unread_by_peer : !(mine.sends_shut || peer.receives_shut)) return Step::no;
            std::uint32_t how = mine.sends_shut && !peer.dead ? how_own_shutdown : how_refused;
            if (keeps_silent(act)) how |= how_no_signal;
            if ((how & how_no_signal) && !latitude.deviates) return Step::no;
            return fail(flight, act, Errno::EPIPE_, how);
        }
        case Errno::ECONNRESET_:
            if (mine.reset == Told::not_due) return Step::no;
            mine.reset = Told::not_due;
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        case Errno::ECONNREFUSED_:
            if (connected_ || !peer.dead || mine.disconnected) return Step::no;
            mine.disconnected = true;
            mine.unread.clear();  // no document says what becomes of it: Linux drops it
            return fail(flight, act, Errno::ECONNREFUSED_, how_refused);
        case Errno::ENOTCONN_: return mine.disconnected ? fail(flight, act, Errno::ENOTCONN_, how_refused) : Step::no;
        case Errno::EMSGSIZE_:
            if (!records_ || act.asked + record_overhead <= mine.least_buffer) return Step::no;
            return fail(flight, act, Errno::EMSGSIZE_, how_too_large);
        default: return Step::no;
    }
}

// The references that a close, an exec or a death gives up; `silent`: none are left, and the peer is to be told.
Step Model::drop_references(State& state, Flight& flight, const Act& act) const {
    if (act.death)  // what its process had in flight ends before its descriptors go
        for (Flight& other : state.flights) {
            const Act& theirs = act_of(other);
            if (!theirs.open || theirs.process != act.process || theirs.kind == ActKind::release) continue;
            if (theirs.must_fail_epipe && !other.done) return Step::no;
            other.done = true;
        }
    End& mine = state.pairs[act.object][act.end];
    mine.references -= std::min(mine.references, act.count);
    flight.done = mine.references != 0;
    if (flight.done) return Step::done;
    mine.dead = true;
    flight.calls = 1;
    flight.how |= how_end;
    return Step::silent;
}

// The last reference goes: first nobody can send to this end any more, then its peer is told. close(2) says nothing of
// what is seen in between.
Step Model::step_release(State& state, Flight& flight, const Act& act) const {
    if (flight.calls == 0) return drop_references(state, flight, act);
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (connected_) {
        peer.sends_shut = peer.receives_shut = true;
        // Whether an empty record counts as unread data is said nowhere; nor what a send that goes on has placed.
        const bool more = std::ranges::any_of(
            state.flights, [&](const Flight& other) { return may_come(state, other, act, act.end); });
        const bool unread = !mine.unread.empty();
        const bool surely = unread && !mine.unread.front().perhaps && mine.unread.front().length != 0;
        if (!peer.dead && (unread || more)) peer.reset = surely ? Told::due : Told::perhaps;
    }
    mine.unread.clear();
    flight.done = true;
    return Step::done;
}

Step Model::step_other(State& state, Flight& flight, const Act& act) const {
    End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    const auto end = [&] {
        flight.done = true;
        return Step::done;
    };
    if (act.verb == Verb::shutdown) {
        if (act.error == Errno::ENOTCONN_ && (peer.dead || mine.disconnected)) return end();
        if (act.error != Errno::none) return Step::no;
        const bool reads = act.value != static_cast<std::int64_t>(Access::write),
                   writes = act.value != static_cast<std::int64_t>(Access::read);
        End& told = flight.calls == 0 ? mine : peer;  // one after the other
        if (flight.calls != 0 && connected_)
            told.sends_shut = told.sends_shut || reads, told.receives_shut = told.receives_shut || writes;
        if (flight.calls == 0)
            told.sends_shut = told.sends_shut || writes, told.receives_shut = told.receives_shut || reads;
        return ++flight.calls == 2 ? end() : Step::silent;
    }
    if (act.error != Errno::none) return Step::no;
    if (act.verb == Verb::set_option) {
        if ((act.value & 0xff) == static_cast<std::int64_t>(SocketOption::send_buffer))
            set_buffer(mine, act.value >> 8);
        if ((act.value & 0xff) == static_cast<std::int64_t>(SocketOption::peek_offset))
            mine.peek_offset = act.value >> 8;
        return end();
    }
    if (act.open) return end();
    switch (static_cast<SocketOption>(act.value & 0xff)) {
        case SocketOption::send_buffer: return buffer_may_be(mine, act.result) ? end() : Step::no;
        case SocketOption::receive_buffer: return act.result > 0 ? end() : Step::no;
        case SocketOption::error: {
            const bool reset = act.result == static_cast<std::int64_t>(Errno::ECONNRESET_);
            if (mine.reset == (reset ? Told::not_due : Told::due) || (!reset && act.result != 0)) return Step::no;
            mine.reset = Told::not_due;
            flight.how |= reset ? how_reset : how_nothing;
            return end();
        }
        default: return act.result == (records_ ? connected_ ? 5 : 2 : 1) ? end() : Step::no;
    }
}

std::uint64_t Model::fingerprint(const State& state) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15ull;
    const auto mix = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0xff51afd7ed558ccdull;
        hash ^= hash >> 32;
    };
    for (const auto& pair : state.pairs)
        for (const End& end : pair) {
            mix(end.arrived | std::uint64_t{end.used} << 40 | std::uint64_t{end.finished} << 41 |
                std::uint64_t{end.ended} << 42 | std::uint64_t{end.gone} << 43 | std::uint64_t{end.aborts} << 44);
            mix(end.refusals + (std::uint64_t{end.received} << 16) + (end.next.size() << 32));
            for (const std::uint32_t each : end.next) mix(each);
            mix(end.met_closed + (std::uint64_t{end.met_full} << 16) + (end.coming.size() << 32));
            for (const Piece& piece : end.coming) mix(piece.act | std::uint64_t{piece.offset} << 32);
            mix(end.references | std::uint64_t{end.dead} << 32 | std::uint64_t{end.sends_shut} << 33 |
                std::uint64_t{end.receives_shut} << 34 | std::uint64_t{end.disconnected} << 35 |
                static_cast<std::uint64_t>(end.reset) << 36 | end.unread.size() << 40);
            mix(static_cast<std::uint64_t>(end.peek_offset));
            mix(end.least_buffer | std::uint64_t{end.most_buffer} << 32);
            for (const Piece& piece : end.unread) {
                mix(piece.actor | std::uint64_t{piece.step} << 8 | std::uint64_t{piece.offset} << 24);
                mix(piece.length | std::uint64_t{piece.perhaps} << 32);
            }
        }
    for (const std::uint16_t flags : state.flags) mix(flags);
    for (const Flight& flight : state.flights)
        mix(flight.act * 2ull + flight.done + (flight.moved << 20) + (std::uint64_t{flight.calls} << 44) +
            (std::uint64_t{flight.how & how_barrier} << 40));
    return hash;
}

}  // namespace crosstalk::channel
