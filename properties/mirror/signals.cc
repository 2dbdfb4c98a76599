// Signals: who gets them, when their handlers run, and what they do to a call that sleeps (signal(7), "Interruption of
// system calls by signal handlers").
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t sent_by_kernel = 0x80;  // SI_KERNEL
constexpr std::int64_t sent_by_kill = 0;       // SI_USER
constexpr std::int64_t sent_to_thread = -6;    // SI_TKILL
constexpr std::int64_t sent_by_queue = -3;     // SI_MESGQ

bool ignored_by_default(Signal signal) {
    return signal == Signal::SIGCHLD_ || signal == Signal::SIGURG_ || signal == Signal::SIGCONT_;
}

}  // namespace

// The handlers that a process has from its beginning.
void Play::standard_dispositions(Process& process) {
    process.dispositions.fill({});
    process.dispositions[static_cast<std::size_t>(Signal::SIGPIPE_)] = {.standard = false};
    process.dispositions[static_cast<std::size_t>(Signal::SIGUSR1_)] = {.standard = false};
    process.dispositions[static_cast<std::size_t>(Signal::SIGIO_)] = {.standard = false, .restarts = true};
}

Effect Play::dispose(ActorId actor, const Operation& operation) {
    const auto signal = static_cast<Signal>(operation.value);
    Life& life = lives_[actor];
    if (operation.flags & flag_block) {
        if (signal != Signal::SIGKILL_ && signal != Signal::SIGSTOP_) life.blocked |= bit_of(signal);
        return {};
    }
    if (signal == Signal::SIGKILL_ || signal == Signal::SIGSTOP_) return fails(Errno::EINVAL_);
    process_of(actor).dispositions[static_cast<std::size_t>(signal)] = {
        .ignored = (operation.flags & flag_ignore) != 0,
        .standard = (operation.flags & flag_ignore) == 0 && (operation.flags & flag_standard) != 0,
        .restarts = (operation.flags & flag_restart) != 0};
    life.blocked &= ~bit_of(signal);
    return {};
}

void Play::post(Life& life, Signal signal) {
    const Disposition& disposition = processes_[life.process].dispositions[static_cast<std::size_t>(signal)];
    const bool blocked = life.blocked & bit_of(signal);
    if (disposition.ignored && !blocked && !lies(Lie::ignored_interrupts)) return;
    life.pending |= bit_of(signal);
}

std::uint32_t Play::deliverable(const Life& life) const {
    if (life.still || life.process == no_process || processes_[life.process].stage != Stage::lives) return 0;
    const std::uint32_t pending = life.pending | processes_[life.process].pending;
    return lies(Lie::blocked_interrupts) ? pending : pending & ~life.blocked;
}

Play::Handled Play::deliver(ActorId actor) {
    Life& life = lives_[actor];
    Handled handled;
    while (const std::uint32_t pending = deliverable(life)) {
        const auto signal = static_cast<Signal>(std::countr_zero(pending));
        const bool to_process = (life.pending & bit_of(signal)) == 0;
        Process& process = process_of(actor);
        (to_process ? process.pending : life.pending) &= ~bit_of(signal);
        const bool by_message = to_process && (process.of_queue & bit_of(signal)) != 0;
        if (to_process) process.of_queue &= ~bit_of(signal);
        const Disposition disposition = process.dispositions[static_cast<std::size_t>(signal)];
        if (disposition.ignored && !lies(Lie::ignored_interrupts)) continue;
        if (disposition.standard) {
            if (ignored_by_default(signal)) continue;
            kill_by(actor, signal);
            return handled;
        }
        Event event;
        event.kind = EventKind::signal, event.signal = signal;
        const bool between = life.phase == Phase::ready || life.phase == Phase::ended || life.phase == Phase::leaving;
        event.step = between && life.step > 0 ? static_cast<StepId>(life.step - 1) : life.step;
        event.value = by_message                   ? sent_by_queue
                      : signal == Signal::SIGUSR1_ ? sent_to_thread
                      : signal == Signal::SIGCONT_ ? sent_by_kill
                                                   : sent_by_kernel;
        if (!lies(Lie::interruption_untold) || signal != Signal::SIGUSR1_) note(actor, event);
        handled.any = true;
        handled.cuts = handled.cuts || !disposition.restarts;
        if (to_process && process.threads) interrupt_fellows(actor);
    }
    return handled;
}

// A signal to the process may wake one thread and be handled by another: the call of the first is cut short or begun
// anew. It is not interrupted: no handler ran in it.
void Play::interrupt_fellows(ActorId actor) {
    for (std::size_t a = 0; a < lives_.size(); ++a) {
        Life& fellow = lives_[a];
        if (a == actor || fellow.process != lives_[actor].process || fellow.phase != Phase::asleep || fellow.doomed ||
            !dice_.one_in(4))
            continue;
        if (fellow.moved != 0) {
            interrupted(static_cast<ActorId>(a), {.any = true});
        } else {
            fellow.phase = Phase::called;
            fellow.slept = false;
        }
    }
}

// A handler ran while this call slept.
void Play::interrupted(ActorId actor, Handled handled) {
    Life& life = lives_[actor];
    if (life.still || !handled.any) return;
    const Verb verb = life.event.verb;
    if (life.moved != 0 && !lies(Lie::interrupted_after_bytes)) {
        answer(actor, {.result = static_cast<std::int64_t>(life.moved), .value = verb == Verb::recv ? life.told : 0});
        return;
    }
    // signal(7): nor does a call on a socket with a time limit ever begin anew; pthread_mutex_lock(3posix): who waits
    // for a lock waits on.
    const bool limited = is_limited(life, operation_of(life, actor)) && !lies(Lie::limited_restarts);
    const bool never_restarts = lies(Lie::never_restarts) || (lies(Lie::open_never_restarts) && verb == Verb::open);
    if (verb == Verb::lock || (!handled.cuts && verb != Verb::poll && !limited && !never_restarts)) {
        life.phase = Phase::called;
        life.slept = false;
        return;
    }
    give_up_open(life);
    if (lies(Lie::poll_cut_says_0) && verb == Verb::poll)
        answer(actor, {});
    else
        answer(actor, fails(lies(Lie::interruption_is_again) ? Errno::EAGAIN_ : Errno::EINTR_));
    if (!life.still) life.phase = Phase::done;
}

}  // namespace crosstalk::mirror
