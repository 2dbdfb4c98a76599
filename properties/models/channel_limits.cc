// The channel: how long a call sleeps at most, how much it waits for, and how much a buffer holds (socket(7):
// SO_RCVTIMEO, SO_SNDTIMEO, SO_RCVLOWAT, SO_SNDBUF). Limits are looked up from what the case does to the socket, and
// are no part of its state: who sets one beside a call that sleeps may be before or after it.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/channel.h"

namespace crosstalk::channel {
namespace {

// A clock tick, where a second has the fewest: the kernel counts limits in ticks, of which the first has begun.
constexpr std::int64_t tick_ns = 10'000'000;

struct Setting {
    const Act* act;
    std::int64_t value;
};

// What may hold during `act` of all that was ever set; `usual` is what holds before.
template <class Fits>
void may_hold(const std::vector<Setting>& settings, const Act& act, std::int64_t usual, Fits fits) {
    const auto replaced = [&](const Setting& setting) {
        return std::ranges::any_of(settings, [&](const Setting& other) {
            const bool later = other.act->began > setting.act->ended;
            return later && (other.act == &act || other.act->ended < act.began);
        });
    };
    bool surely_set = false;
    for (const Setting& each : settings) {
        surely_set = surely_set || each.act == &act || each.act->ended < act.began;
        if (each.act->began < act.ended && !replaced(each)) fits(each.value);
    }
    if (!surely_set) fits(usual);
}

bool sets(const Act& act, SocketOption option) {
    return act.verb == Verb::set_option && act.error == Errno::none &&
           (act.value & 0xff) == static_cast<std::int64_t>(option);
}

// How many bytes a receive on this end waits for, of all that may hold during `act`.
template <class Fits>
void water_of(const Component& component, const Act& act, Fits fits) {
    std::vector<Setting> waters;
    for (const Act& each : component.acts)
        if (each.object == act.object && each.end == act.end && sets(each, SocketOption::low_water))
            waters.push_back({&each, std::max<std::int64_t>(each.value >> 8, 1)});
    may_hold(waters, act, 1, [&](std::int64_t bytes) { fits(static_cast<std::uint64_t>(bytes)); });
}

}  // namespace

Limits Model::limits_of(const Act& act) const {
    Limits limits;
    if (!limited_ || act.kind > ActKind::read) return limits;
    const bool reads = act.kind == ActKind::read;
    const SocketOption option = reads ? SocketOption::receive_limit : SocketOption::send_limit;
    std::vector<Setting> times;
    for (const Act& each : component_.acts) {
        if (each.object != act.object || each.end != act.end) continue;
        const std::int64_t own = each.kind == act.kind ? subject_.operation(each).timeout_ns : forever;
        if (own != forever) times.push_back({&each, own});
        if (sets(each, option)) times.push_back({&each, (each.value >> 8) * 1'000'000});
    }
    may_hold(times, act, 0, [&](std::int64_t limit_ns) {
        if (limit_ns == 0) limits.unlimited = !times.empty();
        if (limit_ns == 0) return;
        limits.least_ns = limits.may ? std::min(limits.least_ns, limit_ns) : limit_ns;
        limits.may = true;
    });
    if (!reads) return limits;
    limits.least_water = ~std::uint64_t{0};
    water_of(component_, act, [&](std::uint64_t bytes) {
        limits.least_water = std::min(limits.least_water, bytes);
        limits.most_water = std::max(limits.most_water, bytes);
    });
    return limits;
}

std::uint64_t Model::most_water(const Act& act) const {
    std::uint64_t most = 1;
    if (limited_) water_of(component_, act, [&](std::uint64_t bytes) { most = std::max(most, bytes); });
    return most;
}

// socket(7), SO_RCVLOWAT: poll tells of input from so many bytes on. Of UNIX sockets Linux tells of any.
bool Model::may_be_held_back(const End& end, const Act& poll) const {
    return !records_ && !end.receives_shut && end.reset == Told::not_due && bytes_of(end) < most_water(poll);
}

// May it have ended since its time was over? Early is told of calls that were timed.
bool Model::gave_up(const Act& act) const {
    const Limits limits = limits_of(act);
    if (!limits.may) return false;
    const std::int64_t took_ns = subject_.history->events[act.event].took_ns;
    return took_ns == 0 || took_ns + tick_ns >= limits.least_ns;
}

// signal(7): a call with a time limit is never begun anew, and a stop may interrupt it.
bool Model::may_be_interrupted(const Act& act) const {
    return act.interrupted || ((act.restarted || act.stopped) && limits_of(act).may);
}

// Descriptors come with the first byte of their message, and only there.
bool Model::brings_rights(const Act& act, const Piece& piece) const {
    const Act& send = component_.acts[piece.act];
    return !send.carries || piece.offset != 0 || act.rights == send.event;
}

// unix(7): ancillary data is a barrier. Having received such a byte, this may go on only in the same message.
bool Model::passes_barrier(const Flight& flight, const Act& act, const Piece& piece) const {
    return (flight.how & how_barrier) && component_.acts[piece.act].event != act.rights;
}

// socket(7), SO_SNDBUF: doubled, at least the minimum, at most the system's maximum, which nobody tells us.
void set_buffer(End& end, std::int64_t asked) {
    constexpr std::int64_t least = 2048, lowest_known = 4608, surely_allowed = 212'992;
    const std::int64_t doubled = 2 * asked;
    end.least_buffer =
        static_cast<std::uint32_t>(asked > surely_allowed ? 2 * surely_allowed : std::max(least, doubled));
    end.most_buffer = static_cast<std::uint32_t>(std::max(lowest_known, doubled));
}

// What was told stays so, unless nobody has set it: it may then grow by itself (tcp(7), tcp_wmem).
bool buffer_may_be(End& end, std::int64_t told) {
    if (told < end.least_buffer || told > end.most_buffer) return false;
    if (end.most_buffer != ~0u) end.least_buffer = end.most_buffer = static_cast<std::uint32_t>(told);
    return true;
}

// Surely, whatever the size of the buffer was when the send looked at it: before it slept, perhaps.
bool Model::is_too_large(const End& mine, const Act& send) const {
    return records_ && send.asked + record_overhead > mine.most_buffer &&
           std::ranges::none_of(component_.acts, [&](const Act& other) {
               return other.verb == Verb::set_option && other.object == send.object && other.end == send.end &&
                      (other.value & 0xff) == static_cast<std::int64_t>(SocketOption::send_buffer) &&
                      other.began < send.ended && send.began < other.ended;
           });
}

}  // namespace crosstalk::channel
