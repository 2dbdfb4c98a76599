// rt_sigaction by the kernel's own layout would need a restorer for each architecture; sigaction(3) needs only errno,
// which nobody here reads, so the C library's is used.
#include "runners/agent/signals.h"

#include <signal.h>
#include <ucontext.h>

#include <cerrno>

namespace crosstalk::agent {
namespace {

// Which actor runs this handler: threads share everything but their number.
int actor_here() {
    const int tid = kernel::tid();
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor)
        if (board->seats[actor].tid.load(std::memory_order_relaxed) == tid) return static_cast<int>(actor);
    return -1;
}

std::atomic<bool> overdue = false;  // a storm's last signal is handled even when the case is over

// Notes may outnumber the log in one long step: then the latest of equal ones stands for them all.
bool stands_for(const Log& log, const Event& last, const Event& event) {
    if (last.kind != event.kind || last.signal != event.signal || last.step != event.step) return false;
    const Event& call = log.calls[event.step];
    return last.began >= call.began && (!has_ended(call) || last.began > call.ended);
}

void note_signal(ActorId actor, const Event& event) {
    Log& log = board->journal.logs[actor];
    const std::uint32_t used = log.notes_used.load();
    if (used <= max_log_notes * 3 / 4 || used > max_log_notes || !stands_for(log, log.notes[used - 1], event)) {
        board->journal.note(actor, event);
        return;
    }
    Event& last = log.notes[used - 1];
    last.ended = board->journal.stamp();
    std::atomic_ref(last.began).store(last.ended);
}

bool is_open(const Event& told) {
    const Event& call = board->journal.logs[told.actor].calls[told.step];
    return told.step < board->seats[told.actor].steps && has_begun(call) && !has_ended(call);
}

// The thread's mask after the handler is what the kernel restores from the frame.
void calm_storm(const Event& told, void* frame) {
    ::sigaddset(&static_cast<ucontext_t*>(frame)->uc_sigmask, SIGIO);
    Event event{};
    event.kind = EventKind::spinning;
    event.actor = told.actor;
    event.step = told.step;
    event.verb = board->operation(told.actor, told.step).verb;
    event.times = 0;
    board->journal.note(event.actor, event);
}

void record(int number, siginfo_t* info, void* frame) {
    if (board->over() && !overdue.load()) return;
    const int actor = actor_here();
    if (actor < 0) return;
    Seat& seat = board->seats[actor];
    Event event{};
    event.kind = EventKind::signal;
    event.actor = static_cast<ActorId>(actor);
    event.step = static_cast<StepId>(seat.step.load(std::memory_order_relaxed));
    event.signal = signal_from(number);
    event.value = info->si_code;
    note_signal(event.actor, event);
    if (number == SIGIO && seat.told.fetch_add(1) + 1 >= storm_signals && is_open(event)) calm_storm(event, frame);
}

void wake_up(int) {}

struct sigaction handler_for(int number, bool restart) {
    struct sigaction action {};
    if (number == cancel_signal) {
        action.sa_handler = wake_up;
    } else {
        action.sa_sigaction = record;
        action.sa_flags = SA_SIGINFO | (restart ? SA_RESTART : 0);
    }
    return action;
}

long install(int number, bool restart) {
    const struct sigaction action = handler_for(number, restart);
    return ::sigaction(number, &action, nullptr) == 0 ? 0 : -errno;
}

long change_mask(int how, int number) {
    sigset_t set;
    sigemptyset(&set);
    if (number != 0) sigaddset(&set, number);
    return ::sigprocmask(how, &set, nullptr) == 0 ? 0 : -errno;
}

}  // namespace

void install_handlers() {
    for (const int number : {SIGHUP, SIGINT, SIGALRM, SIGTERM, SIGUSR2, SIGCHLD, SIGURG, SIGXFSZ})
        ::signal(number, SIG_DFL);
    install(SIGPIPE, false);
    install(SIGUSR1, false);
    install(SIGIO, true);
    install(cancel_signal, false);
    change_mask(SIG_SETMASK, 0);
}

long dispose(Signal signal, std::uint16_t flags) {
    const int number = number_of(signal);
    if (number == 0) return -EINVAL;
    if ((flags & flag_block) != 0) return change_mask(SIG_BLOCK, number);
    long result = 0;
    if ((flags & (flag_ignore | flag_standard)) != 0) {
        struct sigaction action {};
        action.sa_handler = (flags & flag_ignore) != 0 ? SIG_IGN : SIG_DFL;
        if (::sigaction(number, &action, nullptr) != 0) result = -errno;
    } else {
        result = install(number, (flags & flag_restart) != 0);
    }
    if (result == 0) change_mask(SIG_UNBLOCK, number);
    return result;
}

bool set_restart(bool restart) {
    struct sigaction now {};
    ::sigaction(SIGUSR1, nullptr, &now);
    if ((now.sa_flags & SA_SIGINFO) == 0) return false;
    if (((now.sa_flags & SA_RESTART) != 0) != restart) install(SIGUSR1, restart);
    return true;
}

void end_told(ActorId actor) {
    if (board->seats[actor].told.exchange(0) < storm_signals) return;
    overdue.store(true);
    change_mask(SIG_UNBLOCK, SIGIO);
    overdue.store(false);
}

long signal_actor(ActorId actor, int number) {
    const Seat& seat = board->seats[actor];
    return kernel::tgkill(seat.pid.load(), seat.tid.load(), number);
}

}  // namespace crosstalk::agent
