// Strategies of schedule.
#include "properties/draw/strategies.h"

#include <algorithm>
#include <numeric>

#include "properties/draw/draft.h"

namespace crosstalk::draw {

// A uniformly random permutation of the multiset {actor a, steps[a] times} is a uniformly random interleaving.
std::vector<ActorId> uniform(Dice& dice, std::span<const std::uint16_t> steps) {
    std::vector<ActorId> choices;
    choices.reserve(std::accumulate(steps.begin(), steps.end(), std::size_t{0}));
    for (std::size_t a = 0; a < steps.size(); ++a) choices.insert(choices.end(), steps[a], static_cast<ActorId>(a));
    dice.shuffle(choices);
    return choices;
}

std::vector<ActorId> pct(Dice& dice, std::span<const std::uint16_t> steps) {
    return pct_of_depth(dice, steps, static_cast<unsigned>(dice.between(1, 4)));
}

// As a list: an actor's steps before its first change point stand at its priority, the rest behind everybody.
std::vector<ActorId> pct_of_depth(Dice& dice, std::span<const std::uint16_t> steps, unsigned depth) {
    struct Segment {
        ActorId actor;
        std::uint16_t steps;
    };
    std::vector<Segment> segments;
    segments.reserve(steps.size() + depth);
    std::size_t total = 0;
    for (std::size_t a = 0; a < steps.size(); ++a) {
        segments.push_back({static_cast<ActorId>(a), steps[a]});
        total += steps[a];
    }
    dice.shuffle(segments);
    for (unsigned point = 1; point < depth && total != 0; ++point) {
        std::size_t at = dice.below(total);  // a step of the whole program: its actor falls behind from there on
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (at >= segments[i].steps) {
                at -= segments[i].steps;
                continue;
            }
            const Segment rest{segments[i].actor, static_cast<std::uint16_t>(segments[i].steps - at)};
            segments[i].steps = static_cast<std::uint16_t>(at);
            segments.push_back(rest);
            break;
        }
    }
    std::vector<ActorId> choices;
    choices.reserve(total);
    for (const Segment& segment : segments) choices.insert(choices.end(), segment.steps, segment.actor);
    return choices;
}

std::vector<Delay> sweep(Dice& dice, const Program& program) {
    constexpr std::array<std::uint32_t, 4> windows_ns{300, 2'000, 10'000, 50'000};  // a call to a wake-up
    std::vector<Delay> delays;
    for (std::uint64_t pairs = dice.between(1, 3); pairs > 0; --pairs) {
        const auto actor = static_cast<ActorId>(dice.below(program.actors.size()));
        const std::size_t steps = program.actors[actor].steps.size();
        if (steps == 0) continue;
        const auto spin_ns = static_cast<std::uint32_t>(dice.below(dice.one_of(windows_ns)));
        delays.push_back({actor, static_cast<StepId>(dice.below(steps)), spin_ns});
    }
    return delays;
}

void draw_schedule(Draft& draft) {
    Dice& dice = draft.dice;
    Schedule& schedule = draft.value.schedule;
    if (!draft.turns) {
        schedule.mode = Mode::free;
        schedule.spread = dice.one_in(2);
        if (!dice.one_in(3)) schedule.delays = sweep(dice, draft.value.program);
        return;
    }
    schedule.choices = std::move(draft.order);
    // With a fault the drawn order is likelier: there, the sleepers that are struck surely sleep.
    const bool strikes = draft.commission.fault != no_fault;
    const std::size_t kind = strikes ? dice.weighted({60, 20, 20}) : dice.weighted({25, 45, 30});
    if (kind == 0) return;
    std::array<std::uint16_t, max_actors> lengths{};  // of the actors' parts of the body
    for (std::size_t i = draft.body_begins; i < draft.body_ends; ++i) ++lengths[schedule.choices[i]];
    const Strategy strategy = kind == 1 ? uniform : pct;
    const std::vector<ActorId> body = strategy(dice, std::span(lengths.data(), draft.actors()));
    std::copy(body.begin(), body.end(), schedule.choices.begin() + static_cast<std::ptrdiff_t>(draft.body_begins));
}

}  // namespace crosstalk::draw
