// Programs of robust locks: processes that take them, wait for them, die with them, and make good what the dead left or
// do not; in memory of every kind, with bytes beside the locks that nobody but its writers may change. At the end
// somebody asks for each lock, and loads what lies beside it.
#include <algorithm>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

constexpr std::uint64_t beside_bytes = 64;  // before and behind a lock

class Locks {
  public:
    Locks(Dice& dice, const Commission& commission)
        : plain_(dice, commission),
          dice_(dice),
          page_(commission.ground.page_bytes),
          anonymous_(mechanism_of(commission.mechanism).facts.naming == Naming::none) {}

    Case draw() {
        plain_.object({.capacity_bytes = anonymous_ ? 0 : page_});
        places_ = dice_.one_in(4) ? std::vector<std::uint64_t>{128, 1024} : std::vector<std::uint64_t>{512};
        many_ = dice_.between(2, 5);
        for (std::uint64_t who = 0; who < many_; ++who) begin_actor();
        plain_.body();
        for (std::uint64_t steps = dice_.between(3, 7) * many_; steps > 0; --steps)
            step(static_cast<ActorId>(dice_.below(many_)));
        plain_.end();
        if (!dice_.one_in(6)) give_all_back();
        look(begin_actor());
        return plain_.finish();
    }

  private:
    ActorId begin_actor() {
        const bool first = plain_.actors() == 0, forks = !first && (anonymous_ || !dice_.one_in(3));
        const ActorId who = plain_.actor(forks ? ActorKind::forked : ActorKind::pooled, 0);
        held_[who].assign(places_.size(), false);
        if (forks) {
            view_[who] = view_[0];
            return who;
        }
        Operation attach;
        attach.verb = Verb::attach;
        if (!anonymous_) attach.uses[0] = initial_slot(0, 0);
        attach.flags = flag_writable;
        attach.buffer.bytes = page_;
        attach.makes[0] = view_[who] = plain_.fresh(who);
        plain_.add(who, attach);
        return who;
    }

    void lock(ActorId who, std::size_t which, bool only_tries) {
        Operation lock = on(Verb::lock, view_[who]);
        lock.value = static_cast<std::int64_t>(places_[which]);
        if (only_tries) lock.flags |= flag_nonblock;
        if (dice_.chance(60)) lock.flags |= flag_mend;
        if (plain_.add(who, lock)) held_[who][which] = true;
    }

    void unlock(ActorId who, std::size_t which) {
        Operation unlock = on(Verb::unlock, view_[who]);
        unlock.value = static_cast<std::int64_t>(places_[which]);
        if (plain_.add(who, unlock)) held_[who][which] = false;
    }

    void touch(ActorId who, std::size_t which, Verb verb) {
        Operation touch = on(verb, view_[who]);
        const bool behind = dice_.one_in(2);
        touch.buffer.bytes = dice_.one_in(3) ? beside_bytes : dice_.between(1, beside_bytes);
        const std::uint64_t at =
            behind ? places_[which] + lock_bytes : places_[which] - static_cast<std::uint64_t>(touch.buffer.bytes);
        touch.value = static_cast<std::int64_t>(at);
        plain_.add(who, touch);
    }

    void step(ActorId who) {
        const std::size_t which = dice_.below(places_.size());
        if (dice_.one_in(4)) return touch(who, which, dice_.one_in(2) ? Verb::store : Verb::load);
        if (held_[who][which] ? dice_.chance(85) : dice_.one_in(20)) return unlock(who, which);
        lock(who, which, dice_.one_in(4));
    }

    // Else who waits for a lock that nobody gives back sleeps for good.
    void give_all_back() {
        for (std::uint64_t who = 0; who < many_; ++who)
            for (std::size_t which = 0; which < places_.size(); ++which)
                if (held_[who][which]) unlock(static_cast<ActorId>(who), which);
    }

    void look(ActorId who) {
        for (std::size_t which = 0; which < places_.size(); ++which) {
            lock(who, which, !dice_.one_in(3));
            for (int loads = 0; loads < 2; ++loads) touch(who, which, Verb::load);
            unlock(who, which);
            lock(who, which, true);
        }
    }

    Plain plain_;
    Dice& dice_;
    std::uint64_t page_, many_ = 2;
    bool anonymous_;
    std::vector<std::uint64_t> places_;
    std::array<Slot, max_actors> view_{};
    std::array<std::vector<bool>, max_actors> held_;
};

}  // namespace

bool may_lock(Dice& dice, const Commission& commission) {
    if (mechanism_of(commission.mechanism).semantics != Semantics::shared_bytes) return false;
    if (commission.property == property("progress")) return true;
    const bool deaths = commission.property == property("peer-death") || commission.fault == killed_peer_fault;
    return dice.one_in(deaths ? 2 : 12);
}

Case draw_locks(Dice& dice, const Commission& commission) { return Locks(dice, commission).draw(); }

}  // namespace crosstalk::draw
