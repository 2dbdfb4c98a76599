// Visibility: what one view of memory stores, all others load. Programs of shared memory of every kind: several views
// of one object in several processes, some private, some read-only; stores and loads that overlap and touch the edges
// of pages; objects that shrink and grow meanwhile; names that come and go; at the end somebody loads all there is.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/draw/crowd.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

struct Open {
    Slot slot;
    ObjectId object;
    Access access;
};
struct Seen {
    Slot slot;
    std::uint64_t bytes;
    bool writable, is_private;
};

class Visibility {
  public:
    Visibility(Dice& dice, const Commission& commission)
        : plain_(dice, commission),
          dice_(dice),
          page_(commission.ground.page_bytes),
          anonymous_(mechanism_of(commission.mechanism).facts.naming == Naming::none),
          posix_(mechanism_of(commission.mechanism).facts.naming == Naming::posix),
          names_change_(!anonymous_ && dice.one_in(4)),
          length_changes_(!anonymous_ && dice.one_in(2)) {}

    Case draw() {
        bytes_ = dice_.one_in(3) ? page_ : dice_.one_of<std::uint64_t>({1, page_ - 1, page_, page_ + 1, 2 * page_});
        plain_.object({.capacity_bytes = anonymous_ ? 0 : bytes_});
        if (const Crowd crowd = draw_crowd(dice_, plain_.ground)) return gather(crowd);
        if (!anonymous_ && dice_.one_in(15)) return race_for_name();
        if (!anonymous_ && dice_.one_in(15)) return come_back();
        many_ = dice_.between(1, 4);
        created_ = !anonymous_ && dice_.one_in(5);
        for (std::uint64_t a = 0; a < many_; ++a) begin_actor();
        plain_.body();
        for (std::uint64_t s = dice_.between(3, 10) * many_; s > 0; --s) step(static_cast<ActorId>(dice_.below(many_)));
        plain_.end();
        for (std::uint64_t a = 0; a < many_; ++a) look(static_cast<ActorId>(a));
        return plain_.finish(names_change_);
    }

  private:
    // Stores or loads by each. What has no name is inherited, by each from one of two children.
    Case gather(const Crowd& crowd) {
        for (std::size_t a = 0; a < crowd.all(); ++a) {
            const bool forks = anonymous_ && a != 0;
            const std::size_t parent = forks ? (a - 1) / 2 : 0;
            const ActorId who =
                plain_.actor(forks ? ActorKind::forked : ActorKind::pooled, static_cast<ActorId>(parent));
            views_[who] = views_[parent];
            if (forks) continue;
            Operation attach;
            attach.verb = Verb::attach, attach.flags = flag_writable;
            if (!anonymous_) attach.uses[0] = initial_slot(0, 0);
            attach.buffer.bytes = page_;
            attach.makes[0] = plain_.fresh(who);
            if (plain_.add(who, attach)) views_[who] = {{attach.makes[0], page_, true, false}};
        }
        plain_.body();
        const std::size_t parts = crowd.all() * dice_.between(1, 2);
        for (std::size_t i = 0; i < parts; ++i) {
            const std::size_t who = i % crowd.all();
            Operation touch = on(who < crowd.givers ? Verb::store : Verb::load, views_[who].front().slot);
            touch.buffer.bytes = dice_.between(1, 300);
            touch.value = static_cast<std::int64_t>(dice_.below(64));
            plain_.add(static_cast<ActorId>(who), touch);
        }
        return plain_.finish();
    }

    // Several want to make the object anew, and be the first.
    Case race_for_name() {
        plain_.actor();
        add_name_step(0, Verb::unlink, 0);
        many_ = dice_.between(3, 6);
        for (std::uint64_t a = 1; a < many_; ++a) plain_.actor(ActorKind::forked, 0);
        plain_.body();
        for (std::uint64_t a = 0; a < many_; ++a) {
            const auto who = static_cast<ActorId>(a);
            open_as(who, static_cast<std::uint16_t>(flag_create | (dice_.one_in(3) ? 0 : flag_exclusive)),
                    Access::both);
            if (dice_.one_in(3)) resize_to(who, static_cast<std::int64_t>(page_));
            if (dice_.one_in(2)) attach(who);
            if (dice_.one_in(2)) touch(who);
        }
        return plain_.finish();
    }

