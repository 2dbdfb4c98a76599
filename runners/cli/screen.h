// Progress: one redrawn line on a terminal, one line each ten seconds elsewhere. Only what is not a pass scrolls.
#pragma once

#include <string>

#include "reports/console.h"
#include "runners/campaign/campaign.h"

namespace crosstalk {

class Screen {
  public:
    Screen(int fd, ConsoleStyle style);
    void opened(const RunFacts& run);
    void progress(const Progress& progress);
    void found(const FindingFacts& finding);
    // Wipes the progress line, so that what follows begins clean.
    void close();

  private:
    void print(const std::string& text);
    int fd_;
    bool terminal_;
    ConsoleStyle style_;
    RunFacts run_;
    double said_at_ = 0;
    bool drawn_ = false;
};

}  // namespace crosstalk
