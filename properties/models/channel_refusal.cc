// The channel: what to say when nothing explains an observation. It names the clause that speaks of what was seen: of
// several that forbid it, the one about what was done to the connection last.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/models/channel.h"
#include "properties/models/options.h"

namespace crosstalk::channel {
namespace {

using judging::Breach;

std::string got_text(const Act& act, std::string_view wanted) {
    return fmt::format("{}/{}", act.error == Errno::none ? "none" : name_of(act.error), wanted);
}

std::uint64_t there(const End& end) {
    std::uint64_t bytes = 0;
    for (const Piece& piece : end.unread) bytes += piece.perhaps ? 0 : piece.length;
    return bytes;
}

// One observation that nothing explains, and what it met.
struct Refusal {
    const Subject& subject;
    const Component& component;
    const Act& act;
    const End &mine, &peer;
    bool records, connected, come_next;  // come_next: the bytes received are those that were to come
    std::uint64_t moved;                 // what it has taken already, of a stream
    Limits limits;
    bool credible, glued;  // the credentials are those of what came next; bytes of another process came with it

    std::uint16_t flags() const { return subject.operation(act).flags; }
    bool told_cut() const { return subject.history->events[act.event].value & message_cut; }

    Breach say(ClauseId id, Reason reason, std::string detail, std::string line) const {
        return {id, reason, std::move(detail), act.event, {std::move(line)}};
    }
    Breach wrong_errno(ClauseId id, std::string_view wanted, std::string line) const {
        return say(id, Reason::wrong_errno, got_text(act, wanted), std::move(line));
    }

    ClauseId content() const {
        return !records ? clause("SOCK-STREAM-1") : connected ? clause("SOCK-SEQ-1") : clause("SOCK-DGRAM-1");
    }
    ClauseId order() const { return !records ? content() : connected ? clause("UNIX-SEQ-1") : clause("UNIX-DGRAM-1"); }
    ClauseId empty_record() const { return connected ? clause("UNIX-SEQ-2") : clause("SOCK-DGRAM-4"); }
    bool empty_record_waits() const { return records && !mine.unread.empty() && mine.unread[0].length == 0; }

    template <class Test>
    bool before(std::uint8_t end, Test test) const {
        return std::ranges::any_of(component.acts, [&](const Act& each) {
            return each.object == act.object && each.end == end && each.began < act.ended && each.event != act.event &&
                   test(each);
        });
    }
    bool was_shut(std::uint8_t end, Access way) const {
        return before(end, [&](const Act& each) {
            return each.kind == ActKind::other && each.verb == Verb::shutdown && each.error == Errno::none &&
                   (each.value == static_cast<std::int64_t>(way) ||
                    each.value == static_cast<std::int64_t>(Access::both));
        });
    }
    bool sent_nothing() const {
        return before(1 - act.end,
                      [](const Act& each) { return each.kind == ActKind::write && each.asked == 0 && !each.open; });
    }
    // The receive before this one left what it gave.
    bool came_after_peek() const {
        const Act* last = nullptr;
        for (const Act& each : component.acts)
            if (each.kind == ActKind::read && each.object == act.object && each.end == act.end &&
                each.ended < act.began && (last == nullptr || each.ended > last->ended))
                last = &each;
        return last != nullptr && subject.operation(*last).flags & flag_peek;
    }
    // The peer is gone: by close, or by the end of its process?
    ClauseId gone(ClauseId by_close) const {
        const auto last = [&](const Act& each) { return each.kind == ActKind::release && each.death; };
        return before(1 - act.end, last) ? clause("UNIX-CLOSE-4") : by_close;
    }
    // At the end a receive says something else.
    ClauseId ended() const {
        if (mine.reset == Told::due) return clause("UNIX-CLOSE-2");
        if (peer.dead) return gone(records ? clause("UNIX-SEQ-3") : clause("UNIX-CLOSE-1"));
        return was_shut(act.end, Access::read) ? clause("SOCK-SHUT-2") : clause("SOCK-EOF-1");
    }
    ClauseId ended_early() const {
        if (!peer.dead && component.objects[act.object].travels[1 - act.end]) return clause("UNIX-RIGHTS-2");
        if (!connected) return clause("UNIX-DGRAM-5");
        if (peer.dead) return gone(clause("UNIX-CLOSE-1"));
        if (mine.receives_shut) return was_shut(act.end, Access::read) ? clause("SOCK-SHUT-2") : clause("SOCK-EOF-1");
        if (!records && sent_nothing()) return clause("UNIX-STREAM-3");
        return was_shut(act.end, Access::write) ? clause("SOCK-SHUT-1") : clause("SOCK-EOF-1");
    }
    // Nobody can receive what is sent: what should have been said?
    ClauseId unreceived() const {
        if (mine.disconnected) return clause("UNIX-DGRAM-6");
        if (peer.dead) return gone(connected ? clause("UNIX-CLOSE-1") : clause("UNIX-DGRAM-4"));
        if (was_shut(act.end, Access::write)) return connected ? clause("SOCK-EPIPE-1") : clause("UNIX-SHUT-1");
        return clause("UNIX-SHUT-2");
    }
    std::string_view unreceived_errno() const {
        return mine.disconnected ? "ENOTCONN" : connected || !peer.dead ? "EPIPE" : "ECONNREFUSED";
    }

