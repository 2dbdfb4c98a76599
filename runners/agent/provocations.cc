// One row a fault, in the order of FaultId. A fault's own file (faults/) says what is done and when it has fired.
#include "runners/agent/provocations.h"

#include <signal.h>
#include <time.h>

#include <array>

#include "faults/catalog.h"
#include "mechanisms/system/operations.h"
#include "runners/agent/signals.h"
#include "runners/agent/stops.h"

namespace crosstalk::agent {
namespace {

ProcessSlots& slots_of(const Strike& strike) { return board->slots[board->seats[strike.actor].process]; }

// It has fired: the first time that it strikes.
void fire(Strike& strike) {
    if (strike.struck.fetch_add(1) != 0) return;
    Event event{};
    event.kind = EventKind::fault;
    event.actor = strike.actor;
    event.step = strike.step;
    event.fault = strike.fault;
    event.times = strike.occurrence;
    event.result = 1;
    board->journal.note(strike.actor, event);
}

void nothing(Strike&) {}
void nothing_after(Strike&, const Operation&, const Returned&) {}
bool never_asleep(Strike&) { return false; }

// A handler that restarts, or does not, must stand before the call, whenever the signal comes.
void install_handler(Strike& strike) {
    set_restart(strike.restart);
    slots_of(strike).dirty_signals = 1;
}
void signal_myself(Strike& strike) {
    fire(strike);
    for (std::uint32_t i = 0; i < wanted_times(strike); ++i) kernel::tgkill(kernel::pid(), kernel::tid(), SIGUSR1);
}
bool signal_sleeper(Strike& strike) {
    fire(strike);
    signal_actor(strike.actor, SIGUSR1);
    return true;
}

void die(Strike& strike) {
    fire(strike);
    board->seats[board->seats[strike.actor].process].dying.store(board->journal.stamp());
    for (;;) kernel::kill(kernel::pid(), SIGKILL);
}
void die_after(Strike& strike, const Operation&, const Returned&) {
    if (strike.when == When::after) die(strike);
}
bool kill_sleeper(Strike& strike) {
    fire(strike);
    const Seat& seat = board->seats[strike.actor];
    board->seats[seat.process].dying.store(board->journal.stamp());
    kernel::kill(seat.pid.load(), SIGKILL);
    return true;
}

void look_at_answer(Strike& strike, const Operation& operation, const Returned& returned) {
    if (strike.when == When::after && fault_of(strike.fault).shows(operation, returned)) fire(strike);
}
bool look_at_sleeper(Strike& strike) {
    fire(strike);
    return false;
}

void stop_myself(Strike& strike) {
    fire(strike);
    stop_here(strike.actor, argument_of(stopped_peer, strike.argument));
}
bool stop_sleeper(Strike& strike) {
    fire(strike);
    stop(strike.actor, argument_of(stopped_peer, strike.argument));
    return true;
}

void lower_limit(Strike& strike) {
    const auto left = static_cast<std::uint64_t>(argument_of(descriptor_limited, strike.argument));
    const Operation& operation = board->operation(strike.actor, strike.step);
    strike.former = 0;
    if (left >= sheet_of(operation.verb).makes) return;
    const std::uint64_t former = descriptor_limit();
    slots_of(strike).dirty_limit = 1;
    if (set_descriptor_limit(limit_leaving(left)) < 0) return;
    strike.former = former;
    if (operation.verb != Verb::receive) fire(strike);
}
void restore_limit(Strike& strike, const Operation& operation, const Returned& returned) {
    if (strike.former == 0) return;
    set_descriptor_limit(strike.former);
    if (operation.verb == Verb::receive && descriptor_limited.shows(operation, returned)) fire(strike);
}

void spin(Strike& strike) {
    if (board->mode != Mode::free) return;
    const auto now_ns = [] {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
    };
    for (const std::int64_t until = now_ns() + argument_of(delayed, strike.argument); now_ns() < until;) {
    }
    fire(strike);
}

constexpr std::array<Provocation, lossy_link_fault + 1u> provocations{{
    {nothing, nothing, nothing_after, never_asleep},                  // none
    {install_handler, signal_myself, nothing_after, signal_sleeper},  // interruption
    {nothing, die, die_after, kill_sleeper},                          // killed-peer
    {nothing, nothing, look_at_answer, never_asleep},                 // short-transfer
    {nothing, nothing, look_at_answer, look_at_sleeper, true},        // full-buffer
    {nothing, stop_myself, nothing_after, stop_sleeper},              // stopped-peer
    {nothing, lower_limit, restore_limit, never_asleep},              // descriptor-limit
    {nothing, spin, nothing_after, never_asleep},                     // delay
    {nothing, nothing, nothing_after, never_asleep},                  // lossy-link: agent/link.h
}};

}  // namespace

const Provocation& provocation_of(FaultId fault) {
    return provocations[fault < provocations.size() ? fault : no_fault];
}

std::uint32_t wanted_times(const Strike& strike) {
    if (strike.fault != interruption_fault) return 1;
    const std::int64_t times = argument_of(interruption, strike.argument);
    return times < 1 ? 1 : static_cast<std::uint32_t>(times);
}

}  // namespace crosstalk::agent
