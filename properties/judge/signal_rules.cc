// Rules on signals. A signal permits EINTR or a short count, it never requires either (signal(7)); what it requires is
// stated here: the handler that ran inside a call that says EINTR, SIGPIPE beside EPIPE, SIGIO after new input.
#include <algorithm>

#include <fmt/format.h>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "mechanisms/journal.h"
#include "properties/clauses/all.h"
#include "properties/judge/rules.h"
#include "properties/judge/tables.h"

namespace crosstalk::judging {
namespace {

struct SignalFacts {
    const Subject& subject;
    std::vector<std::uint32_t> signals;  // events
    // An actor's log is bounded: once it is full, the absence of a signal says nothing.
    bool log_is_full(ActorId actor) const {
        std::size_t notes = 0;
        for (const Event& event : subject.history->events)
            notes += event.actor == actor && (event.kind == EventKind::signal || event.kind == EventKind::fault);
        return notes + 1 >= max_log_notes;
    }
    bool ran(ActorId actor, Signal signal, Stamp from, Stamp to) const {
        for (const std::uint32_t s : signals) {
            const Event& event = subject.history->events[s];
            if (event.actor == actor && (signal == Signal::none || event.signal == signal) && event.began > from &&
                event.began < to)
                return true;
        }
        return false;
    }
    // All threads of a process stop with it.
    bool was_stopped(ActorId actor, Stamp before) const {
        const auto process = [&](ActorId thread) {
            const std::vector<Actor>& actors = subject.value->program.actors;
            while (actors[thread].kind == ActorKind::thread) thread = actors[thread].parent;
            return thread;
        };
        return std::ranges::any_of(subject.history->events, [&](const Event& event) {
            return event.kind == EventKind::fault && event.fault == stopped_peer_fault &&
                   process(event.actor) == process(actor) && event.result == 1 && event.began < before;
        });
    }
};

// How the actor's process treats a signal at this step, as far as its own straight line and its parents' tell.
Disposition disposition_at(const Program& program, ActorId actor, StepId step, Signal signal) {
    Disposition result;
    const Actor& line = program.actors[actor];
    if (line.kind != ActorKind::pooled) {
        const Actor& parent = program.actors[line.parent];
        for (StepId s = 0; s < parent.steps.size(); ++s)
            if (parent.steps[s].verb == Verb::start && parent.steps[s].value == actor) {
                result = disposition_at(program, line.parent, s, signal);
                break;
            }
    }
    for (StepId s = 0; s < step && s < line.steps.size(); ++s) {
        const Operation& operation = line.steps[s];
        if (operation.verb != Verb::signal || operation.value != static_cast<std::int64_t>(signal)) continue;
        result = disposition_of(operation);
    }
    return result;
}

bool has_verb(const Program& program, Verb verb) {
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            if (operation.verb == verb) return true;
    return false;
}

// Does anybody set a time limit of a socket?
bool limits_time(const Program& program) {
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps) {
            const bool message = operation.verb == Verb::send || operation.verb == Verb::recv;
            const auto option = static_cast<SocketOption>(operation.value & 0xff);
            const bool limit = option == SocketOption::receive_limit || option == SocketOption::send_limit;
            if ((message && operation.timeout_ns != forever) || (operation.verb == Verb::set_option && limit))
                return true;
        }
    return false;
}

bool changes(const Program& program, Signal signal) {
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            if (operation.verb == Verb::signal && operation.value == static_cast<std::int64_t>(signal)) return true;
    return false;
}

bool is_thread_or_has_threads(const Program& program, ActorId actor) {
    for (;; actor = program.actors[actor].parent) {  // a fork inherits what threads of its parent have set
        if (program.actors[actor].kind == ActorKind::thread) return true;
        for (const Actor& other : program.actors)
            if (other.kind == ActorKind::thread && other.parent == actor) return true;
        if (program.actors[actor].kind != ActorKind::forked) return false;
    }
}

// Signals that injections sent into a call whose process blocks or ignores them, and stops inside one: they must pass.
void check_passing_signals(const SignalFacts& facts, bool execs, Weights& weights, std::vector<Breach>& breaches) {
    const History& history = *facts.subject.history;
    const Program& program = facts.subject.value->program;
    for (const Event& strike : history.events) {
        const bool sends = strike.fault == interruption_fault, stops = strike.fault == stopped_peer_fault;
        if (strike.kind != EventKind::fault || strike.result != 1 || (!sends && !stops)) continue;
        const auto call = std::ranges::find_if(history.events, [&](const Event& each) {
            return each.kind == EventKind::call && each.actor == strike.actor && each.step == strike.step &&
                   each.began < strike.began && (each.ended == 0 || each.ended > strike.began);
        });
        if (call == history.events.end() || call->error == Errno::EINTR_) continue;  // that is judged as such
        if (stops) {
            if (call->ended != 0) ++weights[clause("SIG-STOP-1")];
            continue;
        }
        if (execs || (is_thread_or_has_threads(program, call->actor) && changes(program, Signal::SIGUSR1_))) continue;
        const Disposition treated = disposition_at(program, call->actor, call->step, Signal::SIGUSR1_);
        if (!treated.blocked && !treated.ignored) continue;
        const ClauseId which = treated.blocked ? clause("SIG-MASK-1") : clause("SIG-IGN-1");
        if (facts.ran(call->actor, Signal::SIGUSR1_, call->began, call->ended == 0 ? never : call->ended))
            breaches.push_back({which,
                                Reason::wrong_value,
                                "",
                                static_cast<std::size_t>(call - history.events.begin()),
                                {"the handler of an ignored or blocked SIGUSR1 ran inside the call"}});
        else
            ++weights[which];
    }
}

// send(2): SIGPIPE comes on a stream, unless MSG_NOSIGNAL asks for none. Where it comes late or never on other sockets,
// and to a sleeper whose end changes meanwhile, the channel says what deviates.
bool sends_sigpipe(const std::vector<Component>& components, const Program& program, std::uint32_t call) {
    for (const Component& component : components)
        for (const Act& send : component.acts) {
            if (send.event != call || send.kind != ActKind::write) continue;
            if (program.actors[send.actor].steps[send.step].flags & flag_no_signal) return false;
            const bool changes = std::ranges::any_of(component.acts, [&](const Act& other) {
                return (other.kind == ActKind::release || other.verb == Verb::shutdown) && other.began < send.ended &&
                       send.began < other.ended;
            });
            const Mechanism& mechanism = mechanism_of(component.mechanism);
            return !changes && (mechanism.semantics == Semantics::byte_stream || binds::sctp(mechanism));
        }
    return false;
}

}  // namespace

