// Finds the injections of a call, before it, while it sleeps, and after it; provocations.cc carries them out.
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

void Play::strike(ActorId actor, When when, bool* died) {
    if (value_.plan.empty()) return;
    Life& life = lives_[actor];
    for (std::size_t i = 0; i < value_.plan.size() && !life.still; ++i) {
        const Injection& each = value_.plan[i];
        if (each.actor != actor || each.step != life.step || each.occurrence != life.calls) continue;
        const Provocation& row = provocation_of(each.fault);
        const Blow blow{actor, each, i};
        if (when == When::before && row.arm != nullptr) (this->*row.arm)(blow);
        if (when == When::before && each.when == when && row.before != nullptr) (this->*row.before)(blow);
        if (when == When::after && each.when != When::asleep && row.after != nullptr) (this->*row.after)(blow);
    }
    *died = life.still;
}

// The blow that an actor who sleeps has yet to suffer; nullptr if there is none.
const Injection* Play::due_asleep(const Life& life, ActorId actor) const {
    for (std::size_t i = 0; i < value_.plan.size(); ++i) {
        const Injection& each = value_.plan[i];
        if (each.when == When::asleep && each.actor == actor && each.step == life.step &&
            each.occurrence == life.calls && struck_[i] < wanted_times(each) &&
            provocation_of(each.fault).asleep != nullptr)
            return &each;
    }
    return nullptr;
}

bool Play::awaits_strike(const Life& life, ActorId actor) const { return due_asleep(life, actor) != nullptr; }

bool Play::strike_sleeper(ActorId actor) {
    const Injection* const due = due_asleep(lives_[actor], actor);
    if (due == nullptr) return false;
    const auto index = static_cast<std::size_t>(due - value_.plan.data());
    (this->*provocation_of(due->fault).asleep)({actor, *due, index});
    return true;
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

}  // namespace crosstalk::mirror