    // One stores, lets go of all, and opens the object again.
    Case come_back() {
        const ActorId who = plain_.actor();
        opened_[who].push_back({initial_slot(0, 0), 0, Access::both});
        attach(who);
        plain_.body();
        for (std::uint64_t steps = dice_.between(1, 4); steps > 0; --steps)
            dice_.one_in(3) ? through_descriptor(who) : touch(who);
        while (!views_[who].empty()) let_go_of_view(who);
        while (!opened_[who].empty()) close_last(who);
        open_as(who, dice_.one_in(6) ? flag_truncate : 0, Access::both);
        attach(who);
        plain_.end();
        look(who);
        return plain_.finish();
    }

    void begin_actor() {
        const bool forks = plain_.actors() != 0 && (anonymous_ || created_ || dice_.one_in(3));
        if (forks && dice_.one_in(3)) attach(0);
        if (forks && dice_.one_in(3)) touch(0);  // what is copied with the view
        const ActorId who = plain_.actor(forks ? ActorKind::forked : ActorKind::pooled, 0);
        if (forks) {
            opened_[who] = opened_[0], views_[who] = views_[0];
        } else if (created_) {
            create(who);
        } else if (!anonymous_) {
            opened_[who].push_back({initial_slot(0, 0), 0, Access::both});
        }
        if (!forks || dice_.one_in(3)) attach(who);
    }

    void create(ActorId who) {
        Operation create;
        create.verb = Verb::create;
        create.makes[0] = plain_.fresh(who);
        if (plain_.add(who, create)) opened_[who].push_back({create.makes[0], 0, Access::both});
    }

    void open(ActorId who) {
        Operation open;
        open.verb = Verb::open;
        if (names_change_ && dice_.one_in(2)) open.flags = dice_.one_in(3) ? flag_create | flag_exclusive : flag_create;
        if (posix_ && dice_.one_in(20)) open.flags |= flag_unknown;
        const Access access = !posix_ && dice_.one_in(8) ? Access::write
                              : dice_.one_in(3)          ? Access::read
                                                         : Access::both;
        if (length_changes_ && access != Access::read && dice_.one_in(4)) open.flags |= flag_truncate;
        open_as(who, open.flags, access);
    }

    void open_as(ActorId who, std::uint16_t flags, Access access) {
        Operation open;
        open.verb = Verb::open;
        open.flags = flags;
        open.value = static_cast<std::int64_t>(access);
        open.makes[0] = plain_.fresh(who);
        if (open.makes[0] == no_slot || !plain_.add(who, open)) return;
        if ((open.flags & flag_unknown) == 0) opened_[who].push_back({open.makes[0], 0, access});
    }

    const Open* some_open(ActorId who) {
        return opened_[who].empty() ? nullptr : &opened_[who][dice_.below(opened_[who].size())];
    }

    void attach(ActorId who) {
        Operation attach;
        attach.verb = Verb::attach;
        const Open* const of = some_open(who);
        if (!anonymous_ && of == nullptr) return;
        if (of != nullptr) attach.uses[0] = of->slot;
        const bool reads = of != nullptr && of->access == Access::read;
        if (!dice_.one_in(reads ? 2 : 5)) attach.flags |= flag_writable;
        if (dice_.one_in(5)) attach.flags |= flag_private;
        attach.buffer.bytes = anonymous_ && !dice_.one_in(8) ? page_ : length();
        if (!anonymous_ && dice_.one_in(8)) attach.value = static_cast<std::int64_t>(page_);
        if (!anonymous_ && dice_.one_in(25)) attach.value = 1;
        if (dice_.one_in(12)) attach.flags |= dice_.one_in(2) ? flag_fixed : flag_no_replace;
        attach.makes[0] = plain_.fresh(who);
        if (attach.makes[0] == no_slot || !plain_.add(who, attach)) return;
        const bool fails = attach.buffer.bytes == 0 || attach.value == 1 || (attach.flags & flag_no_replace) != 0;
        if (!fails)
            views_[who].push_back({attach.makes[0], (attach.buffer.bytes + page_ - 1) / page_ * page_,
                                   (attach.flags & flag_writable) != 0, (attach.flags & flag_private) != 0});
        const bool may_not_store = reads && (attach.flags & (flag_writable | flag_private)) == 0;
        if (!may_not_store || !dice_.one_in(2)) return;
        Operation ask = on(Verb::protect, attach.makes[0]);  // what its descriptor does not allow
        ask.flags = flag_writable;
        plain_.add(who, ask);
    }

