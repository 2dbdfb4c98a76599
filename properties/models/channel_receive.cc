// The channel: receiving, and looking at what is there. Received runs are compared by bytes; of which sends those of a
// stream are is in channel_parts.cc.
#include <algorithm>
#include <numeric>
#include <span>

#include "properties/clauses/all.h"
#include "properties/models/channel.h"

namespace crosstalk::channel {

bool is_empty(End& end) {
    if (std::ranges::any_of(end.unread, [](const Piece& piece) { return !piece.perhaps; })) return false;
    end.unread.clear();
    return true;
}

std::uint64_t bytes_of(const End& end) {
    return std::accumulate(end.unread.begin(), end.unread.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Piece& piece) { return sum + piece.length; });
}

namespace {

std::uint64_t sure_bytes(const End& end) {
    return std::accumulate(
        end.unread.begin(), end.unread.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Piece& piece) { return sum + (piece.perhaps ? 0 : piece.length); });
}

}  // namespace

// Did anybody set flags while this call, which they alone may keep from sleeping, went on?
bool Model::slept_before_flags(const Act& act) const {
    return !act.never_sleeps && std::ranges::any_of(component_.acts, [&](const Act& other) {
        return other.kind == ActKind::set_flags && other.description == act.description && other.began < act.ended &&
               act.began < other.ended;
    });
}

// tcp(7), MSG_TRUNC: the bytes of a stream are discarded, and the buffer stays as it is: all zero.
bool Model::gave_nothing(const Act& act) const {
    const History& history = *subject_.history;
    return std::ranges::all_of(std::span(history.runs).subspan(act.first_run, act.run_count), [&](const Run& run) {
        return run.kind == RunKind::raw &&
               std::ranges::all_of(history.raw_of(run), [](auto byte) { return byte == 0; });
    });
}

bool Model::discards(const Act& act) const {
    const Operation& operation = subject_.operation(act);
    return !records_ && operation.verb == Verb::recv && operation.flags & flag_real_length;
}

bool Model::matches(Flight& flight, const Act& act, const Piece& piece, std::uint64_t at, std::uint64_t length) const {
    const History& history = *subject_.history;
    if (discards(act)) return gave_nothing(act);
    for (const std::uint64_t end = at + length; at < end;) {
        if (flight.run == act.run_count) return history.events[act.event].truncated;
        const Run& run = history.runs[act.first_run + flight.run];
        const std::uint64_t part = std::min<std::uint64_t>(run.length - flight.run_used, end - at);
        if (!subject_.may_be(run, flight.run_used, piece.actor, piece.step, piece.offset + at, part)) return false;
        at += part;
        flight.run_used += static_cast<std::uint32_t>(part);
        if (flight.run_used == run.length) ++flight.run, flight.run_used = 0;
    }
    return true;
}

// A send to this end that goes on, and may have placed more than we know of: before its end was shut down, too.
bool Model::may_come(const State& state, const Flight& other, const Act& like, std::uint8_t to) const {
    const Act& act = act_of(other);
    const bool here = !records_ && act.kind == ActKind::write && !other.done && act.object == like.object &&
                      act.end != to && other.moved < promised(other, act);
    if (!here) return false;
    const End &from = state.pairs[act.object][act.end], &there = state.pairs[act.object][to];
    const bool refused = there.dead || (there.receives_shut && !eventual_);
    return !(from.sends_shut || refused) || changes_beside(act, false);  // it came before
}

Step Model::step_receive(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End& mine = state.pairs[act.object][act.end];
    if (act.open) return receive_unseen(state, flight, act);
    const bool last = flight.calls >= act.full_calls;
    if (mine.sends_shut && !mine.receives_shut) flight.how |= how_half_shut;
    if (act.error == Errno::EOPNOTSUPP_) return unsupported(flight, act);
    if (records_ && subject_.operation(act).flags & flag_urgent) return Step::no;
    if (last && act.error != Errno::none && act.tail == 0) return receive_nothing(state, flight, act);
    if (records_) {
        const bool nothing = promised(flight, act) == 0;
        return nothing && mine.unread.empty() ? receive_nothing(state, flight, act)
                                              : receive_record(state, flight, act);
    }
    if (act.asked == 0) return end_call(flight, act, 0, how_nothing);
    return last && act.tail == 0 ? receive_nothing(state, flight, act) : receive_bytes(state, f, latitude);
}

