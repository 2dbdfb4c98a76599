// A history on the wire: a head with all counts, then events, runs, raw bytes and `why`, as they are. It comes from a
// place that may be hostile or broken, so every enumerator, index and order is checked before anybody reads it.
#include "faults/wire.h"

namespace crosstalk {
namespace {

using wire::wrong;

constexpr std::uint16_t history_version = 1;
constexpr std::size_t max_why_bytes = 4096;

struct HistoryHead {
    std::uint16_t version;
    Ending ending;
    std::uint8_t spare;
    std::uint32_t events, runs, raw_bytes, why_bytes;
};

const char* wrong_with(const Event& e) {
    if (static_cast<std::size_t>(e.kind) >= event_kind_count) return "no such kind";
    if (static_cast<std::size_t>(e.verb) >= verb_count) return "no such verb";
    if (e.error > Errno::other) return "no such error";
    if (e.signal > Signal::other) return "no such signal";
    if (e.fault >= faults().size()) return "no such fault";
    if (e.actor >= max_actors || e.step > max_steps ||
        (e.object >= max_objects && !(e.kind == EventKind::probe && e.object == leaked_descriptors)))
        return "an actor, step or object out of range";
    if (e.truncated > 1 || e.spare != 0) return "a field out of range";
    if (e.ended != 0 && e.ended < e.began) return "ended before it began";
    return nullptr;
}

const char* wrong_with(const Run& run, std::size_t raw_bytes) {
    if (run.kind > RunKind::foreign) return "no such kind";
    if (run.actor >= max_actors || run.step >= max_steps) return "an actor or step out of range";
    const std::uint64_t end = std::uint64_t{run.offset} + run.length;
    if (run.kind == RunKind::raw ? end > raw_bytes : end > std::uint64_t{1} << 32) return "beyond its bytes";
    return nullptr;
}

std::string why_not(const History& history) {
    Stamp last = 0;
    for (std::size_t i = 0; i < history.events.size(); ++i) {
        const Event& event = history.events[i];
        const char* bad = wrong_with(event);
        if (bad == nullptr && event.began < last) bad = "not in the order of began";
        if (bad == nullptr && std::uint64_t{event.first_run} + event.run_count > history.runs.size())
            bad = "runs beyond the end";
        if (bad != nullptr) return "event " + std::to_string(i) + ": " + bad;
        last = event.began;
    }
    for (std::size_t i = 0; i < history.runs.size(); ++i)
        if (const char* bad = wrong_with(history.runs[i], history.raw.size()))
            return "run " + std::to_string(i) + ": " + bad;
    return "";
}

}  // namespace

std::vector<std::uint8_t> encode(const History& history) {
    const std::string_view why = std::string_view(history.why).substr(0, max_why_bytes);
    std::vector<std::uint8_t> out;
    out.reserve(sizeof(HistoryHead) + history.events.size() * sizeof(Event) + history.runs.size() * sizeof(Run) +
                history.raw.size() + why.size());
    wire::append(out,
                 HistoryHead{history_version, history.ending, 0, static_cast<std::uint32_t>(history.events.size()),
                             static_cast<std::uint32_t>(history.runs.size()),
                             static_cast<std::uint32_t>(history.raw.size()), static_cast<std::uint32_t>(why.size())});
    wire::append(out, std::span<const Event>(history.events));
    wire::append(out, std::span<const Run>(history.runs));
    wire::append(out, std::span<const std::uint8_t>(history.raw));
    wire::append(out, why);
    return out;
}

Expected<History> decode_history(std::span<const std::uint8_t> payload) {
    wire::Reader reader(payload);
    const auto head = reader.one<HistoryHead>();
    if (reader.short_of_bytes()) return wrong("history", "cut short");
    if (head.version != history_version)
        return wrong("history", "of version " + std::to_string(head.version) + ", not 1");
    if (head.ending > Ending::broken || head.spare != 0) return wrong("history", "no such ending");
    if (head.why_bytes > max_why_bytes) return wrong("history", "says why at more than 4096 bytes");
    History history;
    history.ending = head.ending;
    reader.many(history.events, head.events);
    reader.many(history.runs, head.runs);
    reader.many(history.raw, head.raw_bytes);
    history.why = reader.text(head.why_bytes);
    if (reader.short_of_bytes()) return wrong("history", "cut short");
    if (!reader.at_end()) return wrong("history", "bytes after its end");
    for (char& c : history.why)
        if (c < ' ' || c > '~') c = '?';
    if (std::string bad = why_not(history); !bad.empty()) return wrong("history", bad);
    return history;
}

}  // namespace crosstalk
