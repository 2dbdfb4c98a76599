// The association: what to say when nothing explains an observation, and which clauses an accepted explanation rests
// on.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "mechanisms/trial.h"
#include "properties/clauses/all.h"
#include "properties/models/association.h"
#include "properties/models/options.h"

namespace crosstalk::association {
namespace {

using namespace channel;
using judging::Breach;

bool is_linger(const Act& act) {
    return act.kind == ActKind::other && act.verb == Verb::set_option &&
           (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::linger);
}

// One observation that nothing explains, and what it met.
struct Refusal {
    const judging::Subject& subject;
    const judging::Component& component;
    const Act& act;
    const End &mine, &peer;
    bool reset;  // an abort may be told

    const Operation& operation() const { return subject.operation(act); }
    std::uint16_t flags() const { return operation().flags; }
    Breach say(ClauseId id, Reason reason, std::string line, std::string detail = "") const {
        return {id, reason, std::move(detail), act.event, {std::move(line)}};
    }
    Breach wrong_errno(ClauseId id, std::string_view wanted, std::string line) const {
        const std::string_view got = act.error == Errno::none ? "none" : name_of(act.error);
        return say(id, Reason::wrong_errno, std::move(line), fmt::format("{}/{}", got, wanted));
    }
    // The peer has closed: by close, or by the end of its process?
    ClauseId gone(ClauseId by_close) const {
        const bool killed = std::ranges::any_of(component.acts, [&](const Act& each) {
            return each.object == act.object && each.end != act.end && each.kind == ActKind::release &&
                   each.began < act.ended && (each.death || each.verb != Verb::close);
        });
        return killed ? clause("SCTP-DIE-1") : by_close;
    }
    bool aborted() const { return mine.reset == Told::coming || mine.reset == Told::due; }
    // At the end a call says something else.
    ClauseId ended() const {
        if (aborted()) return peer.aborts ? clause("SCTP-O2O-3") : gone(clause("SCTP-O2O-1"));
        if (peer.dead) return gone(clause("SCTP-O2O-1"));
        if (mine.sends_shut || mine.finished) return clause("SCTP-O2O-2");
        return mine.receives_shut ? clause("SOCK-SHUT-2") : clause("SOCK-EOF-1");
    }
    // It looks itself, or comes behind one that looked.
    bool looked() const {
        const Act* last = nullptr;
        for (const Act& each : component.acts)
            if (each.kind == ActKind::read && each.object == act.object && each.end == act.end &&
                each.ended < act.began && (last == nullptr || each.ended > last->ended))
                last = &each;
        return flags() & flag_peek || (last != nullptr && subject.operation(*last).flags & flag_peek);
    }

    Breach asleep(ClauseId why) const {
        if (why == clause("SCTP-O2O-1")) why = ended();
        return say(why == no_clause ? clause("SCTP-ORD-4") : why, Reason::asleep, "it sleeps although it could go on");
    }

    Breach send() const {
        const std::string buffer =
            fmt::format("{} bytes, and a send buffer of {} to {}", act.asked, mine.least_buffer, mine.most_buffer);
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SCTP-EINTR-1"), "none", "it would not have slept, or was to go on");
        if (lacks_stream(operation()) ||
            (act.asked != 0 && act.error == Errno::EINVAL_ && has_label(operation().value)))
            return wrong_errno(clause("SCTP-STR-2"), lacks_stream(operation()) ? "EINVAL" : "none",
                               fmt::format("stream {} of {}", label_of(operation().value).stream, streams_of_pairs));
        if (act.asked == 0 || act.error == Errno::EINVAL_)
            return wrong_errno(clause("SCTP-MSG-4"), act.asked == 0 ? "EINVAL" : "none", buffer);
        if (act.error == Errno::EMSGSIZE_) return wrong_errno(clause("SCTP-MSG-5"), "none", buffer);
        if (act.asked > mine.most_buffer && act.error == Errno::none)
            return wrong_errno(clause("SCTP-MSG-5"), "EMSGSIZE", buffer);
        if (mine.sends_shut) return wrong_errno(clause("SCTP-O2O-2"), "EPIPE", "this end sends no more");
        if (mine.gone || mine.disconnected)
            return wrong_errno(gone(clause("SCTP-O2O-1")), "EPIPE", "the association has ended");
        if (act.error == Errno::EAGAIN_)
            return wrong_errno(clause("SOCK-DONTWAIT-1"), "none", "nothing was sent before, or it may sleep");
        if (act.error == Errno::EPIPE_ || act.error == Errno::ECONNRESET_)
            return wrong_errno(clause("SOCK-EPIPE-1"), "none", "its peer is there and receives");
        if (act.error != Errno::none)
            return wrong_errno(reset || mine.finished ? gone(clause("SCTP-O2O-3")) : clause("SCTP-ORD-4"), "none",
                               "no document names this error here");
        if (mine.reset == Told::due) return wrong_errno(ended(), "ECONNRESET", "the association has been aborted");
        return say(clause("SCTP-MSG-1"), Reason::wrong_count, fmt::format("{} of {} bytes", act.tail, act.asked));
    }

