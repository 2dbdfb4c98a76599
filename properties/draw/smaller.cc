// What "smaller" means: fewer actors, then fewer steps (halves first), fewer injections, then two in one, then simpler
// steps, objects and schedules. Lazy: a candidate is made when it is asked for. The mode is kept: a race is not smaller
// in turns.
#include <array>
#include <bit>
#include <memory>
#include <optional>

#include "properties/draw.h"
#include "properties/draw/cuts.h"
#include "properties/draw/joins.h"
#include "properties/draw/names.h"
#include "properties/draw/simpler.h"

namespace crosstalk {
namespace {

using draw::Keep;

// A family of candidates: the first `count` numbers stand for one each; nothing where a number changes nothing.
struct Family {
    std::size_t (*count)(const Case&);
    std::optional<Case> (*candidate)(const Case&, std::size_t number);
};

// Runs of actors, the last first: both halves, all quarters, ... each single one. Who is started by one that goes,
// goes.
struct Actors {
    std::size_t from = 0, count = 0;
};

template <class Each>  // Each: bool(Actors), false to stop
void for_each_run_of_actors(const Case& value, Each&& each) {
    const std::size_t actors = value.program.actors.size();
    std::size_t length = std::bit_floor(actors);
    if (length == actors) length /= 2;
    for (; length > 0; length /= 2)
        for (std::size_t end = actors; end > 0; end -= std::min(length, end))
            if (!each(Actors{end - std::min(length, end), std::min(length, end)})) return;
}

std::size_t count_runs_of_actors(const Case& value) {
    std::size_t count = 0;
    for_each_run_of_actors(value, [&](Actors) { return ++count != 0; });
    return count;
}

std::optional<Case> without_actors(const Case& value, std::size_t number) {
    Keep keep = draw::keep_all(value);
    for_each_run_of_actors(value, [&](Actors run) {
        if (number-- != 0) return true;
        for (std::size_t a = run.from; a < run.from + run.count; ++a) keep.actors &= ~(std::uint64_t{1} << a);
        return false;
    });
    return draw::cut(value, std::move(keep));
}

// A run of steps of one actor. Levels halve: all of it, both halves, all quarters, ... each single step.
struct Stretch {
    std::size_t actor = 0, from = 0, count = 0;
};

template <class Each>  // Each: bool(Stretch), false to stop
void for_each_stretch(const Case& value, Each&& each) {
    std::size_t longest = 0;
    for (const Actor& actor : value.program.actors) longest = std::max(longest, actor.steps.size());
    for (std::size_t length = longest; length > 0; length /= 2)
        for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
            const std::size_t steps = value.program.actors[a].steps.size();
            if (steps < length && length != longest) continue;  // it had its turn at a greater length
            for (std::size_t from = 0; from < steps; from += length)
                if (!each(Stretch{a, from, std::min(length, steps - from)})) return;
        }
}

std::size_t count_stretches(const Case& value) {
    std::size_t count = 0;
    for_each_stretch(value, [&](Stretch) { return ++count != 0; });
    return count;
}

std::optional<Case> without_stretch(const Case& value, std::size_t number) {
    Keep keep = draw::keep_all(value);
    for_each_stretch(value, [&](Stretch stretch) {
        if (number-- != 0) return true;
        for (std::size_t s = 0; s < stretch.count; ++s) keep.steps[stretch.actor].reset(stretch.from + s);
        return false;
    });
    return draw::cut(value, std::move(keep));
}

std::size_t count_injections(const Case& value) { return value.plan.size(); }

std::optional<Case> without_injection(const Case& value, std::size_t number) {
    Case smaller = value;
    smaller.plan.erase(smaller.plan.begin() + static_cast<std::ptrdiff_t>(number));
    return smaller;
}

std::size_t count_simpler_steps(const Case& value) { return draw::count_steps(value) * draw::simpler_ways; }

std::optional<Case> with_simpler_step(const Case& value, std::size_t number) {
    std::size_t step = number / draw::simpler_ways;
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        const std::vector<Operation>& steps = value.program.actors[a].steps;
        if (step >= steps.size()) {
            step -= steps.size();
            continue;
        }
        Operation simpler = steps[step];
        if (!draw::simplify(simpler, number % draw::simpler_ways)) return std::nullopt;
        Case smaller = value;
        smaller.program.actors[a].steps[step] = simpler;
        for (Injection& injection : smaller.plan)
            if (injection.actor == a && injection.step == step && injection.occurrence >= simpler.times)
                injection.occurrence = simpler.times - 1;
        return smaller;
    }
    return std::nullopt;
}

std::size_t count_simpler_rests(const Case& value) { return draw::count_simpler_rests(value); }

std::optional<Case> with_simpler_rest(const Case& value, std::size_t number) {
    Case smaller = value;
    if (!draw::simplify_rest(smaller, number)) return std::nullopt;
    return smaller;
}

// A step, and at once the ends that nobody needs but for it.
std::optional<Case> without_step_and_what_it_held(const Case& value, std::size_t number) {
    for (std::size_t a = 0; a < value.program.actors.size(); ++a) {
        const std::size_t steps = value.program.actors[a].steps.size();
        if (number >= steps) {
            number -= steps;
            continue;
        }
        Keep keep = draw::keep_all(value);
        keep.steps[a].reset(number);
        Case smaller = draw::cut(value, std::move(keep));
        return draw::cut_holdings(smaller) ? std::optional(std::move(smaller)) : std::nullopt;
    }
    return std::nullopt;
}

constexpr std::array families{Family{count_runs_of_actors, without_actors},
                              Family{count_stretches, without_stretch},
                              Family{count_injections, without_injection},
                              Family{draw::count_inlinings, draw::with_actor_inlined},
                              Family{draw::count_steps, draw::with_one_name_less},
                              Family{draw::count_steps, without_step_and_what_it_held},
                              Family{draw::count_actor_pairs, draw::with_actors_joined},
                              Family{draw::count_steps, draw::with_step_in_the_scene},
                              Family{draw::count_steps, draw::with_steps_joined},
                              Family{draw::count_step_pairs, draw::without_step_pair},
                              Family{count_simpler_rests, with_simpler_rest},
                              Family{count_simpler_steps, with_simpler_step}};

class Candidates {
  public:
    explicit Candidates(const Case& value) : value_(std::make_shared<const Case>(value)) {}

    rc::Maybe<Case> operator()() {
        for (; family_ < families.size(); ++family_, number_ = 0) {
            const std::size_t count = families[family_].count(*value_);
            while (number_ < count) {
                std::optional<Case> smaller = families[family_].candidate(*value_, number_++);
                if (smaller && !(*smaller == *value_) && why_not(*smaller).empty()) return std::move(*smaller);
            }
        }
        return rc::Nothing;
    }

  private:
    std::shared_ptr<const Case> value_;  // shared: a sequence is copied along with its shrinkable
    std::size_t family_ = 0, number_ = 0;
};

}  // namespace

rc::Seq<Case> smaller(const Case& value) { return rc::makeSeq<Candidates>(value); }

}  // namespace crosstalk
