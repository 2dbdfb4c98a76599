// The bound layer of the byte stream. Runs are facts about origins; stamps are facts about order. A byte may be read
// twice only through tee; a writer's bytes reach one reader in order; a piece of an indivisible write is never parted.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/rules.h"

namespace crosstalk::judging {
namespace {

struct Received {        // one run, as received
    std::uint32_t read;  // index into acts
    std::uint32_t run;   // position within that read
    std::uint64_t offset, length;
};

std::string name(const Act& act) { return fmt::format("step {} of actor {}", act.step, act.actor); }

// How many bytes of its stream a write may have put in, at most.
std::uint64_t written_at_most(const Subject& subject, const Act& act) {
    if (act.open) return act.asked * subject.operation(act).times;
    return act.asked * act.full_calls + act.tail;
}

}  // namespace

void check_bounds(const Subject& subject, const Component& component, Weights& weights, std::vector<Breach>& breaches) {
    const History& history = *subject.history;
    std::vector<std::int32_t> write_of(subject.stream_bytes.size(), -1);
    bool copies = false, moves = false;  // bytes may stand in two pipes; or pass one another by way of a second pipe
    for (std::uint32_t i = 0; i < component.acts.size(); ++i) {
        const Act& act = component.acts[i];
        copies = copies || act.kind == ActKind::tee;
        moves = moves || act.to_object != none16;
        if (act.kind == ActKind::write || act.kind == ActKind::vmsplice)
            write_of[subject.first_step[act.actor] + act.step] = static_cast<std::int32_t>(i);
    }
    std::vector<std::vector<Received>> seen(component.acts.size());  // by write
    const auto breach = [&](ClauseId clause, Reason reason, const Act& act, std::string line) {
        breaches.push_back({clause, reason, "", act.event, {std::move(line)}});
    };
    for (std::uint32_t i = 0; i < component.acts.size(); ++i) {
        const Act& read = component.acts[i];
        if (read.kind != ActKind::read || read.open) continue;
        for (std::uint32_t r = 0; r < read.run_count; ++r) {
            const Run& run = history.runs[read.first_run + r];
            if (run.kind != RunKind::origin || run.length < small_stream_bytes)
                continue;  // short runs may be chance: the search compares bytes
            if (!subject.knows(run.actor, run.step)) continue;
            const std::int32_t w = write_of[subject.first_step[run.actor] + run.step];
            if (w < 0 || component.acts[static_cast<std::size_t>(w)].began > read.ended) {
                breach(
                    clause("PIPE-STREAM-1"), Reason::wrong_value, read,
                    fmt::format("bytes of step {} of actor {}, which had not been written to it", run.step, run.actor));
                return;
            }
            const Act& write = component.acts[static_cast<std::size_t>(w)];
            if (subject.stream_bytes[subject.first_step[run.actor] + run.step] > max_stream_bytes) continue;
            const std::uint64_t most = written_at_most(subject, write);
            if (run.offset + std::uint64_t{run.length} > most + small_stream_bytes) {
                breach(clause("PIPE-STREAM-1"), Reason::wrong_value, read,
                       fmt::format("bytes {}..{} of {}, which wrote {}", run.offset, run.offset + run.length - 1,
                                   name(write), most));
                return;
            }
            seen[static_cast<std::size_t>(w)].push_back({i, r, run.offset, run.length});
        }
    }
    for (std::uint32_t w = 0; w < component.acts.size(); ++w) {
        auto& runs = seen[w];
        if (runs.empty()) continue;
        ++weights[clause("PIPE-STREAM-1")];
        std::sort(runs.begin(), runs.end(), [](const Received& a, const Received& b) { return a.offset < b.offset; });
        for (std::size_t i = 1; i < runs.size(); ++i) {
            const Received &a = runs[i - 1], &b = runs[i];
            if (!copies && b.offset + small_stream_bytes <= a.offset + a.length) {  // more than chance can explain
                const Act& second = component.acts[std::max(a.read, b.read)];
                breach(clause("PIPE-STREAM-3"), Reason::doubled, second,
                       fmt::format("bytes {}..{} of {} were received twice", b.offset,
                                   std::min(a.offset + a.length, b.offset + b.length) - 1, name(component.acts[w])));
                return;
            }
            const Act &earlier = component.acts[a.read], &later = component.acts[b.read];
            const bool swapped = a.read == b.read ? a.run > b.run : later.ended < earlier.began;
            if (!moves && swapped) {
                breach(clause("PIPE-STREAM-1"), Reason::reordered, earlier,
                       fmt::format("byte {} of {} came before byte {}", b.offset, name(component.acts[w]), a.offset));
                return;
            }
        }
    }
}

}  // namespace crosstalk::judging
