// The last part of resolve: acts in order of receipt, and the split into components that share no bytes.
#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "mechanisms/catalog.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

namespace {
bool before(const Receipt& a, const Receipt& b) { return a.step != b.step ? a.step < b.step : a.offset < b.offset; }
}  // namespace

// A short piece of a long stream has no word that names it: it came before what follows it in its stream.
const Receipt* Subject::receipt_of(ActorId actor, StepId step, std::uint64_t offset) const {
    if (first_receipt.empty()) return nullptr;
    const std::size_t at = first_step[actor] + step;
    const auto wanted = static_cast<std::uint32_t>(offset % max_stream_bytes);
    const auto of_step = std::span(receipts).subspan(first_receipt[at], first_receipt[at + 1] - first_receipt[at]);
    const auto after = std::ranges::upper_bound(of_step, wanted, {}, &Receipt::offset);
    if (after != of_step.begin() && wanted - after[-1].offset < after[-1].length) return &after[-1];
    return after != of_step.end() ? &*after : nullptr;
}

std::uint32_t Subject::rank_of(ActorId actor, StepId step, std::uint64_t offset) const {
    const Receipt* const receipt = receipt_of(actor, step, offset);
    return receipt != nullptr ? receipt->order : unranked;
}

namespace {

// Which small stream holds this byte, where only one does: their bytes are distinct until 256 are used up (payload.h).
struct SmallBytes {
    std::array<std::uint32_t, 256> step, offset;
    explicit SmallBytes(const Subject& subject) {
        step.fill(unranked);
        for (std::uint32_t s = 0; s < subject.stream_bytes.size(); ++s)
            for (std::uint64_t i = 0; subject.stream_bytes[s] < small_stream_bytes && i < subject.stream_bytes[s];
                 ++i) {
                const auto byte = static_cast<std::uint8_t>(subject.tags[s] + i);
                ambiguous[byte] = step[byte] != unranked;
                step[byte] = s, offset[byte] = static_cast<std::uint32_t>(i);
            }
    }
    std::array<bool, 256> ambiguous{};
};

}  // namespace

// The search tries first what was received first. Reads stand between what they received and what came later.
void Resolver::rank_by_receipt() {
    const Subject& subject = resolved_.subject;
    std::vector<Act*> reads;
    for (Act& act : acts_)
        if (act.kind == ActKind::read && act.run_count != 0) reads.push_back(&act);
    if (reads.empty()) return;
    std::sort(reads.begin(), reads.end(), [](const Act* a, const Act* b) { return a->ended < b->ended; });
    const SmallBytes small(subject);
    std::vector<Receipt>& receipts = resolved_.subject.receipts;
    std::uint32_t order = 0;
    for (Act* read : reads) {
        const auto received = [&](std::uint32_t step, std::uint32_t offset, std::uint32_t length) {
            receipts.push_back({step, offset, length, order++, read->began, read->ended});
        };
        for (std::uint32_t r = 0; r < read->run_count; ++r) {
            const Run& run = history_.runs[read->first_run + r];
            if (run.kind == RunKind::origin && subject.knows(run.actor, run.step))
                received(subject.first_step[run.actor] + run.step, run.offset, run.length);
            for (std::uint32_t i = 0; run.kind == RunKind::raw && i < run.length; ++i) {
                const std::uint8_t byte = history_.raw[run.offset + i];
                if (small.step[byte] == unranked || small.ambiguous[byte]) continue;
                received(small.step[byte], small.offset[byte], 1);
            }
        }
        read->rank = order++;
    }
    std::ranges::stable_sort(receipts, before);
    std::vector<std::uint32_t>& first = resolved_.subject.first_receipt;
    first.assign(subject.stream_bytes.size() + 1, 0);
    for (const Receipt& receipt : receipts) ++first[receipt.step + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
}

void Resolver::build_components() {
    std::vector<std::uint16_t> root(objects_.size());
    std::iota(root.begin(), root.end(), std::uint16_t{0});
    const auto find = [&](std::uint16_t object) {
        while (root[object] != object) object = root[object];
        return object;
    };
    for (const Act& act : acts_)
        if (act.to_object != none16) root[find(act.to_object)] = find(act.object);
    std::vector<std::uint16_t> component(objects_.size(), none16), local(objects_.size()),
        flag_at(descriptions_.size());
    for (std::uint16_t p = 0; p < objects_.size(); ++p) {
        const std::uint16_t top = find(p);
        if (component[top] == none16) {
            component[top] = static_cast<std::uint16_t>(resolved_.components.size());
            resolved_.components.emplace_back();
            resolved_.components.back().calm = calm_;
        }
        component[p] = component[top];
        resolved_.components[component[p]].mechanism = objects_[p].mechanism;
        resolved_.components[component[p]].address = objects_[p].part == Part::address;
        resolved_.components[component[p]].lock = objects_[p].part == Part::lock;
        resolved_.components[component[p]].name = objects_[p].part == Part::name;
        auto& objects = resolved_.components[component[p]].objects;
        local[p] = static_cast<std::uint16_t>(objects.size());
        objects.push_back({.id = objects_[p].id, .slots = objects_[p].slots});
        objects.back().at = objects_[p].at;
        if (mechanism_of(objects_[p].mechanism).facts.naming == Naming::path)
            objects.back().fresh_slots = default_slots_;
    }
    for (std::size_t d = 0; d < descriptions_.size(); ++d) {
        auto& flags = resolved_.components[component[descriptions_[d].object]].flags;
        flag_at[d] = static_cast<std::uint16_t>(flags.size());
        flags.push_back(descriptions_[d].flags);
        resolved_.components[component[descriptions_[d].object]].references.push_back(descriptions_[d].references);
        const Description& description = descriptions_[d];
        ObjectFacts& facts = resolved_.components[component[description.object]].objects[local[description.object]];
        if (description.travels) facts.travels[description.end] = true;
        if (description.opened) continue;
        if (description.end != 1) facts.readers += description.references;
        if (description.end != 0) facts.writers += description.references;
    }
    for (Act act : acts_) {
        if (act.verb == Verb::open && act.description != none16) act.count = descriptions_[act.description].references;
        Component& mine = resolved_.components[component[act.object]];
        act.object = local[act.object];
        if (act.to_object != none16) act.to_object = local[act.to_object];
        if (act.description != none16) act.description = flag_at[act.description];
        if (act.to_description != none16) act.to_description = flag_at[act.to_description];
        mine.acts.push_back(act);
    }
}

}  // namespace crosstalk::judging
