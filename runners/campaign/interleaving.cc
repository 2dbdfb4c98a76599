// One pass over the calls in the order in which they began, beside the list of those that are still in flight.
#include "runners/campaign/interleaving.h"

#include <algorithm>
#include <array>
#include <utility>

#include "faults/catalog.h"

namespace crosstalk {
namespace {

using Objects = std::uint16_t;  // a bit for each
static_assert(max_objects <= 16);
using Slots = std::array<Objects, max_slots>;

Objects objects_in(const Slots& slots, const Operation& step) {
    if (names_object(step.verb)) return static_cast<Objects>(step.object < max_objects ? 1u << step.object : 0u);
    Objects out = 0;
    for (const Slot slot : step.uses)
        if (slot < max_slots) out = static_cast<Objects>(out | slots[slot]);
    return out;
}

// What a step makes stands for what it used. A child begins with what its parent had at its `start`.
void follow(const Program& program, ActorId actor, Slots slots, std::vector<std::vector<Objects>>& touched) {
    if (!touched[actor].empty()) return;
    for (const Operation& step : program.actors[actor].steps) {
        const Objects objects = objects_in(slots, step);
        touched[actor].push_back(objects);
        for (const Slot slot : step.makes)
            if (slot < max_slots) slots[slot] = objects;
        const auto child = static_cast<std::size_t>(step.value);
        if (step.verb == Verb::start && child < program.actors.size())
            follow(program, static_cast<ActorId>(child), slots, touched);
    }
}

void follow_all(const Program& program, std::vector<std::vector<Objects>>& touched) {
    Slots slots{};
    for (std::size_t object = 0; object < std::min(program.objects.size(), max_objects); ++object)
        for (const int end : {0, 1})
            slots[initial_slot(static_cast<ObjectId>(object), end)] = static_cast<Objects>(1u << object);
    touched.resize(program.actors.size());
    for (std::vector<Objects>& steps : touched) steps.clear();
    for (std::size_t actor = 0; actor < program.actors.size(); ++actor)
        if (program.actors[actor].kind == ActorKind::pooled)
            follow(program, static_cast<ActorId>(actor), slots, touched);
}

std::uint64_t stirred(std::uint64_t hash, const Event& call, bool returns) {
    const std::uint64_t what =
        std::uint64_t{call.actor} << 16 | std::uint64_t{returns} << 8 | static_cast<std::uint64_t>(call.verb);
    return (hash ^ what) * 0x9e3779b97f4a7c15u;
}

// The high bits depend on every event (a product carries upwards only).
std::uint32_t spread(std::uint64_t hash) {
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

std::string_view name_of(Way way) {
    constexpr std::array<std::string_view, way_count> names{"turns", "free", "swept", "spread", "spread-swept"};
    return names[static_cast<std::size_t>(way)];
}

Way way_of(const Case& value) {
    const Schedule& schedule = value.schedule;
    if (schedule.mode == Mode::turns) return Way::turns;
    const bool swept = !schedule.delays.empty() || std::ranges::any_of(value.plan, [](const Injection& injection) {
        return injection.fault == delay_fault;
    });
    if (schedule.spread) return swept ? Way::spread_swept : Way::spread;
    return swept ? Way::swept : Way::free;
}

Interleaved InterleavingReader::read(const Case& value, const History& history) {
    open_.clear();
    overlaps_.clear();
    followed_ = false;
    Interleaved out;
    std::uint64_t hash = 0;
    const auto return_until = [&](Stamp now) {
        while (!open_.empty()) {
            const auto first = std::ranges::min_element(open_, {}, &Open::ended);
            if (first->ended >= now) return;
            hash = stirred(hash, *first->call, true);
            *first = open_.back();
            open_.pop_back();
        }
    };
    constexpr Stamp never = ~Stamp{0};
    const Event* before = nullptr;
    for (const Event& event : history.events) {
        if (event.kind != EventKind::call || event.verb == Verb::nothing) continue;
        return_until(event.began);
        if (!open_.empty()) meet(value, event);
        hash = stirred(hash, event, false);
        if (before != nullptr && before->actor != event.actor) ++out.switches;
        before = &event;
        if (open_.size() < max_actors) open_.push_back({event.ended == 0 ? never : event.ended, &event});
        out.at_once = std::max(out.at_once, open_.size());
    }
    return_until(never);
    out.order = spread(hash);
    return out;
}

void InterleavingReader::meet(const Case& value, const Event& call) {
    if (!std::exchange(followed_, true)) follow_all(value.program, touched_);
    const auto objects_of = [&](const Event& event) -> Objects {
        if (event.actor >= touched_.size() || event.step >= touched_[event.actor].size()) return 0;
        return touched_[event.actor][event.step];
    };
    const Objects objects = objects_of(call);
    for (const Open& other : open_)
        if (other.call->actor != call.actor && (objects & objects_of(*other.call)) != 0 &&
            overlaps_.size() < most_overlaps)
            overlaps_.push_back({std::min(call.verb, other.call->verb), std::max(call.verb, other.call->verb)});
}

}  // namespace crosstalk
