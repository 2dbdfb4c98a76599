// The last part of resolve: acts in order of receipt, and the split into components that share no bytes.
#include <algorithm>
#include <numeric>

#include "properties/judge/resolver.h"

namespace crosstalk::judging {

// Search tries first what was received first: the order of receipt, by first bytes.
void Resolver::rank_writes() {
    std::vector<std::uint32_t> rank(resolved_.subject.stream_bytes.size(), ~0u);
    std::uint32_t next = 0;
    std::vector<const Act*> reads;
    for (const Act& act : acts_)
        if (act.kind == ActKind::read && !act.open) reads.push_back(&act);
    std::sort(reads.begin(), reads.end(), [](const Act* a, const Act* b) { return a->ended < b->ended; });
    for (const Act* read : reads)
        for (std::uint32_t r = 0; r < read->run_count; ++r) {
            const Run& run = history_.runs[read->first_run + r];
            if (run.kind != RunKind::origin || !resolved_.subject.knows(run.actor, run.step)) continue;
            std::uint32_t& mine = rank[resolved_.subject.first_step[run.actor] + run.step];
            if (mine == ~0u) mine = next++;
        }
    for (Act& act : acts_)
        if (act.kind == ActKind::write || act.kind == ActKind::vmsplice)
            act.rank = rank[resolved_.subject.first_step[act.actor] + act.step];
}

void Resolver::build_components() {
    std::vector<std::uint16_t> root(pipes_.size());
    std::iota(root.begin(), root.end(), std::uint16_t{0});
    const auto find = [&](std::uint16_t pipe) {
        while (root[pipe] != pipe) pipe = root[pipe];
        return pipe;
    };
    for (const Act& act : acts_)
        if (act.to_pipe != none16) root[find(act.to_pipe)] = find(act.pipe);
    std::vector<std::uint16_t> component(pipes_.size(), none16), local(pipes_.size()), flag_at(descriptions_.size());
    for (std::uint16_t p = 0; p < pipes_.size(); ++p) {
        const std::uint16_t top = find(p);
        if (component[top] == none16) {
            component[top] = static_cast<std::uint16_t>(resolved_.components.size());
            resolved_.components.emplace_back();
            resolved_.components.back().calm = calm_;
        }
        component[p] = component[top];
        auto& pipes = resolved_.components[component[p]].pipes;
        local[p] = static_cast<std::uint16_t>(pipes.size());
        pipes.push_back({pipes_[p].object, pipes_[p].slots, pipes_[p].references[0], pipes_[p].references[1]});
    }
    for (std::size_t d = 0; d < descriptions_.size(); ++d) {
        auto& flags = resolved_.components[component[descriptions_[d].pipe]].flags;
        flag_at[d] = static_cast<std::uint16_t>(flags.size());
        flags.push_back(descriptions_[d].flags);
    }
    for (Act act : acts_) {
        Component& mine = resolved_.components[component[act.pipe]];
        act.pipe = local[act.pipe];
        if (act.to_pipe != none16) act.to_pipe = local[act.to_pipe];
        if (act.description != none16) act.description = flag_at[act.description];
        if (act.to_description != none16) act.to_description = flag_at[act.to_description];
        mine.acts.push_back(act);
    }
}

}  // namespace crosstalk::judging
