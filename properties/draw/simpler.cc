// Simpler. Numbers go towards a goal as in a search by halves: the goal itself, then half of the way, ... one before.
#include "properties/draw/simpler.h"

#include <algorithm>
#include <bit>

#include "properties/draw/cuts.h"

namespace crosstalk::draw {
namespace {

constexpr std::size_t halvings = 20;  // ways of one number: enough for 1 MiB; greater ones take several rounds

template <class Number>
bool towards(Number& value, Number goal, std::size_t way) {
    if (value <= goal) return false;
    const Number distance = static_cast<Number>(value - goal), step = static_cast<Number>(distance >> way);
    if (step == 0) return false;
    value = static_cast<Number>(value - step);
    return true;
}

template <class Number>
bool become(Number& value, Number simple) {
    if (value == simple) return false;
    value = simple;
    return true;
}

bool simplify_vector(Operation& operation) {
    if (operation.verb == Verb::writev)
        operation.verb = Verb::write;
    else if (operation.verb == Verb::readv)
        operation.verb = Verb::read;
    else
        return false;
    operation.buffer.segments = 1;
    operation.buffer.split = Split::even;
    return true;
}

// Whoever only looks how much is there can as well read it: the plainest way to see what a pipe holds.
bool read_instead(Operation& operation) {
    if (operation.verb != Verb::available) return false;
    constexpr std::uint64_t everything = 65536;
    Operation plain;
    plain.verb = Verb::read;
    plain.uses[0] = operation.uses[0];
    plain.buffer.bytes = everything;
    operation = plain;
    return true;
}

// poll: one slot fewer.
bool drop_last_use(Operation& operation) {
    if (operation.verb != Verb::poll && operation.verb != Verb::pass) return false;
    const std::size_t least = operation.verb == Verb::poll ? 1 : 2;
    for (std::size_t i = operation.uses.size(); i-- > least;) {
        if (operation.uses[i] == no_slot) continue;
        operation.uses[i] = no_slot;
        if (operation.verb == Verb::poll)
            operation.value = static_cast<std::int64_t>(static_cast<std::uint64_t>(operation.value) &
                                                        ((std::uint64_t{1} << (16 * i)) - 1));
        return true;
    }
    return false;
}

}  // namespace

bool simplify(Operation& operation, std::size_t way) {
    constexpr std::size_t own_ways = 11;
    if (way >= own_ways) {
        way -= own_ways;
        constexpr std::uint64_t much = 1u << 20;  // beyond, halves are not to be had: too much memory
        if (way == 1 && operation.buffer.bytes > much) return become(operation.buffer.bytes, much);
        if (way < halvings) return towards(operation.buffer.bytes, std::uint64_t{0}, way);
        return towards(operation.times, 1u, way - halvings);
    }
    switch (way) {
        case 0: return become(operation.times, 1u);
        case 1: return simplify_vector(operation);
        case 2: return become(operation.buffer.mapped, ~0u);
        case 3: return towards(operation.buffer.segments, std::uint16_t{1}, 0);
        case 4: return become(operation.buffer.split, Split::even);
        case 5: return become(operation.flags, std::uint16_t{0});
        case 6:
            return operation.flags != 0 && !std::has_single_bit(operation.flags) &&
                   become(operation.flags, static_cast<std::uint16_t>(operation.flags & (operation.flags - 1)));
        case 7:
            if (operation.verb == Verb::send && has_label(operation.value))
                return become(operation.value, std::int64_t{0});
            return (operation.verb == Verb::set_capacity || operation.verb == Verb::dup ||
                    operation.verb == Verb::exit) &&
                   towards(operation.value, std::int64_t{0}, 0);
        case 8:
            if (operation.verb == Verb::send && has_label(operation.value))
                return become(operation.value, value_of({label_of(operation.value).stream, 0}));
            return operation.verb == Verb::set_capacity && towards(operation.value, std::int64_t{0}, 1);
        case 9: return read_instead(operation);
        default: return drop_last_use(operation);
    }
}

std::size_t count_simpler_rests(const Case& value) {
    return 6 + 4 * value.program.objects.size() + value.program.actors.size() + value.schedule.delays.size() +
           2 * value.plan.size();
}

namespace {

// Whoever is started can as well be there from the start, with the initial slots that it uses.
bool pool(Case& value, std::size_t actor) {
    if (value.program.actors[actor].kind == ActorKind::pooled) return false;
    const auto starts = [&](const Operation& step) {
        return step.verb == Verb::start && static_cast<std::size_t>(step.value) == actor;
    };
    const std::vector<Operation>& steps = value.program.actors[value.program.actors[actor].parent].steps;
    const auto at = std::ranges::find_if(steps, starts);
    if (at == steps.end()) return false;
    const ActorId parent = value.program.actors[actor].parent;
    const auto step = static_cast<std::size_t>(at - steps.begin());
    value.program.actors[actor].kind = ActorKind::pooled;
    value.program.actors[actor].parent = 0;
    Keep keep = keep_all(value);
    keep.steps[parent].reset(step);
    value = cut(value, std::move(keep));
    value.program.actors[actor].holds = slots_needed(value.program, static_cast<ActorId>(actor));
    return true;
}

bool simplify_schedule(Case& value, std::size_t way) {
    Schedule& schedule = value.schedule;
    const std::size_t half = schedule.choices.size() / 2;
    switch (way) {
        case 0: return !schedule.choices.empty() && (schedule.choices.clear(), true);
        case 1: return half != 0 && (schedule.choices.resize(half), true);
        case 2: return !schedule.delays.empty() && (schedule.delays.clear(), true);
        case 3: return become(schedule.spread, false);
        default: return cut_holdings(value);
    }
}

}  // namespace

bool simplify_rest(Case& value, std::size_t way) {
    if (way-- == 0) return !value.program.links.empty() && (value.program.links.clear(), true);
    constexpr std::size_t schedule_ways = 5;
    if (way < schedule_ways) return simplify_schedule(value, way);
    way -= schedule_ways;
    const std::size_t objects = value.program.objects.size(), actors = value.program.actors.size();
    if (way < objects) return objects > 1 && cut_object(value, static_cast<ObjectId>(objects - 1 - way));
    way -= objects;
    if (way < objects) {  // flags and capacity at once: one alone may hide the failure
        Asked& asked = value.program.objects[way].asked;
        return asked.flags != 0 && asked.capacity_bytes != 0 && (asked = Asked{}, true);
    }
    way -= objects;
    if (way < 2 * objects) {
        Asked& asked = value.program.objects[way / 2].asked;
        return way % 2 == 0 ? become(asked.flags, std::uint16_t{0})
                            : towards(asked.capacity_bytes, std::uint64_t{0}, 0);
    }
    way -= 2 * objects;
    if (way < actors) return pool(value, way);
    way -= actors;
    if (way < value.schedule.delays.size()) {
        value.schedule.delays.erase(value.schedule.delays.begin() + static_cast<std::ptrdiff_t>(way));
        return true;
    }
    way -= value.schedule.delays.size();
    if (way >= 2 * value.plan.size()) return false;
    Injection& injection = value.plan[way / 2];
    return way % 2 == 0 ? become(injection.argument, std::int64_t{0}) : towards(injection.occurrence, 0u, 0);
}

}  // namespace crosstalk::draw