void check_signals(const Subject& subject, const std::vector<Component>& components, Weights& weights,
                   std::vector<Breach>& breaches) {
    const History& history = *subject.history;
    const Program& program = subject.value->program;
    SignalFacts facts{subject, {}};
    for (std::uint32_t i = 0; i < history.events.size(); ++i)
        if (history.events[i].kind == EventKind::signal) facts.signals.push_back(i);
    const bool execs = has_verb(program, Verb::exec);
    const bool sockets = !program.objects.empty() && binds::sockets(mechanism_of(program.objects[0].mechanism));
    const ClauseId with_epipe = sockets ? clause("SOCK-EPIPE-1") : clause("PIPE-WRITE-2");
    if (!subject.value->plan.empty()) check_passing_signals(facts, execs, weights, breaches);

    for (std::uint32_t i = 0; i < history.events.size(); ++i) {
        const Event& event = history.events[i];
        if (event.kind != EventKind::call || event.ended == 0) continue;
        const bool inside = !facts.signals.empty() && facts.ran(event.actor, Signal::none, event.began, event.ended);
        if (event.error == Errno::EINTR_) {
            const ClauseId which = event.verb == Verb::poll       ? clause("SIG-POLL-1")
                                   : event.verb == Verb::sem_wait ? clause("SEM-WAIT-5")
                                   : sockets                      ? clause("SIG-SOCK-1")
                                                                  : clause("SIG-RW-1");
            const bool queue = event.verb == Verb::mq_send || event.verb == Verb::mq_receive;
            if (!inside && facts.log_is_full(event.actor)) continue;
            // signal(7), "Interruption of system calls and library functions by stop signals": epoll_wait may. Who asks
            // by epoll is alone in its process.
            const bool by_epoll =
                event.verb == Verb::poll && program.actors[event.actor].steps[event.step].flags & flag_epoll;
            // The same page: sockets with a time limit, too.
            const bool timed = sockets && limits_time(program);
            if (!inside && (by_epoll || timed) && facts.was_stopped(event.actor, event.ended)) continue;
            if (!inside) {
                breaches.push_back(
                    {clause("SIG-IGN-1"), Reason::wrong_errno, "EINTR/none", i, {"no handler ran inside the call"}});
            } else {
                weights[which] += !queue;
                ++weights[clause("SIG-LOSS-1")];
            }
        } else if (inside &&
                   (event.verb == Verb::read || event.verb == Verb::write || event.verb == Verb::readv ||
                    event.verb == Verb::writev || event.verb == Verb::mq_send || event.verb == Verb::mq_receive)) {
            ++weights[clause("SIG-LOSS-1")];
        }
        if (event.error != Errno::EPIPE_ || execs) continue;
        if (sockets && event.verb == Verb::send &&
            program.actors[event.actor].steps[event.step].flags & flag_no_signal &&
            facts.ran(event.actor, Signal::SIGPIPE_, event.began, event.ended))
            breaches.push_back(
                {with_epipe, Reason::wrong_value, "", i, {"SIGPIPE came although MSG_NOSIGNAL asked for none"}});
        if (sockets && !sends_sigpipe(components, program, i)) continue;
        if (is_thread_or_has_threads(program, event.actor) && changes(program, Signal::SIGPIPE_))
            continue;  // whose came last?
        const Disposition disposition = disposition_at(program, event.actor, event.step, Signal::SIGPIPE_);
        const bool told = facts.ran(event.actor, Signal::SIGPIPE_, event.began, event.ended);
        if (disposition.standard) {
            breaches.push_back({clause("SIG-PIPE-2"),
                                Reason::no_signal,
                                "",
                                i,
                                {"SIGPIPE with its default disposition ends the process"}});
        } else if (disposition.ignored || disposition.blocked) {
            if (told)
                breaches.push_back({clause("SIG-MASK-1"),
                                    Reason::wrong_value,
                                    "",
                                    i,
                                    {"the handler of an ignored or blocked SIGPIPE ran"}});
            else
                ++weights[with_epipe], ++weights[disposition.blocked ? clause("SIG-MASK-1") : clause("SIG-IGN-1")];
        } else if (!told && facts.log_is_full(event.actor)) {
            continue;
        } else if (!told) {
            breaches.push_back(
                {with_epipe, Reason::no_signal, "", i, {"EPIPE came without SIGPIPE to the thread that wrote"}});
        } else {
            ++weights[with_epipe];
            if (is_thread_or_has_threads(program, event.actor)) ++weights[clause("SIG-PIPE-1")];
        }
    }
    for (const Event& event : history.events)
        if (event.kind == EventKind::death && event.signal == Signal::SIGPIPE_) ++weights[clause("SIG-PIPE-2")];

    // O_ASYNC: every write that moved bytes after the flag was set is followed by SIGIO to the process that set it,
    // before the history ends. One pending signal may stand for several writes; it then still runs after the last of
    // them began.
    if (execs || !has_verb(program, Verb::set_flags)) return;
    for (const Component& component : components)
        for (const Act& set : component.acts) {
            if (set.kind != ActKind::set_flags || set.end != 0 || !(set.value & flag_async) || set.open) continue;
            if (is_thread_or_has_threads(program, set.actor)) continue;  // any of its threads may get it
            bool handled = true;  // from here on to its end; else the signal may be gone
            for (auto step = set.step; step <= program.actors[set.actor].steps.size(); ++step) {
                const Disposition disposition = disposition_at(program, set.actor, step, Signal::SIGIO_);
                handled = handled && !disposition.blocked && !disposition.ignored && !disposition.standard;
            }
            if (!handled) continue;
            Stamp until = never;  // until the flags change again, or the owner dies, or a description goes
            for (const Act& other : component.acts) {
                if (other.kind == ActKind::set_flags && other.description == set.description && &other != &set &&
                    other.ended > set.began)
                    until = std::min(until, other.began);
                if (other.kind == ActKind::release && other.process == set.process)
                    until = std::min(until, other.began);
                if (other.kind == ActKind::release && other.object == set.object && other.end == 0)
                    until = std::min(until, other.began);
            }
            for (const Event& event : history.events)
                if (event.kind == EventKind::death && event.actor == set.actor) until = std::min(until, event.began);
            for (const Act& write : component.acts) {
                if (write.kind != ActKind::write || write.object != set.object || write.open || write.result <= 0)
                    continue;
                if (write.began < set.ended || write.ended > until) continue;
                // A handler runs before its process does anything else; whether it does is open until then.
                const bool went_on = std::ranges::any_of(history.events, [&](const Event& event) {
                    return event.kind == EventKind::call && event.actor == set.actor && event.began > write.ended;
                });
                if (!went_on || facts.log_is_full(set.actor)) continue;
                if (!facts.ran(set.actor, Signal::SIGIO_, write.began, never))
                    breaches.push_back(
                        {clause("PIPE-ASYNC-1"), Reason::no_signal, "", write.event, {"no SIGIO after this input"}});
                else
                    ++weights[clause("PIPE-ASYNC-1")];
            }
        }
}

}  // namespace crosstalk::judging