// socket(7), SO_PEEK_OFF: who looks sees only what lies behind the offset.
bool Model::nothing_there(State& state, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    const bool looks_behind = !records_ && mine.peek_offset > 0 && subject_.operation(act).flags & flag_peek;
    if (looks_behind && sure_bytes(mine) > static_cast<std::uint64_t>(mine.peek_offset)) return false;
    return is_empty(mine) || looks_behind;
}

// Looks at bytes behind the offset, which moves on; says how many.
std::uint64_t Model::take_from_offset(State& state, std::size_t f, std::uint64_t count) const {
    const Act& act = act_of(state.flights[f]);
    End& mine = state.pairs[act.object][act.end];
    if (mine.peek_offset < 0) return take(state, f, count, true);
    std::vector<Piece> skipped;
    for (auto left = static_cast<std::uint32_t>(mine.peek_offset); left != 0;) {
        if (mine.unread.empty() && !pull_one(state, act.object, act.end)) break;
        Piece& first = mine.unread.front();
        skipped.push_back(first);
        skipped.back().length = std::min(first.length, left);
        left -= skipped.back().length;
        first.offset += skipped.back().length, first.length -= skipped.back().length;
        if (first.length == 0) mine.unread.erase(mine.unread.begin());
    }
    const std::uint64_t taken = take(state, f, count, true);
    mine.unread.insert(mine.unread.begin(), skipped.begin(), skipped.end());
    mine.peek_offset += static_cast<std::int64_t>(taken);
    return taken;
}

// An error, or 0 at the end.
Step Model::receive_nothing(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    switch (act.error) {
        case Errno::ECONNRESET_:
            if (mine.reset == Told::not_due) return Step::no;
            mine.reset = Told::not_due;
            return fail(flight, act, Errno::ECONNRESET_, how_reset);
        case Errno::EAGAIN_: {
            const bool ended = mine.reset == Told::due || (connected_ && mine.receives_shut);
            if (!nothing_there(state, act) || ended) return Step::no;
            if (sleeps(state, act)) return gave_up(act) ? fail(flight, act, Errno::EAGAIN_, how_gave_up) : Step::no;
            return fail(flight, act, Errno::EAGAIN_, how_again);
        }
        case Errno::EINTR_:
            if (!may_be_interrupted(act) || !nothing_there(state, act)) return Step::no;
            return fail(flight, act, Errno::EINTR_, how_interrupted);
        case Errno::none: {
            if (!mine.receives_shut || !nothing_there(state, act)) return Step::no;
            // Who slept may have looked for an error before the peer closed, and for the end after: told next time.
            if (mine.reset == Told::due && !changes_beside(act, false)) return Step::no;
            const bool closed = state.pairs[act.object][1 - act.end].dead;
            return end_call(flight, act, 0, how_end | (closed ? how_after_close : how_nothing));
        }
        default: return Step::no;
    }
}

Step Model::receive_record(State& state, Flight& flight, const Act& act) const {
    End& mine = state.pairs[act.object][act.end];
    if (mine.unread.empty()) return Step::no;
    const Piece record = mine.unread.front();
    const std::uint64_t count = std::min<std::uint64_t>(record.length, act.asked);
    if (count != promised(flight, act)) return Step::no;
    const Operation& operation = subject_.operation(act);
    const bool cut = record.length > act.asked;
    const bool told = subject_.history->events[act.event].value & message_cut;
    if (operation.verb == Verb::recv && operation.times == 1 && told != cut) return Step::no;
    if (operation.verb == Verb::recv && operation.flags & flag_real_length && operation.times == 1 &&
        act.result != static_cast<std::int64_t>(record.length))
        return Step::no;
    const bool carries = component_.acts[record.act].carries;
    if (carries ? !brings_rights(act, record) : act.rights != judging::no_event) return Step::no;
    if (!is_credible(act, record)) return Step::no;
    if (!matches(flight, act, record, 0, count)) return Step::no;
    if (cut && subject_.history->events[act.event].value & message_ends) return Step::no;
    const bool peeks = operation.flags & flag_peek;
    if (!peeks) mine.unread.erase(mine.unread.begin());
    std::uint32_t how = how_there | (cut ? how_cut : how_nothing) | (peeks ? how_peeked : how_nothing);
    if (state.pairs[act.object][1 - act.end].dead) how |= how_after_close;
    if (act.told_control && surely_passes_credentials(act, component_.acts[record.act])) how |= how_credible;
    const Operation& sent = subject_.operation(component_.acts[record.act]);
    if (sent.verb == Verb::send && sent.flags & flag_ends) how |= how_ended;
    if (sent.verb == Verb::send && sent.buffer.segments > 1 && record.length > 1) how |= how_gathered;
    return end_call(flight, act, count, how);
}