    Breach asleep(ClauseId why) const {
        if (act.kind == ActKind::read && why == clause("SOCK-EOF-1")) why = ended();
        if (act.kind == ActKind::write && why == clause("UNIX-SHUT-2")) why = unreceived();
        if (act.kind == ActKind::read && empty_record_waits()) why = empty_record();
        return say(why == no_clause ? content() : why, Reason::asleep, "", "it sleeps although it could go on");
    }

    Breach send() const {
        const std::string buffer =
            fmt::format("{} bytes, and a send buffer of {} to {}", act.asked, mine.least_buffer, mine.most_buffer);
        if (flags() & flag_urgent && records) return no_urgent_byte();
        if (act.error == Errno::EMSGSIZE_)
            return wrong_errno(records ? clause("UNIX-MAX-1") : clause("SOCK-STREAM-3"), "none", buffer);
        if (records && act.asked + record_overhead > mine.most_buffer)
            return wrong_errno(clause("SOCK-DGRAM-5"), "EMSGSIZE", buffer);
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SIG-SOCK-1"), "none", "it would not have slept, or was to go on");
        const bool unread = mine.sends_shut || peer.dead || peer.receives_shut;
        if (unread && connected && act.error == Errno::EPIPE_)
            return say(clause("SOCK-EPIPE-1"), Reason::no_signal, "", "EPIPE came without SIGPIPE");
        if (unread || mine.disconnected)
            return wrong_errno(unreceived(), unreceived_errno(), "nobody can receive this");
        if (!records && act.asked == 0) return wrong_errno(clause("UNIX-STREAM-3"), "none", "there is nothing to send");
        if (act.error == Errno::EAGAIN_ && !act.never_sleeps && limits.may)
            return say(clause("SOCK-TIMEO-2"), Reason::early, "", "its time limit was not over, or there was room");
        if (act.error == Errno::EAGAIN_)
            return wrong_errno(records ? clause("UNIX-DGRAM-1") : clause("SOCK-STREAM-4"), "none",
                               "nothing is unread in this direction, or it may sleep");
        if (act.error != Errno::none)
            return wrong_errno(peer.sends_shut ? clause("SOCK-SHUT-1")
                               : connected     ? clause("SOCK-EPIPE-1")
                                               : clause("UNIX-DGRAM-4"),
                               "none", "its peer is there and receives");
        const bool sleeps = !act.never_sleeps && act.tail != 0;
        return say(records  ? content()
                   : sleeps ? clause("SOCK-STREAM-3")
                            : clause("SOCK-STREAM-4"),
                   Reason::wrong_count, "", fmt::format("{} of {} bytes although nothing cut it", act.tail, act.asked));
    }

