// Mappings: made and undone, protected, synchronised, advised, lent to a write, and copied by a fork. mmap(2),
// mprotect(2), msync(2), madvise(2).
// What documents leave open is the dice's: which of several errors, when a private view becomes a copy of its object,
// whether bytes behind the end stay, how much a call takes of a buffer that ends too early.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

View* Play::view_in(ActorId actor, Slot slot) {
    const std::int16_t found = slot < first_mailbox ? process_of(actor).view[slot] : unbound;
    return found == unbound ? nullptr : &views_[static_cast<std::size_t>(found)];
}

// Whole pages behind the end are not there; the page that has the end is (mmap(2), SIGBUS).
bool Play::there(const View& view, std::uint64_t at) const {
    const std::uint64_t page = (view.offset + at) / page_ * page_;
    const std::uint64_t length = memories_[view.memory].length;
    if (lies(Lie::beyond_end_passes)) return true;
    return page + (lies(Lie::last_page_missing) && page != 0 ? page_ - 1 : 0) < length;
}

// A page of a private view that is its own from now on.
std::vector<std::uint8_t>& Play::own_page(View& view, std::uint64_t page) {
    std::vector<std::uint8_t>& own = view.own[page];
    if (!own.empty()) return own;
    Memory& memory = memory_of(view);
    const std::uint64_t from = view.offset + page * page_;
    have(memory, from + page_);
    const auto begin = memory.bytes.begin() + static_cast<std::ptrdiff_t>(from);
    own.assign(begin, begin + static_cast<std::ptrdiff_t>(page_));
    return own;
}

Effect Play::attach(ActorId actor, const Operation& operation) {
    const bool anonymous = operation.uses[0] == no_slot, writable = (operation.flags & flag_writable) != 0,
               is_private = (operation.flags & flag_private) != 0, fixed = (operation.flags & flag_fixed) != 0;
    const std::int16_t found = anonymous ? unbound : description_in(actor, operation.uses[0]);
    const Access access = found == unbound ? Access::both : descriptions_[static_cast<std::size_t>(found)].access;
    const auto offset = static_cast<std::uint64_t>(operation.value);
    const std::uint64_t bytes = end_of_page(operation.buffer.bytes);
    std::vector<Errno> wrong;  // any of them
    if ((operation.flags & flag_no_replace) != 0 && !fixed && !lies(Lie::no_replace_replaces))
        wrong.push_back(Errno::EEXIST_);
    if ((bytes == 0 || offset % page_ != 0) && !lies(Lie::any_mapping)) wrong.push_back(Errno::EINVAL_);
    if (!anonymous && found == unbound) wrong.push_back(Errno::EBADF_);
    const bool too_much = access == Access::write || (access == Access::read && writable && !is_private);
    if (too_much && !lies(Lie::any_access_maps)) wrong.push_back(Errno::EACCES_);
    if (!wrong.empty()) return fails(wrong[dice_.below(wrong.size())]);
    const std::int16_t memory = anonymous
                                    ? new_memory(operation.object, ~std::uint64_t{0})
                                    : static_cast<std::int16_t>(descriptions_[static_cast<std::size_t>(found)].thing);
    Memory& of = memories_[static_cast<std::size_t>(memory)];
    if (anonymous && lies(Lie::anonymous_is_rubbish)) of.bytes.assign(bytes, 0x5a);
    // POSIX, mmap: the rest of the last page is zero when it is mapped.
    if (!anonymous && dice_.one_in(4)) zero(of, of.length, end_of_page(of.length));
    View made{.memory = static_cast<std::uint16_t>(memory),
              .offset = offset / page_ * page_,
              .bytes = bytes,
              .is_private = is_private,
              .writable = writable,
              .may_become_writable = is_private || access == Access::both,
              .own = {}};
    if (is_private) made.own.resize(bytes / page_);
    for (std::uint64_t page = 0; page < made.own.size() && copies_early_; ++page)
        if (there(made, page * page_)) own_page(made, page);
    process_of(actor).view[operation.makes[0]] = static_cast<std::int16_t>(views_.size());
    views_.push_back(std::move(made));
    return {.value = fixed && !lies(Lie::fixed_elsewhere)};
}

