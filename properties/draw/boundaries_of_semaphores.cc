// Boundaries of semaphores: first values, names, how many wait as somebody posts, and how many posts come for them.
// Counters that have a descriptor are waited for as well.
#include <algorithm>

#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/tokens.h"
#include "properties/draw/turns.h"

namespace crosstalk::draw {
namespace bounds_of_semaphores {
namespace {

using enum Quantity;
using enum Measure;

constexpr Boundary rows_of_values[] = {
    {value_asked, "0", {.plus = 0}},
    {value_asked, "1", {.plus = 1}},
    {value_asked, "SEM_VALUE_MAX-1", {value_max, -1}},
    {value_asked, "SEM_VALUE_MAX", {value_max}},
    {value_asked, "SEM_VALUE_MAX+1", {value_max, 1}},
};

// What an object begins with, or a step makes it with.
void count_values(const Case& value, const Ground& ground, Sight& sight) {
    const Measures known = measures_of(ground);
    const auto first_of = [&](ObjectId object) { return value.program.objects[object].asked.value; };
    for (std::size_t o = 0; o < value.program.objects.size(); ++o)
        sight.see(value_asked, static_cast<std::uint64_t>(first_of(static_cast<ObjectId>(o))), known);
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::open && (step.flags & flag_create) != 0)
                sight.see(value_asked, static_cast<std::uint64_t>(first_of(step.object) + step.value), known);
}

// Behind the slash: sem_overview(7) counts it, Linux does not.
constexpr Boundary rows_of_names[] = {
    {name, "250", symbol_of(Misname::longest)},
    {name, "251", symbol_of(Misname::disputed)},
    {name, "252", symbol_of(Misname::too_long)},
};

void count_names(const Case& value, const Ground&, Sight& sight) {
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::misname) sight.see(name, static_cast<std::uint64_t>(step.value), {});
}

constexpr Boundary rows_of_waiters[] = {
    {waiters, "0", {.plus = 0}}, {waiters, "1", {.plus = 1}}, {waiters, "N", {.plus = 2}},
    {posts, "k<N", {.plus = 0}}, {posts, "k=N", {.plus = 1}}, {posts, "k>N", {.plus = 2}},
};

// N: as many as ever slept at once, two at least; k: the posts that came from then on.
void count_waiters(const Case& value, const Ground& ground, Sight& sight) {
    std::size_t most = 0, later = 0;
    Tokens tokens(value, ground);
    play_in_turns(value, tokens, [&](const Tokens& before, ActorId actor, StepId index) {
        if (before.sure() && before.waiters() > most) most = before.waiters(), later = 0;
        if (!before.sure() || !before.gives(actor, value.program.actors[actor].steps[index])) return;
        sight.see(waiters, std::min<std::size_t>(before.waiters(), 2), {});
        ++later;
    });
    if (tokens.sure() && tokens.waiters() > most) most = tokens.waiters(), later = 0;
    if (tokens.sure() && most > 1) sight.see(posts, later < most ? 0 : later == most ? 1 : 2, {});
}

constexpr BoundarySheet sheets[] = {{binds::semaphores, rows_of_values, count_values},
                                    {binds::named_semaphores, rows_of_names, count_names},
                                    {binds::counters, rows_of_waiters, count_waiters}};

}  // namespace
}  // namespace bounds_of_semaphores

std::span<const BoundarySheet> boundaries_of_semaphores() { return bounds_of_semaphores::sheets; }

}  // namespace crosstalk::draw
