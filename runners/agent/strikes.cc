// Interruptions and kills, by name; and their `fault` records.
#include "runners/agent/strikes.h"

#include <signal.h>

#include <algorithm>

#include "faults/catalog.h"
#include "runners/agent/signals.h"

namespace crosstalk::agent {
namespace {

template <class Do>
void each_strike(ActorId actor, StepId step, When when, Do act) {
    for (std::uint32_t i = 0; i < board->strike_count; ++i) {
        Strike& strike = board->strikes[i];
        if (strike.actor == actor && strike.step == step && strike.when == when) act(strike);
    }
}

std::uint32_t wanted_times(const Strike& strike) {
    if (strike.fault != interruption_fault) return 1;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(strike.argument, 1, 1000));
}

void note_fired(const Strike& strike) {
    Event event{};
    event.kind = EventKind::fault;
    event.actor = strike.actor;
    event.step = strike.step;
    event.fault = strike.fault;
    event.times = strike.occurrence;
    event.result = 1;
    board->journal.note(strike.actor, event);
}

void die(Strike& strike) {
    strike.struck.store(1);
    note_fired(strike);
    Seat& seat = board->seats[strike.actor];
    board->seats[seat.process].dying.store(board->journal.stamp());
    for (;;) kernel::kill(kernel::pid(), SIGKILL);
}

}  // namespace

void strike_before(ActorId actor, StepId step, std::uint32_t occurrence) {
    // A handler that restarts, or does not, must stand before the call, whenever the signal comes.
    for (const When when : {When::asleep, When::before})
        each_strike(actor, step, when, [occurrence](Strike& strike) {
            if (strike.fault != interruption_fault || strike.occurrence != occurrence) return;
            set_restart(strike.restart);
            board->slots[board->seats[strike.actor].process].dirty_signals = 1;
        });
    each_strike(actor, step, When::before, [occurrence](Strike& strike) {
        if (strike.occurrence != occurrence) return;
        if (strike.fault == killed_peer_fault) die(strike);
        if (strike.fault != interruption_fault) return;
        for (std::uint32_t i = 0; i < wanted_times(strike); ++i) kernel::tgkill(kernel::pid(), kernel::tid(), SIGUSR1);
        strike.struck.store(1);
        note_fired(strike);
    });
}

void strike_after(ActorId actor, StepId step, std::uint32_t occurrence) {
    each_strike(actor, step, When::after, [occurrence](Strike& strike) {
        if (strike.fault == killed_peer_fault && strike.occurrence == occurrence) die(strike);
    });
}

bool awaits_strike(ActorId actor) {
    const Seat& seat = board->seats[actor];
    bool waits = false;
    each_strike(actor, static_cast<StepId>(seat.step.load()), When::asleep, [&](Strike& strike) {
        if (strike.occurrence == seat.occurrence.load() && strike.struck.load() < wanted_times(strike)) waits = true;
    });
    return waits;
}

bool strike_asleep(ActorId actor) {
    Seat& seat = board->seats[actor];
    const std::uint32_t occurrence = seat.occurrence.load();
    bool did = false;
    each_strike(actor, static_cast<StepId>(seat.step.load()), When::asleep, [&](Strike& strike) {
        if (did || strike.occurrence != occurrence || strike.struck.load() >= wanted_times(strike)) return;
        if (strike.struck.fetch_add(1) == 0) note_fired(strike);
        did = true;
        if (strike.fault == killed_peer_fault) {
            board->seats[seat.process].dying.store(board->journal.stamp());
            kernel::kill(seat.pid.load(), SIGKILL);
        } else {
            signal_actor(actor, SIGUSR1);
        }
    });
    return did;
}

}  // namespace crosstalk::agent
