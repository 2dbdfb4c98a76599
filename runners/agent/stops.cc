// SIGSTOP and SIGCONT. The word in the seat is what counts: whoever stops itself also waits for it, so that it cannot
// slip on in a process whose other thread was the one to take the signal, or on a system where the signal does nothing.
#include "runners/agent/stops.h"

#include <signal.h>

#include "faults/catalog.h"

namespace crosstalk::agent {
namespace {

constexpr std::int32_t due = -1;  // of turns_to_wait

Seat& process_of(ActorId actor) { return board->seats[board->seats[actor].process]; }

void hold(Seat& process, std::int64_t turns) {
    process.turns_to_wait.store(static_cast<std::int32_t>(turns));
    process.stopped.store(1);
    kernel::kill(process.pid.load(), SIGSTOP);
}

}  // namespace

bool is_stopped(ActorId actor) { return process_of(actor).stopped.load() != 0; }

void stop_here(ActorId actor, std::int64_t turns) {
    Seat& process = process_of(actor);
    hold(process, turns);
    while (process.stopped.load() != 0) futex_wait(process.stopped, 1);
}

void stop(ActorId actor, std::int64_t turns) { hold(process_of(actor), turns); }

void resume(ActorId actor) {
    Seat& process = process_of(actor);
    if (process.stopped.exchange(0) == 0) return;
    kernel::kill(process.pid.load(), SIGCONT);
    futex_wake_all(process.stopped);
}

void count_turn() {
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor) {
        Seat& seat = board->seats[actor];
        if (seat.stopped.load() == 0 || seat.turns_to_wait.load() <= 0) continue;
        if (seat.turns_to_wait.fetch_sub(1) == 1) seat.turns_to_wait.store(due);
    }
}

bool resume_due() {
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor) {
        const Seat& seat = board->seats[actor];
        if (seat.stopped.load() == 0 || seat.turns_to_wait.load() != due) continue;
        resume(static_cast<ActorId>(actor));
        return true;
    }
    return false;
}

bool resume_one() {
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor) {
        if (board->seats[actor].stopped.load() == 0) continue;
        resume(static_cast<ActorId>(actor));
        return true;
    }
    return false;
}

void resume_all() {
    while (resume_one()) {
    }
}

bool stops_before(ActorId actor, StepId step) {
    for (std::uint32_t i = 0; i < board->strike_count; ++i) {
        const Strike& strike = board->strikes[i];
        if (strike.fault == stopped_peer_fault && strike.when == When::before && strike.actor == actor &&
            strike.step == step)
            return true;
    }
    return false;
}

}  // namespace crosstalk::agent
