// Reading a history's plain values: names of kinds and endings, and what the target said of itself.
#include "mechanisms/history.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace crosstalk {
namespace {

constexpr std::string_view kind_names[] = {"call",   "signal",   "death", "delivery",
                                           "asleep", "spinning", "probe", "fault"};
static_assert(std::size(kind_names) == event_kind_count);
constexpr std::string_view ending_names[] = {"complete", "calm", "bounded", "broken"};
static_assert(std::size(ending_names) == ending_count);

template <class Enum, std::size_t n>
std::optional<Enum> named_in(const std::string_view (&names)[n], std::string_view name) {
    const auto found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<Enum>(found - std::begin(names));
}

// The fields of an event that are values; where its runs lie is not one of them.
auto values_of(const Event& e) {
    return std::tuple(e.kind, e.actor, e.step, e.verb, e.error, e.signal, e.fault, e.times, e.run_count, e.object,
                      e.truncated, e.began, e.ended, e.result, e.value, e.took_ns);
}

bool same_run(const History& left, const Run& a, const History& right, const Run& b) {
    if (a.kind != b.kind || a.length != b.length) return false;
    if (a.kind != RunKind::raw) return a == b;
    return std::ranges::equal(left.raw_of(a), right.raw_of(b));
}

}  // namespace

std::int64_t Environment::number(std::string_view key, std::int64_t otherwise) const {
    const std::string_view written = text(key);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
    const bool whole = error == std::errc() && end == written.data() + written.size() && !written.empty();
    return whole ? number : otherwise;
}

std::string_view Environment::text(std::string_view key) const {
    const auto found = said.find(key);
    return found == said.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view name_of(EventKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::optional<EventKind> event_kind_named(std::string_view name) { return named_in<EventKind>(kind_names, name); }
std::string_view name_of(Ending ending) { return ending_names[static_cast<std::size_t>(ending)]; }
std::optional<Ending> ending_named(std::string_view name) { return named_in<Ending>(ending_names, name); }

bool operator==(const History& left, const History& right) {
    if (left.ending != right.ending || left.why != right.why) return false;
    return std::ranges::equal(left.events, right.events, [&](const Event& a, const Event& b) {
        return values_of(a) == values_of(b) &&
               std::ranges::equal(left.runs_of(a), right.runs_of(b),
                                  [&](const Run& x, const Run& y) { return same_run(left, x, right, y); });
    });
}

}  // namespace crosstalk