    // Boundaries of lengths: nothing, one, around a page, around the object.
    std::uint64_t length() {
        if (dice_.one_in(2)) return std::max(page_, bytes_);
        if (dice_.one_in(15)) return 0;
        return dice_.one_of<std::uint64_t>(
            {1, page_ - 1, page_, page_ + 1, std::max<std::uint64_t>(bytes_ - 1, 1), bytes_, bytes_ + 1, 3 * page_});
    }

    void touch(ActorId who) {
        if (views_[who].empty()) return;
        const Seen& view = views_[who][dice_.below(views_[who].size())];
        const bool stores = dice_.chance(55) && (view.writable || dice_.one_in(8));
        Operation touch = on(stores ? Verb::store : Verb::load, view.slot);
        std::uint64_t bytes = dice_.one_in(12)  ? view.bytes
                              : dice_.one_in(3) ? dice_.between(1, 15)
                                                : dice_.between(16, 300);
        bytes = std::min(bytes, view.bytes);
        std::uint64_t at = dice_.one_in(2) ? dice_.below(64) : dice_.below(view.bytes - bytes + 1);
        if (dice_.one_in(5)) at = std::max<std::uint64_t>(bytes_ % page_ + page_, bytes / 2) - bytes / 2;
        if (dice_.one_in(6) && view.bytes > page_) at = page_ - std::min(bytes / 2, page_);
        touch.buffer.bytes = bytes;
        touch.value = static_cast<std::int64_t>(std::min(at, view.bytes - bytes));
        if (dice_.one_in(5)) move_word_apart(touch);
        plain_.add(who, touch);
    }

    // All such words lie at one place, so that loads meet the stores.
    void move_word_apart(Operation& touch) {
        constexpr std::int64_t behind = 128;
        touch.flags |= flag_ordered;
        touch.buffer.bytes = dice_.one_of<std::uint64_t>({8, 8, 24, 64});
        touch.value = behind - static_cast<std::int64_t>(touch.buffer.bytes);
    }

    // What is done to a view without loading or storing.
    void tend(ActorId who) {
        if (views_[who].empty()) return;
        Seen& view = views_[who][dice_.below(views_[who].size())];
        Operation step;
        switch (dice_.below(6)) {
            case 0:
            case 5:
                step = on(Verb::protect, view.slot);
                if (!view.writable || dice_.one_in(2)) step.flags |= flag_writable;
                view.writable = step.flags != 0;
                break;
            case 1: {
                step = on(Verb::sync_view, view.slot);
                const bool costs = dice_.one_in(10);  // a write to the disk
                const Syncing how = costs ? Syncing::wait
                                          : dice_.one_of({Syncing::later, Syncing::both, Syncing::unknown,
                                                          Syncing::unaligned, Syncing::hole, Syncing::locked});
                step.value = static_cast<std::int64_t>(how);
                break;
            }
            case 2:
                if (view.is_private) return;
                step = on(Verb::advise, view.slot);
                step.value = static_cast<std::int64_t>(
                    anonymous_ ? dice_.one_of({Advice::not_needed, Advice::move})
                               : dice_.one_of({Advice::not_needed, Advice::needed_soon, Advice::move}));
                break;
            case 3: {
                step = on(Verb::lend, view.slot);
                const std::uint64_t most = std::min(view.bytes, 4 * page_);
                step.buffer.bytes = dice_.one_in(2) ? dice_.between(1, 100) : most;
                const std::uint64_t left = view.bytes - step.buffer.bytes;
                step.value = static_cast<std::int64_t>(dice_.one_in(2) ? left : dice_.below(left + 1));
                break;
            }
            default:
                step = on(Verb::detach, view.slot);
                step.value = static_cast<std::int64_t>(
                    dice_.one_of({Detaching::no_length, Detaching::unaligned, Detaching::nothing}));
        }
        plain_.add(who, step);
    }

