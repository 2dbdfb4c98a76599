// The faults of the plan, carried out: one row a fault, in the order of FaultId. A fault's own file (faults/) says what
// is done and when it has fired. A call that is only looked at is left alone here too.
#include <array>

#include "faults/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

const Play::Provocation& Play::provocation_of(FaultId fault) {
    static constexpr std::array<Provocation, delay_fault + 1u> rows{{
        {},  // none
        {.arm = &Play::install_handler,
         .before = &Play::interrupt,
         .asleep = &Play::interrupt_sleeper},                                                       // interruption
        {.before = &Play::kill_peer, .asleep = &Play::kill_peer, .after = &Play::kill_peer_after},  // killed-peer
        {.after = &Play::look_at_answer},                                                           // short-transfer
        {.asleep = &Play::fire, .after = &Play::look_at_answer},                                    // full-buffer
        {.before = &Play::stop_peer, .asleep = &Play::stop_peer},                                   // stopped-peer
        {.before = &Play::lower_limit, .after = &Play::restore_limit},                              // descriptor-limit
        {.before = &Play::spin},                                                                    // delay
    }};
    return rows[fault < rows.size() ? fault : no_fault];
}

// How often an injection strikes: a storm is many signals, any other strikes once.
std::uint32_t Play::wanted_times(const Injection& injection) const {
    if (injection.fault != interruption_fault) return 1;
    const std::int64_t times = argument_of(interruption, injection.argument);
    return times < 1 ? 1 : static_cast<std::uint32_t>(times);
}

// It has fired: the first time that it strikes.
void Play::fire(const Blow& blow) {
    if (struck_[blow.index]++ != 0) return;
    Event event;
    event.kind = EventKind::fault, event.step = blow.injection.step, event.fault = blow.injection.fault;
    event.times = blow.injection.occurrence, event.result = 1;
    note(blow.actor, event);
}

// A handler that restarts, or does not, stands before the call, whenever the signal comes.
void Play::install_handler(const Blow& blow) {
    Disposition& disposition = process_of(blow.actor).dispositions[static_cast<std::size_t>(Signal::SIGUSR1_)];
    if (!disposition.ignored && !disposition.standard) disposition.restarts = blow.injection.restart;
}

// Before a call all signals of a storm come one by one; a sleeper gets one at a time.
void Play::interrupt(const Blow& blow) {
    for (std::uint32_t i = 0; i < wanted_times(blow.injection) && !lives_[blow.actor].still; ++i) {
        post(lives_[blow.actor], Signal::SIGUSR1_);
        deliver(blow.actor);
    }
    if (!lives_[blow.actor].still) fire(blow);
}
void Play::interrupt_sleeper(const Blow& blow) {
    fire(blow);
    post(lives_[blow.actor], Signal::SIGUSR1_);
}

void Play::kill_peer(const Blow& blow) {
    fire(blow);
    Life& life = lives_[blow.actor];
    life.doomed = true;
    life.still = blow.injection.when != When::asleep || life.phase != Phase::asleep;
    kill(life.process, Signal::SIGKILL_, 0, stamp());
}
void Play::kill_peer_after(const Blow& blow) {
    if (blow.injection.when == When::after) kill_peer(blow);
}

void Play::look_at_answer(const Blow& blow) {
    const Life& life = lives_[blow.actor];
    if (blow.injection.when == When::after &&
        fault_of(blow.injection.fault).shows(operation_of(life, blow.actor), life.returned))
        fire(blow);
}

void Play::stop_peer(const Blow& blow) {
    fire(blow);
    Process& process = process_of(blow.actor);
    process.stopped = true, process.is_due = false;
    process.turns_to_wait = argument_of(stopped_peer, blow.injection.argument);
}

// To a call that sleeps, having been stopped is nothing: it goes on (POSIX, 2.4.3; signal(7), "Interruption of system
// calls and library functions by stop signals", has sockets with a time limit in its list, and no pipe). SIGCONT
// matters only to who handles it.
void Play::continue_process(Process& process) {
    process.stopped = false;
    const Disposition& disposition = process.dispositions[static_cast<std::size_t>(Signal::SIGCONT_)];
    if (!disposition.ignored && !disposition.standard) process.pending |= bit_of(Signal::SIGCONT_);
    for (Life& life : lives_)
        if (life.phase == Phase::asleep && life.process == static_cast<std::uint8_t>(&process - processes_.data())) {
            const bool limited = !life.doomed && life.moved == 0 && is_limited(life, operation_of(life, id_of(life)));
            if (!lies(Lie::continued_is_interrupted) && !(limited && dice_.one_in(2))) continue;
            answer(id_of(life), fails(Errno::EINTR_));
            if (!life.still) life.phase = Phase::done;
        }
}

void Play::count_turn() {
    for (Process& process : processes_)
        if (process.stopped && process.turns_to_wait > 0 && --process.turns_to_wait == 0) process.is_due = true;
}

bool Play::continue_due() {
    for (Process& process : processes_)
        if (process.stopped && process.stage == Stage::lives && process.is_due) return continue_process(process), true;
    return false;
}

bool Play::continue_one() {
    for (Process& process : processes_)
        if (process.stopped && process.stage == Stage::lives) return continue_process(process), true;
    return false;
}

// A receive shows afterwards whether the limit left anything out; the other calls were chosen such that it must.
void Play::lower_limit(const Blow& blow) {
    Life& life = lives_[blow.actor];
    const std::int64_t left = argument_of(descriptor_limited, blow.injection.argument);
    if (left >= sheet_of(operation_of(life, blow.actor).verb).makes) return;
    Process& process = process_of(blow.actor);
    life.former_limit = process.limit;
    process.limit = limit_leaving(process, left);
    if (life.event.verb != Verb::receive) fire(blow);
}
void Play::restore_limit(const Blow& blow) {
    Life& life = lives_[blow.actor];
    if (life.former_limit == 0) return;
    process_of(blow.actor).limit = life.former_limit;
    life.former_limit = 0;
    if (life.event.verb == Verb::receive && descriptor_limited.shows(operation_of(life, blow.actor), life.returned))
        fire(blow);
}

// Time passes for nobody here, but in `free` others may move meanwhile anyway.
void Play::spin(const Blow& blow) {
    if (!turns_) fire(blow);
}

}  // namespace crosstalk::mirror
