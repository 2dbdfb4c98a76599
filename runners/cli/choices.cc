// What several commands share: times, targets, complaints.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <sstream>

#include "runners/cli/command.h"

namespace crosstalk {
namespace {

// In the order of enum Ability.
constexpr std::string_view ability_names[] = {"user_namespace", "fifo_scheduling", "idle_scheduling",
                                              "proc",           "pidfd_getfd",     "memfd",
                                              "execveat",       "seccomp",         "lane_user"};

}  // namespace

Expected<std::chrono::milliseconds> time_from(const std::string& text) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const std::string unit = text.substr(digits);
    const std::int64_t factor = unit == "ms"  ? 1
                                : unit == "s" ? 1000
                                : unit == "m" ? 60'000
                                : unit == "h" ? 3'600'000
                                              : 0;
    if (digits == 0 || digits > 9 || factor == 0)
        return tl::unexpected("'" + text + "' is not a time; write 500ms, 20s, 10m or 2h");
    return std::chrono::milliseconds(std::stoll(text.substr(0, digits)) * factor);
}

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
    app.add_option("--target", name, "where cases are played: a name of `crosstalk list targets`")
        ->capture_default_str();
    app.add_option("--withhold", withhold,
                   "abilities not to use though the target has them, comma separated (see crosstalk probe)");
}

Expected<Target> TargetChoice::target() const { return target_named(name); }

Expected<std::uint32_t> TargetChoice::withheld() const {
    std::uint32_t bits = 0;
    std::istringstream in(withhold);
    for (std::string word; std::getline(in, word, ',');) {
        std::uint32_t bit = 0;
        std::string names;
        for (std::size_t i = 0; i < std::size(ability_names); ++i) {
            if (ability_names[i] == word) bit = 1u << i;
            names.append(" ").append(ability_names[i]);
        }
        if (bit == 0 && !word.empty())
            return tl::unexpected("no ability '" + word + "' to withhold; there are:" + names);
        bits |= bit;
    }
    return bits;
}

}  // namespace crosstalk
