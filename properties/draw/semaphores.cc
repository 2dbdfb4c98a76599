// Programs of semaphores, unnamed and named. Waits outnumber tokens now and then, so that some sleep for good; somebody
// who does nothing else looks at the end and takes what is left. Names are opened, removed and made again by all.
#include <algorithm>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/draw/crowd.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t plenty = 10'000;  // tokens, of which no case takes all

class Semaphores {
  public:
    Semaphores(Dice& dice, const Commission& commission)
        : plain_(dice, commission),
          dice_(dice),
          property_(commission.property),
          interrupts_(commission.fault == interruption_fault || commission.property == property("interruption")),
          strikes_sleepers_(interrupts_ || commission.fault == killed_peer_fault ||
                            commission.property == property("progress")),
          named_(mechanism_of(commission.mechanism).facts.naming != Naming::none),
          placed_(mechanism_of(commission.mechanism).facts.held == Held::place),
          largest_(commission.ground.sem_value_max) {
        many_ = dice.one_in(40) ? 8 : dice.between(1, 5);
        timed_percent_ = dice.one_in(6) ? 25 : interrupts_ && dice.one_in(3) ? 40 : 3;
        boundary_ = placed_ && (property_ == property("capacity") || dice.one_in(8));
        counts_ = placed_ && !named_ && dice.one_in(2);
        if (!placed_) timed_percent_ = 0;
    }

    Case draw() {
        const Crowd crowd = draw_crowd(dice_, plain_.ground);
        const std::size_t objects = !crowd && dice_.one_in(8) ? 2 : 1;
        for (std::size_t o = 0; o < objects; ++o) plain_.object({.value = first_of_object()});
        if (crowd) return gather(crowd);
        const bool created =
            placed_ && !named_ && (property_ == property("creation") ? dice_.chance(60) : dice_.one_in(6));
        if (created) create_all();
        for (std::uint64_t a = created ? 1 : 0; a < many_; ++a) begin_actor(created);
        const ActorId looker = actor(created ? ActorKind::forked : ActorKind::pooled, 0);
        if (!named_ && !created) handles_[looker].push_back({initial_slot(0, 0), 0});
        plain_.body();
        // Who is to be struck asleep sleeps early, with others left to post.
        for (std::uint64_t a = 1; strikes_sleepers_ && a < many_; ++a)
            if (const auto& mine = handles_[a]; !mine.empty() && dice_.one_in(2))
                plain_.add(static_cast<ActorId>(a), on(Verb::sem_wait, mine[0].slot));
        const std::uint64_t steps = dice_.between(2, 6) * many_;
        for (std::uint64_t s = 0; s < steps; ++s) step(static_cast<ActorId>(dice_.below(many_)));
        plain_.end();
        look(looker);
        return plain_.finish();
    }

  private:
    struct Handle {
        Slot slot;
        ObjectId object;
    };

    // Posts or waits by each, of one semaphore. Nobody looks at the end.
    Case gather(const Crowd& crowd) {
        for (std::size_t a = 0; a < crowd.all(); ++a) {
            const ActorId who = actor(ActorKind::pooled, 0);
            if (named_)
                open(who, false);
            else
                handles_[who].push_back({initial_slot(0, 0), 0});
        }
        plain_.body();
        const std::size_t parts = crowd.all() * dice_.between(1, 2);
        for (std::size_t i = 0; i < parts; ++i) {
            const std::size_t who = i % crowd.all();
            if (!handles_[who].empty()) who < crowd.givers ? post(who) : wait(who, handles_[who][0]);
        }
        return plain_.finish();
    }

    std::int64_t first_of_object() {
        if (boundary_)
            return dice_.one_of<std::int64_t>({0, 1, largest_ - 1, largest_, named_ ? largest_ : largest_ - 2});
        if (strikes_sleepers_ && dice_.chance(70)) return 0;
        return static_cast<std::int64_t>(dice_.weighted({50, 25, 10, 10, 5}));
    }

    // Semaphores that a step makes are for its process and those that it forks. One above the limit cannot be made.
    void create_all() {
        const ActorId maker = actor(ActorKind::pooled, 0);
        for (std::size_t o = 0; o < plain_.program().objects.size(); ++o) {
            const auto object = static_cast<ObjectId>(o);
            if (boundary_ && dice_.one_in(3)) plain_.ask(object, {.value = largest_ + 1});
            Operation create;
            create.verb = Verb::create;
            create.object = object;
            create.makes[0] = plain_.fresh(maker);
            plain_.add(maker, create);
            handles_[maker].push_back({create.makes[0], object});
        }
    }

    ActorId actor(ActorKind kind, ActorId parent) {
        const ActorId id = plain_.actor(kind, parent);
        if (kind == ActorKind::forked)
            handles_[id] = handles_[parent];
        else
            handles_[id].clear();
        return id;
    }

    void begin_actor(bool created) {
        const bool forks = plain_.actors() != 0 && (created || dice_.one_in(3));
        const auto parent = static_cast<ActorId>(forks ? created ? 0 : dice_.below(plain_.actors()) : 0);
        const ActorId who = actor(forks ? ActorKind::forked : ActorKind::pooled, parent);
        if (interrupts_ && dice_.one_in(4)) treat_signal(who);
        if (named_) {
            if (!forks || dice_.one_in(3)) open(who, dice_.chance(70));
        } else if (!forks) {
            for (std::size_t o = 0; o < plain_.program().objects.size(); ++o)
                handles_[who].push_back({initial_slot(static_cast<ObjectId>(o), 0), static_cast<ObjectId>(o)});
        }
    }

