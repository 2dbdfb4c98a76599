// Joins. See joins.h.
#include "properties/draw/joins.h"

#include <algorithm>
#include <utility>

#include "properties/draw/cuts.h"

namespace crosstalk::draw {
namespace {

constexpr std::size_t most_steps_for_pairs = 24;  // 276 pairs: a quarter of a second of plays

struct Place {
    std::size_t actor = 0, step = 0;
};

// The number-th step of the program, actor by actor.
std::optional<Place> place_of(const Case& value, std::size_t number) {
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        const std::size_t steps = value.program.actors[a].steps.size();
        if (number < steps) return Place{a, number};
        number -= steps;
    }
    return std::nullopt;
}

// The number-th pair i < j of 0, 1, 2...: (0,1) (0,2) (1,2) (0,3) ...
std::pair<std::size_t, std::size_t> pair_of(std::size_t number) {
    std::size_t j = 1;
    for (; number >= j; ++j) number -= j;
    return {number, j};
}

constexpr std::size_t pairs_among(std::size_t count) { return count < 2 ? 0 : count * (count - 1) / 2; }

Case without(const Case& value, Place place) {
    Keep keep = keep_all(value);
    keep.steps[place.actor].reset(place.step);
    return cut(value, std::move(keep));
}

// The steps of both in the order of the choices; who has steps beyond them goes on in order of number (case.h).
std::vector<Place> order_of(const Case& value, std::size_t first, std::size_t second) {
    std::vector<Place> order;
    std::array<std::size_t, max_actors> next{};
    const auto move = [&](std::size_t actor) {
        if (next[actor] < value.program.actors[actor].steps.size()) order.push_back({actor, next[actor]++});
    };
    for (const ActorId who : value.schedule.choices)
        if (who == first || who == second) move(who);
    for (const std::size_t actor : {first, second})
        while (next[actor] < value.program.actors[actor].steps.size()) move(actor);
    return order;
}

}  // namespace

std::size_t count_actor_pairs(const Case& value) {
    return value.schedule.mode == Mode::turns ? pairs_among(value.program.actors.size()) : 0;
}

std::optional<Case> with_actors_joined(const Case& value, std::size_t number) {
    const auto pair = pair_of(number);
    const auto first = pair.first, second = pair.second;
    const std::vector<Actor>& actors = value.program.actors;
    if (actors[first].kind != ActorKind::pooled || actors[second].kind != ActorKind::pooled) return std::nullopt;
    const std::vector<Place> order = order_of(value, first, second);
    if (order.size() > max_steps) return std::nullopt;
    Case joined = value;
    Actor& into = joined.program.actors[first];
    std::vector<Slot> holds;
    std::ranges::set_union(actors[first].holds, actors[second].holds, std::back_inserter(holds));
    into.holds = std::move(holds);
    into.steps.clear();
    const auto renamed = [&](ActorId& actor, StepId& step) {
        for (std::size_t i = 0; i < order.size(); ++i)
            if (order[i].actor == actor && order[i].step == step) {
                actor = static_cast<ActorId>(first), step = static_cast<StepId>(i);
                return;
            }
    };
    for (const Place& place : order) into.steps.push_back(actors[place.actor].steps[place.step]);
    joined.program.actors[second].steps.clear();
    for (Actor& actor : joined.program.actors) {
        if (actor.kind != ActorKind::pooled && actor.parent == second) actor.parent = static_cast<ActorId>(first);
        for (Operation& step : actor.steps)
            if ((step.verb == Verb::pass || step.verb == Verb::receive) &&
                step.uses[0] == mailbox_of(static_cast<ActorId>(second)))
                step.uses[0] = mailbox_of(static_cast<ActorId>(first));
    }
    std::ranges::replace(joined.schedule.choices, static_cast<ActorId>(second), static_cast<ActorId>(first));
    for (Delay& delay : joined.schedule.delays) renamed(delay.actor, delay.step);
    for (Injection& injection : joined.plan) renamed(injection.actor, injection.step);
    Keep keep = keep_all(joined);
    keep.actors &= ~(std::uint64_t{1} << second);
    return cut(joined, std::move(keep));
}

std::size_t count_steps(const Case& value) {
    std::size_t steps = 0;
    for (const Actor& actor : value.program.actors) steps += actor.steps.size();
    return steps;
}

std::optional<Case> with_steps_joined(const Case& value, std::size_t number) {
    const std::optional<Place> place = place_of(value, number);
    if (!place) return std::nullopt;
    const std::vector<Operation>& steps = value.program.actors[place->actor].steps;
    const Operation& first = steps[place->step];
    constexpr std::uint64_t much = 1u << 20;
    if (place->step + 1 >= steps.size() || !sheet_of(first.verb).moves_bytes()) return std::nullopt;
    const Operation& second = steps[place->step + 1];
    const std::uint64_t bytes = first.buffer.bytes * first.times + second.buffer.bytes * second.times;
    if (second.verb != first.verb || second.uses != first.uses || second.flags != first.flags ||
        std::max(first.buffer.bytes, second.buffer.bytes) > much || bytes > much)
        return std::nullopt;
    Case joined = value;
    Operation& into = joined.program.actors[place->actor].steps[place->step + 1];
    into.times = 1;
    into.buffer.bytes = bytes;
    for (Injection& injection : joined.plan)
        if (injection.actor == place->actor && injection.step == place->step + 1) injection.occurrence = 0;
    return without(joined, *place);
}

std::optional<Case> with_step_in_the_scene(const Case& value, std::size_t number) {
    const std::optional<Place> place = place_of(value, number);
    if (!place) return std::nullopt;
    const Operation step = value.program.actors[place->actor].steps[place->step];
    const Slot slot = step.uses[0];
    if (slot >= 2 * value.program.objects.size()) return std::nullopt;
    Case smaller = without(value, *place);
    Asked& asked = smaller.program.objects[slot / 2].asked;
    if (step.verb == Verb::set_capacity && step.value > 0) {
        asked.capacity_bytes = static_cast<std::uint64_t>(step.value);
        return smaller;
    }
    if (step.verb == Verb::set_flags && (step.flags & ~(flag_nonblock | flag_direct)) == 0) {
        asked.flags = step.flags;
        return smaller;
    }
    Actor& actor = smaller.program.actors[place->actor];  // a close starts nobody, so nobody went with it
    if (step.verb != Verb::close || actor.kind != ActorKind::pooled) return std::nullopt;
    if (std::ranges::binary_search(slots_needed(smaller.program, static_cast<ActorId>(place->actor)), slot))
        return std::nullopt;
    std::erase(actor.holds, slot);
    return smaller;
}

std::size_t count_step_pairs(const Case& value) {
    const std::size_t steps = count_steps(value);
    return steps > most_steps_for_pairs ? 0 : pairs_among(steps);
}

std::optional<Case> without_step_pair(const Case& value, std::size_t number) {
    const auto [i, j] = pair_of(number);
    const std::optional<Place> one = place_of(value, i), other = place_of(value, j);
    if (!one || !other) return std::nullopt;
    Keep keep = keep_all(value);
    keep.steps[one->actor].reset(one->step);
    keep.steps[other->actor].reset(other->step);
    return cut(value, std::move(keep));
}

}  // namespace crosstalk::draw