    void punch(ActorId who) {
        const Open* const of = some_open(who);
        if (of == nullptr) return touch(who);
        Operation punch = on(Verb::punch, of->slot);
        punch.buffer.bytes = dice_.one_of<std::uint64_t>({1, 64, page_, 2 * page_, dice_.between(1, page_)});
        punch.value = dice_.one_of<std::int64_t>({0, 0, 100, static_cast<std::int64_t>(page_)});
        plain_.add(who, punch);
    }

    void through_descriptor(ActorId who) {
        const Open* const of = some_open(who);
        if (of == nullptr) return;
        const bool writes = of->access != Access::read && (of->access == Access::write || dice_.one_in(2));
        Operation call = on(writes ? Verb::pwrite : Verb::pread, of->slot);
        call.buffer.bytes = dice_.one_in(6) ? bytes_ : dice_.between(1, 200);
        plain_.add(who, dice_.one_in(5) ? on(Verb::stat, of->slot) : call);
    }

    void resize(ActorId who) {
        if (opened_[who].empty() || !length_changes_) return touch(who);
        resize_to(who, dice_.one_in(20)
                           ? -1
                           : dice_.one_of<std::int64_t>(
                                 {0, 1, 100, static_cast<std::int64_t>(page_ / 2), static_cast<std::int64_t>(page_),
                                  static_cast<std::int64_t>(page_ + 1), static_cast<std::int64_t>(2 * page_),
                                  static_cast<std::int64_t>(bytes_)}));
    }
    void resize_to(ActorId who, std::int64_t bytes) {
        Operation resize = on(Verb::truncate, some_open(who)->slot);
        resize.value = bytes;
        plain_.add(who, resize);
    }

    void let_go(ActorId who) {
        if (dice_.one_in(2)) {
            if (!views_[who].empty()) let_go_of_view(who);
        } else if (!opened_[who].empty()) {
            close_last(who);
        }
    }
    void let_go_of_view(ActorId who) {
        plain_.add(who, on(Verb::detach, views_[who].back().slot));
        views_[who].pop_back();
    }
    void close_last(ActorId who) {
        plain_.add(who, on(Verb::close, opened_[who].back().slot));
        opened_[who].pop_back();
    }

    void step(ActorId who) {
        const std::uint32_t descriptors = anonymous_ ? 0 : 1, names = names_change_ ? 8 : 0;
        switch (dice_.weighted({60, 12 * descriptors, 10 * descriptors, 5, 3 * descriptors, 3, 2 * descriptors, names,
                                12, 4 * descriptors})) {
            case 0: return touch(who);
            case 1: return through_descriptor(who);
            case 2: return resize(who);
            case 3: return attach(who);
            case 4: return created_ ? touch(who) : open(who);
            case 5: return let_go(who);
            case 6:
                if (const Open* const of = some_open(who)) plain_.add(who, on(Verb::get_flags, of->slot));
                return;
            case 8: return tend(who);
            case 9: return dice_.one_in(3) ? add_name_step(who, Verb::new_mode, umask(dice_)) : punch(who);
            default: break;
        }
        if (dice_.one_in(2)) return open(who);
        add_name_step(who, Verb::unlink, 0);
    }

    void add_name_step(ActorId who, Verb verb, std::int64_t value) {
        Operation step;
        step.verb = verb;
        step.value = value;
        plain_.add(who, step);
    }

    // All of one view and of one descriptor, as far as one call tells it.
    void look(ActorId who) {
        if (!views_[who].empty()) {
            Operation load = on(Verb::load, views_[who].front().slot);
            load.buffer.bytes = views_[who].front().bytes;
            plain_.add(who, load);
        }
        if (opened_[who].empty() || opened_[who].front().access == Access::write) return;
        Operation read = on(Verb::pread, opened_[who].front().slot);
        read.buffer.bytes = 2 * page_;
        plain_.add(who, read);
    }

    Plain plain_;
    Dice& dice_;
    std::uint64_t page_, bytes_ = 0, many_ = 1;
    bool anonymous_, posix_, names_change_, length_changes_, created_ = false;
    std::array<std::vector<Open>, max_actors> opened_;
    std::array<std::vector<Seen>, max_actors> views_;
};

}  // namespace

Case draw_visibility(Dice& dice, const Commission& commission) { return Visibility(dice, commission).draw(); }

}  // namespace crosstalk::draw
