// Programs in which a name is removed and made again while what it led to before is still open. Of FIFOs such calls
// come one after the other, and bytes tell the FIFOs apart; of shared memory they race, and each open says which object
// it found.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

Operation of_name(Verb verb) {
    Operation step;
    step.verb = verb;
    return step;
}

class Fifos {
  public:
    Fifos(Dice& dice, const Commission& commission) : plain_(dice, commission), dice_(dice) {}

    Case draw() {
        plain_.object({});
        const std::uint64_t many = dice_.between(1, 3);
        for (std::uint64_t who = 0; who < many; ++who) plain_.actor();
        const auto any = [&] { return static_cast<ActorId>(dice_.below(many)); };
        for (std::uint64_t lives = dice_.between(2, 4); lives > 0; --lives) {
            plain_.add(any(), of_name(Verb::create));
            for (std::uint64_t steps = dice_.between(2, 8); steps > 0; --steps) step(any());
            if (lives > 1 || dice_.one_in(3)) plain_.add(any(), of_name(Verb::unlink));
            if (dice_.one_in(3)) step(any());
        }
        plain_.body();
        plain_.end();
        for (std::uint64_t who = 0; who < many; ++who)
            for (const Slot slot : open_[who]) plain_.add(static_cast<ActorId>(who), moving(Verb::read, slot, 65536));
        return plain_.finish(true);
    }

  private:
    // Open for both, so that nobody waits and nothing is lost.
    void step(ActorId who) {
        std::vector<Slot>& mine = open_[who];
        if (mine.empty() || dice_.one_in(4)) {
            Operation open = of_name(Verb::open);
            open.value = static_cast<std::int64_t>(Access::both);
            open.flags = flag_nonblock;
            open.makes[0] = plain_.fresh(who);
            if (open.makes[0] != no_slot && plain_.add(who, open)) mine.push_back(open.makes[0]);
            return;
        }
        const std::size_t which = dice_.below(mine.size());
        switch (dice_.below(6)) {
            case 0:
                plain_.add(who, moving(Verb::read, mine[which], dice_.one_of<std::uint64_t>({1, 100, 4096})));
                break;
            case 1: plain_.add(who, on(Verb::available, mine[which])); break;
            case 2:
                if (plain_.add(who, on(Verb::close, mine[which])))
                    mine.erase(mine.begin() + static_cast<std::ptrdiff_t>(which));
                break;
            default: plain_.add(who, moving(Verb::write, mine[which], dice_.one_of<std::uint64_t>({8, 60, 500})));
        }
    }

    Plain plain_;
    Dice& dice_;
    std::array<std::vector<Slot>, max_actors> open_;
};

class Race {
  public:
    Race(Dice& dice, const Commission& commission)
        : plain_(dice, commission), dice_(dice), page_(commission.ground.page_bytes) {}

    Case draw() {
        plain_.object({.capacity_bytes = page_});
        const std::uint64_t many = dice_.between(2, 4);
        for (std::uint64_t who = 0; who < many; ++who) plain_.actor();
        plain_.body();
        for (std::uint64_t steps = dice_.between(2, 6) * many; steps > 0; --steps)
            step(static_cast<ActorId>(dice_.below(many)));
        return plain_.finish();
    }

  private:
    void step(ActorId who) {
        if (dice_.one_in(3)) {
            plain_.add(who, of_name(Verb::unlink));
        } else if (slots_[who].size() < most_open) {
            Operation open = of_name(Verb::open);
            open.flags = dice_.one_of<std::uint16_t>({0, flag_create, flag_create, flag_create | flag_exclusive});
            open.value = static_cast<std::int64_t>(Access::both);
            open.makes[0] = plain_.fresh(who);
            if (open.makes[0] != no_slot && plain_.add(who, open)) slots_[who].push_back(open.makes[0]);
        } else {
            use(who);
        }
    }

    // What is open is written and read: bytes are of one object.
    void use(ActorId who) {
        const Slot slot = slots_[who][dice_.below(slots_[who].size())];
        Operation call = on(dice_.one_in(2) ? Verb::pwrite : Verb::pread, slot);
        call.buffer.bytes = dice_.between(1, 200);
        plain_.add(who, call);
    }

    static constexpr std::size_t most_open = 4;
    Plain plain_;
    Dice& dice_;
    std::uint64_t page_;
    std::array<std::vector<Slot>, max_actors> slots_;
};

}  // namespace

Case draw_names_anew(Dice& dice, const Commission& commission) { return Fifos(dice, commission).draw(); }
Case draw_race_of_names(Dice& dice, const Commission& commission) { return Race(dice, commission).draw(); }

}  // namespace crosstalk::draw
