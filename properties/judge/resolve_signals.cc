// What signals did to one call: handlers that ran in it, stops that held its process, a SIGPIPE that ended it.
#include <algorithm>

#include "faults/catalog.h"
#include "mechanisms/journal.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

// Killed by SIGPIPE: is it this call that brought it? Only calls that put bytes in do, and of several nobody knows
// which.
bool Resolver::sends_sigpipe(const Act& act) const {
    const auto puts_in = [](ActKind kind) { return kind != ActKind::read && kind <= ActKind::tee; };
    const auto verb_puts_in = [](Verb verb) {
        return verb == Verb::splice || verb == Verb::tee || sheet_of(verb).flow == Flow::out;
    };
    const auto open_ones = std::ranges::count_if(history_.events, [&](const Event& event) {
        return event.kind == EventKind::call && event.ended == 0 && process_[event.actor] == act.process &&
               verb_puts_in(event.verb);
    });
    return puts_in(act.kind) && open_ones == 1;
}

void Resolver::signals_inside(Act& act) const {
    // A thread that is started while the call goes on is in this process, too.
    const auto in_its_process = [&](ActorId actor) {
        const auto& actors = value_.program.actors;
        for (std::size_t i = 0; i < actors.size() && process_[actor] == no_process; ++i)
            if (actors[actor].kind == ActorKind::thread) actor = actors[actor].parent;
        return process_[actor] == act.process;
    };
    for (const std::uint32_t s : stops_) {
        const Event& stop = history_.events[s];
        if (!in_its_process(stop.actor) || stop.began > act.ended) continue;
        // Who stops itself before a call has gone on when it begins; what others sent may still be on its way.
        const bool by_itself =
            stop.actor == act.actor && std::ranges::any_of(value_.plan, [&](const Injection& planned) {
                return planned.fault == stop.fault && planned.actor == stop.actor && planned.step == stop.step &&
                       planned.when == When::before;
            });
        act.stopped = act.stopped || stop.began > act.began || !by_itself;
    }
    // An actor's log is bounded: where it runs full, later handlers stand for others that are not in it.
    constexpr std::size_t sparse_from = max_log_notes * 3 / 4;
    if (std::ranges::count_if(signals_, [&](std::uint32_t s) { return history_.events[s].actor == act.actor; }) >=
        static_cast<std::ptrdiff_t>(sparse_from))
        act.interrupted = act.restarted = true;
    for (const std::uint32_t s : signals_) {
        const Event& signal = history_.events[s];
        if (signal.signal == Signal::SIGPIPE_) continue;  // comes from the call itself, and interrupts nothing
        if (signal.began < act.began || signal.began > act.ended) continue;
        if (signal.actor != act.actor) {
            // A signal to the process may wake one thread and be handled by another (signal(7)): the call of the first
            // is cut short or begun anew, without a handler in it.
            const bool fellow =
                in_its_process(signal.actor) && (signal.signal == Signal::SIGIO_ || signal.value == code_of_queue);
            act.restarted = act.restarted || fellow;
            continue;
        }
        bool injected = false;
        if (signal.signal == Signal::SIGUSR1_)  // an injected one brings its own handler
            for (const Injection& injection : value_.plan) {
                const bool own = injection.actor == act.actor && injection.step == act.step;
                const bool fellow =
                    processes_[act.process].shared_by_threads && process_[injection.actor] == act.process;
                if (!own && !fellow) continue;  // threads share their handlers
                (injection.restart ? act.restarted : act.interrupted) = injected = true;
            }
        const bool restarts = processes_[act.process].dispositions[static_cast<std::size_t>(signal.signal)].restarts;
        if (!injected) (restarts ? act.restarted : act.interrupted) = true;
        disposed_meanwhile(act, signal);
    }
}

}  // namespace crosstalk::judging
