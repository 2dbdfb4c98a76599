// Robust locks (pthread_mutexattr_setrobust(3), set_robust_list(2)): who has one, and what the death of an owner leaves
// to the next. Which of those who wait goes on is the dice's, as is what lies in a lock's own words.
#include <algorithm>

#include "properties/mirror/play.h"

namespace crosstalk::mirror {

// nullptr: there is nothing to store to.
Lock* Play::lock_at(ActorId actor, const Operation& operation) {
    View& view = *view_in(actor, operation.uses[0]);
    const auto offset = static_cast<std::uint64_t>(operation.value);
    if (!view.writable || !there(view, offset)) return nullptr;
    const std::int16_t alone = view.is_private ? process_of(actor).view[operation.uses[0]] : unbound;
    const std::uint64_t at = view.offset + offset;
    for (Lock& each : locks_)
        if (each.memory == view.memory && each.view == alone && each.at == at) return &each;
    locks_.push_back({.memory = view.memory, .view = alone, .at = at});
    return &locks_.back();
}

Effect Play::lock(ActorId actor, const Operation& operation) {
    const View* const view = view_in(actor, operation.uses[0]);
    const auto offset = static_cast<std::uint64_t>(operation.value);
    if (view == nullptr) return fails(Errno::EBADF_);
    if (view->bytes < lock_bytes || offset > view->bytes - lock_bytes) return fails(Errno::ERANGE_);
    Lock* const found = lock_at(actor, operation);
    if (found == nullptr) return fails(Errno::EFAULT_);
    Lock& lock = *found;
    const std::uint8_t me = lives_[actor].process;
    if (operation.verb == Verb::unlock) {
        if (lock.owner != me) return fails(Errno::EPERM_);
        lock.lost = lock.unsound, lock.unsound = false;
        lock.owner = no_process;
        scramble(lock);
        if (lies(Lie::unlock_wakes_none))
            for (Life& life : lives_) life.forgotten |= life.phase == Phase::asleep;
        return {};
    }
    if (lock.lost) return fails(Errno::ENOTRECOVERABLE_);
    if (lock.owner != no_process && !lies(Lie::two_owners, 4)) {
        if ((operation.flags & flag_nonblock) != 0) return fails(Errno::EBUSY_);
        return lock.owner == me ? fails(Errno::EDEADLK_) : falls_asleep;
    }
    const bool died = lock.died;
    lock.owner = me;
    lock.unsound = died && (operation.flags & flag_mend) == 0;
    lock.died = false;
    scramble(lock);
    return died ? fails(Errno::EOWNERDEAD_) : Effect{};
}

// Nobody promises what lies there.
void Play::scramble(const Lock& lock) {
    Memory& memory = memories_[lock.memory];
    if (lock.view != unbound || lock.at >= memory.length) return;
    have(memory, lock.at + lock_bytes);
    for (std::uint64_t i = 0; i < lock_bytes; ++i)
        memory.bytes[lock.at + i] = static_cast<std::uint8_t>(dice_.below(256));
}

bool Play::lock_would_go_on(const Life& life) const {
    const Operation& operation = operation_of(life, id_of(life));
    const std::int16_t held = processes_[life.process].view[operation.uses[0]];
    if (held == unbound) return false;
    const View& view = views_[static_cast<std::size_t>(held)];
    const std::uint64_t at = view.offset + static_cast<std::uint64_t>(operation.value);
    return std::ranges::any_of(locks_, [&](const Lock& lock) {
        return lock.memory == view.memory && lock.at == at && (lock.view == unbound || lock.view == held) &&
               (lock.lost || lock.owner == no_process);
    });
}

// Its owner is dead.
void Play::let_go(Lock& lock) {
    lock.owner = no_process, lock.unsound = false;
    lock.died = !lock.lost && !lies(Lie::death_untold);
    scramble(lock);
    Memory& memory = memories_[lock.memory];
    const std::uint64_t behind = lock.at + lock_bytes;
    if (lies(Lie::robust_writes_beside)) zero(memory, behind, behind + lock_bytes);
}

}  // namespace crosstalk::mirror
