// Memory: each byte of an object is a register, and so is its length. What a load tells must have been put there by
// something that began before the load returned and that nothing surely replaced before the load was called; the length
// decides what faults. What one load has surely seen counts as stored when it was seen: no later load may find what
// was there before. (More is not asked of stores that overlap: a copy may put one byte in place twice.) Nothing here
// depends on the order of calls that overlap, so nothing is searched.
//
// A byte beyond the end, in the last page that has one, may keep what was stored there or become zero (mmap(2), NOTES):
// such stores are weak. Of a private view only its own stores are sure to be seen; what reaches it from the object
// before is open until it is written (mmap(2), MAP_PRIVATE).
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "mechanisms/trap.h"
#include "properties/clauses/all.h"
#include "properties/judge/memory.h"

namespace crosstalk::judging {

Memory::Memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches)
    : subject_(subject), component_(component), weights_(weights), breaches_(breaches) {
    const Facts& facts = mechanism_of(component.mechanism).facts;
    anonymous_ = facts.naming == Naming::none, posix_ = facts.naming == Naming::posix;
    const ObjectFacts& object = component.objects[0];
    const bool empty = object.slots == 0 && !anonymous_;
    const std::uint64_t asked = subject.value->program.objects[object.id].asked.capacity_bytes;
    lengths_.push_back({.bytes = anonymous_ ? endless : empty ? 0 : asked});
    stores_.push_back({});
    for (const Act& act : component.acts) {
        if (act.kind != ActKind::other || act.verb != Verb::lock) continue;
        const auto from = static_cast<std::uint64_t>(act.value);
        const std::pair place{from, from + act.asked};
        if (std::ranges::find(locks_, place) == locks_.end()) locks_.push_back(place);
    }
}

void Memory::check() {
    gather_lengths();
    for (const Act& act : component_.acts) gather_stores(act);
    for (const Act& act : component_.acts) {
        const std::size_t before = breaches_.size();
        if (act.kind != ActKind::other || act.open) continue;
        const bool by_view = act.verb == Verb::load || act.verb == Verb::store;
        if (by_view) check_fault(act);
        if (act.verb == Verb::lend) check_loan(act);
        if (act.verb == Verb::pread || act.verb == Verb::stat) check_length(act);
        if (breaches_.size() == before && (act.verb == Verb::load || act.verb == Verb::pread)) check_bytes(act);
        if (breaches_.size() == before && act.verb == Verb::load && act.end == 0) check_word(act);
        if (breaches_.size() != before) return;
    }
}

std::uint64_t Memory::page_of(std::uint64_t at) const { return at / subject_.page_bytes * subject_.page_bytes; }

void Memory::gather_lengths() {
    for (const Act& act : component_.acts) {
        if (act.kind != ActKind::other) continue;
        if (act.verb == Verb::truncate)
            lengths_.push_back({act.began, act.ended, static_cast<std::uint64_t>(act.value), !act.open, false});
        if (act.verb == Verb::pwrite && act.asked != 0)
            lengths_.push_back({act.began, act.ended, act.open ? act.asked : act.tail, !act.open, true});
    }
}

bool Memory::may_be(bool longer, std::uint64_t at, Stamp began, Stamp ended) const {
    return std::ranges::any_of(lengths_, [&](const Length& made) {
        if (made.makes_longer_than(at) != longer || made.began > ended || (!longer && made.only_grows)) return false;
        return std::ranges::none_of(lengths_, [&](const Length& other) {
            if (!other.sure || (other.makes_longer_than(at) == longer) || (longer && other.only_grows)) return false;
            return made.ended < other.began && other.ended < began;
        });
    });
}

void Memory::gather_stores(const Act& act) {
    if (act.kind != ActKind::other) return;
    if (act.verb == Verb::truncate)
        stores_.push_back({.began = act.began,
                           .ended = act.ended,
                           .from = static_cast<std::uint64_t>(act.value),
                           .sure = !act.open,
                           .act = &act});
    if (act.verb == Verb::punch)
        stores_.push_back({.began = act.began,
                           .ended = act.ended,
                           .from = static_cast<std::uint64_t>(act.value),
                           .to = static_cast<std::uint64_t>(act.value) + act.asked,
                           .sure = !act.open,
                           .act = &act});
    if (act.verb != Verb::store && act.verb != Verb::pwrite) return;
    Store store{.began = act.began, .ended = act.ended, .zero = false, .act = &act};
    store.first = static_cast<std::uint64_t>(act.value);
    store.view = act.end == 1 ? act.description : everybody;
    const std::uint64_t done = act.open ? 0 : act.tail;
    const auto put = [&](std::uint64_t from, std::uint64_t to, bool sure) {
        if (from == to) return;
        store.from = from, store.to = to, store.sure = sure;
        stores_.push_back(store);
    };
    put(store.first + done, store.first + act.asked, false);
    if (act.verb == Verb::pwrite) return put(store.first, store.first + done, true);
    std::vector<std::uint64_t> cuts{store.first, store.first + done};
    for (const Length& length : lengths_)
        if (length.bytes > store.first && length.bytes < store.first + done) cuts.push_back(length.bytes);
    std::ranges::sort(cuts);
    for (std::size_t i = 1; i < cuts.size(); ++i) {
        if (cuts[i - 1] == cuts[i]) continue;
        put(cuts[i - 1], cuts[i], !may_be(false, cuts[i - 1], act.began, act.ended));
    }
}