// How many bytes a receive takes in one step. Who waits for all takes what is there and sleeps, so that others may
// look, or receive, before it goes on.
std::uint64_t Model::at_once(const Flight& flight, const Act& act, bool all, const End& mine) const {
    const std::uint64_t left = promised(flight, act) - flight.moved, there = bytes_of(mine);
    return all && there != 0 ? std::min(left, there) : left;
}

Step Model::receive_bytes(State& state, std::size_t f, Latitude latitude) const {
    Flight& flight = state.flights[f];
    const Act& act = act_of(flight);
    End& mine = state.pairs[act.object][act.end];
    const std::uint16_t flags = subject_.operation(act).flags;
    const bool peeks = flags & flag_peek, waiting = !peeks && sleeps(state, act),
               all = (flags & flag_wait_all) && waiting;
    const Limits limits = limits_of(act);
    const std::uint64_t wanted = promised(flight, act);
    std::uint32_t how = how_there | (peeks ? how_peeked : how_nothing);
    if (mine.unread.size() > 1 && mine.unread[0].length < wanted) how |= how_joined;
    if (state.pairs[act.object][1 - act.end].dead) how |= how_after_close;
    const bool sure =
        act.told_control && !mine.unread.empty() && surely_passes_credentials(act, component_.acts[mine.unread[0].act]);
    if (peeks && mine.peek_offset > 0) how |= how_offset;
    const std::uint64_t sought = peeks ? wanted - flight.moved : at_once(flight, act, all, mine);
    const std::uint64_t taken = peeks ? take_from_offset(state, f, sought) : take(state, f, sought, false);
    if (!peeks && mine.peek_offset > 0)
        mine.peek_offset = std::max<std::int64_t>(0, mine.peek_offset - static_cast<std::int64_t>(taken));
    flight.moved += taken;
    const bool barred = flight.how & how_barrier || (!mine.unread.empty() && may_pass_credentials(act));
    if (sure) how |= how_credible;
    if (sure && !mine.unread.empty() && is_of_another_writer(act, mine.unread[0])) how |= how_writer;
    if (flight.moved < wanted) {
        const bool may_wait = !peeks && may_sleep(state, act);
        const bool wants = flags & flag_wait_all || flight.moved < limits.most_water;
        const bool goes_on = mine.unread.empty() || taken == sought;  // others put theirs before what was there
        const bool waits = may_wait && wants && !barred && taken != 0 && goes_on;
        if (waits) flight.how |= how_slept;
        return waits ? Step::silent : Step::no;
    }
    if (act.rights != judging::no_event && !(flight.how & how_barrier)) {
        // Linux looks on behind the bytes that it gives, up to the first message with descriptors, and gives those.
        const bool comes_later = std::ranges::any_of(
            mine.unread, [&](const Piece& piece) { return component_.acts[piece.act].event == act.rights; });
        if (!peeks || !comes_later || !latitude.deviates) return Step::no;
        how |= how_rights_early;
    }
    if (wanted < act.asked && !peeks && !barred) {
        if (!is_empty(mine)) return Step::no;
        const bool ended = mine.receives_shut || mine.reset != Told::not_due;
        const bool waited = all || (waiting && wanted < limits.least_water);
        const bool cut = act.interrupted || act.restarted || gave_up(act);
        if (waited && gave_up(act)) how |= how_gave_up;
        // Who waits for more stops before what another sends, if credentials are told of it (unix(7)).
        const bool stops_before_another = waited && !ended && !cut && may_pass_credentials(act) &&
                                          mine.unread.empty() && pull_one(state, act.object, act.end);
        if (waited && !ended && !cut && !stops_before_another) {
            if (!act.stopped || !latitude.deviates) return taken != 0 ? Step::silent : Step::no;
            how |= how_stopped;
        }
        if ((flags & flag_wait_all || limits.most_water > wanted) && mine.reset == Told::due)
            mine.reset = Told::perhaps;  // it may have been told by this
        if (all && act.interrupted) how |= how_interrupted;
    }
    if (waiting && !all && limits.least_water > 1) how |= how_low_water;
    return end_call(flight, act, wanted, how);
}

