// Reading expectation files: runners/expectations/<target>.toml, or --expect FILE.
//   include  = "linux.toml"         # optional, first: the entries of a file beside this one hold too
//   [[expect]]
//   cell     = "pipe/capacity/*"    # glob on the cell id
//   clause   = "PIPE-CAP-3"         # exact
//   outcome  = "deviates"           # deviates: from a document, for good; violated: a known defect; flaky: at times
//   reason   = "..."                # required: for whoever wonders next year
//   source   = "..."                # optional: where it is documented or reported
//   when     = { kernel = "Linux 6.*", libc = "glibc *" }   # optional: globs on what the target says of itself
//   owner    = "..."                # violated and flaky: an owner or a link, and a last day
//   link     = "https://..."
//   expires  = 2027-03-01
//   max_rate = 0.02                 # flaky only, required there: the share of replays that may fail
//   evidence = 100000               # not flaky: not met in so much evidence, it is out of date (default 1000)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faults/frame.h"
#include "reports/expectation.h"

namespace crosstalk {

// Errors: "linux.toml:12: ... what to do". A clause that this build lacks is an error.
Expected<std::vector<Expectation>> expectations_from(std::string_view text, const std::string& name);
Expected<std::vector<Expectation>> expectations_of_file(const std::string& path);

// "" or why this is no day: "2026-11-28".
std::string why_no_day(const std::string& text);

// The file of this kernel, if there is one: an installed one, else the source tree's. `kernel` as the target says it:
// "Linux 6.18.0".
std::optional<std::string> expectation_file_for(std::string_view target_name, std::string_view kernel);

}  // namespace crosstalk
