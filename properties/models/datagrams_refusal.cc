// Datagrams between hosts: what to say when nothing explains an observation, and which clauses an accepted explanation
// rests on.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/models/datagrams.h"
#include "properties/models/options.h"

namespace crosstalk::datagrams {
namespace {

using namespace channel;
using judging::Breach;

ClauseId largest(const judging::Component& component) {
    return binds::udp4(mechanism_of(component.mechanism)) ? clause("UDP-MAX-1") : clause("UDP-MAX-2");
}

struct Refusal {
    const judging::Subject& subject;
    const judging::Component& component;
    const Act& act;
    const End& mine;
    std::uint64_t most_bytes;
    channel::Limits limits;

    std::uint16_t flags() const { return subject.operation(act).flags; }
    Breach say(ClauseId id, Reason reason, std::string line, std::string detail = "") const {
        return {id, reason, std::move(detail), act.event, {std::move(line)}};
    }
    Breach wrong_errno(ClauseId id, std::string_view wanted, std::string line) const {
        const std::string_view got = act.error == Errno::none ? "none" : name_of(act.error);
        return say(id, Reason::wrong_errno, std::move(line), fmt::format("{}/{}", got, wanted));
    }
    Breach refused() const {
        return wrong_errno(clause("UDP-CONN-2"), "none", "no datagram has met a closed port since that was told last");
    }

    Breach send() const {
        if (flags() & flag_urgent) return wrong_errno(clause("UDP-RECV-2"), "EOPNOTSUPP", "there is no urgent byte");
        if (act.error == Errno::ECONNREFUSED_) return refused();
        if (act.asked > most_bytes)
            return wrong_errno(act.error == Errno::none ? clause("SOCK-DGRAM-5") : largest(component), "EMSGSIZE",
                               fmt::format("{} bytes, and {} are possible", act.asked, most_bytes));
        if (act.error == Errno::EMSGSIZE_)
            return wrong_errno(largest(component), "none", fmt::format("{} bytes", act.asked));
        if (mine.sends_shut) return wrong_errno(clause("SOCK-SHUT-3"), "EPIPE", "this end sends no more");
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SIG-SOCK-1"), "none", "it would not have slept, or was to go on");
        if (act.error == Errno::EAGAIN_ && !act.never_sleeps && limits.may)
            return say(clause("SOCK-TIMEO-2"), Reason::early,
                       "its time limit was not over, or nothing was sent before");
        if (act.error == Errno::EAGAIN_)
            return wrong_errno(clause("UDP-LOSS-1"), "none", "nothing was sent before, or it may sleep");
        if (act.error != Errno::none) return wrong_errno(clause("UDP-LOSS-1"), "none", "a datagram can be sent");
        return say(clause("SOCK-DGRAM-1"), Reason::wrong_count, fmt::format("{} of {} bytes", act.tail, act.asked));
    }

