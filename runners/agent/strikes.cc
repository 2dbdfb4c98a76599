// Finds the injections of a call; provocations.cc carries them out.
#include "runners/agent/strikes.h"

#include <algorithm>

#include "mechanisms/system/operations.h"
#include "runners/agent/provocations.h"

namespace crosstalk::agent {
namespace {

template <class Do>
void each_strike(ActorId actor, StepId step, std::uint32_t occurrence, Do act) {
    for (std::uint32_t i = 0; i < board->strike_count; ++i) {
        Strike& strike = board->strikes[i];
        if (strike.actor == actor && strike.step == step && strike.occurrence == occurrence) act(strike);
    }
}

// Those that the actor's present call still has to suffer asleep.
template <class Do>
void each_due(ActorId actor, bool certain, Do act) {
    const Seat& seat = board->seats[actor];
    each_strike(actor, static_cast<StepId>(seat.step.load()), seat.occurrence.load(), [&](Strike& strike) {
        if (strike.when != When::asleep || strike.struck.load() >= wanted_times(strike)) return;
        if (certain || !provocation_of(strike.fault).only_looks) act(strike);
    });
}

// Descriptors that came with a message but found no number (unix(7), SCM_RIGHTS).
std::int64_t left_out(const Operation& operation, const crosstalk::Answer& answer) {
    const Board& b = *board;
    if (operation.verb != Verb::receive || answer.result < 0) return 0;
    if (answer.from_actor >= b.actor_count || answer.from_step >= b.seats[answer.from_actor].steps) return 0;
    const Operation& pass = b.operation(answer.from_actor, answer.from_step);
    const auto given = [](Slot slot) { return slot != no_slot; };
    const auto sent = std::count_if(pass.uses.begin() + 1, pass.uses.end(), given);
    const auto room = std::count_if(operation.makes.begin(), operation.makes.end(), given);
    return std::min<std::int64_t>(sent, room) - answer.value;
}

}  // namespace

void strike_before(ActorId actor, StepId step, std::uint32_t occurrence) {
    each_strike(actor, step, occurrence, [](Strike& strike) { provocation_of(strike.fault).arm(strike); });
    each_strike(actor, step, occurrence, [](Strike& strike) {
        if (strike.when == When::before) provocation_of(strike.fault).before(strike);
    });
}

void strike_after(ActorId actor, StepId step, std::uint32_t occurrence, const crosstalk::Answer& answer) {
    const Operation& operation = board->operation(actor, step);
    Returned returned;
    returned.result = answer.result;
    if (answer.result < 0) returned.error = errno_from(static_cast<int>(-answer.result));
    returned.left_out = left_out(operation, answer);
    each_strike(actor, step, occurrence, [&](Strike& strike) {
        if (strike.when != When::asleep) provocation_of(strike.fault).after(strike, operation, returned);
    });
}

bool awaits_strike(ActorId actor, bool certain) {
    bool waits = false;
    each_due(actor, certain, [&](Strike&) { waits = true; });
    return waits;
}

bool strike_asleep(ActorId actor, bool certain) {
    bool did = false;
    each_due(actor, certain, [&](Strike& strike) { did = did || provocation_of(strike.fault).asleep(strike); });
    return did;
}

}  // namespace crosstalk::agent