    void treat_signal(ActorId who) {
        Operation treat;
        treat.verb = Verb::signal;
        treat.value = static_cast<std::int64_t>(Signal::SIGUSR1_);
        treat.flags = dice_.one_of<std::uint16_t>({flag_ignore, flag_block, flag_restart, 0});
        plain_.add(who, treat);
    }

    void open(ActorId who, bool creates) {
        Operation open;
        open.verb = Verb::open;
        open.object = static_cast<ObjectId>(dice_.below(plain_.program().objects.size()));
        if (creates) open.flags = dice_.one_in(3) ? flag_create | flag_exclusive : flag_create;
        if (dice_.one_in(25)) open.flags |= flag_unknown;
        const std::int64_t first = plain_.program().objects[open.object].asked.value;
        if (creates && first < 10 && dice_.one_in(3)) open.value = static_cast<std::int64_t>(dice_.between(3, 9));
        if (creates && dice_.one_in(boundary_ ? 3 : 20)) open.value = largest_ + 1 - first;
        open.makes[0] = plain_.fresh(who);
        if (open.makes[0] == no_slot || !plain_.add(who, open)) return;
        if ((open.flags & flag_unknown) == 0) handles_[who].push_back({open.makes[0], open.object});
    }

    void close(ActorId who) {
        auto& mine = handles_[who];
        if (mine.empty()) return;
        const std::size_t which = dice_.below(mine.size());
        if (plain_.add(who, on(Verb::close, mine[which].slot)))
            mine.erase(mine.begin() + static_cast<std::ptrdiff_t>(which));
    }

    void unlink(ActorId who) {
        Operation unlink;
        unlink.verb = Verb::unlink;
        unlink.object = static_cast<ObjectId>(dice_.below(plain_.program().objects.size()));
        plain_.add(who, unlink);
    }

    // A semaphore beside these, under a bad name or with a mode of its own.
    void make_another(ActorId who) {
        Operation another;
        another.verb = dice_.one_in(2) ? Verb::new_mode : Verb::misname;
        another.value = another.verb == Verb::new_mode
                            ? umask(dice_)
                            : static_cast<std::int64_t>(dice_.one_of(
                                  {Misname::longest, Misname::too_long, Misname::disputed, Misname::only_slash}));
        plain_.add(who, another);
    }

    void wait(std::size_t who, const Handle& handle) {
        Operation wait = on(Verb::sem_wait, handle.slot);
        if (dice_.chance(timed_percent_)) {
            limit_time(dice_, wait, plain_.program().objects[handle.object].asked.value >= plenty);
            if (interrupts_ && dice_.one_in(2)) wait.timeout_ns = 20 * millisecond, wait.flags &= flag_unknown;
        } else if (!dice_.chance(sleepy_percent())) {
            wait.flags = flag_nonblock;
        }
        if (counts_) wait.flags |= flag_ordered;
        plain_.add(static_cast<ActorId>(who), wait);
    }
    void post(std::size_t who) {
        Operation post = on(Verb::sem_post, handles_[who][dice_.below(handles_[who].size())].slot);
        if (counts_) post.flags = flag_ordered;
        plain_.add(static_cast<ActorId>(who), post);
    }
    unsigned sleepy_percent() const { return property_ == property("transfer") ? 40 : 75; }

    void step(ActorId who) {
        if (named_) {
            const bool names = property_ == property("creation") || property_ == property("descriptors");
            const std::uint32_t often = names ? 4 : 1;
            switch (dice_.weighted({60, 5 * often, 2 * often, 3 * often, often, often})) {
                case 0: break;
                case 1: return open(who, dice_.chance(60));
                case 2: return close(who);
                case 3: return unlink(who);
                case 4: return make_another(who);
                default: return exec(who);
            }
            if (handles_[who].empty()) return open(who, dice_.chance(60));
        } else if (dice_.one_in(60)) {
            return exec(who);
        }
        if (handles_[who].empty()) return;
        if (dice_.one_in(80)) return leave(who);
        const Handle& handle = handles_[who][dice_.below(handles_[who].size())];
        switch (dice_.weighted({40, boundary_ ? 60u : 38u, 15})) {
            case 0: return wait(who, handle);
            case 1: return post(who);
            default: ask(who, handle.slot);
        }
    }

    void ask(ActorId who, Slot slot) {
        if (placed_) plain_.add(who, on(Verb::sem_value, slot));
    }

    void leave(ActorId who) {
        Operation exit;
        exit.verb = Verb::exit;
        plain_.add(who, exit);
    }

    // A new image has what lies in memory that processes share, and nothing that it opened.
    void exec(ActorId who) {
        Operation exec;
        exec.verb = Verb::exec;
        if (!plain_.add(who, exec) || !named_) return;
        handles_[who].clear();
        open(who, dice_.one_in(4));
    }

    // Somebody who has slept nowhere: what is told, and as many tokens as are left, at least one more than that.
    void look(ActorId who) {
        if (named_) open(who, false);
        if (handles_[who].empty()) return;
        const Slot slot = handles_[who][0].slot;
        ask(who, slot);
        for (std::uint64_t left = dice_.below(6); left > 0; --left) {
            Operation take = on(Verb::sem_wait, slot);
            take.flags = flag_nonblock;
            plain_.add(who, take);
        }
        if (dice_.one_in(2)) ask(who, slot);
    }

    Plain plain_;
    Dice& dice_;
    PropertyId property_;
    bool interrupts_, strikes_sleepers_, named_, placed_;
    std::int64_t largest_;
    std::uint64_t many_ = 1;
    unsigned timed_percent_ = 0;
    bool boundary_ = false, counts_ = false;  // posts count, beside the semaphore
    std::array<std::vector<Handle>, max_actors> handles_;
};

}  // namespace

Case draw_semaphores(Dice& dice, const Commission& commission) { return Semaphores(dice, commission).draw(); }

}  // namespace crosstalk::draw