ClauseId Memory::fault_clause(bool beyond) const {
    return !beyond ? clause("MAP-EOF-5") : lengths_.size() > 1 ? clause("MAP-EOF-4") : clause("MAP-EOF-1");
}

void Memory::check_fault(const Act& act) {
    const Event& event = subject_.history->events[act.event];
    const auto trap = event.error == Errno::none      ? static_cast<Trap>(event.value)
                      : event.error == Errno::ENXIO_  ? Trap::bus
                      : event.error == Errno::EACCES_ ? Trap::protection
                                                      : Trap::unmapped;
    const auto first = static_cast<std::uint64_t>(act.value);
    if (trap == Trap::protection || trap == Trap::unmapped)
        return breach(clause("MAP-PROT-1"), Reason::wrong_errno, act, "the view allows this access");
    for (std::uint64_t at = first; at < first + act.tail; at = page_of(at) + subject_.page_bytes)
        if (!may_be(true, page_of(at), act.began, act.ended))
            return breach(fault_clause(true), Reason::wrong_errno, act,
                          fmt::format("byte {} lies beyond the last page of the object: SIGBUS", at));
    if (trap == Trap::bus) {
        const std::uint64_t at = first + act.tail;
        if (!may_be(false, page_of(at), act.began, act.ended))
            return breach(fault_clause(false), Reason::wrong_errno, act,
                          fmt::format("SIGBUS at byte {}, whose page is part of the object", at));
        ++weights_[fault_clause(true)];
    } else if (act.tail != act.asked) {
        return breach(clause("MAP-PROT-1"), Reason::wrong_count, act, "copied in part without a fault");
    } else if (lengths_.size() > 1 && act.asked != 0 && !anonymous_) {
        ++weights_[clause("MAP-EOF-5")];
    }
}

void Memory::check_length(const Act& act) {
    const Event& event = subject_.history->events[act.event];
    if (event.error != Errno::none) return;
    // A call that looks page by page may meet a length that changes meanwhile.
    for (const Length& length : lengths_)
        if (length.began < act.ended && length.ended > act.began) return;
    const std::uint64_t told = act.verb == Verb::stat ? static_cast<std::uint64_t>(event.value) : act.tail;
    const bool whole = act.verb == Verb::pread && told == act.asked;
    const bool legal = (told == 0 || may_be(true, told - 1, act.began, act.ended)) &&
                       (whole || may_be(false, told, act.began, act.ended));
    const ClauseId which = clause_of_length(act);
    if (!legal) return breach(which, Reason::wrong_count, act, "the object has another length");
    ++weights_[which];
}

void Memory::check_loan(const Act& act) {
    const auto first = static_cast<std::uint64_t>(act.value);
    bool may_all = true, may_not_all = false;
    for (std::uint64_t at = first; at < first + act.asked; at = page_of(at) + subject_.page_bytes) {
        if (at < first + act.tail && !may_be(true, page_of(at), act.began, act.ended))
            return breach(clause("MAP-EOF-6"), Reason::wrong_count, act, "bytes were taken from beyond the end");
        may_all = may_all && may_be(true, page_of(at), act.began, act.ended);
        may_not_all = may_not_all || may_be(false, page_of(at), act.began, act.ended);
    }
    const bool all = act.tail == act.asked;
    if (all ? may_all : may_not_all) return void(++weights_[clause("MAP-EOF-6")]);
    breach(clause("MAP-EOF-6"), Reason::wrong_count, act,
           all ? "a part of the buffer lies beyond the end" : "all of the buffer is there");
}

void Memory::breach(ClauseId clause, Reason reason, const Act& act, std::string line) {
    breaches_.push_back({clause, reason, "", act.event, {std::move(line)}});
}

void check_memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches) {
    if (!component.acts.empty()) Memory(subject, component, weights, breaches).check();
}

}  // namespace crosstalk::judging
