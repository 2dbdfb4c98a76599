// The actors' side of turns, and the rule of choice. The leader's side is in turns_leader.cc.
#include "runners/agent/turns.h"

#include "runners/agent/stops.h"

namespace crosstalk::agent {
namespace {

bool can_move(ActorId actor) {
    return actor < board->actor_count && board->seats[actor].phase.load(std::memory_order_acquire) == Phase::ready &&
           !is_stopped(actor);
}

}  // namespace

int choose_next() {
    Board& b = *board;
    while (b.first_unused < b.choice_count && b.used[b.first_unused] != 0) ++b.first_unused;
    for (std::uint32_t i = b.first_unused; i < b.choice_count; ++i) {
        if (b.used[i] != 0 || !can_move(b.choices[i])) continue;
        b.used[i] = 1;
        return b.choices[i];
    }
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        if (can_move(static_cast<ActorId>(actor))) return static_cast<int>(actor);
    return -1;
}

void give_turn(ActorId actor) {
    Seat& seat = board->seats[actor];
    seat.phase.store(Phase::moving);
    board->token.store(token_of(actor));
    open_gate(actor);
}

void open_gate(ActorId actor) {
    FutexWord& gate = board->gate_of(actor);
    gate.store(board->serial);
    futex_wake(gate);
}

std::uint32_t wait_at_gate(FutexWord& gate, std::uint32_t done_serial) {
    for (;;) {
        const std::uint32_t serial = gate.exchange(0);
        if (serial != 0 && serial != done_serial) return serial;
        if (serial == 0) futex_wait(gate, 0);
    }
}

void announce(ActorId actor) {
    board->in_call.fetch_add(1);
    board->seats[actor].phase.store(Phase::in_call);
    board->token.store(token_of(actor) + token_in_call);
    board->ring();
}

bool retract(ActorId actor) {
    std::uint32_t mine = token_of(actor) + token_in_call;
    const bool kept = board->token.compare_exchange_strong(mine, token_of(actor));
    if (kept) {
        board->seats[actor].phase.store(Phase::moving);
        board->in_call.fetch_sub(1);
    }
    return kept;
}

bool hand_over(ActorId actor, bool has_turn) {
    Board& b = *board;
    const bool leaving = b.seats[actor].phase.load() == Phase::leaving;
    if (!has_turn) {  // was asleep while others moved: one more at a turn point, and the leader counts them
        b.in_call.fetch_sub(1);
        b.ring();
        return false;
    }
    if (leaving || b.careful || b.in_call.load() != 0) {
        b.token.store(token_leader);
        b.ring();
        return false;
    }
    const int next = choose_next();
    if (next == actor) {
        b.seats[actor].phase.store(Phase::moving);
        return true;
    }
    if (next < 0) {
        b.token.store(token_leader);
        b.ring();
    } else {
        give_turn(static_cast<ActorId>(next));
    }
    return false;
}

}  // namespace crosstalk::agent
