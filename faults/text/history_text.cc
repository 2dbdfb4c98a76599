// Writes the text form of a history; history_reading.cc reads it.
#include "faults/text/history_text.h"

#include <charconv>

#include <fmt/format.h>

#include "faults/text/case_text.h"
#include "faults/text/json_writing.h"
#include "faults/text/words.h"

namespace crosstalk {
namespace {

using json::JsonObject;

// A decimal number that reads back as the same text stands without quotes.
std::string number_or_text(const std::string& value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool same = error == std::errc() && std::to_string(number) == value;
    return same ? value : json::quoted(value);
}

std::string text_of(const Environment& environment) {
    JsonObject out;
    for (const auto& [key, value] : environment.said) out.put(key, number_or_text(value));
    return out.text();
}

std::string text_of(const History& history, const Run& run) {
    if (run.kind == RunKind::raw) {
        return JsonObject().word("raw", fmt::format("{:02x}", fmt::join(history.raw_of(run), ""))).text();
    }
    const std::string origin = fmt::format("[{},{},{},{}]", run.actor, run.step, run.offset, run.length);
    return run.kind == RunKind::origin ? origin : JsonObject().put("foreign", origin).text();
}

std::string text_of(const History& history, const Event& event) {
    const bool is_call = event.kind == EventKind::call, is_probe = event.kind == EventKind::probe;
    JsonObject out;
    out.word("kind", name_of(event.kind));
    if (!is_probe || event.actor != 0) out.number("actor", event.actor);
    if ((!is_probe && event.kind != EventKind::death) || event.step != 0) out.number("step", event.step);
    if (is_probe || event.object != 0) out.number("object", event.object);
    if (is_call || event.verb != Verb::nothing) out.word("verb", sheet_of(event.verb).name);
    out.number("began", event.began);
    out.sparse("ended", event.ended);
    out.sparse("times", event.times, 1);
    const bool answered = (is_call && event.ended != 0) || is_probe || event.kind == EventKind::fault;
    if (answered || event.result != 0) out.number("result", event.result);
    if (event.error != Errno::none)
        out.word("error", name_of(event.error));
    else if (is_call && event.ended != 0)
        out.put("error", "null");
    const Verb told = event.verb == Verb::trial ? Verb::nothing : event.verb;  // it asks for a word, and tells bits
    if (event.value != 0) out.put("value", words::value(told, event.value, 0));
    if (event.signal != Signal::none) out.word("signal", name_of(event.signal));
    if (event.fault != no_fault) out.word("fault", fault_of(event.fault).name);
    out.sparse("took_ns", event.took_ns);
    if (event.run_count != 0) {
        std::vector<std::string> data;
        for (const Run& run : history.runs_of(event)) data.push_back(text_of(history, run));
        out.put("data", json::list(data));
    }
    if (event.truncated != 0) out.number("truncated", true);
    return out.text();
}

}  // namespace

std::string to_text(const Recording& recording) {
    JsonObject out;
    out.number("version", 1);
    out.sparse("case_number", recording.case_number);
    if (recording.played) out.put("case", to_text(*recording.played), "\n ");
    out.put("environment", text_of(recording.environment), "\n ");
    std::vector<std::string> events;
    for (const Event& event : recording.history.events) events.push_back(text_of(recording.history, event));
    out.put("events", json::lines(events, 2), "\n ");
    out.put("ended", json::quoted(name_of(recording.history.ending)), "\n ");
    if (!recording.history.why.empty()) out.word("why", recording.history.why);
    return out.text();
}

std::string to_line(const Recording& recording) { return json::on_one_line(to_text(recording)); }

}  // namespace crosstalk