    Breach receive() const {
        const std::uint64_t bytes = there(mine);
        const bool empty = mine.unread.empty();
        const std::string held = fmt::format("{} bytes in {} pieces are there", bytes, mine.unread.size());
        if (act.error == Errno::EINTR_)
            return wrong_errno(
                act.interrupted && flags() & flag_wait_all && bytes != 0 ? clause("SIG-SOCK-3") : clause("SIG-SOCK-1"),
                "none", empty ? "it would not have slept, or was to go on" : held);
        if (flags() & flag_urgent && records) return no_urgent_byte();
        if (act.error == Errno::EAGAIN_) {
            const bool end = mine.reset == Told::due || (connected && mine.receives_shut);
            const bool waits = !act.never_sleeps && limits.may;
            if (waits && (!empty || !end))
                return say(clause("SOCK-TIMEO-1"), Reason::early, "", empty ? "its time limit was not over" : held);
            if (!empty) return wrong_errno(empty_record_waits() ? empty_record() : lost(), "none", held);
            if (!end && limits.unlimited) return wrong_errno(clause("SOCK-TIMEO-3"), "none", "a limit of 0 is none");
            return wrong_errno(end ? ended() : clause("SOCK-DONTWAIT-1"), "none", "it may sleep, or is at the end");
        }
        if (act.error == Errno::ECONNRESET_)
            return wrong_errno(connected ? clause("UNIX-CLOSE-2") : clause("UNIX-DGRAM-5"), "none",
                               "its peer left nothing unread, or that was told before");
        if (act.error != Errno::none)
            return wrong_errno(empty && mine.receives_shut ? ended() : content(), "none",
                               "no document names this error here");
        if (const Breach breach = rights(); breach.clause != no_clause) return breach;
        if (!empty && !credible)
            return say(clause("UNIX-CRED-1"), Reason::wrong_value, "", "its credentials are not those of who sent it");
        if (!records && glued && come_next)
            return say(clause("UNIX-CRED-5"), Reason::merged, "", "what several processes have sent came at once");
        if (act.full_calls == 0 && act.tail == 0 && act.asked != 0) {
            if (empty && mine.reset == Told::due)
                return wrong_errno(clause("UNIX-CLOSE-2"), "ECONNRESET", "what it had sent was lost");
            if (!records || empty) return say(ended_early(), Reason::early, "", empty ? "the peer may send" : held);
        }
        if (empty && moved != 0)
            return say(act.stopped               ? clause("SIG-STOP-2")
                       : flags() & flag_wait_all ? clause("SOCK-WAITALL-1")
                                                 : clause("SOCK-LOWAT-1"),
                       Reason::wrong_count, "",
                       fmt::format("{} of {} bytes although nothing cut it", moved, act.asked));
        if (empty) return say(lost(), Reason::wrong_value, "", "nothing was there to receive");
        return records ? receive_record() : receive_bytes();
    }
    Breach no_urgent_byte() const {
        return wrong_errno(clause("UNIX-OOB-1"), "EOPNOTSUPP", "there is no urgent byte among records");
    }

    // Descriptors that came without the byte they were sent with, or the other way round.
    Breach rights() const {
        const Act* carrier = nullptr;
        std::uint64_t at = 0;
        const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
        for (const Piece& piece : mine.unread) {
            const Act& send = component.acts[piece.act];
            if (!records && at >= got) break;
            if (carrier != nullptr && carrier->event != send.event && carrier->event == act.rights)
                return say(clause("UNIX-STREAM-1"), Reason::merged, "", "it went on behind a message with descriptors");
            if (carrier == nullptr && send.carries && piece.offset == 0) carrier = &send;
            at += piece.length;
            if (records) break;
        }
        if (carrier == nullptr && act.rights != judging::no_event)
            return say(records ? clause("UNIX-RIGHTS-1") : clause("UNIX-STREAM-2"), Reason::wrong_value, "",
                       "descriptors came without the bytes they were sent with");
        if (carrier == nullptr || carrier->event == act.rights) return {};
        if (act.rights != judging::no_event)
            return say(clause("UNIX-RIGHTS-1"), Reason::wrong_value, "", "descriptors of another message came");
        const bool room = subject.operation(act).makes[0] != no_slot;
        return say(flags() & flag_peek ? clause("SOCK-PEEK-2")
                   : room              ? clause("UNIX-RIGHTS-1")
                                       : clause("UNIX-RIGHTS-5"),
                   Reason::lost, "", "descriptors were sent with these bytes, and nothing was told of them");
    }

