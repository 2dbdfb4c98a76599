// The bounds behind it: how many bytes can be in a pipe at most while an act lasts, and how little it can hold then.
#include "properties/judge/pure.h"

#include <algorithm>

#include "properties/models/byte_stream.h"

namespace crosstalk::judging {
namespace {

// Bytes that an act puts into this pipe: no more, whether it has ended or not.
std::uint64_t put_at_most(const Subject& subject, const Act& act, std::uint16_t pipe) {
    const bool writes = (act.kind == ActKind::write || act.kind == ActKind::vmsplice) && act.object == pipe;
    if (!writes && act.to_object != pipe) return 0;
    return act.open ? act.asked * subject.operation(act).times : act.full_calls * act.asked + act.tail;
}

// Bytes that are gone from this pipe when the act has returned.
std::uint64_t taken(const Act& act, std::uint16_t pipe) {
    const bool takes = (act.kind == ActKind::read || act.kind == ActKind::splice) && act.object == pipe && !act.open;
    return takes ? act.full_calls * act.asked + act.tail : 0;
}

struct Interval {
    Stamp from, to;
};

// At every moment: what may have been put in by then, less what is surely gone.
std::uint64_t most_bytes(const Subject& subject, const Component& component, const Act& act, Interval interval) {
    struct Change {
        Stamp at;
        std::int64_t bytes;
    };
    std::vector<Change> changes;
    std::int64_t bytes = 0;
    const auto changed = [&](Stamp at, std::int64_t by) {
        if (by == 0 || at >= interval.to) return;
        if (at <= interval.from)
            bytes += by;
        else
            changes.push_back({at, by});
    };
    for (const Act& other : component.acts) {
        std::uint64_t put = put_at_most(subject, other, act.object);
        if (&other == &act && act.open) put -= act.asked;  // it sleeps in its last call, and has put in none of it
        changed(other.began, static_cast<std::int64_t>(put));
        changed(other.ended, -static_cast<std::int64_t>(taken(other, act.object)));
    }
    std::ranges::sort(changes, {}, &Change::at);
    std::int64_t most = bytes;
    for (const Change& change : changes) most = std::max(most, bytes += change.bytes);
    return static_cast<std::uint64_t>(most);
}

// The least capacity that may have been in force.
std::uint64_t least_capacity(const Subject& subject, const Component& component, std::uint16_t pipe,
                             Interval interval) {
    const auto sets = [&](const Act& set) {
        return set.kind == ActKind::set_capacity && set.object == pipe && set.error == Errno::none;
    };
    const auto replaced = [&](Stamp at) {  // surely, before the interval, what was set by then
        return std::ranges::any_of(component.acts, [&](const Act& set) {
            return sets(set) && !set.open && set.began > at && set.ended <= interval.from;
        });
    };
    std::uint64_t least = replaced(0) ? ~0ull : component.objects[pipe].slots * subject.page_bytes;
    for (const Act& set : component.acts)
        if (sets(set) && set.began < interval.to && !replaced(set.ended))
            least = std::min(least, set.open ? 0 : static_cast<std::uint64_t>(set.result));
    return least;
}

// There is room for what was refused, or still sleeps, at every moment and by the byte.
bool surely_has_room(const Subject& subject, const Component& component, const Act& act) {
    const bool small = act.asked <= std::min(subject.pipe_buf, subject.page_bytes);
    if (act.asleep ? !small : act.open) return false;  // what was killed need not have been refused
    const Interval interval = act.asleep ? Interval{component.calm, component.calm} : Interval{act.began, act.ended};
    const std::uint64_t wanted = act.asked <= subject.pipe_buf ? act.asked : 1;
    return most_bytes(subject, component, act, interval) + wanted <=
           least_capacity(subject, component, act.object, interval);
}

// It was short, and neither a dead reader nor O_NONBLOCK nor a gap in its buffer can be why.
bool surely_cut_by_stop(const Component& component, const Act& act) {
    if (act.interrupted || act.restarted || act.never_sleeps || act.mapped < act.asked) return false;
    if (component.flags[act.description] & flag_nonblock) return false;
    std::uint64_t released = 0;
    for (const Act& other : component.acts) {
        const bool before = other.began < act.ended;
        if (other.kind == ActKind::release && other.object == act.object && other.end == 0 && before)
            released += other.count;
        if (other.kind == ActKind::set_flags && other.description == act.description && before &&
            (other.value & flag_nonblock))
            return false;
    }
    return released < component.objects[act.object].readers;
}

}  // namespace

bool surely_deviates(const Subject& subject, const Component& component, const Act& act, std::uint32_t how) {
    // Ends that are opened on the way, and a capacity that goes with the last of them, are not counted here.
    if (std::ranges::any_of(component.acts, [](const Act& each) { return each.verb == Verb::open; })) return false;
    if (how & byte_stream::how_deviates_room) return surely_has_room(subject, component, act);
    if (how & byte_stream::how_deviates_stop) return surely_cut_by_stop(component, act);
    return false;
}

}  // namespace crosstalk::judging
