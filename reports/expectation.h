// What is known of a target beforehand: which promise it does not keep, and why that is accepted.
// A plain value: reading it from a file is runners/gate's, deciding what it means for a cell is cells.h's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crosstalk {

struct Expectation {
    std::string cell = "*";  // glob on the cell id
    std::string clause;      // exact id
    std::string outcome;     // "deviates" | "violated" | "flaky"
    std::string reason;      // for people; never empty
    std::string source;      // where it is documented or reported; may be empty
    double max_rate = 1.0;   // flaky: at most this share of replays may fail
    std::string where;       // "linux.toml:12", for messages
    bool operator==(const Expectation&) const = default;
};

// Shell-like: * any run of characters, ? any one. No classes.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace crosstalk
