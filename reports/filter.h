// A FILTER: words that all must match. `key:glob` with keys mechanism property fault clause finding outcome; `!` before
// a word negates it; a bare word is a glob on the cell id. No parentheses and no "or": two runs are simpler.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faults/frame.h"

namespace crosstalk {

// What words are matched against. An empty field matches no glob: `outcome:*` selects nothing before a run.
struct Filterable {
    std::string cell, mechanism, property, fault;
    std::vector<std::string> clauses, findings;
    std::string outcome;
};

class Filter {
  public:
    // Words may hold several, separated by blanks. An error names the word and the keys there are.
    static Expected<Filter> parse(std::span<const std::string> words);
    bool matches(const Filterable& thing) const;
    bool empty() const { return words_.empty(); }
    // Is there a word with this key? (`outcome` and `finding` select nothing before a run.)
    bool uses(std::string_view key) const;
    std::string text() const;

  private:
    struct Word {
        std::string key;  // "" = bare
        std::string glob;
        bool negated = false;
    };
    static bool matches(const Word& word, const Filterable& thing);
    std::vector<Word> words_;
};

}  // namespace crosstalk