    bool from_offset() const { return !records && flags() & flag_peek && mine.peek_offset >= 0; }
    ClauseId lost() const {
        if (from_offset()) return clause("UNIX-PEEKOFF-1");
        return flags() & flag_peek || came_after_peek() ? clause("SOCK-PEEK-1") : order();
    }

    Breach receive_record() const {
        const std::uint64_t length = mine.unread[0].length, due = std::min<std::uint64_t>(length, act.asked);
        const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
        if (empty_record_waits() && got != 0)
            return say(empty_record(), Reason::lost, "", "an empty record came before this one");
        if (flags() & flag_peek || came_after_peek())
            return say(clause("SOCK-PEEK-1"), Reason::wrong_value, "", "this is not the record that comes next");
        const Operation& sent = subject.operation(component.acts[mine.unread[0].act]);
        const bool marked = sent.verb == Verb::send && sent.flags & flag_ends && connected && got > due;
        const bool gathered = sent.verb == Verb::send && sent.buffer.segments > 1;
        if (got != due)
            return say(marked     ? clause("SOCK-SEQ-3")
                       : gathered ? clause("SOCK-SENDMSG-1")
                                  : content(),
                       got > due ? Reason::merged : Reason::torn, "",
                       fmt::format("{} bytes of a record of {}", got, length));
        const bool cut = length > act.asked;
        if (flags() & flag_real_length && act.result != static_cast<std::int64_t>(length))
            return say(clause("SOCK-DGRAM-3"), Reason::wrong_count, "",
                       fmt::format("MSG_TRUNC tells {} bytes of {}", act.result, length));
        if (cut && subject.history->events[act.event].value & message_ends)
            return say(clause("SOCK-SEQ-3"), Reason::early, "", "MSG_EOR, and a part of the record is missing");
        if (cut != told_cut() && subject.operation(act).verb == Verb::recv)
            return say(connected ? clause("SOCK-SEQ-2") : clause("SOCK-DGRAM-2"), Reason::wrong_value, "",
                       cut ? "MSG_TRUNC is missing" : "MSG_TRUNC although the record is whole");
        return say(order(), Reason::wrong_value, "", "this is not the record that comes next");
    }

    Breach receive_bytes() const {
        if (!come_next || from_offset())
            return say(lost(), Reason::wrong_value, "", "these are not the bytes that come next");
        std::uint64_t boundary = 0;
        for (const Piece& piece : mine.unread) {
            if (boundary == act.tail && component.acts[piece.act].carries)
                return say(clause("UNIX-STREAM-2"), Reason::wrong_count, "", "a message with descriptors came next");
            if (boundary < act.tail) boundary += piece.length;
        }
        if (limits.least_water > 1 && act.tail < limits.least_water && boundary == act.tail)
            return say(clause("SOCK-LOWAT-1"), Reason::early, "",
                       fmt::format("{} bytes, and it waits for {}", act.tail, limits.least_water));
        const bool all = flags() & flag_wait_all && !(flags() & flag_peek);
        return say(all                    ? clause("SOCK-WAITALL-1")
                   : boundary == act.tail ? clause("SOCK-STREAM-2")
                                          : clause("SOCK-STREAM-1"),
                   Reason::wrong_count, "",
                   fmt::format("{} of {} bytes, and {} were there", act.tail, act.asked, there(mine)));
    }

    Breach poll() const {
        const std::int64_t hang_ups = poll_hup | poll_rdhup | poll_err;
        const std::int64_t due =
            (mine.receives_shut ? act.value & poll_rdhup : 0) | (mine.receives_shut && mine.sends_shut ? poll_hup : 0);
        const bool in = (act.result & poll_in) != 0, wanted = there(mine) != 0 || mine.receives_shut;
        return say((act.result & hang_ups) != due ? (due & ~act.result & ~act.value) ? clause("RDY-6") : clause("RDY-5")
                   : in != wanted ? clause("RDY-1")
                                                  : clause("RDY-2"),
                   Reason::wrong_value, "", "poll does not tell what is so");
    }

