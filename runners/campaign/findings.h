// The findings of a run: each id is investigated and recorded once, by the lane that met it first; others are counted.
#pragma once

#include <mutex>
#include <set>

#include "reports/record.h"
#include "runners/campaign/investigate.h"
#include "runners/campaign/source.h"

namespace crosstalk {

class Findings {
  public:
    // `directory`: out; "" writes no files. `records` outlives this.
    Findings(RunFacts run, std::string directory, RecordFile* records)
        : run_(std::move(run)), directory_(std::move(directory)), records_(records) {}

    static std::string id_of(const Goal& goal);
    // True for the first who asks: it must investigate and then record.
    bool claim(const std::string& id);
    // Writes the case, the history and the record. "" or what went wrong.
    std::string record(const Drawn& drawn, const Investigated& investigated, const Environment& environment,
                       std::uint64_t found_after_cases);

    std::vector<FindingFacts> all() const;
    // Not yet told: for whoever prints.
    std::vector<FindingFacts> take_news();
    // Of those that gate: regressions and crashes.
    std::size_t serious() const;

  private:
    RunFacts run_;
    std::string directory_;
    RecordFile* records_;
    mutable std::mutex mutex_;
    std::set<std::string> claimed_;
    std::vector<FindingFacts> all_;
    std::size_t told_ = 0;
};

}  // namespace crosstalk
