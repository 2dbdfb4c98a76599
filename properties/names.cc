// Names: making, opening and removing them, and what they lead to. Many open one FIFO, either side, waiting or not,
// write a little, read, close and open again; whoever still has it open at the end reads what is there.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "mechanisms/names.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

struct Opened {
    Slot slot;
    Access access;
};

class Opener {
  public:
    Opener(Dice& dice, const Commission& commission) : plain_(dice, commission), dice_(dice) {}

    Case draw() {
        Asked asked;
        if (dice_.one_in(8)) asked.capacity_bytes = plain_.ground.page_bytes;
        object_ = plain_.object(asked);
        const std::size_t pooled = dice_.between(1, dice_.one_in(6) ? 6 : 3);
        for (std::size_t a = 0; a < pooled; ++a) plain_.actor();
        shape_ = dice_.one_of<unsigned>({0, 50, 100});
        makes_ = dice_.one_in(4);
        if (makes_ && !dice_.one_in(4)) make(0);
        plain_.body();
        for (std::size_t steps = dice_.between(4, 30); steps > 0; --steps)
            step(static_cast<ActorId>(dice_.below(plain_.actors())));
        plain_.end();
        for (std::size_t a = 0; a < plain_.actors(); ++a) look(static_cast<ActorId>(a));
        return plain_.finish();
    }

  private:
    void make(ActorId who) {
        Operation create;
        create.verb = Verb::create;
        create.object = object_;
        plain_.add(who, create);
    }

    void open(ActorId who) {
        Operation open;
        open.verb = Verb::open;
        open.object = object_;
        const Access access = dice_.one_in(8) ? Access::both : dice_.one_in(2) ? Access::read : Access::write;
        open.value = static_cast<std::int64_t>(access);
        if (dice_.chance(shape_)) open.flags |= flag_nonblock;
        if (dice_.one_in(10)) open.flags |= flag_cloexec;
        if (dice_.one_in(8)) open.flags |= flag_truncate;
        if (dice_.one_in(8)) open.flags |= flag_linked;
        open.makes[0] = plain_.fresh(who);
        if (open.makes[0] != no_slot && plain_.add(who, open)) held_[who].push_back({open.makes[0], access});
    }

    // A child has what its parent has open.
    void fork(ActorId parent) {
        if (plain_.actors() >= 8 || !plain_.goes_on(parent)) return;
        const ActorId child = plain_.actor(ActorKind::forked, parent);
        held_[child] = held_[parent];
    }

    void transfer(ActorId who, const Opened& opened) {
        const bool write = opened.access == Access::write || (opened.access == Access::both && dice_.one_in(2));
        const std::uint64_t limit = plain_.ground.pipe_buf;
        const std::uint64_t bytes = dice_.one_of<std::uint64_t>({1, 10, 100, limit, limit + 1, 2 * limit});
        plain_.add(who, moving(write ? Verb::write : Verb::read, opened.slot, bytes));
    }

    void ask(ActorId who, const Opened& opened) {
        Operation question = on(dice_.one_in(3)   ? Verb::available
                                : dice_.one_in(4) ? Verb::get_flags
                                                  : Verb::poll,
                                opened.slot);
        if (question.verb == Verb::poll) {
            question.value = opened.access == Access::read    ? poll_in
                             : opened.access == Access::write ? poll_out
                                                              : poll_in | poll_out;
            question.timeout_ns = 0;
        }
        plain_.add(who, question);
    }

    // A FIFO beside this one, under a bad name or with a mode of its own.
    void make_another(ActorId who) {
        Operation another;
        another.object = object_;
        another.verb = dice_.one_in(2) ? Verb::misname : Verb::new_mode;
        another.value = another.verb == Verb::new_mode
                            ? umask(dice_)
                            : static_cast<std::int64_t>(dice_.one_of(
                                  {Misname::longest, Misname::too_long, Misname::no_folder, Misname::below_file}));
        plain_.add(who, another);
    }

    void step(ActorId who) {
        std::vector<Opened>& held = held_[who];
        if (dice_.one_in(30)) return make_another(who);
        if (held.empty() || dice_.chance(30)) return open(who);
        const std::size_t which = dice_.below(held.size());
        switch (dice_.weighted({50, 20, 18, 4, 2, 3, 1})) {
            case 0: return transfer(who, held[which]);
            case 1:
                if (plain_.add(who, on(Verb::close, held[which].slot)))
                    held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
                return;
            case 2: return ask(who, held[which]);
            case 3: return makes_ ? make(who) : remove(who);
            case 4: return fork(who);
            case 5: {
                Operation set = on(Verb::set_flags, held[which].slot);
                if (dice_.one_in(2)) set.flags = flag_nonblock;
                plain_.add(who, set);
                return;
            }
            default: {
                Operation exit;
                exit.verb = Verb::exit;
                plain_.add(who, exit);
            }
        }
    }

    void remove(ActorId who) {
        Operation unlink;
        unlink.verb = Verb::unlink;
        unlink.object = object_;
        plain_.add(who, unlink);
    }

    void look(ActorId who) {
        for (const Opened& opened : held_[who]) {
            if (opened.access == Access::write) continue;
            Operation nonblock = on(Verb::set_flags, opened.slot);
            nonblock.flags = flag_nonblock;
            plain_.add(who, nonblock);
            plain_.add(who, moving(Verb::read, opened.slot, 65536));
        }
    }

    Plain plain_;
    Dice& dice_;
    ObjectId object_ = 0;
    unsigned shape_ = 50;  // percent of opens that do not wait
    bool makes_ = false;
    std::array<std::vector<Opened>, max_actors> held_;
};

}  // namespace

Case draw_names(Dice& dice, const Commission& commission) { return Opener(dice, commission).draw(); }

}  // namespace crosstalk::draw
