// The connection: what to say when nothing explains an observation, and which clauses an accepted explanation rests on.
// Of several clauses that forbid what was seen, the one about what was done to the connection last is named.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/models/connection.h"
#include "properties/models/options.h"

namespace crosstalk::connection {
namespace {

using namespace channel;
using judging::Breach;

// One observation that nothing explains, and what it met.
struct Refusal {
    const judging::Subject& subject;
    const judging::Component& component;
    const Act& act;
    const End &mine, &peer;
    bool reset, come_next;  // a reset may be told; the bytes received are those that were to come
    std::uint64_t moved;    // what it has taken already
    Limits limits;

    std::uint16_t flags() const { return subject.operation(act).flags; }
    Breach say(ClauseId id, Reason reason, std::string line, std::string detail = "") const {
        return {id, reason, std::move(detail), act.event, {std::move(line)}};
    }
    Breach wrong_errno(ClauseId id, std::string_view wanted, std::string line) const {
        const std::string_view got = act.error == Errno::none ? "none" : name_of(act.error);
        return say(id, Reason::wrong_errno, std::move(line), fmt::format("{}/{}", got, wanted));
    }
    template <class Test>
    bool before(Test test) const {
        return std::ranges::any_of(component.acts, [&](const Act& each) {
            return each.object == act.object && each.began < act.ended && each.event != act.event && test(each);
        });
    }
    // The peer has closed: by close, or by the end of its process?
    ClauseId gone(ClauseId by_close) const {
        const auto killed = [&](const Act& each) {
            return each.end != act.end && each.kind == ActKind::release && (each.death || each.verb != Verb::close);
        };
        return before(killed) ? clause("TCP-CLOSE-6") : by_close;
    }
    ClauseId torn() const { return peer.aborts ? clause("TCP-CLOSE-4") : gone(clause("TCP-CLOSE-2")); }
    ClauseId ended() const {
        if (mine.reset == Told::coming || mine.reset == Told::due) return torn();
        if (peer.dead) return gone(clause("TCP-CLOSE-1"));
        return mine.receives_shut ? clause("SOCK-SHUT-2") : clause("SOCK-EOF-1");
    }
    ClauseId content() const {
        const auto held_back = [&](const Act& each) {
            return each.kind == ActKind::write && each.end != act.end && subject.operation(each).flags & flag_more;
        };
        const auto option_set = [&](const Act& each) {
            return each.kind == ActKind::other && each.verb == Verb::set_option &&
                   is_of_tcp(static_cast<SocketOption>(each.value & 0xff));
        };
        return before(held_back)    ? clause("TCP-OPT-2")
               : before(option_set) ? clause("TCP-OPT-1")
                                    : clause("SOCK-STREAM-1");
    }

    Breach asleep(ClauseId why) const {
        if (act.kind == ActKind::read && why == clause("SOCK-EOF-1")) why = ended();
        if (act.kind == ActKind::write && why == clause("SOCK-EPIPE-1") && !mine.sends_shut) why = torn();
        return say(why == no_clause ? content() : why, Reason::asleep, "it sleeps although it could go on");
    }

    Breach send() const {
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SIG-SOCK-1"), "none", "it would not have slept, or was to go on");
        if (mine.sends_shut || mine.gone) {
            const ClauseId which = mine.sends_shut ? clause("SOCK-EPIPE-1") : clause("TCP-CLOSE-1");
            return wrong_errno(which, "EPIPE", "nothing can be sent here any more");
        }
        if (act.error == Errno::EAGAIN_ && !act.never_sleeps && limits.may)
            return say(clause("SOCK-TIMEO-2"), Reason::early,
                       "its time limit was not over, or nothing was sent before");
        if (act.error == Errno::EAGAIN_)
            return wrong_errno(clause("SOCK-STREAM-4"), "none", "nothing was sent before, or it may sleep");
        if (act.error != Errno::none)
            return wrong_errno(peer.dead       ? clause("TCP-CLOSE-1")
                               : mine.finished ? clause("TCP-CLOSE-3")
                                               : clause("SOCK-EPIPE-1"),
                               "none", "its peer is there and receives");
        if (mine.reset == Told::due)
            return wrong_errno(clause("TCP-CLOSE-1"), "ECONNRESET", "the connection has been reset");
        return say(act.never_sleeps ? clause("SOCK-STREAM-4") : clause("SOCK-STREAM-3"), Reason::wrong_count,
                   fmt::format("{} of {} bytes although nothing cut it", act.tail, act.asked));
    }

