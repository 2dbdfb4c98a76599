// Boundaries of pipes of either kind: sizes of writes, capacities, and how full the pipe is before a write. The last
// is what the World believes, as long as nobody has slept.
#include <limits>

#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/world.h"

namespace crosstalk::draw {
namespace bounds_of_pipes {
namespace {

using enum Quantity;
using enum Measure;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();  // SSIZE_MAX; counts wrap as size_t does

constexpr Boundary rows[] = {
    {write_bytes, "0", {.plus = 0}},
    {write_bytes, "1", {.plus = 1}},
    {write_bytes, "511", {.plus = 511}},
    {write_bytes, "512", {.plus = 512}},
    {write_bytes, "513", {.plus = 513}},
    {write_bytes, "PIPE_BUF-1", {pipe_buf, -1}},
    {write_bytes, "PIPE_BUF", {pipe_buf}},
    {write_bytes, "PIPE_BUF+1", {pipe_buf, 1}},
    {write_bytes, "page/2+1", {half_page, 1}},
    {write_bytes, "capacity-1", {capacity, -1}},
    {write_bytes, "capacity", {capacity}},
    {write_bytes, "capacity+1", {capacity, 1}},
    {write_bytes, "2*capacity", {.of = capacity, .times = 2}},
    {write_bytes, "SSIZE_MAX", {.plus = most}},
    {write_bytes, "SSIZE_MAX+1", {.plus = -most - 1}},
    {write_bytes, "SIZE_MAX", {.plus = -1}},
    {capacity_set, "0", {.plus = 0}},
    {capacity_set, "1", {.plus = 1}},
    {capacity_set, "page", {page}},
    {capacity_set, "page+1", {page, 1}},
    {capacity_set, "64Ki", {.plus = 65536}},
    {capacity_set, "pipe-max-size", {pipe_max}},
    {capacity_set, "pipe-max-size+1", {pipe_max, 1}},
    {capacity_set, "2^31", {.plus = std::int64_t{1} << 31}},
    {fill_before_write, "0", {.plus = 0}},
    {fill_before_write, "1", {.plus = 1}},
    {fill_before_write, "PIPE_BUF-1", {pipe_buf, -1}},
    {fill_before_write, "capacity-PIPE_BUF-1", {capacity, -1, pipe_buf}},
    {fill_before_write, "capacity-PIPE_BUF", {capacity, 0, pipe_buf}},
    {fill_before_write, "capacity-PIPE_BUF+1", {capacity, 1, pipe_buf}},
    {fill_before_write, "capacity-1", {capacity, -1}},
    {fill_before_write, "capacity", {capacity}},
};

void count_step(const World& world, ActorId actor, const Operation& step, bool levels, Measures& known, Sight& sight) {
    const Description description = world.at(actor, step.uses[0]);
    if (description == no_description) return;
    const ObjectBelief& there = world.object(object_of(description));
    known[capacity] = there.capacity_bytes;
    switch (step.verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice:
            if (end_of(description) != 1) return;
            sight.see(write_bytes, step.buffer.bytes, known);
            if (levels) sight.see(fill_before_write, there.level_bytes, known);
            return;
        case Verb::set_capacity: return sight.see(capacity_set, static_cast<std::uint64_t>(step.value), known);
        default: return;
    }
}

void count(const Case& value, const Ground& ground, Sight& sight) {
    bool levels = value.schedule.mode == Mode::turns;
    Measures known = measures_of(ground);
    rehearse(value, ground, [&](const World& world, ActorId actor, StepId step) {
        for (std::size_t a = 0; a < world.actor_count(); ++a)
            levels = levels && !world.actor(static_cast<ActorId>(a)).asleep;
        count_step(world, actor, value.program.actors[actor].steps[step], levels, known, sight);
    });
}

constexpr BoundarySheet sheets[] = {{binds::pipes, rows, count}};

}  // namespace
}  // namespace bounds_of_pipes

std::span<const BoundarySheet> boundaries_of_pipes() { return bounds_of_pipes::sheets; }

}  // namespace crosstalk::draw
