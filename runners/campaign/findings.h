// The findings of a run. What is met first is looked into by the lane that met it; what is met again is counted. A
// finding is named by its smallest case, so several that were met may turn out to be one: it says as what it was seen.
#pragma once

#include <map>
#include <mutex>

#include "faults/text/history_text.h"
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
    // True for the first who asks: it must investigate and then record. `id` is of the goal as met.
    bool claim(const std::string& id);
    // May `met` be named as `smaller` is? Only a violation by another violation, and only where both make the run fail:
    // what is known, expected, or does not gate never stands for what is not.
    bool may_become(const Drawn& drawn, const Failure& met, const Failure& smaller) const;
    // Counts by id as met, to counts by id as named; those still looked into are kept for the next time, or, the last
    // time, keep their ids.
    std::map<std::string, std::uint64_t> named(const std::map<std::string, std::uint64_t>& again, bool last_time);
    // Writes the case, the history and the record. "" or what went wrong. If the name is one that is recorded already,
    // the record only adds as what it was seen.
    std::string record(const Drawn& drawn, const Investigated& investigated, const Environment& environment,
                       std::uint64_t found_after_cases);

    // What was judged to be our own trouble is no finding, but what it looked like is kept as histories/broken-N.json;
    // of the first few, which tell as much as thousands. "" or what went wrong.
    std::string keep_broken(const Recording& recording, std::uint64_t number);

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
    std::map<std::string, std::string> names_;      // id as met, to id as named; "" while it is looked into
    std::map<std::string, std::uint64_t> unnamed_;  // met again meanwhile
    std::vector<FindingFacts> all_;
    std::size_t told_ = 0;
    std::size_t kept_broken_ = 0;
};

}  // namespace crosstalk