    Breach receive() const {
        const std::string held = mine.unread.empty() ? "nothing is to come"
                                                     : fmt::format("{} messages are to come, the first of {} bytes",
                                                                   mine.unread.size(), mine.unread.front().length);
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SCTP-EINTR-1"), "none", "it would not have slept, or was to go on");
        if (act.error == Errno::EAGAIN_) {
            if (mine.arrived != 0)
                return wrong_errno(looked() ? clause("SOCK-PEEK-1") : clause("SCTP-ORD-4"), "none", held);
            return wrong_errno(mine.ended || mine.receives_shut || aborted() ? ended() : clause("SOCK-DONTWAIT-1"),
                               "none", "it may sleep, or is at the end");
        }
        if (act.error == Errno::ECONNRESET_)
            return wrong_errno(mine.finished ? clause("SCTP-O2O-2") : clause("SCTP-O2O-3"), "none",
                               "nothing has aborted the association, or that was told");
        if (act.error != Errno::none)
            return wrong_errno(mine.unread.empty() ? ended() : clause("SCTP-ORD-4"), "none",
                               "no document names this error here");
        if (act.full_calls == 0 && act.tail == 0 && act.asked != 0) {
            if (!mine.unread.empty())
                return say(mine.finished ? clause("SCTP-O2O-2") : clause("SOCK-EOF-1"), Reason::early, held);
            return say(peer.aborts ? clause("SCTP-O2O-3") : clause("SOCK-EOF-1"), Reason::early, "the peer may send");
        }
        return received(held);
    }

    // It brought bytes, and not those that come next.
    Breach received(const std::string& held) const {
        if (mine.unread.empty() || looked())
            return say(looked() ? clause("SOCK-PEEK-1") : clause("SCTP-ORD-4"), Reason::wrong_value, held);
        const Piece& next = mine.unread.front();
        const std::uint64_t got = act.full_calls != 0 ? act.asked : act.tail;
        const std::uint64_t due = std::min<std::uint64_t>(next.length, act.asked);
        if (const Piece* const came = first_that_came();
            came != nullptr && !is_label_of(subject, act, component.acts[came->act]))
            return say(clause("SCTP-STR-1"), Reason::wrong_value, "the label is not that of the message that came");
        if (next.length != component.acts[next.act].asked)
            return say(clause("SCTP-MSG-2"), Reason::wrong_value, "this is not the rest of the message; " + held);
        if (begins_elsewhere(next))
            return say(clause("SCTP-ORD-1"), Reason::wrong_value, "another message comes next; " + held);
        if (got != due)
            return say(clause("SCTP-MSG-1"), got > due ? Reason::merged : Reason::torn,
                       fmt::format("{} bytes; {}", got, held));
        const bool told = subject.history->events[act.event].value & message_ends;
        const bool tells = subject.operation(act).verb == Verb::recv && subject.operation(act).times == 1;
        if (tells && told != (got == next.length))
            return say(clause("SCTP-MSG-2"), Reason::wrong_value,
                       told ? "MSG_EOR before the end" : "MSG_EOR is missing");
        return say(clause("SCTP-ORD-1"), Reason::wrong_value, "this is not the message that comes next; " + held);
    }
    // The unread message whose bytes it brought, if it is one.
    const Piece* first_that_came() const {
        if (act.run_count == 0) return nullptr;
        const Run& run = subject.history->runs[act.first_run];
        const auto found = std::ranges::find_if(mine.unread, [&](const Piece& piece) {
            return run.kind == RunKind::origin && run.actor == piece.actor && run.step == piece.step &&
                   run.offset == piece.offset;
        });
        return found == mine.unread.end() ? nullptr : &*found;
    }
    // What it brought begins with bytes of another message.
    bool begins_elsewhere(const Piece& next) const {
        if (act.run_count == 0) return false;
        const Run& run = subject.history->runs[act.first_run];
        return run.kind == RunKind::origin && (run.actor != next.actor || run.step != next.step);
    }

    Breach poll(const std::int64_t must, const std::int64_t may) const {
        const std::int64_t wrong = (must & ~act.result) | (act.result & ~may),
                           hung_up = poll_hup | poll_rdhup | poll_err;
        return say(wrong & hung_up   ? (wrong & must & ~act.value) ? clause("RDY-6") : clause("RDY-5")
                     : wrong & poll_in ? clause("RDY-1")
                                     : clause("RDY-2"),
                   Reason::wrong_value, "poll does not tell what is so");
    }

    Breach control() const {
        if (act.verb == Verb::shutdown)
            return wrong_errno(clause("SOCK-SHUT-3"), "none", "the association is there, and shutdown succeeds");
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        const ClauseId which = models::promise_about(option, mechanism_of(component.mechanism));
        if (act.error != Errno::none) return wrong_errno(which, "none", "the option is there");
        return say(which, Reason::wrong_value, "the option is not as it was set");
    }
};

struct Scale {
    judging::Weights& weights;
    bool killed = false, aborts = false, shut = false;
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }

