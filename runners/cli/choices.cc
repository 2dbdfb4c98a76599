// What several commands share: times, targets, complaints.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <sstream>

#include "reports/format.h"
#include "reports/record.h"
#include "runners/cli/command.h"
#include "runners/gate/expectations.h"
#include "runners/targets/abilities.h"

namespace crosstalk {
namespace {

std::atomic<bool> interrupted{false};

// The first interrupt asks for the verdict so far; the second, by the default action, ends the tool.
void on_interrupt(int) {
    interrupted.store(true);
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
}

}  // namespace

std::string why_no_time(const std::string& text) {
    const auto time = time_from(text);
    return time ? "" : time.error();
}

int complain(int status, const std::string& what) {
    std::fprintf(stderr, "crosstalk: %s\n", what.c_str());
    return status;
}

bool colour_on(int fd) {
    const char* no = std::getenv("NO_COLOR");
    return ::isatty(fd) == 1 && (no == nullptr || *no == '\0');
}

void TargetChoice::add_to(CLI::App& app) {
    app.add_option("--target", name, "where cases are played: a name of `crosstalk list targets`, or a file (*.toml)")
        ->type_name("TARGET")
        ->capture_default_str();
    app.add_flag("--require-target", required,
                 "a target that is not there is trouble (exit status 3), not a reason to skip");
    app.add_option("--withhold", withhold,
                   "abilities not to use though the target has them, comma separated (see crosstalk probe)")
        ->type_name("ABILITY,...");
}

Expected<Target> TargetChoice::target() const { return target_named(name); }

int TargetChoice::when_not_started(const Target& target) const {
    return target.may_be_absent && !required ? exit_nothing : exit_harness;
}

Jobs jobs_of(unsigned asked, const Target& target) {
    Jobs jobs = asked == 0 ? usual_jobs() : Jobs{.lanes = asked};
    if (target.lanes != 0) jobs.lanes = std::min(jobs.lanes, target.lanes);
    return jobs;
}

Expected<std::uint32_t> TargetChoice::withheld() const {
    std::uint32_t bits = 0;
    std::istringstream in(withhold);
    for (std::string word; std::getline(in, word, ',');) {
        std::uint32_t bit = 0;
        std::string names;
        for (std::size_t i = 0; i < ability_names.size(); ++i) {
            if (ability_names[i] == word) bit = 1u << i;
            names.append(" ").append(ability_names[i]);
        }
        if (bit == 0 && !word.empty())
            return tl::unexpected("no ability '" + word + "' to withhold; there are:" + names);
        bits |= bit;
    }
    return bits;
}

// CLI11 reads "-1" as the largest number there is.
std::string why_no_count(const std::string& text) {
    const bool digits = !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text != "0" ? "" : "'" + text + "' is no number of cases; write for example 1000";
}

std::string now_in_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

// A drawn seed stays below 2^53, so that every reader of JSON keeps it.
Expected<std::uint64_t> seed_of(const std::string& text) {
    if (text.empty()) {
        std::random_device device;
        return (static_cast<std::uint64_t>(device()) << 32 | device()) >> 11;
    }
    try {
        std::size_t used = 0;
        const std::uint64_t seed = std::stoull(text, &used, 0);
        if (used == text.size() && text[0] != '-') return seed;
    } catch (const std::exception&) {
    }
    return tl::unexpected("--seed '" + text + "' is not a number below 2^64");
}

Expected<Results> results_of_files(const std::vector<std::string>& paths) {
    std::vector<NamedText> files;
    for (const std::string& path : paths) {
        Expected<std::string> text = text_of_file(path);
        if (!text) return tl::unexpected(text.error());
        files.push_back({path, std::move(*text)});
    }
    return results_from(files);
}

std::string read_expectations(const std::string& path, RunFacts& run) {
    auto expectations = expectations_of_file(path);
    if (!expectations) return expectations.error();
    run.expectation_file = path;
    run.expectations = std::move(*expectations);
    return "";
}

void FormatChoice::add_to(CLI::App& app) {
    for (const Format* format : formats())
        app.add_option("--" + std::string(format->name), files[std::string(format->name)],
                       "write " + std::string(format->about) + "; - is standard output")
            ->type_name("FILE");
}

bool FormatChoice::any() const {
    return std::ranges::any_of(files, [](const auto& file) { return !file.second.empty(); });
}

std::string FormatChoice::write(const Results& results) const {
    for (const Format* format : formats()) {
        const auto file = files.find(std::string(format->name));
        if (file == files.end() || file->second.empty()) continue;
        const std::string text = format->write(results);
        if (file->second == "-")
            std::fwrite(text.data(), 1, text.size(), stdout);
        else if (std::string wrong = replace_file(file->second, text); !wrong.empty())
            return wrong;
    }
    return "";
}

const std::atomic<bool>& interrupts() {
    ::signal(SIGINT, on_interrupt);
    ::signal(SIGTERM, on_interrupt);
    return interrupted;
}

}  // namespace crosstalk
