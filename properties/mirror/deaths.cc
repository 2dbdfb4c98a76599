// The ends of processes. Between the moment at which one surely lived and its being reaped, its threads stop and its
// descriptors close, one after the other, while everybody else goes on.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {

void Play::kill(std::uint8_t number, Signal killer, std::int64_t status, Stamp since) {
    Process& process = processes_[number];
    if (process.stage != Stage::lives) return;
    process.stage = Stage::dying;
    process.killer = killer, process.status = status, process.dying_since = since;
}

// By a signal's default action, in the middle of whatever this actor does. Nobody notes the moment: the last sign of
// life is the last stamp of the process's first actor.
void Play::kill_by(ActorId actor, Signal signal) {
    Life& life = lives_[actor];
    life.doomed = life.still = true;
    const ActorId leader = process_of(actor).leader;
    Stamp last = 1;
    for (const Event& event : history_.events)
        if (event.kind == EventKind::call && event.actor == leader) last = std::max({last, event.began, event.ended});
    const Phase phase = lives_[leader].phase;
    if (phase == Phase::called || phase == Phase::asleep || phase == Phase::done)
        last = std::max(last, lives_[leader].event.began);
    kill(life.process, signal, 0, last);
}

void Play::stop(std::uint8_t number) {
    for (std::size_t a = 0; a < lives_.size(); ++a) {
        Life& life = lives_[a];
        if (life.process != number || life.phase == Phase::unborn || life.phase == Phase::dead) continue;
        const bool open = life.phase == Phase::called || life.phase == Phase::asleep || life.phase == Phase::done;
        if (open && life.event.began != 0) {
            life.data.clear(), life.bytes.clear();  // it died before it could say what it had
            record(static_cast<ActorId>(a));
        }
        life.phase = Phase::dead;
        give_up_open(life);
        give_back(static_cast<ActorId>(a));
        life.still = true;
    }
    processes_[number].stage = Stage::closing;
}

void Play::die_on(std::uint8_t number) {
    Process& process = processes_[number];
    if (process.stage == Stage::dying) {
        if (dice_.one_in(2)) stop(number);
        return;
    }
    if (!hanging_.empty()) return hang_up_all();
    if (lies(Lie::death_closes_nothing)) return bury(number);
    std::array<Slot, first_mailbox> open;
    std::size_t count = 0;
    for (Slot slot = 0; slot < first_mailbox; ++slot)
        if (process.description[slot] != unbound) open[count++] = slot;
    for (Lock& lock : locks_)
        if (lock.owner == number && !lies(Lie::death_keeps_lock) && (count == 0 || dice_.one_in(2)))
            return let_go(lock);
    if (count == 0) return bury(number);
    lingers_ = dice_.one_in(2);
    unbind(process, open[dice_.below(count)]);
    lingers_ = false;
}

void Play::bury(std::uint8_t number) {
    Process& process = processes_[number];
    process.stage = Stage::gone;
    if (lies(Lie::death_undoes))
        for (Memory& memory : memories_) std::ranges::fill(memory.bytes, std::uint8_t{0});
    Event event;
    event.kind = EventKind::death, event.actor = process.leader;
    event.signal = process.killer, event.value = process.status;
    event.began = process.dying_since, event.ended = stamp();
    history_.events.push_back(event);
}

}  // namespace crosstalk::mirror