    Breach control() const {
        if (act.verb == Verb::shutdown) return wrong_errno(clause("SOCK-SHUT-3"), "none", "shutdown succeeds");
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        return say(models::promise_about(option, mechanism_of(component.mechanism)),
                   act.error == Errno::none ? Reason::wrong_value : Reason::wrong_errno,
                   act.error == Errno::none ? "" : got_text(act, "none"), "the option is not as it was set");
    }
};

}  // namespace

std::vector<std::string> Model::describe(const State& state, const models::NameBytes& name) const {
    std::vector<std::string> lines;
    for (std::size_t p = 0; p < state.pairs.size(); ++p)
        for (const int e : {0, 1}) {
            const End& end = state.pairs[p][static_cast<std::size_t>(e)];
            const ObjectId id = component_.objects[p].id;
            std::string text = fmt::format("end {} of pair {} (fd {}) had {} bytes in {} pieces to receive", e, id,
                                           initial_slot(id, e), there(end), end.unread.size());
            for (std::size_t i = 0; i < end.unread.size() && i < 4; ++i) {
                const Piece& piece = end.unread[i];
                text +=
                    (i ? ", " : ": ") + (piece.length == 0 ? std::string("an empty record")
                                                           : name(piece.actor, piece.step, piece.offset, piece.length));
                if (piece.perhaps) text += " or less";
            }
            if (end.unread.size() > 4) text += ", ...";
            text += end.dead ? "; closed" : fmt::format("; {} references", end.references);
            if (end.sends_shut) text += "; sends no more";
            if (end.receives_shut) text += "; receives no more";
            if (end.reset != Told::not_due) text += "; ECONNRESET is to be told";
            if (end.disconnected) text += "; not connected any more";
            lines.push_back(std::move(text));
        }
    return lines;
}

std::vector<std::string> Model::alternatives(const State&, const Flight&) const { return {}; }
Due Model::due(const State&, const Flight&) const { return {}; }

// Are the bytes that this receive gave the first of those that are unread?
bool Model::comes_next(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    Flight trial = flight;
    std::uint64_t left = promised(flight, act) - flight.moved;
    for (const Piece& piece : state.pairs[act.object][act.end].unread) {
        const std::uint64_t part = std::min<std::uint64_t>(left, piece.length);
        if (!matches(trial, act, piece, 0, part)) return false;
        left -= part;
    }
    return left == 0;
}

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    const auto& pair = state.pairs[act.object];
    const Line<Piece>& unread = pair[act.end].unread;
    const auto glues = [&](const Piece& piece) { return is_of_another_writer(act, piece); };
    const Refusal refusal{subject_,
                          component_,
                          act,
                          pair[act.end],
                          pair[1 - act.end],
                          records_,
                          connected_,
                          comes_next(state, flight),
                          flight.moved,
                          limits_of(act),
                          unread.empty() || is_credible(act, unread[0]),
                          std::ranges::any_of(unread, glues)};
    if (act.asleep) {
        Flight copy = flight;
        return refusal.asleep(must_not_sleep(state, copy, strict));
    }
    switch (act.kind) {
        case ActKind::write: return refusal.send();
        case ActKind::read: return refusal.receive();
        case ActKind::look_available:
            return refusal.say(clause("SOCK-INQ-1"), Reason::wrong_value, "",
                               fmt::format("{} bytes were there", there(refusal.mine)));
        case ActKind::look_poll: return refusal.poll();
        case ActKind::look_flags:
            return refusal.say(act.handed_on ? clause("UNIX-RIGHTS-1") : clause("SOCK-DONTWAIT-1"), Reason::wrong_value,
                               "", "the flags are not those that were set");
        default: return refusal.control();
    }
}

}  // namespace crosstalk::channel
