// A hypothesis: answers to what a history leaves open (had the fork copied a slot before its fellow thread closed it?
// did the receive that its process did not survive take the message?). A history holds if it holds under one of them.
// It only counts through the answers; what is asked, and what an answer means, belongs to who asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace crosstalk::judging {

class Hypothesis {
  public:
    // The answer to the next question, 0 .. options - 1. The first hypothesis answers 0 to all.
    unsigned choose(unsigned options) {
        if (asked_ == answers_.size()) answers_.push_back({0, static_cast<std::uint8_t>(options)});
        return answers_[asked_++].given;
    }
    // Turns this into the next one; false if that was the last. Later questions may depend on earlier answers.
    bool next() {
        answers_.resize(asked_);
        asked_ = 0;
        while (!answers_.empty() && answers_.back().given + 1 == answers_.back().options) answers_.pop_back();
        if (answers_.empty()) return false;
        ++answers_.back().given;
        return true;
    }

  private:
    struct Given {
        std::uint8_t given, options;
    };
    std::vector<Given> answers_;
    std::size_t asked_ = 0;
};

}  // namespace crosstalk::judging
