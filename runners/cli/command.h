// The commands of the tool: each file adds one to the command line and says how it is carried out.
#pragma once

#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "faults/frame.h"
#include "reports/result.h"
#include "runners/campaign/core.h"
#include "runners/targets/catalog.h"
#include "runners/targets/words.h"

namespace crosstalk {

// The contract's exit statuses.
inline constexpr int exit_passed = 0, exit_failed = 1, exit_usage = 2, exit_harness = 3, exit_nothing = 4;

struct Command {
    CLI::App* app = nullptr;
    std::function<int()> carry_out;
};

Command add_run(CLI::App& root);
Command add_gate(CLI::App& root);
Command add_replay(CLI::App& root);
Command add_judge(CLI::App& root);
Command add_prove(CLI::App& root);
Command add_list(CLI::App& root);
Command add_explain(CLI::App& root);
Command add_probe(CLI::App& root);
Command add_report(CLI::App& root);
Command add_diff(CLI::App& root);
Command add_manual(CLI::App& root);
Command add_completion(CLI::App& root);

// An option check for CLI11: "" if the text is a time.
std::string why_no_time(const std::string& text);

// An option check: "" if the text is a number of cases.
std::string why_no_count(const std::string& text);
// A seed; one is drawn for "".
Expected<std::uint64_t> seed_of(const std::string& text);
std::string now_in_utc();  // RFC 3339
// Several files are one run of several shards.
Expected<Results> results_of_files(const std::vector<std::string>& paths);
// "" or what is wrong with the expectation file.
std::string read_expectations(const std::string& path, RunFacts& run);
// --jobs: 0 is what keeps the cores busy. Never more lanes than the target bears.
Jobs jobs_of(unsigned asked, const Target& target);
// From now on the first interrupt sets this, for the verdict so far; the second ends the tool.
const std::atomic<bool>& interrupts();

// Prints "crosstalk: ..." on standard error and gives the status back.
int complain(int status, const std::string& what);
// Colour on this stream? Not with NO_COLOR, not off a terminal.
bool colour_on(int fd);

// --target, --require-target and --withhold, which several commands share.
struct TargetChoice {
    std::string name = "local";
    std::string withhold;
    bool required = false;
    void add_to(CLI::App& app);
    Expected<Target> target() const;
    Expected<std::uint32_t> withheld() const;          // Ability bits
    int when_not_started(const Target& target) const;  // exit status: a target may be absent
};

// One option a format of reports/format.h, each with a file to write; "-" is standard output.
struct FormatChoice {
    std::map<std::string, std::string> files;  // by the format's name; "" = not asked for
    void add_to(CLI::App& app);
    bool any() const;
    // "" or what could not be written.
    std::string write(const Results& results) const;
};

}  // namespace crosstalk
