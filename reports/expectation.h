// What is known of a target beforehand: which promise it does not keep, and why that is accepted.
// A plain value: reading it from a file is runners/gate's, deciding what it means for a cell is cells.h's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crosstalk {

struct Expectation {
    std::string cell = "*";                // glob on the cell id
    std::string clause;                    // exact id
    std::string outcome;                   // "deviates" | "violated" | "flaky"
    std::string reason;                    // for people; never empty
    std::string source;                    // where it is documented or reported; may be empty
    double max_rate = 1.0;                 // flaky: at most this share of replays may fail
    std::string where;                     // "linux.toml:12", for messages
    std::string kernel = "*", libc = "*";  // when: globs on what the target says of itself; else it is no entry
    std::string owner{}, link{};           // of a defect (violated, flaky): one of them at least
    std::string expires{};                 // of a defect: "2027-03-01", the last day on which it excuses
    std::uint64_t evidence = 1000;         // of its clause, after which an entry that nothing met is out of date
    bool operator==(const Expectation&) const = default;
};

// A reason that begins so was written by `gate --update` and by no person yet.
inline constexpr std::string_view unreviewed = "UNREVIEWED";

// Shell-like: * any run of characters, ? any one. No classes.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace crosstalk
