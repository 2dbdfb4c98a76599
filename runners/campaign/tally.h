// Counting what judged cases showed, cheaply: flat arrays of one lane, moved out as an increment each second.
#pragma once

#include <atomic>
#include <mutex>

#include "properties/verdict.h"
#include "reports/result.h"
#include "runners/campaign/interleaving.h"
#include "runners/campaign/source.h"

namespace crosstalk {

// Many counts, of which few are not 0: remembers which.
class SparseCounts {
  public:
    explicit SparseCounts(std::size_t size) : counts_(size) {}
    void add(std::size_t index, std::uint32_t times) {
        if (index >= counts_.size() || times == 0) return;
        if (counts_[index] == 0) touched_.push_back(static_cast<std::uint32_t>(index));
        counts_[index] += times;
    }
    // Gives each count that is not 0, and forgets them all.
    template <class Each>
    void take(Each each) {
        for (const std::uint32_t index : touched_) each(index, std::exchange(counts_[index], 0));
        touched_.clear();
    }

  private:
    std::vector<std::uint32_t> counts_, touched_;
};

class Tally {
  public:
    explicit Tally(const std::vector<Cell>& drawn_for);

    // A judged history, whatever the verdict. Well below a microsecond for a small case.
    void judged(const Drawn& drawn, const History& history, const Verdict& verdict);
    // The harness's own trouble with a case: never the target's fault.
    void broke(std::string_view why);
    // A finding met once more.
    void again(const std::string& finding);
    // Since the last time. Called by another thread than the above.
    EvidenceFacts take();

    std::uint64_t cases() const { return cases_.load(std::memory_order_relaxed); }  // judged so far, ever
    std::uint64_t broken() const { return broken_.load(std::memory_order_relaxed); }

  private:
    void weigh(MechanismId mechanism, ClauseId clause, FaultId fault, std::uint32_t times);
    void measure(const Case& value);
    void strike(const Case& value, const History& history, MechanismId mechanism);
    void interleave(const Case& value, const History& history, MechanismId mechanism);
    void reach(const Case& value, const Verdict& verdict);

    std::mutex mutex_;
    std::vector<Cell> drawn_for_;
    std::vector<std::uint64_t> drawn_;          // by index into drawn_for_
    SparseCounts weights_;                      // [mechanism][clause][fault]
    SparseCounts struck_;                       // [mechanism][fault][verb][fired, armed]
    SparseCounts overlaps_;                     // [mechanism][verb][verb][turns, free]
    std::vector<Reach> reach_;                  // [mechanism][clause]
    std::vector<std::uint64_t> armed_, fired_;  // by fault
    InterleavingReader reader_;
    std::vector<Interleaving> interleavings_;  // [mechanism][way]: since the last time; of orders, those new to seen_
    std::vector<Distinct> seen_;               // [mechanism][way]: orders, ever
    EvidenceFacts rest_;                       // what is rare, or an array there already
    std::atomic<std::uint64_t> cases_{0}, broken_{0};
    ClauseId alive_;  // TARGET-ALIVE-1: every case played is evidence for it
};

// The fault that had fired in a history: that of the cell if it did, else the first that did, else none.
FaultId fired_in(const History& history, FaultId preferred);

}  // namespace crosstalk
