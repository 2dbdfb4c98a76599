// The channel: what to say when nothing explains an observation. It names the clause that speaks of what was seen.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/models/channel.h"

namespace crosstalk::channel {
namespace {

std::string got_text(const Act& act, std::string_view wanted) {
    return fmt::format("{}/{}", act.error == Errno::none ? "none" : name_of(act.error), wanted);
}

std::uint64_t there(const End& end) {
    std::uint64_t bytes = 0;
    for (const Piece& piece : end.unread) bytes += piece.perhaps ? 0 : piece.length;
    return bytes;
}

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

// What a killed receive had taken, nobody saw: of a stream any part.
std::string Model::undecided() const {
    const bool unseen = !records_ && std::ranges::any_of(component_.acts, [](const Act& act) {
        return act.kind == ActKind::read && act.open && !act.asleep && act.asked != 0;
    });
    return unseen ? "a receive was killed: which part of the stream it had taken nobody saw" : "";
}

judging::Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    const End &mine = state.pairs[act.object][act.end], &peer = state.pairs[act.object][1 - act.end];
    judging::Breach breach;
    breach.event = act.event;
    const auto say = [&](ClauseId id, Reason reason, std::string detail, std::string line) {
        breach.clause = id, breach.reason = reason, breach.detail = std::move(detail);
        breach.lines.push_back(std::move(line));
        return breach;
    };
    const ClauseId content = !records_    ? clause("SOCK-STREAM-1")
                             : connected_ ? clause("SOCK-SEQ-1")
                                          : clause("SOCK-DGRAM-1");
    const ClauseId order = records_ ? connected_ ? clause("UNIX-SEQ-1") : clause("UNIX-DGRAM-1") : content;
    if (act.asleep) {
        Flight copy = flight;
        const ClauseId id = must_not_sleep(state, copy, strict);
        return say(id == no_clause ? content : id, Reason::asleep, "", "it sleeps although it could go on");
    }
    switch (act.kind) {
        case ActKind::write: {
            const bool gone = mine.sends_shut || peer.dead || peer.receives_shut;
            if (act.error == Errno::EMSGSIZE_ || (records_ && act.asked + 32 > mine.most_buffer))
                return say(records_ ? clause("UNIX-MAX-1") : clause("SOCK-STREAM-3"), Reason::wrong_errno,
                           got_text(act, act.error == Errno::EMSGSIZE_ ? "none" : "EMSGSIZE"),
                           fmt::format("{} bytes, and a send buffer of {} to {}", act.asked, mine.least_buffer,
                                       mine.most_buffer));
            if (act.error == Errno::EAGAIN_)
                return say(records_ ? clause("UNIX-DGRAM-1") : clause("SOCK-STREAM-4"), Reason::wrong_errno,
                           "EAGAIN/none",
                           gone ? "the peer is gone or does not receive"
                                : "nothing is unread in this direction, or it may sleep");
            if (act.error == Errno::EINTR_)
                return say(clause("SIG-SOCK-1"), Reason::wrong_errno, "EINTR/none", "it would not have slept");
            if (mine.disconnected || (!connected_ && peer.dead))
                return say(mine.disconnected ? clause("UNIX-DGRAM-6") : clause("UNIX-DGRAM-4"), Reason::wrong_errno,
                           got_text(act, mine.disconnected ? "ENOTCONN" : "ECONNREFUSED"), "its peer is gone");
            if (act.error == Errno::EPIPE_ && gone)
                return say(clause("SOCK-EPIPE-1"), Reason::no_signal, "", "EPIPE came without SIGPIPE");
            if (gone)
                return say(peer.receives_shut && !peer.dead ? clause("UNIX-SHUT-2") : clause("SOCK-EPIPE-1"),
                           Reason::wrong_errno, got_text(act, "EPIPE"), "nobody can receive this: EPIPE");
            if (act.error != Errno::none)
                return say(connected_ ? clause("SOCK-EPIPE-1") : clause("UNIX-DGRAM-4"), Reason::wrong_errno,
                           got_text(act, "none"), "its peer is there and receives");
            return say(records_ ? content : clause("SOCK-STREAM-3"), Reason::wrong_count, "",
                       fmt::format("{} of {} bytes although nothing cut it", act.tail, act.asked));
        }
        case ActKind::read: {
            const std::uint64_t bytes = there(mine);
            const bool empty = mine.unread.empty();
            if (act.error == Errno::EINTR_)
                return say(clause("SIG-SOCK-1"), Reason::wrong_errno, "EINTR/none", "it would not have slept");
            if (act.error == Errno::EAGAIN_)
                return say(empty && mine.receives_shut
                               ? connected_ && records_ ? clause("UNIX-SEQ-3") : clause("SOCK-EOF-1")
                           : empty ? clause("SOCK-DONTWAIT-1")
                                   : content,
                           Reason::wrong_errno, "EAGAIN/none",
                           empty ? "it may sleep, or is at the end" : fmt::format("{} bytes are there", bytes));
            if (act.error == Errno::ECONNRESET_)
                return say(connected_ ? clause("UNIX-CLOSE-2") : clause("UNIX-DGRAM-5"), Reason::wrong_errno,
                           "ECONNRESET/none", "its peer left nothing unread, or that was told before");
            if (act.error != Errno::none)
                return say(content, Reason::wrong_errno, got_text(act, "none"), "no document names this error here");
            const bool ends = act.full_calls == 0 && act.tail == 0;
            if (ends && empty && mine.reset == Told::due)
                return say(clause("UNIX-CLOSE-2"), Reason::wrong_errno, "none/ECONNRESET", "what it had sent was lost");
            if (ends && !(records_ && !empty))
                return say(connected_ ? clause("SOCK-EOF-1") : clause("UNIX-DGRAM-5"), Reason::early, "",
                           empty ? "end of file although the peer may send" : fmt::format("{} bytes are there", bytes));
            if (empty) return say(order, Reason::wrong_value, "", "nothing was there to receive");
            if (records_) {
                const std::uint64_t due = std::min<std::uint64_t>(mine.unread[0].length, act.asked);
                const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
                if (got > due)
                    return say(content, Reason::merged, "", fmt::format("{} bytes of a record of {}", got, due));
                if (got < due)
                    return say(content, Reason::torn, "", fmt::format("{} bytes of a record of {}", got, due));
                const bool cut = mine.unread[0].length > act.asked,
                           told = subject_.history->events[act.event].value & message_cut;
                if (cut != told && subject_.operation(act).verb == Verb::recv)
                    return say(connected_ ? clause("SOCK-SEQ-2") : clause("SOCK-DGRAM-2"), Reason::wrong_value, "",
                               cut ? "MSG_TRUNC is missing" : "MSG_TRUNC although the record is whole");
            }
            if (!records_ && (subject_.operation(act).flags & flag_wait_all) && act.tail != 0)
                return say(clause("SOCK-WAITALL-1"), Reason::wrong_count, "",
                           fmt::format("{} of {} bytes", act.tail, act.asked));
            return say(order, Reason::wrong_value, "", "these are not the bytes that come next");
        }
        case ActKind::look_available:
            return say(clause("SOCK-INQ-1"), Reason::wrong_value, "", fmt::format("{} bytes were there", there(mine)));
        case ActKind::look_poll:
            return say(act.result & (poll_hup | poll_rdhup | poll_err) ? clause("RDY-5")
                       : act.end == 0 || (act.result & poll_in)        ? clause("RDY-1")
                                                                       : clause("RDY-2"),
                       Reason::wrong_value, "", "poll does not tell what is so");
        case ActKind::look_flags:
            return say(clause("SOCK-DONTWAIT-1"), Reason::wrong_value, "", "the flags are not those that were set");
        default:
            if (act.verb == Verb::shutdown)
                return say(clause("SOCK-SHUT-3"), Reason::wrong_errno, got_text(act, "none"), "shutdown succeeds");
            const bool error = (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::error);
            const bool type = (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::type);
            return say(error  ? clause("SOCK-ERR-1")
                       : type ? clause("UNIX-PAIR-1")
                              : clause("SOCK-BUF-1"),
                       act.error == Errno::none ? Reason::wrong_value : Reason::wrong_errno,
                       act.error == Errno::none ? "" : got_text(act, "none"), "the option is not as it was set");
    }
}

}  // namespace crosstalk::channel
