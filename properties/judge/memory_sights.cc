// What a load may see of what was stored, byte by byte, and of a word that was stored whole. See memory_rules.cc.
// Which clause speaks of what does not fit is memory_blame.cc's to say.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/memory.h"

namespace crosstalk::judging {

std::vector<std::uint8_t> Memory::bytes_of(const Act& act) const {
    std::vector<std::uint8_t> bytes;
    const History& history = *subject_.history;
    for (std::uint32_t r = 0; r < act.run_count; ++r) {
        const Run& run = history.runs[act.first_run + r];
        const std::size_t before = bytes.size();
        bytes.resize(before + run.length);
        const std::span<std::uint8_t> out = std::span(bytes).subspan(before);
        if (run.kind == RunKind::raw)
            std::ranges::copy(std::span(history.raw).subspan(run.offset, run.length), out.begin());
        else
            fill(subject_.stream(run.actor, run.step), run.offset, out);
    }
    return bytes;
}

std::uint8_t Memory::value_of(const Store& store, std::uint64_t at) const {
    return store.zero ? std::uint8_t{0} : byte_at(subject_.stream(store.act->actor, store.act->step), at - store.first);
}

std::vector<std::uint8_t> Memory::values_of(const Store& store, std::uint64_t from, std::uint64_t to) const {
    std::vector<std::uint8_t> bytes(to - from);
    if (!store.zero) fill(subject_.stream(store.act->actor, store.act->step), from - store.first, bytes);
    return bytes;
}

std::vector<Memory::Ancestor> Memory::ancestors_of(const Act& load) const {
    std::vector<Ancestor> line{{load.description, never}};
    for (auto act = component_.acts.rbegin(); act != component_.acts.rend(); ++act)
        if (act->kind == ActKind::other && act->verb == Verb::start && act->description == line.back().view)
            line.push_back({act->to_description, act->began});
    return line;
}

Stamp Memory::attached_at(std::uint16_t view) const {
    for (const Act& act : component_.acts)
        if (act.kind == ActKind::other && act.verb == Verb::attach && act.description == view) return act.began;
    return 0;
}

void Memory::check_bytes(const Act& load) {
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
    if (lengths_[0].bytes > first && lengths_[0].bytes < end) cuts.push_back(lengths_[0].bytes);
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
        std::vector<std::vector<std::uint8_t>> values;
        for (const Store* each : candidates) values.push_back(values_of(*each, cuts[i - 1], cuts[i]));
        const std::span<const std::uint8_t> all_seen =
            std::span(bytes).subspan(cuts[i - 1] - first, cuts[i] - cuts[i - 1]);
        const bool plain = candidates.size() == 1 && std::ranges::equal(values[0], all_seen);
        for (std::size_t k = 0; k < all_seen.size() && !plain; ++k) {
            const std::uint64_t at = cuts[i - 1] + k;
            const Store* by = nullptr;
            bool alone = true;
            for (std::size_t c = 0; c < candidates.size(); ++c)
                if (values[c][k] == all_seen[k])
                    alone = alone && (by == nullptr || by->act == candidates[c]->act), by = candidates[c];
            if (is_of_lock(at)) continue;
            if (by == nullptr) return tell(load, latest, at, all_seen[k]);
            if (alone && candidates.size() > 1 && load.end == 0 && stays(*by, at)) sight(sights, *by, at, load);
        }
        if (latest == nullptr) continue;
        ++weights_[is_untouched_tail(load, cuts[i - 1], *latest) ? clause("MAP-EOF-2")
                                                                 : clause_of_sight(load, *latest)];
    }
    stores_.insert(stores_.end(), sights.begin(), sights.end());
}

bool Memory::is_of_lock(std::uint64_t at) const {
    return std::ranges::any_of(locks_, [at](const auto& place) { return at >= place.first && at < place.second; });
}

bool Memory::is_apart(const Act& act) const {
    const bool copies = act.verb == Verb::load || act.verb == Verb::store;
    return copies && moves_word_apart(subject_.operation(act), subject_.page_bytes);
}