    void end(const Act& act, std::uint32_t how) {
        const bool over = how & (how_end | how_refused | how_own_shutdown | how_reset);
        add_if(over && !killed, clause("SCTP-O2O-1"));
        add_if(over && shut && !(how & how_reset), clause("SCTP-O2O-2"));
        add_if(over && killed, clause("SCTP-DIE-1"));
        add_if(how & how_reset && aborts, clause("SCTP-O2O-3"));
        add_if(how & how_interrupted, clause("SCTP-EINTR-1"));
        add_if(how & how_interrupted || (act.restarted && act.error == Errno::none), clause("SIG-SOCK-1"));
    }

    void send(const Act& act, std::uint32_t how, std::uint16_t flags) {
        end(act, how);
        add_if(act.error == Errno::EPIPE_, clause("SOCK-EPIPE-1"));
        add_if(act.error == Errno::EINVAL_ && !(how & how_no_stream), clause("SCTP-MSG-4"));
        add_if(how & how_no_stream, clause("SCTP-STR-2"));
        add_if(how & how_too_large, clause("SCTP-MSG-5"));
        add_if(how & how_too_large, clause("SOCK-DGRAM-5"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
    }

    void receive(const Act& act, std::uint32_t how, std::uint16_t flags) {
        end(act, how);
        const bool at_end = how & how_end && act.error == Errno::none;
        add_if(at_end, clause("SOCK-EOF-1"));
        add_if(at_end && !(how & how_after_close), clause("SOCK-SHUT-2"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(killed, clause("PROC-KILL-1"));
        if (act.error != Errno::none || !(how & how_there)) return;
        for (const ClauseId each : {clause("SCTP-MSG-1"), clause("SCTP-ORD-1"), clause("SCTP-ORD-4")})
            add_if(true, each);
        add_if(how & how_rest, clause("SCTP-MSG-2"));
        add_if(how & how_labelled, clause("SCTP-STR-1"));
        add_if(how & how_peeked, clause("SOCK-PEEK-1"));
    }

    void other(const Act& act, std::uint32_t how) {
        shut = shut || act.verb == Verb::shutdown;
        if (act.verb == Verb::shutdown) return add_if(true, clause("SOCK-SHUT-3"));
        aborts = aborts || is_linger(act);
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        add_if(option == SocketOption::error && how & how_reset, clause("SOCK-ERR-1"));
        add_if(option == SocketOption::type, clause("SCTP-NEW-1"));
        add_if(option == SocketOption::send_buffer && act.verb == Verb::get_option, clause("SOCK-BUF-1"));
    }
};

}  // namespace

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    const auto& pair = state.pairs[act.object];
    const Refusal refusal{subject_, component_, act, pair[act.end], pair[1 - act.end], may_be_reset(state, act)};
    if (act.asleep) {
        Flight copy = flight;
        return refusal.asleep(must_not_sleep(state, copy, models::strict));
    }
    switch (act.kind) {
        case ActKind::write: return refusal.send();
        case ActKind::read: return refusal.receive();
        case ActKind::look_poll: {
            const Events shown = events(state, act);
            return refusal.poll(shown.must, shown.may);
        }
        case ActKind::look_flags:
            return refusal.say(clause("SOCK-DONTWAIT-1"), Reason::wrong_value, "the flags are not those that were set");
        default: return refusal.control();
    }
}

void Model::weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
                  std::vector<Deviation>& deviations) const {
    Scale scale{weights};
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (how[i] & how_vanished)
            deviations.push_back({clause("SCTP-DIE-1"), Reason::wrong_errno, "ESRCH/EPIPE", act.event});
        if (how[i] & how_unnamed)
            deviations.push_back({clause("SCTP-O2O-2"), Reason::wrong_errno,
                                  act.error == Errno::EAGAIN_ ? "EAGAIN/EPIPE" : "ESHUTDOWN/EPIPE", act.event});
        if (how[i] & how_rest_unheard) deviations.push_back({clause("SCTP-ORD-4"), Reason::asleep, "", act.event});
        if (how[i] & how_wake_lost) deviations.push_back({clause("SOCK-PEEK-1"), Reason::asleep, "", act.event});
        if (act.asleep || act.open) continue;
        switch (act.kind) {
            case ActKind::write: scale.send(act, how[i], subject_.operation(act).flags); break;
            case ActKind::read: scale.receive(act, how[i], subject_.operation(act).flags); break;
            case ActKind::look_poll:
                scale.add_if(act.value & poll_in, clause("RDY-1"));
                scale.add_if(act.value & poll_out, clause("RDY-2"));
                scale.add_if(act.result & (poll_hup | poll_rdhup), clause("RDY-5"));
                scale.add_if(act.result & ~act.value, clause("RDY-6"));
                break;
            case ActKind::other: scale.other(act, how[i]); break;
            case ActKind::release: scale.killed = scale.killed || act.death; break;
            default: break;
        }
    }
}

}  // namespace crosstalk::association
