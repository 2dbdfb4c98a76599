// The progress line.
#include "runners/cli/screen.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "reports/cells.h"

namespace crosstalk {
namespace {

constexpr double seconds_between_lines = 10;

std::string bar(double share) {
    constexpr std::size_t width = 16;
    const std::size_t full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * width);
    return "[" + std::string(full, '#') + std::string(width - full, '-') + "]";
}

std::string line_of_progress(const Progress& progress) {
    const double by_cases =
        progress.planned > 0 ? static_cast<double>(progress.cases) / static_cast<double>(progress.planned) : 0;
    const double by_time = progress.budget_seconds > 0 ? progress.seconds / progress.budget_seconds : 0;
    const double share = std::min(std::max(by_cases, by_time), 1.0);
    const double rate = progress.seconds > 0 ? static_cast<double>(progress.cases) / progress.seconds : 0;
    std::string out = fmt::format("{} {:3.0f}%  {} cases  {:.0f}/s  {} findings", bar(share), share * 100,
                                  with_thousands(progress.cases), rate, progress.findings);
    if (progress.serious > 0) out += fmt::format(", {} serious", progress.serious);
    if (progress.broken > 0) out += fmt::format("  {} broken", with_thousands(progress.broken));
    if (share >= 1) return out + "  finishing";
    const double left = by_time >= by_cases && by_time > 0 ? progress.budget_seconds - progress.seconds
                        : by_cases > 0                     ? progress.seconds / by_cases - progress.seconds
                                                           : 0;
    const auto seconds = static_cast<unsigned>(std::max(left, 0.0));
    return out + fmt::format("  {}:{:02} left", seconds / 60, seconds % 60);
}

}  // namespace

Screen::Screen(int fd, ConsoleStyle style) : fd_(fd), terminal_(::isatty(fd) == 1), style_(std::move(style)) {}

void Screen::print(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t wrote = ::write(fd_, text.data() + at, text.size() - at);
        if (wrote <= 0) return;  // nobody reads: the run goes on, its records are in files
        at += static_cast<std::size_t>(wrote);
    }
}

void Screen::close() {
    if (drawn_) print("\r\x1b[K");
    drawn_ = false;
}

void Screen::opened(const RunFacts& run) {
    run_ = run;
    print(console_opening(run));
}

void Screen::progress(const Progress& progress) {
    if (terminal_) {
        print("\r" + line_of_progress(progress) + "\x1b[K");
        drawn_ = true;
    } else if (progress.seconds - said_at_ >= seconds_between_lines) {
        said_at_ = progress.seconds;
        print(line_of_progress(progress) + "\n");
    }
}

void Screen::found(const FindingFacts& finding) {
    close();
    if (outcome_of(run_, finding) == "known") {
        const Expectation* entry = expectation_for(run_, finding);
        print(fmt::format("{} {}  known  {} {}{}\n", symbol_of("known"), finding.cell, finding.clause, finding.reason,
                          entry != nullptr ? ": " + entry->reason : ""));
        return;
    }
    print(console_finding(run_, finding, style_));
}

}  // namespace crosstalk
