// Which clause speaks of what a load saw, or of a length that was told: by who stored it, how, and what came between.
// See memory_rules.cc.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/memory.h"

namespace crosstalk::judging {

ClauseId Memory::clause_of_length(const Act& look) const {
    const bool tail = lengths_.size() == 1 && std::ranges::any_of(stores_, [&](const Store& store) {
                          return !store.zero && store.to > lengths_[0].bytes && store.view == everybody &&
                                 store.ended < look.began;
                      });
    return tail ? clause("MAP-EOF-3") : was_opened_away(look) ? clause("SHM-OPEN-5") : clause("SHM-SIZE-1");
}

bool Memory::was_opened_away(const Act& look) const {
    const Act* last = nullptr;
    for (const Act& act : component_.acts)
        if (act.kind == ActKind::other && act.verb == Verb::truncate && act.ended < look.began) last = &act;
    return last != nullptr && subject_.operation(*last).verb == Verb::open;
}

ClauseId Memory::clause_of_writer(const Act& load, const Store& store) const {
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

bool Memory::has_between(const Act& load, const Store& store, auto test) const {
    return std::ranges::any_of(component_.acts, [&](const Act& act) {
        return act.kind == ActKind::other && test(act) && act.began > store.ended && act.ended < load.began;
    });
}

ClauseId Memory::clause_of_sight(const Act& load, const Store& store) const {
    const auto left = [](const Act& act) { return act.verb == Verb::open; };
    const auto shaken = [](const Act& act) { return act.verb == Verb::advise || act.verb == Verb::punch; };
    const auto freed = [&](const Act& act) { return freed_a_lock(act); };
    if (load.end == 0 && has_between(load, store, freed)) return clause("SHM-ROBUST-3");
    if (store.act != nullptr && load.end == 0) {
        if (is_apart(load) && is_apart(*store.act)) return clause("SHM-VIS-4");
        if (store.act->verb == Verb::punch) return clause("MAP-ATOM-2");
        if (store.act->verb == Verb::truncate && subject_.operation(*store.act).verb == Verb::open)
            return clause("SHM-OPEN-5");
        if (has_between(load, store, left)) return clause("SHM-LIFE-3");
        if (has_between(load, store, shaken)) return clause("MAP-ATOM-2");
    }
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

void Memory::tell(const Act& load, const Store* latest, std::uint64_t at, std::uint8_t seen) {
    for (const Store& store : stores_)
        if (store.view != everybody && at >= store.from && at < store.to && value_of(store, at) == seen &&
            (load.end == 0 || store.view != load.description))
            return breach(anonymous_ ? clause("MAP-ANON-3") : clause("MAP-FILE-3"), Reason::wrong_value, load,
                          fmt::format("byte {} is what a private view stored for itself", at));
    const Store& wanted = latest == nullptr ? stores_[0] : *latest;
    constexpr std::uint64_t word = 8;
    const bool of_word = at + word >= static_cast<std::uint64_t>(load.value) + load.asked;
    ClauseId which = is_untouched_tail(load, at, wanted) ? clause("MAP-EOF-2") : clause_of_sight(load, wanted);
    if (which == clause("SHM-VIS-4") && of_word) which = clause("SHM-VIS-3");
    breach(which, Reason::wrong_value, load,
           fmt::format("byte {} is {:#04x}; the last that was surely stored there is {:#04x}", at, seen,
                       value_of(wanted, at)));
}

}  // namespace crosstalk::judging