// A receive that never returned may have taken what was there, or nothing.
Step Model::receive_unseen(State& state, Flight& flight, const Act& act) const {
    Line<Piece>& unread = state.pairs[act.object][act.end].unread;
    const std::uint16_t flags = subject_.operation(act).flags;
    if (unread.empty() || (flags & flag_peek)) return Step::no;
    if (records_) {
        if (act.asleep || !brings_rights(act, unread.front())) return Step::no;
        unread.erase(unread.begin());
        flight.done = true;
        return Step::done;
    }
    const std::uint64_t waits_for =
        flags & flag_wait_all ? act.asked : std::min<std::uint64_t>(act.asked, limits_of(act).most_water);
    if (act.asleep && (waits_for <= 1 || flight.moved + 1 >= waits_for)) return Step::no;
    std::uint64_t left = act.asleep ? waits_for - flight.moved - 1 : act.asked - flight.moved;
    const std::uint64_t before = left;
    while (left != 0 && !unread.empty()) {
        if (!brings_rights(act, unread[0]) || passes_barrier(flight, act, unread[0])) break;
        if (component_.acts[unread[0].act].carries && unread[0].offset == 0) flight.how |= how_barrier;
        const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, unread[0].length));
        unread[0].offset += part, unread[0].length -= part;
        left -= part;
        if (unread[0].length == 0) unread.erase(unread.begin());
    }
    End& mine = state.pairs[act.object][act.end];
    if (mine.peek_offset > 0)
        mine.peek_offset = std::max<std::int64_t>(0, mine.peek_offset - static_cast<std::int64_t>(before - left));
    flight.moved += before - left;
    flight.done = !act.asleep;
    return flight.done ? Step::done : before == left ? Step::no : Step::silent;
}

// One byte more of a send that goes on: of several, that whose next byte was received first.
bool Model::pull_one(State& state, std::uint16_t object, std::uint8_t to) const {
    Flight* next = nullptr;
    for (Flight& other : state.flights) {
        const Act& theirs = act_of(other);
        if (theirs.object != object || !may_come(state, other, theirs, to)) continue;
        if (next == nullptr || rank(state, other) < rank(state, *next)) next = &other;
    }
    if (next == nullptr) return false;
    const Act& send = act_of(*next);
    state.pairs[object][to].unread.push_back(
        {send.actor, send.step, static_cast<std::uint32_t>(next->total + next->moved), 1, false, next->act});
    state.pairs[object][to].used = true;
    if (++next->moved == send.asked) end_call(*next, send, send.asked, how_nothing);
    return true;
}

// unix(7) has no rule of its own: poll(2). What must be shown, with POLLIN as it was seen where both are possible.
std::int64_t Model::poll_bits(State& state, const Act& act) const {
    std::array<End, 2>& pair = state.pairs[act.object];
    End& mine = pair[act.end];
    const bool by_error = mine.reset != Told::not_due && subject_.told(act, poll_err) & poll_in;
    const bool seen_in = act.result & poll_in && !by_error;
    if (!act.open && seen_in && !mine.receives_shut) {
        if (mine.unread.empty()) pull_one(state, act.object, act.end);
        if (!mine.unread.empty() && mine.unread.front().perhaps && mine.unread.front().length != 0) {
            Piece first = mine.unread.front();  // one byte of it, then
            first.length = 1, first.perhaps = false;
            ++mine.unread.front().offset, --mine.unread.front().length;
            mine.unread.insert(mine.unread.begin(), first);
        }
    }
    if (!act.open && (act.value & poll_in) && !(act.result & poll_in)) is_empty(mine);
    std::int64_t bits = 0;
    const bool there = std::ranges::any_of(mine.unread, [](const Piece& piece) { return !piece.perhaps; });
    if (there || mine.receives_shut) bits |= poll_in;
    if (!may_be_unread(state, act)) bits |= poll_out;
    if (mine.receives_shut) bits |= poll_rdhup;
    bits &= act.value;
    if (mine.receives_shut && mine.sends_shut) bits |= poll_hup;
    if (mine.reset == Told::due) bits |= poll_err;
    return subject_.told(act, bits);
}

