// Lines of a trace.
#include "runners/cli/trace.h"

#include <fmt/format.h>

#include "faults/fault.h"
#include "properties/judge/call_text.h"

namespace crosstalk {
namespace {

std::string data_of(const History& history, const Event& event) {
    std::string out;
    for (const Run& run : history.runs_of(event)) {
        if (run.kind == RunKind::origin) {
            out += fmt::format(" {}@{}.{}+{}", run.length, run.actor, run.step, run.offset);
            continue;
        }
        out += fmt::format(" {} {}", run.length, run.kind == RunKind::raw ? "raw" : "foreign");
        for (std::uint32_t i = 0; i < run.length && run.offset + i < history.raw.size() && i < 16; ++i)
            out += fmt::format("{}{:02x}", i == 0 ? ":" : "", history.raw[run.offset + i]);
    }
    return out.empty() ? "" : "  from" + out;
}

std::string call_line(const History& history, const Event& event) {
    std::string out = fmt::format("{} = {}", sheet_of(event.verb).name,
                                  event.ended == 0 ? "never returned" : std::to_string(event.result));
    if (event.error != Errno::none) out += fmt::format(" {}", name_of(event.error));
    if (event.times != 1) out += fmt::format(" ({} whole calls)", event.times);
    if (event.value != 0) out += fmt::format(" value {:#x}", event.value);
    if (event.fault != no_fault) out += fmt::format(" [{}]", fault_of(event.fault).name);
    return out + data_of(history, event);
}

std::string what_of(const History& history, const Event& event) {
    switch (event.kind) {
        case EventKind::call: return call_line(history, event);
        case EventKind::signal: return fmt::format("signal {} code {}", name_of(event.signal), event.value);
        case EventKind::death: return fmt::format("death status {} {}", event.value, name_of(event.signal));
        case EventKind::delivery: return judging::delivery_text(event) + data_of(history, event);
        case EventKind::asleep: return fmt::format("asleep in {}", sheet_of(event.verb).name);
        case EventKind::spinning: return fmt::format("spinning in {}", sheet_of(event.verb).name);
        case EventKind::probe:
            return fmt::format("probe object {}: {} unread of {}", event.object, event.result, event.value);
        case EventKind::fault:
            return fmt::format("fault {} {}", fault_of(event.fault).name, event.result == 1 ? "fired" : "did not fire");
    }
    return "";
}

}  // namespace

std::string trace_of(const History& history) {
    std::string out;
    for (const Event& event : history.events) {
        const std::string span = event.ended == event.began ? std::to_string(event.began)
                                 : event.ended == 0         ? fmt::format("{}..", event.began)
                                                            : fmt::format("{}..{}", event.began, event.ended);
        out +=
            fmt::format("{:>12}  actor {:<2} step {:<3} {}\n", span, event.actor, event.step, what_of(history, event));
    }
    return out +
           fmt::format("ended: {}{}\n", name_of(history.ending), history.why.empty() ? "" : " (" + history.why + ")");
}

}  // namespace crosstalk