void Memory::check_word(const Act& load) {
    constexpr std::uint64_t word = 8;
    if (load.tail != load.asked || !is_apart(load)) return;
    const std::vector<std::uint8_t> bytes = bytes_of(load);
    const auto first = static_cast<std::uint64_t>(load.value);
    const std::uint64_t at = first + load.asked - word;
    if (bytes.size() != load.asked) return;
    const auto has_put = [&](const Store& store, std::uint64_t from, std::uint64_t to) {
        const bool apart = store.act != nullptr && !store.zero && is_apart(*store.act);
        const std::uint64_t begin = apart ? store.first : store.from,
                            end = apart ? store.first + store.act->asked : store.to;
        for (std::uint64_t i = from; i < to; ++i)
            if (i < begin || i >= end || value_of(store, i) != bytes[i - first]) return false;
        return true;
    };
    // What replaced a part of a word that went on being stored beside this load leaves the rest of it.
    const auto is_there = [&](const Store& store) {
        return store.from < at + word && store.to > at && store.began <= load.ended;
    };
    const auto in_part = [&](const Store& store) {
        return is_there(store) && (store.from > at || store.to < at + word) &&
               (store.act == nullptr || !is_apart(*store.act));
    };
    const auto parted = [&](const Store& beside) {
        return is_there(beside) && beside.ended > load.began && std::ranges::any_of(stores_, [&](const Store& store) {
                   return &store != &beside && in_part(store) && store.ended > beside.began;
               });
    };
    if (std::ranges::any_of(stores_, parted)) return;
    const Store* seen = nullptr;
    bool whole = false, alone = true;
    for (const Store& store : stores_) {
        if (!is_there(store)) continue;
        const bool beside = store.ended > load.began;
        if (beside && (store.act == nullptr || store.view != everybody || !is_apart(*store.act) ||
                       static_cast<std::uint64_t>(store.act->value) + store.act->asked != at + word ||
                       may_be(false, at + word - 1, store.began, load.ended)))
            return;  // what is stored otherwise, or beyond the end, may be seen in part
        if (!has_put(store, at, at + word)) continue;
        alone = alone && (!whole || (seen != nullptr && seen->act == store.act));
        whole = true;
        if (store.act != nullptr && is_apart(*store.act) && store.act->verb == Verb::store) seen = &store;
    }
    // Bytes of several stores that were over before may lie side by side.
    const bool before = [&] {
        for (std::uint64_t i = at; i < at + word; ++i)
            if (std::ranges::none_of(stores_, [&](const Store& store) {
                    return store.ended < load.began && store.view == everybody && has_put(store, i, i + 1);
                }))
                return false;
        return true;
    }();
    if (!whole && !before) return breach(clause("SHM-VIS-3"), Reason::torn, load, "no store has put this word there");
    if (seen == nullptr || !alone) return;
    ++weights_[clause("SHM-VIS-3")];
    const auto from = std::max(first, static_cast<std::uint64_t>(seen->act->value));
    for (std::uint64_t i = from; i < at; ++i) {
        // What is stored beyond the end may be zero again at any time.
        if (may_be(false, i, seen->act->began, seen->act->ended)) continue;
        const bool right = std::ranges::any_of(stores_, [&](const Store& store) {
            const Stamp over = store.act == nullptr ? store.ended : store.act->ended;  // not when it was last sighted
            const bool older = store.act != seen->act && over < seen->act->began;
            return !older && store.began < load.ended && has_put(store, i, i + 1);
        });
        if (!right)
            return breach(clause("SHM-VIS-4"), Reason::wrong_value, load,
                          fmt::format("byte {} is older than the word that was stored after it", i));
    }
    if (from < at) ++weights_[clause("SHM-VIS-4")];
}

bool Memory::is_untouched_tail(const Act& load, std::uint64_t at, const Store& latest) const {
    return latest.act == nullptr && load.verb == Verb::load && !anonymous_ && lengths_.size() == 1 &&
           at >= lengths_[0].bytes;
}

bool Memory::stays(const Store& store, std::uint64_t at) const {
    const bool inside = lengths_.size() == 1 && (anonymous_ || at < lengths_[0].bytes);
    return !store.zero && store.view == everybody && (store.sure || (store.act->open && inside));
}

void Memory::sight(std::vector<Store>& sights, const Store& store, std::uint64_t at, const Act& load) {
    if (!sights.empty() && sights.back().act == store.act && sights.back().to == at) return void(++sights.back().to);
    sights.push_back(store);
    Store& seen = sights.back();
    seen.from = at, seen.to = at + 1, seen.began = load.began, seen.ended = load.ended, seen.sure = true;
}

bool Memory::is_replaced(const Store& store, std::uint64_t from, std::uint64_t to,
                         const std::vector<const Store*>& near, Stamp seen_from, const Act& load) const {
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

}  // namespace crosstalk::judging