Effect Play::detach(ActorId actor, const Operation& operation) {
    switch (static_cast<Detaching>(operation.value)) {
        case Detaching::no_length:
        case Detaching::unaligned: return fails(Errno::EINVAL_);
        case Detaching::nothing: return lies(Lie::unmapped_fails) ? fails(Errno::EINVAL_) : Effect{};
        case Detaching::view: break;
    }
    process_of(actor).view[operation.uses[0]] = unbound;
    return {};
}

Effect Play::protect(const Operation& operation, View& view) {
    const bool writable = (operation.flags & flag_writable) != 0;
    if (writable && !view.may_become_writable && !lies(Lie::protect_passes)) return fails(Errno::EACCES_);
    view.writable = writable;
    return {};
}

// mlock(2): where memory cannot be locked, nothing was asked of msync.
Effect Play::sync_view(const Operation& operation, const View& view) {
    if (lies(Lie::any_sync)) return {};
    switch (static_cast<Syncing>(operation.value)) {
        case Syncing::both:
        case Syncing::unknown:
        case Syncing::unaligned: return fails(Errno::EINVAL_);
        case Syncing::hole: return fails(Errno::ENOMEM_);
        case Syncing::locked:
            if (!there(view, 0)) return fails(dice_.one_of({Errno::ENOMEM_, Errno::EAGAIN_}));
            if (lies(Lie::locked_syncs)) return {};
            return fails(dice_.one_of({Errno::EBUSY_, Errno::EBUSY_, Errno::ENOMEM_, Errno::EPERM_, Errno::EAGAIN_}));
        case Syncing::wait:
        case Syncing::later: break;
    }
    return {};
}

// Of shared memory nothing is lost by it; private pages are what they were before they were stored to.
Effect Play::advise(const Operation& operation, View& view) {
    const bool forgets = static_cast<Advice>(operation.value) == Advice::not_needed;
    if (forgets && view.is_private) std::ranges::fill(view.own, std::vector<std::uint8_t>{});
    if (lies(Lie::advice_loses)) zero(memory_of(view), view.offset, view.offset + view.bytes);
    return {};
}

// A write whose buffer ends too early takes what is there, or says EFAULT.
Effect Play::lend(const Operation& operation, const View& view) {
    const auto at = static_cast<std::uint64_t>(operation.value);
    const std::uint64_t bytes = operation.buffer.bytes;
    if (bytes > view.bytes || at > view.bytes - bytes) return fails(Errno::ERANGE_);
    std::uint64_t taken = 0;
    while (taken < bytes && (there(view, at + taken) || lies(Lie::loan_passes)))
        taken = std::min(bytes, taken + page_ - (at + taken) % page_);
    if (taken < bytes && (taken == 0 || dice_.one_in(2))) return fails(Errno::EFAULT_);
    return {.result = static_cast<std::int64_t>(taken)};
}

// fork(2): the child's mappings are its own; what they show is shared, or copied where it is private.
void Play::fork_views(Process& child) {
    for (std::int16_t& held : child.view) {
        if (held == unbound) continue;
        View copy = views_[static_cast<std::size_t>(held)];
        if (lies(Lie::fork_loses_private)) std::ranges::fill(copy.own, std::vector<std::uint8_t>{});
        if (lies(Lie::fork_copies_shared) && !copy.is_private) {
            memories_.push_back(memories_[copy.memory]);
            copy.memory = static_cast<std::uint16_t>(memories_.size() - 1);
        }
        held = static_cast<std::int16_t>(views_.size());
        views_.push_back(std::move(copy));
    }
}

}  // namespace crosstalk::mirror
