// Proving that the judge is sharp: each suspect is a target that is known to lie; cases are drawn and judged as in any
// run until a violation shows that the honest target's expectations do not excuse. One suspect a lane at a time.
// It neither shrinks nor stores what it finds: `crosstalk run --target=lie:ID` does.
#pragma once

#include <atomic>

#include "reports/result.h"
#include "runners/campaign/player.h"
#include "runners/campaign/source.h"

namespace crosstalk {

struct Suspect {
    ProofFacts about;  // lie, mechanism, clause, bug, about
    Target target;
};

struct ProveOptions {
    std::vector<Suspect> suspects;
    std::vector<Cell> cells;
    std::uint64_t seed = 0;
    std::uint64_t cases = 100'000;        // of one suspect, at most
    std::chrono::milliseconds sample{0};  // of one suspect, at most; 0: unbounded
    Jobs jobs;
    std::uint32_t withhold = 0;  // abilities not to use
    RunFacts run;                // whose expectations excuse
    JudgeFunction judge;
    std::function<DrawCell(const std::vector<Cell>&, const Ground&)> drawing;
    const std::atomic<bool>* interrupted = nullptr;
    std::function<void(const ProofFacts&)> on_proof;  // as each becomes known, by one thread at a time
};

// The suspects that were done with, in their order. An interrupted one is left out.
std::vector<ProofFacts> prove(const ProveOptions& options);

// All lies, whoever tells them: the agent's operation table, then the mirror's mutations.
std::vector<Suspect> all_suspects();

// Those whose ids or clauses these words select.
Expected<std::vector<Suspect>> suspects_selected_by(const std::vector<std::string>& words);

}  // namespace crosstalk