    Breach receive() const {
        const std::string held =
            fmt::format("{} bytes are to come, {} of them are there", bytes_of(mine), mine.arrived);
        if (act.error == Errno::EINTR_)
            return wrong_errno(clause("SIG-SOCK-1"), "none", "it would not have slept, or was to go on");
        if (act.error == Errno::EAGAIN_) {
            if (mine.arrived != 0)
                return wrong_errno(looked() ? clause("SOCK-PEEK-1") : clause("SOCK-INQ-1"), "none", held);
            const bool end = mine.ended || mine.receives_shut || mine.gone || mine.reset == Told::due;
            if (!end && !act.never_sleeps && limits.may)
                return say(clause("SOCK-TIMEO-1"), Reason::early, "its time limit was not over");
            if (!end && limits.unlimited) return wrong_errno(clause("SOCK-TIMEO-3"), "none", "a limit of 0 is none");
            return wrong_errno(end ? ended() : clause("SOCK-DONTWAIT-1"), "none", "it may sleep, or is at the end");
        }
        if (act.error == Errno::ECONNRESET_)
            return wrong_errno(clause("TCP-CLOSE-2"), "none", "nothing has reset the connection, or that was told");
        if (act.error != Errno::none) return wrong_errno(content(), "none", "no document names this error here");
        if (act.full_calls == 0 && act.tail == 0 && act.asked != 0) {
            if (!mine.finished && reset) return wrong_errno(torn(), "ECONNRESET", "what it had sent was lost");
            const ClauseId which = peer.dead         ? gone(clause("TCP-CLOSE-1"))
                                   : mine.sends_shut ? clause("SOCK-SHUT-1")
                                                     : clause("SOCK-EOF-1");
            return say(which, Reason::early, bytes_of(mine) == 0 ? "the peer may send" : held);
        }
        if (bytes_of(mine) == 0 && moved != 0)
            return say(act.stopped ? clause("SIG-STOP-2") : clause("SOCK-WAITALL-1"), Reason::wrong_count,
                       fmt::format("{} of {} bytes although nothing cut it", moved, act.asked));
        if (flags() & flag_real_length && !come_next)
            return say(clause("TCP-TRUNC-1"), Reason::wrong_value, "bytes came that were to be discarded");
        if (!come_next || bytes_of(mine) == 0)
            return say(looked() ? clause("SOCK-PEEK-1") : content(), Reason::wrong_value,
                       "these are not the bytes that come next");
        return say(flags() & flag_wait_all && mine.arrived == 0 ? clause("SOCK-WAITALL-1") : clause("SOCK-STREAM-2"),
                   Reason::wrong_count, fmt::format("{} of {} bytes; {}", act.tail, act.asked, held));
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

    Breach poll(std::int64_t must, std::int64_t may) const {
        const std::int64_t wrong = (must & ~act.result) | (act.result & ~may),
                           hung_up = poll_hup | poll_rdhup | poll_err;
        return say(wrong & hung_up   ? (wrong & must & ~act.value) ? clause("RDY-6") : clause("RDY-5")
                     : wrong & poll_in ? clause("RDY-1")
                                     : clause("RDY-2"),
                   Reason::wrong_value, "poll does not tell what is so");
    }

    Breach control() const {
        if (act.verb == Verb::shutdown)
            return wrong_errno(clause("SOCK-SHUT-3"), "none", "the connection is there, and shutdown succeeds");
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        const ClauseId which = models::promise_about(option, mechanism_of(component.mechanism));
        if (act.error != Errno::none) return wrong_errno(which, "none", "the option is there");
        return say(which, Reason::wrong_value, "the option is not as it was set");
    }
};

struct Scale {
    judging::Weights& weights;
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }

