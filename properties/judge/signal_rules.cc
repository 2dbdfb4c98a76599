// Rules on signals. A signal permits EINTR or a short count, it never requires either (signal(7)); what it requires is
// stated here: the handler that ran inside a call that says EINTR, SIGPIPE beside EPIPE, SIGIO after new input.
#include <algorithm>

#include <fmt/format.h>

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

bool changes(const Program& program, Signal signal) {
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            if (operation.verb == Verb::signal && operation.value == static_cast<std::int64_t>(signal)) return true;
    return false;
}

bool is_thread_or_has_threads(const Program& program, ActorId actor) {
    if (program.actors[actor].kind == ActorKind::thread) return true;
    for (const Actor& other : program.actors)
        if (other.kind == ActorKind::thread && other.parent == actor) return true;
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

    for (std::uint32_t i = 0; i < history.events.size(); ++i) {
        const Event& event = history.events[i];
        if (event.kind != EventKind::call || event.ended == 0) continue;
        const bool inside = !facts.signals.empty() && facts.ran(event.actor, Signal::none, event.began, event.ended);
        if (event.error == Errno::EINTR_) {
            const bool polls = event.verb == Verb::poll;
            const ClauseId which = polls ? clause("SIG-POLL-1") : clause("SIG-RW-1");
            if (!inside && facts.log_is_full(event.actor)) continue;
            if (!inside) {
                breaches.push_back(
                    {clause("SIG-IGN-1"), Reason::wrong_errno, "EINTR/none", i, {"no handler ran inside the call"}});
            } else {
                ++weights[which];
                ++weights[clause("SIG-LOSS-1")];
            }
        } else if (inside && (event.verb == Verb::read || event.verb == Verb::write || event.verb == Verb::readv ||
                              event.verb == Verb::writev)) {
            ++weights[clause("SIG-LOSS-1")];
        }
        if (event.error != Errno::EPIPE_ || execs) continue;
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
                ++weights[clause("PIPE-WRITE-2")],
                    ++weights[disposition.blocked ? clause("SIG-MASK-1") : clause("SIG-IGN-1")];
        } else if (!told && facts.log_is_full(event.actor)) {
            continue;
        } else if (!told) {
            breaches.push_back({clause("PIPE-WRITE-2"),
                                Reason::no_signal,
                                "",
                                i,
                                {"EPIPE came without SIGPIPE to the thread that wrote"}});
        } else {
            ++weights[clause("PIPE-WRITE-2")];
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
            const Disposition disposition = disposition_at(
                program, set.actor, static_cast<StepId>(program.actors[set.actor].steps.size()), Signal::SIGIO_);
            if (disposition.blocked || disposition.ignored || disposition.standard) continue;
            Stamp until = never;  // until the flags change again, or the owner dies, or a description goes
            for (const Act& other : component.acts) {
                if (other.kind == ActKind::set_flags && other.description == set.description && &other != &set &&
                    other.ended > set.began)
                    until = std::min(until, other.began);
                if (other.kind == ActKind::release && other.process == set.process)
                    until = std::min(until, other.began);
                if (other.kind == ActKind::release && other.pipe == set.pipe && other.end == 0)
                    until = std::min(until, other.began);
            }
            for (const Event& event : history.events)
                if (event.kind == EventKind::death && event.actor == set.actor) until = std::min(until, event.began);
            for (const Act& write : component.acts) {
                if (write.kind != ActKind::write || write.pipe != set.pipe || write.open || write.result <= 0) continue;
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
