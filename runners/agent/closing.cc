// Deaths while a case runs, and its end: everybody out of their calls, everything cleaned up.
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

#include "mechanisms/system/operations.h"
#include "runners/agent/leader.h"
#include "runners/agent/object_names.h"
#include "runners/agent/signals.h"
#include "runners/agent/stops.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

std::atomic<bool> changed = false;

void child_changed(int) {
    changed.store(true);
    if (board != nullptr) board->bell.fetch_add(1);  // a leader about to sleep will not
}

// The last moment at which an actor that died unasked is known to have lived.
Stamp last_sign_of_life(ActorId actor) {
    Stamp last = 0;
    const Log& log = board->journal.logs[actor];
    for (std::size_t step = 0; step < board->seats[actor].steps; ++step)
        last = std::max({last, log.calls[step].began, log.calls[step].ended});
    return last;
}

}  // namespace

void watch_children() {
    struct sigaction action {};
    action.sa_handler = child_changed;
    action.sa_flags = SA_NOCLDSTOP;
    ::sigaction(SIGCHLD, &action, nullptr);
}

bool children_changed() { return changed.exchange(false); }

void Leader::wait_for_bell(std::uint32_t seen, std::int64_t limit_ns) {
    Board& b = *board;
    b.leader_waits.store(1);
    if (b.bell.load() == seen) futex_wait_for(b.bell, seen, limit_ns);
    b.leader_waits.store(0);
}

void Leader::reap() {
    if (!children_changed()) return;
    for (;;) {
        int status = 0;
        const long pid = kernel::call(SYS_wait4, -1, &status, WNOHANG | __WALL, nullptr);
        if (pid == -EINTR) continue;
        if (pid <= 0) return;
        buried(static_cast<int>(pid), status);
    }
}

void Leader::buried(int pid, int status) {
    Board& b = *board;
    if (lane_.zygote_lost(pid)) fit_ = false;
    lane_.lost(pid);
    std::uint32_t found = max_actors;
    for (std::uint32_t actor = 0; actor < b.actor_count && found == max_actors; ++actor)
        if (b.seats[actor].pid.load() == pid && b.seats[actor].process == actor) found = actor;
    if (found == max_actors) return;
    b.seats[found].stopped.store(0);
    if (b.over()) {  // ended by the leader itself: nothing to record
        b.seats[found].phase.store(Phase::dead);
        return;
    }
    const Stamp dying = b.seats[found].dying.load();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {  // RLIMIT_RTTIME
        for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
            if (b.seats[actor].process == found) note_spinning(static_cast<ActorId>(actor));
        ending_ = Ending::bounded;
    } else if (dying == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        ending_ = Ending::bounded;  // nobody of ours: the machine's own need of memory, or a person
    }
    Event event{};
    event.kind = EventKind::death;
    event.actor = static_cast<ActorId>(found);
    event.began = dying != 0 ? dying : std::max<Stamp>(last_sign_of_life(event.actor), 1);
    event.ended = b.journal.stamp();
    if (WIFSIGNALED(status)) event.signal = signal_from(WTERMSIG(status));
    if (WIFEXITED(status)) event.value = WEXITSTATUS(status);
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        Seat& seat = b.seats[actor];
        if (seat.process != found || (actor != found && seat.kind != ActorKind::thread)) continue;
        const Phase was = seat.phase.exchange(Phase::dead);
        if (was == Phase::in_call) b.in_call.fetch_sub(1);
        const bool lived = was == Phase::ready || was == Phase::moving || was == Phase::in_call ||
                           was == Phase::leaving || was == Phase::exiting;
        if (lived && b.mode == Mode::free) b.live.fetch_sub(1);
        const std::uint32_t token = b.token.load();
        if (token == token_of(static_cast<ActorId>(actor)) ||
            token == token_of(static_cast<ActorId>(actor)) + token_in_call)
            b.token.store(token_leader);
    }
    add(event);
}

// What was passed and never received, and what waited for an actor that died, would keep objects alive.
void Leader::empty_mailboxes() {
    Board& b = *board;
    bool needed = b.passes;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        needed = needed || b.seats[actor].phase.load() == Phase::dead;
    for (std::uint32_t actor = 0; needed && actor < b.actor_count; ++actor) {
        PassNote note;
        std::size_t count = 0;
        while (receive_descriptors(mailbox_in(static_cast<ActorId>(actor)), note, nullptr, 0, count, MSG_DONTWAIT) >=
               0) {
        }
    }
}

void Leader::close_down() {
    Board& b = *board;
    std::uint32_t cleaning = 0;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        if (b.seats[actor].kind == ActorKind::pooled && b.seats[actor].phase.load() != Phase::dead) ++cleaning;
    b.cleaning.store(cleaning);  // the last of them rings
    b.curtain.store(b.serial);
    resume_all();
    futex_wake_all(b.curtain);
    if (b.mode == Mode::free) futex_wake_all(b.starters);
    const std::int64_t until_kills_ns = 300000000 * std::int64_t{slow_}, until_end_ns = 10 * until_kills_ns;
    bool looked_again = false;
    patience_.begin();
    for (;;) {
        const std::int64_t spent_ns = patience_.look();
        const std::uint32_t seen = b.bell.load();
        bool left = false, unborn = false;
        for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
            Seat& seat = b.seats[actor];
            const Phase phase = seat.phase.load();
            const bool pooled = seat.kind == ActorKind::pooled;
            if (seat.kind == ActorKind::thread || phase == Phase::dead || phase == Phase::unborn) continue;
            if (seat.clean.load() == b.serial) continue;
            if (seat.pid.load() == 0) {  // its parent has begun to start it: perhaps it comes, perhaps the parent died
                unborn = true;
                continue;
            }
            left = true;
            if (!pooled || spent_ns > until_kills_ns) {
                kernel::kill(seat.pid.load(), SIGKILL);
            } else if (phase != Phase::ended || seat.steps == 0) {
                open_gate(static_cast<ActorId>(actor));
                if (phase != Phase::ready && phase != Phase::ended)
                    signal_actor(static_cast<ActorId>(actor), cancel_signal);
            }
        }
        if (!left && unborn && !looked_again) {  // all parents were gone now, or at the end of this look
            looked_again = true;
            continue;
        }
        if (!left) break;
        looked_again = false;
        if (spent_ns > until_end_ns) {
            fit_ = false;
            why_ = "a process could not be ended";
            ending_ = Ending::broken;
            break;
        }
        wait_for_bell(seen, look_ns);
        reap();
    }
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        if (b.slots[actor].left_image != 0) lane_.lost(b.seats[actor].pid.load());  // it leaves after cleaning up
        if (const int leaked = b.seats[actor].leaked.load(); leaked > 0) {
            Event event{};
            event.kind = EventKind::probe;
            event.actor = static_cast<ActorId>(actor);
            event.object = leaked_descriptors;
            event.result = leaked;
            event.began = event.ended = b.journal.stamp();
            add(event);
        }
    }
    empty_mailboxes();
    remove_names();
}

}  // namespace crosstalk::agent
