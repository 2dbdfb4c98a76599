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
#include "properties/judge/rules.h"

namespace crosstalk::judging {
namespace {

constexpr std::uint64_t endless = ~std::uint64_t{0};
constexpr std::uint16_t everybody = none16;

// Something that gives bytes their values.
struct Store {
    Stamp began = 0, ended = 0;
    std::uint64_t from = 0, to = endless;  // in the object
    bool sure = true;                      // it happened, and what it put there stays until something replaces it
    bool zero = true;                      // else the bytes of a step's stream, which begin at position `first`
    const Act* act = nullptr;              // null: the making
    std::uint64_t first = 0;
    std::uint16_t view = everybody;  // a private view that alone sees it
};

// Something that gives the object its length.
struct Length {
    Stamp began = 0, ended = 0;
    std::uint64_t bytes = 0;
    bool sure = true, only_grows = false;
    bool makes_longer_than(std::uint64_t at) const { return bytes > at; }
};

class Memory {
  public:
    Memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches)
        : subject_(subject), component_(component), weights_(weights), breaches_(breaches) {
        const Facts& facts = mechanism_of(component.mechanism).facts;
        anonymous_ = facts.naming == Naming::none, posix_ = facts.naming == Naming::posix;
        const ObjectFacts& object = component.objects[0];
        const bool empty = object.slots == 0 && !anonymous_;
        const std::uint64_t asked = subject.value->program.objects[object.id].asked.capacity_bytes;
        lengths_.push_back({.bytes = anonymous_ ? endless : empty ? 0 : asked});
        stores_.push_back({});
    }

    void check() {
        gather_lengths();
        for (const Act& act : component_.acts) gather_stores(act);
        for (const Act& act : component_.acts) {
            const std::size_t before = breaches_.size();
            if (act.kind != ActKind::other || act.open) continue;
            const bool by_view = act.verb == Verb::load || act.verb == Verb::store;
            if (by_view) check_fault(act);
            if (act.verb == Verb::pread || act.verb == Verb::stat) check_length(act);
            if (breaches_.size() == before && (act.verb == Verb::load || act.verb == Verb::pread)) check_bytes(act);
            if (breaches_.size() != before) return;
        }
    }

  private:
    std::uint64_t page_of(std::uint64_t at) const { return at / subject_.page_bytes * subject_.page_bytes; }

    void gather_lengths() {
        for (const Act& act : component_.acts) {
            if (act.kind != ActKind::other) continue;
            if (act.verb == Verb::truncate)
                lengths_.push_back({act.began, act.ended, static_cast<std::uint64_t>(act.value), !act.open, false});
            if (act.verb == Verb::pwrite && act.asked != 0)
                lengths_.push_back({act.began, act.ended, act.open ? act.asked : act.tail, !act.open, true});
        }
    }

    // Could the object have been longer than `at` bytes at some moment between, or (not `longer`) not longer?
    bool may_be(bool longer, std::uint64_t at, Stamp began, Stamp ended) const {
        return std::ranges::any_of(lengths_, [&](const Length& made) {
            if (made.makes_longer_than(at) != longer || made.began > ended || (!longer && made.only_grows))
                return false;
            return std::ranges::none_of(lengths_, [&](const Length& other) {
                if (!other.sure || (other.makes_longer_than(at) == longer) || (longer && other.only_grows))
                    return false;
                return made.ended < other.began && other.ended < began;
            });
        });
    }

