// Visibility: what one view of memory stores, all others load. Programs of shared memory of every kind: several views
// of one object in several processes, some private, some read-only; stores and loads that overlap and touch the edges
// of pages; objects that shrink and grow meanwhile; names that come and go; at the end somebody loads all there is.
#include <algorithm>

#include "mechanisms/catalog.h"
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
    bool writable;
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
    void begin_actor() {
        const bool forks = plain_.actors() != 0 && (anonymous_ || created_ || dice_.one_in(3));
        if (forks && dice_.one_in(3)) attach(0);
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
        if (!dice_.one_in(5)) attach.flags |= flag_writable;
        if (dice_.one_in(5)) attach.flags |= flag_private;
        attach.buffer.bytes = anonymous_ && !dice_.one_in(8) ? page_ : length();
        if (!anonymous_ && dice_.one_in(8)) attach.value = static_cast<std::int64_t>(page_);
        if (!anonymous_ && dice_.one_in(25)) attach.value = 1;
        attach.makes[0] = plain_.fresh(who);
        if (attach.makes[0] == no_slot || !plain_.add(who, attach)) return;
        const bool fails = attach.buffer.bytes == 0 || attach.value == 1;
        if (!fails)
            views_[who].push_back({attach.makes[0], (attach.buffer.bytes + page_ - 1) / page_ * page_,
                                   (attach.flags & flag_writable) != 0});
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
        plain_.add(who, touch);
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
        const Open* const of = some_open(who);
        if (of == nullptr || !length_changes_) return touch(who);
        Operation resize = on(Verb::truncate, of->slot);
        resize.value =
            dice_.one_in(20)
                ? -1
                : dice_.one_of<std::int64_t>({0, 1, 100, static_cast<std::int64_t>(page_ / 2),
                                              static_cast<std::int64_t>(page_), static_cast<std::int64_t>(page_ + 1),
                                              static_cast<std::int64_t>(2 * page_), static_cast<std::int64_t>(bytes_)});
        plain_.add(who, resize);
    }

    void let_go(ActorId who) {
        if (dice_.one_in(2)) {
            if (views_[who].empty()) return;
            plain_.add(who, on(Verb::detach, views_[who].back().slot));
            views_[who].pop_back();
        } else if (!opened_[who].empty()) {
            plain_.add(who, on(Verb::close, opened_[who].back().slot));
            opened_[who].pop_back();
        }
    }

    void step(ActorId who) {
        const std::uint32_t descriptors = anonymous_ ? 0 : 1, names = names_change_ ? 8 : 0;
        switch (
            dice_.weighted({60, 12 * descriptors, 10 * descriptors, 5, 3 * descriptors, 3, 2 * descriptors, names})) {
            case 0: return touch(who);
            case 1: return through_descriptor(who);
            case 2: return resize(who);
            case 3: return attach(who);
            case 4: return created_ ? touch(who) : open(who);
            case 5: return let_go(who);
            case 6:
                if (const Open* const of = some_open(who)) plain_.add(who, on(Verb::get_flags, of->slot));
                return;
            default: break;
        }
        if (dice_.one_in(2)) return open(who);
        Operation unlink;
        unlink.verb = Verb::unlink;
        plain_.add(who, unlink);
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