    Breach receive() const {
        if (act.error == Errno::ECONNREFUSED_) return refused();
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SIG-SOCK-1"), "none", "it would not have slept, or was to go on");
        if (act.error == Errno::EAGAIN_ && mine.next.empty() && !act.never_sleeps && limits.may)
            return say(clause("SOCK-TIMEO-1"), Reason::early, "its time limit was not over");
        if (act.error == Errno::EAGAIN_ && mine.next.empty() && limits.unlimited)
            return wrong_errno(clause("SOCK-TIMEO-3"), "none", "a limit of 0 is none");
        if (act.error == Errno::EAGAIN_)
            return wrong_errno(mine.next.empty() ? clause("SOCK-DONTWAIT-1") : looked(), "none",
                               mine.next.empty() ? "it may sleep" : "a datagram is there");
        if (act.error != Errno::none)
            return wrong_errno(clause("UDP-LOSS-2"), "none", "no document names this error here");
        if (!mine.next.empty()) return say(looked(), Reason::wrong_value, "another datagram comes next");
        const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
        const auto long_enough = [&](const Piece& each) { return each.length >= got; };
        const auto whole = [&](const Piece& each) { return std::min<std::uint64_t>(each.length, act.asked) == got; };
        const bool cut = subject.history->events[act.event].value & message_cut;
        const std::int64_t value = subject.history->events[act.event].value;
        if (value & message_control && mine.received + 1 + (value >> 16) > std::ssize(mine.unread))
            return say(clause("UDP-LOSS-3"), Reason::wrong_count,
                       fmt::format("{} were dropped, {} received, and {} sent", value >> 16, mine.received + 1,
                                   mine.unread.size()));
        if (flags() & flag_real_length && std::ranges::any_of(mine.unread, whole) &&
            std::ranges::none_of(mine.unread, [&](const Piece& each) {
                return whole(each) && static_cast<std::int64_t>(each.length) == act.result;
            }))
            return say(clause("SOCK-DGRAM-3"), Reason::wrong_count,
                       fmt::format("MSG_TRUNC tells {} bytes, and no such datagram was sent", act.result));
        const bool gathered = std::ranges::any_of(mine.unread, [&](const Piece& each) {
            const Operation& sent = subject.operation(component.acts[each.act]);
            return sent.verb == Verb::send && sent.buffer.segments > 1 && got < each.length && got != 0;
        });
        if (std::ranges::none_of(mine.unread, whole) && gathered && act.asked > got)
            return say(clause("SOCK-SENDMSG-1"), Reason::torn, "a datagram of several parts came in part");
        if (std::ranges::none_of(mine.unread, whole)) {
            const bool merged = std::ranges::none_of(mine.unread, long_enough);
            if (got == 0 && !mine.unread.empty())
                return say(clause("SOCK-DGRAM-4"), Reason::early, "no empty datagram was sent");
            return say(mine.unread.empty() ? clause("UDP-LOSS-2") : clause("SOCK-DGRAM-1"),
                       merged ? Reason::merged : Reason::torn, fmt::format("no datagram of {} bytes was sent", got));
        }
        const bool known = std::ranges::any_of(mine.unread, [&](const Piece& each) {
            return whole(each) && cut != (each.length > act.asked) && subject.operation(act).verb == Verb::recv;
        });
        const bool told = std::ranges::any_of(
            mine.unread, [&](const Piece& each) { return whole(each) && cut == (each.length > act.asked); });
        if (known && !told)
            return say(clause("SOCK-DGRAM-2"), Reason::wrong_value,
                       cut ? "MSG_TRUNC although the datagram is whole" : "MSG_TRUNC is missing");
        return say(clause("UDP-LOSS-2"), Reason::wrong_value, "no datagram with these bytes was sent");
    }
    // What made known which one comes next: MSG_PEEK or FIONREAD.
    ClauseId looked() const {
        const Act* last = nullptr;
        for (const Act& each : component.acts) {
            const bool looks = each.kind == ActKind::look_available ||
                               (each.kind == ActKind::read && subject.operation(each).flags & flag_peek);
            if (looks && each.object == act.object && each.end == act.end && each.began < act.ended &&
                each.event != act.event && (last == nullptr || each.began > last->began))
                last = &each;
        }
        return last == nullptr || last->kind == ActKind::read ? clause("SOCK-PEEK-1") : clause("UDP-RECV-3");
    }

    Breach poll() const {
        const std::int64_t hung_up = poll_hup | poll_rdhup | poll_err;
        const bool ended = mine.receives_shut && mine.sends_shut;
        const bool in = (act.result & poll_in) != 0, wanted = !mine.next.empty() || mine.receives_shut;
        const bool wrong_end = (act.result & poll_hup) != (ended ? poll_hup : 0) || (act.result & poll_err) ||
                               ((act.result & poll_rdhup) != 0) != (mine.receives_shut && act.value & poll_rdhup);
        if (wrong_end && act.result & hung_up) return say(clause("RDY-6"), Reason::wrong_value, "nothing has ended");
        if (wrong_end) return say(clause("RDY-6"), Reason::wrong_value, "poll does not tell that both ways are shut");
        const bool empty = std::ranges::all_of(mine.next, [&](std::uint32_t i) { return mine.unread[i].length == 0; });
        if (!mine.next.empty() && empty && !in && act.value & poll_in)
            return say(clause("UDP-RECV-1"), Reason::wrong_value, "an empty datagram is there, and no POLLIN");
        const bool wrong_in = (act.value & poll_in) && (in ? mine.unread.empty() && !wanted : wanted);
        return say(wrong_in ? clause("RDY-1") : clause("RDY-2"), Reason::wrong_value, "poll does not tell what is so");
    }

    Breach control() const {
        if (act.verb == Verb::shutdown) return wrong_errno(clause("SOCK-SHUT-3"), "none", "shutdown succeeds");
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        const ClauseId which = models::promise_about(option, mechanism_of(component.mechanism));
        if (act.error != Errno::none) return wrong_errno(which, "none", "the option is there");
        return say(which, Reason::wrong_value, "the option is not as it was set");
    }
};

struct Scale {
    judging::Weights& weights;
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }

