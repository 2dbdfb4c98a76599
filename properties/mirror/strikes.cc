// The faults of the plan, carried out: one row a fault, with what is done before a call, to a sleeper, and after a
// call. A fault that has no row here never fires, and the history says so.
#include <algorithm>

#include "faults/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

// An act may end the actor's life; `index` is the injection's place in the plan.
struct StrikeTable {
    using Act = void (Play::*)(ActorId, const Injection&, std::size_t);
    struct Row {
        FaultId fault;
        Act before, asleep, after;
    };
    static constexpr Row rows[] = {
        {interruption_fault, &Play::interrupt, &Play::interrupt, nullptr},
        {killed_peer_fault, &Play::kill_peer, &Play::kill_peer, &Play::kill_peer},
    };
    static Act act_of(const Injection& injection) {
        for (const Row& row : rows)
            if (row.fault == injection.fault)
                return injection.when == When::before   ? row.before
                       : injection.when == When::asleep ? row.asleep
                       : injection.when == When::after  ? row.after
                                                        : nullptr;
        return nullptr;
    }
};

namespace {

constexpr std::int64_t most_signals = 1000;

// How often an injection strikes: a storm is many signals, any other strikes once.
std::uint32_t wanted_times(const Injection& injection) {
    if (injection.fault != interruption_fault) return 1;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(injection.argument, 1, most_signals));
}

}  // namespace

void Play::strike(ActorId actor, When when, bool* died) {
    if (value_.plan.empty()) return;
    Life& life = lives_[actor];
    for (std::size_t i = 0; i < value_.plan.size() && !life.still; ++i) {
        const Injection& each = value_.plan[i];
        if (each.actor != actor || each.step != life.step || each.occurrence != life.calls) continue;
        // A handler that restarts, or does not, stands before the call, whenever the signal comes.
        if (when == When::before && each.fault == interruption_fault) set_restart(actor, each.restart);
        if (each.when != when || when == When::asleep) continue;
        if (const auto act = StrikeTable::act_of(each)) (this->*act)(actor, each, i);
    }
    *died = life.still;
}

bool Play::awaits_strike(const Life& life, ActorId actor) const {
    for (std::size_t i = 0; i < value_.plan.size(); ++i) {
        const Injection& each = value_.plan[i];
        if (each.when == When::asleep && each.actor == actor && each.step == life.step &&
            each.occurrence == life.calls && struck_[i] < wanted_times(each) && StrikeTable::act_of(each))
            return true;
    }
    return false;
}

// One blow to one who is asleep; false if the plan has none.
bool Play::strike_sleeper(ActorId actor) {
    Life& life = lives_[actor];
    for (std::size_t i = 0; i < value_.plan.size(); ++i) {
        const Injection& each = value_.plan[i];
        if (each.when != When::asleep || each.actor != actor || each.step != life.step ||
            each.occurrence != life.calls || struck_[i] >= wanted_times(each))
            continue;
        const auto act = StrikeTable::act_of(each);
        if (act == nullptr) continue;
        (this->*act)(actor, each, i);
        return true;
    }
    return false;
}

void Play::note_fired(const Injection& injection) {
    Event event;
    event.kind = EventKind::fault, event.step = injection.step, event.fault = injection.fault;
    event.times = injection.occurrence, event.result = 1;
    note(injection.actor, event);
}

void Play::note_unfired() {
    for (std::size_t i = 0; i < value_.plan.size(); ++i) {
        if (struck_[i] != 0) continue;
        const Injection& each = value_.plan[i];
        Event event;
        event.kind = EventKind::fault, event.actor = each.actor, event.step = each.step, event.fault = each.fault;
        event.times = each.occurrence;
        event.began = event.ended = stamp();
        history_.events.push_back(event);
    }
}

void Play::set_restart(ActorId actor, bool restart) {
    Disposition& disposition = process_of(actor).dispositions[static_cast<std::size_t>(Signal::SIGUSR1_)];
    if (!disposition.ignored && !disposition.standard) disposition.restarts = restart;
}

// Before a call all signals of a storm come one by one; a sleeper gets one at a time.
void Play::interrupt(ActorId actor, const Injection& injection, std::size_t index) {
    if (injection.when == When::asleep) {
        if (struck_[index]++ == 0) note_fired(injection);
        post(lives_[actor], Signal::SIGUSR1_);
        return;
    }
    for (std::uint32_t i = 0; i < wanted_times(injection) && !lives_[actor].still; ++i) {
        post(lives_[actor], Signal::SIGUSR1_);
        deliver(actor);
    }
    if (lives_[actor].still) return;
    struck_[index] = 1;
    note_fired(injection);
}

void Play::kill_peer(ActorId actor, const Injection& injection, std::size_t index) {
    struck_[index] = 1;
    note_fired(injection);
    Life& life = lives_[actor];
    life.doomed = true;
    life.still = injection.when != When::asleep || life.phase != Phase::asleep;
    kill(life.process, Signal::SIGKILL_, 0, stamp());
}

}  // namespace crosstalk::mirror