    void send(const Act& act, std::uint32_t how, std::uint16_t flags, bool aborted) {
        const bool went = act.error == Errno::none && act.full_calls + act.tail > 0;
        add_if(act.error == Errno::EPIPE_, clause("SOCK-EPIPE-1"));
        add_if(how & how_refused || (how & how_after_close && went), clause("TCP-CLOSE-1"));
        add_if(how & how_reset, aborted ? clause("TCP-CLOSE-4") : clause("TCP-CLOSE-2"));
        add_if(how & how_interrupted || (act.restarted && went), clause("SIG-SOCK-1"));
        add_if(how & (how_again | how_short), clause("SOCK-STREAM-4"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-2"));
        add_if(went && !(how & how_short), clause("SOCK-STREAM-3"));
        add_if(went && how & how_half_shut, clause("TCP-CLOSE-3"));
        add_if(went && flags & flag_more, clause("TCP-OPT-2"));
        add_if(went && !act.never_sleeps && act.asked > 2048, clause("TCP-BUF-1"));
    }

    void receive(const Act& act, std::uint32_t how, std::uint16_t flags, bool aborted) {
        add_if(how & how_end, clause("SOCK-EOF-1"));
        add_if(how & how_end && how & how_after_close, clause("TCP-CLOSE-1"));
        add_if(how & how_end && !(how & how_after_close), clause("SOCK-SHUT-2"));
        add_if(how & how_reset, aborted ? clause("TCP-CLOSE-4") : clause("TCP-CLOSE-2"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(how & how_interrupted, act.error == Errno::none ? clause("SIG-SOCK-3") : clause("SIG-SOCK-1"));
        add_if(act.restarted && act.error == Errno::none, clause("SIG-SOCK-1"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-1"));
        if (act.error != Errno::none || !(how & how_there)) return;
        add_if(flags & flag_real_length, clause("TCP-TRUNC-1"));
        add_if(true, clause("SOCK-STREAM-1"));
        add_if(true, clause("TCP-STREAM-1"));
        add_if(how & how_peeked, clause("SOCK-PEEK-1"));
        add_if(how & how_half_shut, clause("SOCK-SHUT-1"));
        add_if(how & how_joined, clause("SOCK-STREAM-2"));
        add_if(flags & flag_wait_all && act.full_calls > 0, clause("SOCK-WAITALL-1"));
        add_if(act.stopped && how & how_slept && act.full_calls > 0, clause("SIG-STOP-2"));
    }

    void other(const Act& act, std::uint32_t how) {
        if (act.verb == Verb::shutdown) return add_if(true, clause("SOCK-SHUT-3"));
        const auto option = static_cast<SocketOption>(act.value & 0xff);
        add_if(option == SocketOption::error && how & how_reset, clause("SOCK-ERR-1"));
        add_if(option == SocketOption::send_buffer && act.verb == Verb::get_option, clause("SOCK-BUF-1"));
        add_if(is_of_tcp(option), clause("TCP-OPT-1"));
    }
};

}  // namespace

judging::Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = act_of(flight);
    const auto& pair = state.pairs[act.object];
    const Refusal refusal{subject_,
                          component_,
                          act,
                          pair[act.end],
                          pair[1 - act.end],
                          may_be_reset(state, act),
                          comes_next(state, flight),
                          flight.moved,
                          limits_of(act)};
    if (act.asleep) {
        Flight copy = flight;
        return refusal.asleep(must_not_sleep(state, copy, models::strict));
    }
    switch (act.kind) {
        case ActKind::write: return refusal.send();
        case ActKind::read: return refusal.receive();
        case ActKind::look_available:
            return refusal.say(
                clause("SOCK-INQ-1"), Reason::wrong_value,
                fmt::format("between {} and {} bytes were there", refusal.mine.arrived, bytes_of(refusal.mine)));
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
    bool killed = false, aborted = false;
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (how[i] & how_stopped) deviations.push_back({clause("SIG-STOP-2"), Reason::wrong_count, "", act.event});
        if (act.asleep || act.open) continue;
        const std::uint16_t flags = subject_.operation(act).flags;
        switch (act.kind) {
            case ActKind::write:
                scale.send(act, how[i], flags, aborted);
                scale.add_if(killed && how[i] & (how_refused | how_reset), clause("TCP-CLOSE-6"));
                break;
            case ActKind::read:
                scale.receive(act, how[i], flags, aborted);
                scale.add_if(killed, clause("PROC-KILL-1"));
                scale.add_if(killed && how[i] & (how_end | how_reset), clause("TCP-CLOSE-6"));
                break;
            case ActKind::look_available: scale.add_if(true, clause("SOCK-INQ-1")); break;
            case ActKind::look_poll:
                scale.add_if(act.value & poll_in, clause("RDY-1"));
                scale.add_if(act.value & poll_out, clause("RDY-2"));
                scale.add_if(act.result & (poll_hup | poll_rdhup), clause("RDY-5"));
                scale.add_if(act.result & ~act.value, clause("RDY-6"));
                break;
            case ActKind::other:
                scale.other(act, how[i]);
                aborted = aborted || (act.verb == Verb::set_option &&
                                      (act.value & 0xff) == static_cast<std::int64_t>(SocketOption::linger));
                break;
            case ActKind::release: killed = killed || act.death; break;
            default: break;
        }
    }
}

}  // namespace crosstalk::connection