    void gather_stores(const Act& act) {
        if (act.kind != ActKind::other) return;
        if (act.verb == Verb::truncate)
            stores_.push_back({.began = act.began,
                               .ended = act.ended,
                               .from = static_cast<std::uint64_t>(act.value),
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

    ClauseId fault_clause(bool beyond) const {
        return !beyond ? clause("MAP-EOF-5") : lengths_.size() > 1 ? clause("MAP-EOF-4") : clause("MAP-EOF-1");
    }

    // Pages that begin before the end are there; those that begin at it or after are not.
    void check_fault(const Act& act) {
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

    void check_length(const Act& act) {
        const Event& event = subject_.history->events[act.event];
        if (event.error != Errno::none) return;
        // A call that looks page by page may meet a length that changes meanwhile.
        for (const Length& length : lengths_)
            if (length.began < act.ended && length.ended > act.began) return;
        const std::uint64_t told = act.verb == Verb::stat ? static_cast<std::uint64_t>(event.value) : act.tail;
        const bool whole = act.verb == Verb::pread && told == act.asked;
        const bool legal = (told == 0 || may_be(true, told - 1, act.began, act.ended)) &&
                           (whole || may_be(false, told, act.began, act.ended));
        if (!legal) return breach(clause("SHM-SIZE-1"), Reason::wrong_count, act, "the object has another length");
        ++weights_[clause("SHM-SIZE-1")];
    }

    std::vector<std::uint8_t> bytes_of(const Act& act) const {
        std::vector<std::uint8_t> bytes;
        const History& history = *subject_.history;
        for (std::uint32_t r = 0; r < act.run_count; ++r) {
            const Run& run = history.runs[act.first_run + r];
            for (std::uint32_t i = 0; i < run.length; ++i)
                bytes.push_back(run.kind == RunKind::raw
                                    ? history.raw[run.offset + i]
                                    : byte_at(subject_.stream(run.actor, run.step), run.offset + i));
        }
        return bytes;
    }

    std::uint8_t value_of(const Store& store, std::uint64_t at) const {
        return store.zero ? std::uint8_t{0}
                          : byte_at(subject_.stream(store.act->actor, store.act->step), at - store.first);
    }

    // The private views that a view descends from, with the moment at which each was copied; itself first.
    struct Ancestor {
        std::uint16_t view;
        Stamp before;
    };
    std::vector<Ancestor> ancestors_of(const Act& load) const {
        std::vector<Ancestor> line{{load.description, never}};
        for (auto act = component_.acts.rbegin(); act != component_.acts.rend(); ++act)
            if (act->kind == ActKind::other && act->verb == Verb::start && act->description == line.back().view)
                line.push_back({act->to_description, act->began});
        return line;
    }
    Stamp attached_at(std::uint16_t view) const {
        for (const Act& act : component_.acts)
            if (act.kind == ActKind::other && act.verb == Verb::attach && act.description == view) return act.began;
        return 0;
    }

    void check_bytes(const Act& load) {
        const std::vector<std::uint8_t> bytes = bytes_of(load);
        const auto first = static_cast<std::uint64_t>(load.value);
        const std::uint64_t end = first + bytes.size();
        const std::vector<Ancestor> line = load.end == 1 ? ancestors_of(load) : std::vector<Ancestor>{};
        std::vector<const Store*> near;
        std::vector<std::uint64_t> cuts{first, end};
        std::vector<Store> sights;  // kept apart: `near` points into stores_
        for (const Store& store : stores_) {
            if (store.from >= end || store.to <= first || store.began > load.ended) continue;
            if (store.view != everybody && std::ranges::none_of(line, [&](const Ancestor& each) {
                    return each.view == store.view && store.began < each.before;
                }))
                continue;
            near.push_back(&store);
            for (const std::uint64_t cut : {store.from, store.to})
                if (cut > first && cut < end) cuts.push_back(cut);
        }
        std::ranges::sort(cuts);
        cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
        // What the object had when a private view was attached may be seen until the view is written.
        const Stamp since = load.end == 1 ? attached_at(line.back().view) : load.began;
        for (std::size_t i = 1; i < cuts.size(); ++i) {
            std::vector<const Store*> candidates;
            const Store* latest = nullptr;
            for (const Store* store : near) {
                if (store->from > cuts[i - 1] || store->to < cuts[i]) continue;
                if (store->sure && store->ended < load.began && (latest == nullptr || store->began > latest->began))
                    latest = store;
                const Stamp seen_from = store->view == everybody ? since : load.began;
                if (!is_replaced(*store, cuts[i - 1], cuts[i], near, seen_from, load)) candidates.push_back(store);
            }
            for (std::uint64_t at = cuts[i - 1]; at < cuts[i]; ++at) {
                const std::uint8_t seen = bytes[at - first];
                const Store* by = nullptr;
                bool alone = true;
                for (const Store* each : candidates)
                    if (value_of(*each, at) == seen) alone = by == nullptr || by->act == each->act, by = each;
                if (by == nullptr) return tell(load, latest, at, seen);
                if (alone && candidates.size() > 1 && load.end == 0 && stays(*by)) sight(sights, *by, at, load);
            }
            if (latest != nullptr) ++weights_[clause_of_sight(load, *latest)];
        }
        stores_.insert(stores_.end(), sights.begin(), sights.end());
    }

    // What it has put there is there for all until something replaces it.
    bool stays(const Store& store) const {
        return !store.zero && store.view == everybody && (store.sure || (store.act->open && lengths_.size() == 1));
    }

    // At some moment of the load this byte was what the store had put there: as if it had been stored then.
    static void sight(std::vector<Store>& sights, const Store& store, std::uint64_t at, const Act& load) {
        if (!sights.empty() && sights.back().act == store.act && sights.back().to == at)
            return void(++sights.back().to);
        sights.push_back(store);
        Store& seen = sights.back();
        seen.from = at, seen.to = at + 1, seen.began = load.began, seen.ended = load.ended, seen.sure = true;
    }

    bool is_replaced(const Store& store, std::uint64_t from, std::uint64_t to, const std::vector<const Store*>& near,
                     Stamp seen_from, const Act& load) const {
        const bool truncated =
            std::ranges::any_of(lengths_, [](const Length& length) { return length.began != 0 && !length.only_grows; });
        return std::ranges::any_of(near, [&](const Store* other) {
            if (!other->sure || other->from > from || other->to < to || store.ended >= other->began) return false;
            // What lay beyond the end when it was stored need not become zero when the length changes.
            if (other->zero && !store.sure) return false;
            const bool own = other->view != everybody;
            // A truncation takes a private page away with what was stored in it: then the object's is seen again.
            if (own && store.view == everybody && truncated) return false;
            if (!own && store.view != everybody) return false;
            return other->ended < (own ? load.began : seen_from);
        });
    }

    // It is dead; or others stored beside it, in one page, at the same time.
    ClauseId clause_of_writer(const Act& load, const Store& store) const {
        const Program& program = subject_.value->program;
        const Actor& writer = program.actors[store.act->actor];
        for (const Event& event : subject_.history->events) {
            if (event.kind != EventKind::death || event.actor != store.act->actor || event.ended == 0 ||
                event.ended > load.began)
                continue;
            if (event.signal == Signal::SIGKILL_ && !anonymous_) return clause("SHM-LIFE-5");
            if (writer.kind == ActorKind::forked && writer.parent == load.actor && load.end == 0)
                return clause("MAP-LIFE-1");
        }
        const bool beside = std::ranges::any_of(stores_, [&](const Store& other) {
            return other.act != nullptr && other.act->actor != store.act->actor && !other.zero && other.sure &&
                   other.view == everybody && store.view == everybody && other.began < store.ended &&
                   store.began < other.ended && (other.to <= store.from || store.to <= other.from) &&
                   page_of(other.from) == page_of(store.from);
        });
        return beside ? clause("MAP-ATOM-1") : no_clause;
    }

    ClauseId clause_of_sight(const Act& load, const Store& store) const {
        if (store.act == nullptr)
            return anonymous_ ? clause("MAP-ANON-1") : posix_ ? clause("SHM-OPEN-1") : clause("MAP-FILE-1");
        if (store.act->verb == Verb::truncate) return clause("SHM-SIZE-1");
        if (const ClauseId special = clause_of_writer(load, store); special != no_clause) return special;
        if (load.end == 1) return anonymous_ ? clause("MAP-ANON-3") : clause("MAP-FILE-3");
        if (anonymous_) return clause("MAP-ANON-2");
        const bool views = load.verb == Verb::load && store.act->verb == Verb::store;
        if (posix_) return views ? clause("SHM-VIS-1") : clause("SHM-VIS-2");
        return store.act->verb == Verb::pwrite ? clause("MAP-FILE-2") : clause("MAP-FILE-1");
    }

    void tell(const Act& load, const Store* latest, std::uint64_t at, std::uint8_t seen) {
        for (const Store& store : stores_)
            if (store.view != everybody && at >= store.from && at < store.to && value_of(store, at) == seen &&
                (load.end == 0 || store.view != load.description))
                return breach(anonymous_ ? clause("MAP-ANON-3") : clause("MAP-FILE-3"), Reason::wrong_value, load,
                              fmt::format("byte {} is what a private view stored for itself", at));
        const Store& wanted = latest == nullptr ? stores_[0] : *latest;
        breach(clause_of_sight(load, wanted), Reason::wrong_value, load,
               fmt::format("byte {} is {:#04x}; the last that was surely stored there is {:#04x}", at, seen,
                           value_of(wanted, at)));
    }

    void breach(ClauseId clause, Reason reason, const Act& act, std::string line) {
        breaches_.push_back({clause, reason, "", act.event, {std::move(line)}});
    }

    const Subject& subject_;
    const Component& component_;
    Weights& weights_;
    std::vector<Breach>& breaches_;
    bool anonymous_ = false, posix_ = false;
    std::vector<Length> lengths_;
    std::vector<Store> stores_;
};

}  // namespace

void check_memory(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches) {
    if (!component.acts.empty()) Memory(subject, component, weights, breaches).check();
}

}  // namespace crosstalk::judging
