// The log of the link, and what the hosts say of the packets that they were given (proc(5): /proc/net/snmp, snmp6,
// dev).
#include <algorithm>
#include <charconv>
#include <string_view>

#include "mechanisms/payload.h"
#include "runners/agent/link.h"

namespace crosstalk::agent {
namespace {

constexpr std::size_t most_runs_of_a_packet = 64;  // one, if it is what was sent

std::string_view text_of(const Fd& file, std::span<char> room) {
    const long got = kernel::call(SYS_pread64, file.number(), room.data(), room.size(), 0, 0, 0);
    return {room.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::uint64_t number_at(std::string_view text) {
    std::uint64_t value = 0;
    const std::size_t at = std::min(text.find_first_of("0123456789"), text.size());
    std::from_chars(text.data() + at, text.data() + text.size(), value);
    return value;
}

// The number behind `skipped` others that follow this word.
std::uint64_t number_behind(std::string_view text, std::string_view word, std::size_t skipped = 0) {
    const std::size_t at = text.find(word);
    if (at == std::string_view::npos) return 0;
    text.remove_prefix(at + word.size());
    for (; skipped > 0; --skipped) {
        text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    }
    return number_at(text);
}

}  // namespace

// Of UDP: NoPorts, InErrors. The line of names stands before the one of numbers, and has none.
Link::Counters Link::counters(std::size_t host, std::uint8_t version) const {
    std::array<char, 16384> room;
    const Host& which = (*hosts_)[host];
    if (version == 6) {
        const std::string_view text = text_of(which.counters6, room);
        return {number_behind(text, "\nUdp6NoPorts"), number_behind(text, "\nUdp6InErrors")};
    }
    std::string_view text = text_of(which.counters4, room);
    const std::size_t names = text.find("\nUdp: ");
    text.remove_prefix(std::min(names, text.size() - 1) + 1);
    return {number_behind(text, "\nUdp: ", 1), number_behind(text, "\nUdp: ", 2)};
}

// Packets that a device had no room for: of what it sends, the fourth number, behind the eight of what it receives.
std::uint64_t Link::unsent() const {
    std::array<char, 4096> room;
    std::uint64_t sum = 0;
    for (const Host& host : *hosts_) sum += number_behind(text_of(host.devices, room), " link:", 11);
    return sum;
}

// What became of a datagram that was just handed over.
Fate Link::outcome(const Packet& packet) {
    const std::size_t to = 1 - packet.from;
    Counters& known = known_[to][packet.version == 6];
    const Counters now = counters(to, packet.version);
    const Fate fate = now.refused != known.refused   ? Fate::refused
                      : now.dropped != known.dropped ? Fate::no_room
                                                     : Fate::delivered;
    known = now;
    return fate;
}

void Link::log(const Packet& packet, const Pair& pair, Fate fate, Stamp began, bool again) {
    const Board& b = *board;
    if (!pair.datagrams && fate == Fate::delivered) return;
    Event event{};
    event.kind = EventKind::delivery;
    event.object = pair.object;
    event.result = static_cast<std::int64_t>(packet.data.size());
    event.value = delivery_value(fate, static_cast<int>(1 - packet.from), again);
    event.began = began;
    event.first_run = static_cast<std::uint32_t>(runs_.size());
    const StreamLengths lengths{{b.first_step.data(), b.actor_count + 1u}, {b.lengths.data(), b.step_count}};
    runs_.resize(runs_.size() + most_runs_of_a_packet);
    auto raw_used = static_cast<std::uint32_t>(raw_.size());
    raw_.resize(raw_.size() + packet.data.size());
    std::uint64_t covered = 0;
    const std::size_t written = decode(b.case_number, lengths, packet.data, std::span(runs_).subspan(event.first_run),
                                       raw_, &raw_used, &covered);
    runs_.resize(event.first_run + written);
    raw_.resize(raw_used);
    event.run_count = static_cast<std::uint32_t>(written);
    event.truncated = covered < packet.data.size() ? 1 : 0;
    if (written != 0 && runs_[event.first_run].kind == RunKind::origin)
        event.actor = runs_[event.first_run].actor, event.step = runs_[event.first_run].step;
    event.ended = board->journal.stamp();
    events_.push_back(event);
}

void Link::tell(History& history) const {
    if (hosts_ == nullptr) return;
    const auto first_run = static_cast<std::uint32_t>(history.runs.size());
    const auto first_raw = static_cast<std::uint32_t>(history.raw.size());
    for (Run run : runs_) {
        if (run.kind == RunKind::raw) run.offset += first_raw;
        history.runs.push_back(run);
    }
    history.raw.insert(history.raw.end(), raw_.begin(), raw_.end());
    for (Event event : events_) {
        if (event.run_count != 0)
            event.first_run += first_run;
        else
            event.first_run = 0;
        history.events.push_back(event);
    }
    std::ranges::stable_sort(history.events, {}, &Event::began);
}

}  // namespace crosstalk::agent