    void send(const Act& act, std::uint32_t how, ClauseId largest, std::uint64_t most_bytes) {
        const bool went = act.error == Errno::none;
        add_if(went, clause("UDP-LOSS-1"));
        add_if(how & how_too_large || (went && act.asked == most_bytes), largest);
        add_if(how & how_too_large, clause("SOCK-DGRAM-5"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-2"));
        add_if(how & how_unsupported, clause("UDP-RECV-2"));
        add_if(how & how_refused, clause("UDP-CONN-2"));
        add_if(how & how_own_shutdown, clause("SOCK-SHUT-3"));
        add_if(how & how_interrupted || (act.restarted && went), clause("SIG-SOCK-1"));
    }
    void receive(const Act& act, std::uint32_t how, std::uint16_t flags) {
        add_if(how & how_refused, clause("UDP-CONN-2"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(how & how_interrupted || (act.restarted && act.error == Errno::none), clause("SIG-SOCK-1"));
        add_if(how & how_end, clause("SOCK-SHUT-3"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-1"));
        if (act.error != Errno::none || !(how & how_there)) return;
        add_if(how & how_cut && flags & flag_real_length, clause("SOCK-DGRAM-3"));
        add_if(how & how_gathered, clause("SOCK-SENDMSG-1"));
        add_if(how & how_dropped, clause("UDP-LOSS-3"));
        add_if(true, clause("UDP-LOSS-2"));
        add_if(true, clause("SOCK-DGRAM-1"));
        add_if(how & how_joined, clause("SOCK-PEEK-1"));
        add_if(how & how_cut, clause("SOCK-DGRAM-2"));
        add_if(act.asked != 0 && act.full_calls == 0 && act.tail == 0, clause("SOCK-DGRAM-4"));
    }
    void other(const Act& act, std::uint32_t how) {
        if (act.verb == Verb::shutdown) return add_if(true, clause("SOCK-SHUT-3"));
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        add_if(how & how_refused, clause("SOCK-ERR-1"));
        add_if(option == SocketOption::send_buffer && act.verb == Verb::get_option, clause("SOCK-BUF-1"));
    }
};

}  // namespace

judging::Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    const Refusal refusal{subject_, component_, act, state.pairs[act.object][act.end], most_bytes_, limits_of(act)};
    const End& mine = state.pairs[act.object][act.end];
    if (is_of_link(act)) return not_carried(mine, act);
    if (act.asleep) {
        Flight copy = flight;
        const ClauseId why = must_not_sleep(state, copy, models::strict);
        return refusal.say(why == no_clause ? clause("UDP-LOSS-2") : why, Reason::asleep,
                           "it sleeps although it could go on");
    }
    if (act.kind == ActKind::read && logged_)
        if (judging::Breach link = not_there(mine, act); link.clause != no_clause) return link;
    switch (act.kind) {
        case ActKind::write: return refusal.send();
        case ActKind::read: return refusal.receive();
        case ActKind::look_available:
            return refusal.say(clause("UDP-RECV-3"), Reason::wrong_value, "no datagram that may come next is so long");
        case ActKind::look_poll: return refusal.poll();
        case ActKind::look_flags:
            return refusal.say(clause("SOCK-DONTWAIT-1"), Reason::wrong_value, "the flags are not those that were set");
        default: return refusal.control();
    }
}

void Model::weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
                  std::vector<Deviation>& deviations) const {
    Scale scale{weights};
    bool killed = false;
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (how[i] & how_wake_lost) deviations.push_back({clause("SOCK-PEEK-1"), Reason::asleep, "", act.event});
        if (act.asleep || act.open) continue;
        if (is_of_link(act)) {
            scale.add_if(true, clause("UDP-LINK-2"));
            continue;
        }
        scale.add_if(logged_ && act.kind == ActKind::read && how[i] & how_there, clause("UDP-LINK-1"));
        switch (act.kind) {
            case ActKind::write: scale.send(act, how[i], largest(component_), most_bytes_); break;
            case ActKind::read:
                scale.receive(act, how[i], subject_.operation(act).flags);
                scale.add_if(killed, clause("PROC-KILL-1"));
                break;
            case ActKind::look_available:
                scale.add_if(true, clause("UDP-RECV-3"));
                scale.add_if(true, clause("SOCK-INQ-1"));
                break;
            case ActKind::look_poll:
                scale.add_if(how[i] & how_there, clause("UDP-RECV-1"));
                scale.add_if(act.value & poll_in, clause("RDY-1"));
                scale.add_if(act.value & poll_out, clause("RDY-2"));
                scale.add_if(act.result & ~act.value, clause("RDY-6"));
                break;
            case ActKind::other: scale.other(act, how[i]); break;
            case ActKind::release: killed = killed || act.death; break;
            default: break;
        }
    }
}

}  // namespace crosstalk::datagrams
