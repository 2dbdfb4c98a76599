// The leader's side of turns. It decides only at quiescence: every actor is at a turn point, over, or asleep in a call.
// With real-time workers on its own core that is so whenever it runs at all; else it looks twice; without /proc it
// waits. It then strikes sleepers whom the plan names, or gives the next turn, or finds that nobody can move.
#include <sched.h>

#include "runners/agent/leader.h"
#include "runners/agent/stops.h"
#include "runners/agent/strikes.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

constexpr std::uint32_t looks_at_a_holder = 25;  // a tenth of a second in which nothing moves
constexpr std::uint32_t clean_looks = 2;         // in a row, with no stamp taken between them
constexpr std::int64_t blind_wait_ns = 2000000;  // without /proc: nothing moved for this long

}  // namespace

bool Leader::anybody(Phase phase) const {
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor)
        if (board->seats[actor].phase.load() == phase) return true;
    return false;
}

// Are all actors that are in calls asleep there? May pause; call it again after false.
bool Leader::all_asleep() {
    Board& b = *board;
    const std::uint32_t seen = b.bell.load();
    const Stamp stamp = b.journal.latest();
    if (stamp != settled_at_) {
        settled_at_ = stamp;
        settled_ = 0;
    }
    bool asleep = true;
    for (std::uint32_t actor = 0; actor < b.actor_count && watch_.has_proc(); ++actor) {
        if (b.seats[actor].phase.load() != Phase::in_call) continue;
        const char state = watch_.state(static_cast<ActorId>(actor));
        if (state != 'S' && !(state == 'T' && is_stopped(static_cast<ActorId>(actor)))) asleep = false;
    }
    settled_ = asleep ? settled_ + 1 : 0;
    if (settled_ >= clean_looks) return true;
    if (watch_.has_proc()) {
        ::sched_yield();
    } else {
        wait_for_bell(seen, blind_wait_ns * slow_);
    }
    return false;
}

// Whoever has the turn is in a call whose own flags forbid sleeping, and sleeps there nevertheless. One look at a time.
bool Leader::holder_sleeps() {
    Board& b = *board;
    const std::uint32_t token = b.token.load();
    const Stamp stamp = b.journal.latest();
    const auto actor = static_cast<ActorId>(token - 1);
    const bool looks = watch_.has_proc() && token != token_leader && (token & token_in_call) == 0 && token != 0;
    const Seat& seat = b.seats[looks ? actor : 0];
    const std::uint32_t step = seat.step.load();
    const Event& record = b.journal.logs[looks ? actor : 0].calls[step];
    const bool asleep = looks && seat.phase.load() == Phase::moving && has_begun(record) && !has_ended(record) &&
                        b.operation(actor, static_cast<StepId>(step)).timeout_ns <= 0 && watch_.state(actor) == 'S';
    holder_looks_ = asleep && stamp == holder_at_ ? holder_looks_ + 1 : 0;
    holder_at_ = stamp;
    return holder_looks_ >= looks_at_a_holder;
}

bool Leader::strike_sleepers() {
    bool did = false;
    for (std::uint32_t actor = 0; actor < board->actor_count && !did; ++actor) {
        const auto id = static_cast<ActorId>(actor);
        if (board->seats[actor].phase.load() == Phase::in_call && !is_stopped(id))
            did = strike_asleep(id, lane_.fifo() || watch_.has_proc());
    }
    return did;
}

// One decision at quiescence. False when nobody can move any more.
bool Leader::decide() {
    settled_ = 0;
    if (link_.carry() || !is_repaired()) return true;
    for (std::uint32_t actor = 0; actor < board->actor_count; ++actor) {
        Seat& seat = board->seats[actor];
        if (seat.phase.load() != Phase::leaving || is_stopped(static_cast<ActorId>(actor))) continue;
        seat.phase.store(Phase::exiting);
        open_gate(static_cast<ActorId>(actor));
        return true;
    }
    if (strike_sleepers()) return true;
    if (resume_due()) return true;
    const int next = choose_next();
    if (next < 0) return link_.release() || resume_one();
    count_turn();
    give_turn(static_cast<ActorId>(next));
    return true;
}

// Looks until all sleep or one of them moved on.
bool Leader::is_calm() {
    const Stamp before = board->journal.latest();
    while (!all_asleep())
        if (board->journal.latest() != before || patience_.look() > std::int64_t{limit_ms_} * 1000000) return false;
    return true;
}

void Leader::lead_turns(const Case&) {
    Board& b = *board;
    patience_.begin();
    settled_ = 0;
    holder_looks_ = 0;
    for (std::uint32_t busy = 1;; ++busy) {
        const std::uint32_t seen = b.bell.load();
        reap();
        if (ending_ == Ending::bounded) return;
        if (busy % 64 == 0 && patience_.look() > std::int64_t{limit_ms_} * 1000000) {
            ending_ = Ending::bounded;
            return;
        }
        std::uint32_t token = b.token.load();
        const bool may_decide = token == token_leader || (token & token_in_call) != 0;
        if (!may_decide && holder_sleeps()) {
            ending_ = Ending::calm;
            return;
        }
        if (!may_decide || anybody(Phase::exiting)) {
            if (patience_.look() > std::int64_t{limit_ms_} * 1000000) {
                ending_ = Ending::bounded;
                return;
            }
            wait_for_bell(seen, look_ns);
            continue;
        }
        if (!lane_.fifo() && b.in_call.load() != 0 && !all_asleep()) continue;
        if (token != token_leader && !b.token.compare_exchange_strong(token, token_leader)) continue;
        if (decide()) continue;
        if (b.in_call.load() == 0) return;
        // Real-time workers on one core rest whenever the leader runs, but for the moments that the kernel keeps for
        // ordinary processes (sched(7), deadline server). Who sleeps for good is judged, so here it is looked at.
        if (lane_.fifo() && !is_calm()) continue;
        if (has_distant_ends_ && (!transit_is_over() || !is_calm())) continue;
        ending_ = Ending::calm;
        return;
    }
}

}  // namespace crosstalk::agent
