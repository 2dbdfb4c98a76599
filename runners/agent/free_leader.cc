// The leader in free cases: it opens for all at once and sleeps until all have ended, looking now and then whether
// those that are left are all asleep for good.
#include "faults/catalog.h"
#include "runners/agent/leader.h"
#include "runners/agent/stops.h"
#include "runners/agent/strikes.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

constexpr std::int64_t strike_look_ns = 200000;  // while an injection waits for its actor to sleep
constexpr int calm_looks = 3;                    // in a row with nothing moved between them

bool in_open_call(std::uint32_t actor) {
    const Seat& seat = board->seats[actor];
    const Event& record = board->journal.logs[actor].calls[seat.step.load()];
    return has_begun(record) && !has_ended(record);
}

bool has_time_limit(std::uint32_t actor) {
    const Seat& seat = board->seats[actor];
    return board->operation(static_cast<ActorId>(actor), static_cast<StepId>(seat.step.load())).timeout_ns > 0;
}

}  // namespace

// Everybody who is left is asleep in a call without a time limit, as far as can be seen at one look.
bool Leader::calm_at_this_look() {
    Board& b = *board;
    bool anybody_left = false;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        const Phase phase = b.seats[actor].phase.load();
        if (phase == Phase::exiting) return false;
        if (phase != Phase::moving) continue;
        anybody_left = true;
        if (is_stopped(static_cast<ActorId>(actor))) continue;
        if (!in_open_call(actor) || has_time_limit(actor)) return false;
        if (watch_.has_proc() && watch_.state(static_cast<ActorId>(actor)) != 'S') return false;
    }
    return anybody_left;
}

// Strikes whom the plan names and who is seen asleep. True if an injection still waits.
bool Leader::strike_free_sleepers() {
    Board& b = *board;
    if (b.strike_count == 0) return false;
    bool waits = false;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        const auto id = static_cast<ActorId>(actor);
        const bool certain = watch_.has_proc();
        if (b.seats[actor].phase.load() != Phase::moving || is_stopped(id) || !awaits_strike(id, certain)) continue;
        waits = true;
        if (in_open_call(actor) && (!certain || (watch_.state(id) == 'S' && in_open_call(actor))))
            strike_asleep(id, certain);
    }
    return waits;
}

void Leader::lead_free(const Case& value) {
    Board& b = *board;
    patience_.begin();
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        if (b.seats[actor].kind == ActorKind::pooled) open_gate(static_cast<ActorId>(actor));
    bool looks_often = false;
    for (const Injection& injection : value.plan)
        looks_often = looks_often || injection.when == When::asleep || injection.fault == stopped_peer_fault;
    Stamp last = 0;
    int calm = 0;
    while (true) {
        const std::uint32_t seen = b.bell.load();
        reap();
        if (ending_ == Ending::bounded) return;
        if (b.live.load() == 0) return;
        const Stamp now = b.journal.latest();
        calm = calm_at_this_look() && now == last ? calm + 1 : 0;
        last = now;
        count_turn();
        if (strike_free_sleepers() || resume_due() || link_.carry()) calm = 0;
        if (calm >= calm_looks && (link_.release() || resume_one())) {
            calm = 0;
        } else if (calm >= calm_looks && !(transit_is_over() && calm_at_this_look() && b.journal.latest() == now)) {
            calm = 0;
        } else if (calm >= calm_looks) {
            ending_ = Ending::calm;
            return;
        }
        if (patience_.look() > std::int64_t{limit_ms_} * 1000000) {
            ending_ = Ending::bounded;
            return;
        }
        wait_for_bell(seen, link_.is_up() ? link_look_ns : looks_often ? strike_look_ns : look_ns);
    }
}

}  // namespace crosstalk::agent