Step Model::step_look(State& state, Flight& flight, const Act& act, Latitude latitude) const {
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
        std::int64_t there = poll_bits(state, act);
        std::int64_t free = act.value & poll_out;  // how much room a sender has no document says
        if (may_be_held_back(mine, act)) free |= act.value & poll_in, there &= ~std::int64_t{poll_in};
        if (mine.reset == Told::perhaps) free |= subject_.told(act, poll_err);
        if ((act.result & ~free) == (there & ~free) && (there & ~act.result) == 0) return end(how_nothing);
        // poll takes no lock: what changes beside it may show in part.
        return wide && (act.result & ~(act.value | poll_hup | poll_err)) == 0 ? end(how_differs) : Step::no;
    }
    if (act.kind != ActKind::look_available) return Step::no;
    const auto told = static_cast<std::uint64_t>(act.result);
    if (records_) {
        const std::uint64_t first = mine.unread.empty() ? 0 : mine.unread[0].length;
        return told == first || (connected_ && told == bytes_of(mine)) || wide ? end(how_nothing) : Step::no;
    }
    std::uint64_t sure = 0, most = bytes_of(mine);
    for (const Piece& piece : mine.unread) sure += piece.perhaps ? 0 : piece.length;
    for (const Flight& other : state.flights)
        if (may_come(state, other, act, act.end)) most += promised(other, act_of(other)) - other.moved;
    return (told >= sure && told <= most) || wide ? end(how_nothing) : Step::no;
}

ClauseId Model::must_not_sleep(const State& state, Flight& flight, Latitude latitude) const {
    const Act& act = act_of(flight);
    const End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    if (act.kind == ActKind::look_poll) {
        State copy = state;
        const std::int64_t held_back = may_be_held_back(mine, act) ? poll_in : 0;
        const bool ready = (poll_bits(copy, act) & ~held_back) != 0;
        return ready ? clause("RDY-7") : no_clause;
    }
    if (act.kind == ActKind::read) {
        const bool looks_behind = !records_ && mine.peek_offset > 0 && subject_.operation(act).flags & flag_peek;
        const bool there = std::ranges::any_of(mine.unread, [](const Piece& piece) { return !piece.perhaps; }) &&
                           !(looks_behind && sure_bytes(mine) <= static_cast<std::uint64_t>(mine.peek_offset)) &&
                           !slept_before_offset(act);
        if (there && latitude.deviates && (slept_beside_peek(act) || slept_beside_receive(act))) {
            flight.how |= how_wake_lost;
            return no_clause;
        }
        if (there)
            return records_ ? connected_ ? clause("SOCK-SEQ-1") : clause("SOCK-DGRAM-1") : clause("SOCK-STREAM-1");
        if (mine.receives_shut || mine.reset == Told::due) return clause("SOCK-EOF-1");
        return may_never_sleep(act) ? clause("SOCK-DONTWAIT-1") : no_clause;
    }
    if (act.kind != ActKind::write) return no_clause;
    if (connected_ ? mine.sends_shut || peer.dead || peer.receives_shut : peer.dead) return clause("UNIX-SHUT-2");
    if (may_never_sleep(act)) return clause("SOCK-DONTWAIT-1");
    return !peer.unread.empty() ? no_clause : records_ ? clause("UNIX-DGRAM-1") : clause("SOCK-STREAM-3");
}

}  // namespace crosstalk::channel
