// Robust locks: which place of which memory a step means, and who dies with one. Who has it, and what the next is told,
// is the model's to say. What lies in a lock's own words is nobody's promise, so that memory is told where they are.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

// Answers of the agent, which has done nothing.
bool is_nowhere(Errno error) { return error == Errno::EBADF_ || error == Errno::ERANGE_ || error == Errno::EFAULT_; }

bool takes(const Act& act) {
    return act.verb == Verb::lock && (act.error == Errno::none || act.error == Errno::EOWNERDEAD_);
}

}  // namespace

std::uint16_t Resolver::lock_at(std::uint16_t memory, std::uint64_t at) {
    for (std::uint16_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].part == Part::lock && objects_[o].of == memory && objects_[o].at == at) return o;
    ObjectTrace lock{.id = objects_[memory].id, .mechanism = objects_[memory].mechanism, .part = Part::lock};
    lock.at = at, lock.of = memory;
    objects_.push_back(lock);
    return static_cast<std::uint16_t>(objects_.size() - 1);
}

void Resolver::on_lock(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound || is_nowhere(event.error)) return;
    const Description d = descriptions_[static_cast<std::size_t>(found)];
    if (!d.view.is_view) return;
    if (d.view.is_private) {
        resolved_.unjudged = "a lock in a private view is nobody else's";
        return;
    }
    const std::uint64_t at = static_cast<std::uint64_t>(operation.value) + d.view.offset;
    Act act = act_of(ActKind::other, event, index);
    act.object = lock_at(d.object, at);
    add(act);
    act.verb = Verb::lock, act.object = d.object, act.value = static_cast<std::int64_t>(at), act.asked = lock_bytes;
    add(act);
}

// The kernel lets go of what a dead process had. Of one that surely had it memory is told, too.
void Resolver::let_go_of_locks(const Event& death, std::uint32_t index) {
    const std::uint8_t process = process_[death.actor];
    for (std::uint16_t o = 0; o < objects_.size(); ++o) {
        if (objects_[o].part != Part::lock) continue;
        bool used = false, holds = false;
        for (const Act& act : acts_) {
            if (act.object != o || act.process != process) continue;
            used = true;
            if (!act.open) holds = takes(act) || (holds && !(act.verb == Verb::unlock && act.error == Errno::none));
        }
        if (!used) continue;
        Act act = act_of(ActKind::release, death, index);
        act.object = o, act.process = process, act.death = true, act.open = false;
        act.ended = death.ended == 0 ? never : death.ended;
        add(act);
        if (!holds) continue;
        act.kind = ActKind::other, act.verb = Verb::lock, act.object = objects_[o].of;
        act.value = static_cast<std::int64_t>(objects_[o].at), act.asked = lock_bytes;
        add(act);
    }
}

}  // namespace crosstalk::judging
