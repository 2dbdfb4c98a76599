// Boundaries: the table, one row a value, and counting.
#include "properties/draw/boundaries.h"

#include <array>
#include <bit>
#include <limits>

#include "properties/draw/world.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();  // SSIZE_MAX; counts wrap as size_t does

constexpr std::int64_t shape_of(std::int64_t writers, std::int64_t readers) { return writers * 256 + readers; }

constexpr Boundary table[] = {
    {Quantity::write_bytes, "0", {.plus = 0}},
    {Quantity::write_bytes, "1", {.plus = 1}},
    {Quantity::write_bytes, "511", {.plus = 511}},
    {Quantity::write_bytes, "512", {.plus = 512}},
    {Quantity::write_bytes, "513", {.plus = 513}},
    {Quantity::write_bytes, "PIPE_BUF-1", {.pipe_bufs = 1, .plus = -1}},
    {Quantity::write_bytes, "PIPE_BUF", {.pipe_bufs = 1}},
    {Quantity::write_bytes, "PIPE_BUF+1", {.pipe_bufs = 1, .plus = 1}},
    {Quantity::write_bytes, "page/2+1", {.half_pages = 1, .plus = 1}},
    {Quantity::write_bytes, "capacity-1", {.capacities = 1, .plus = -1}},
    {Quantity::write_bytes, "capacity", {.capacities = 1}},
    {Quantity::write_bytes, "capacity+1", {.capacities = 1, .plus = 1}},
    {Quantity::write_bytes, "2*capacity", {.capacities = 2}},
    {Quantity::write_bytes, "SSIZE_MAX", {.plus = most}},
    {Quantity::write_bytes, "SSIZE_MAX+1", {.plus = -most - 1}},
    {Quantity::write_bytes, "SIZE_MAX", {.plus = -1}},
    {Quantity::capacity_set, "0", {.plus = 0}},
    {Quantity::capacity_set, "1", {.plus = 1}},
    {Quantity::capacity_set, "page", {.half_pages = 2}},
    {Quantity::capacity_set, "page+1", {.half_pages = 2, .plus = 1}},
    {Quantity::capacity_set, "64Ki", {.plus = 65536}},
    {Quantity::capacity_set, "pipe-max-size", {.pipe_maxima = 1}},
    {Quantity::capacity_set, "pipe-max-size+1", {.pipe_maxima = 1, .plus = 1}},
    {Quantity::capacity_set, "2^31", {.plus = std::int64_t{1} << 31}},
    {Quantity::fill_before_write, "0", {.plus = 0}},
    {Quantity::fill_before_write, "1", {.plus = 1}},
    {Quantity::fill_before_write, "PIPE_BUF-1", {.pipe_bufs = 1, .plus = -1}},
    {Quantity::fill_before_write, "capacity-PIPE_BUF-1", {.pipe_bufs = 1, .plus = -1, .below_capacity = true}},
    {Quantity::fill_before_write, "capacity-PIPE_BUF", {.pipe_bufs = 1, .below_capacity = true}},
    {Quantity::fill_before_write, "capacity-PIPE_BUF+1", {.pipe_bufs = 1, .plus = 1, .below_capacity = true}},
    {Quantity::fill_before_write, "capacity-1", {.capacities = 1, .plus = -1}},
    {Quantity::fill_before_write, "capacity", {.capacities = 1}},
    {Quantity::processes, "1+1", {.plus = shape_of(1, 1)}},
    {Quantity::processes, "1+2", {.plus = shape_of(1, 2)}},
    {Quantity::processes, "1+3", {.plus = shape_of(1, 3)}},
    {Quantity::processes, "1+4", {.plus = shape_of(1, 4)}},
    {Quantity::processes, "1+5", {.plus = shape_of(1, 5)}},
    {Quantity::processes, "1+6", {.plus = shape_of(1, 6)}},
    {Quantity::processes, "1+7", {.plus = shape_of(1, 7)}},
    {Quantity::processes, "1+8", {.plus = shape_of(1, 8)}},
    {Quantity::processes, "2+1", {.plus = shape_of(2, 1)}},
    {Quantity::processes, "3+1", {.plus = shape_of(3, 1)}},
    {Quantity::processes, "4+1", {.plus = shape_of(4, 1)}},
    {Quantity::processes, "5+1", {.plus = shape_of(5, 1)}},
    {Quantity::processes, "6+1", {.plus = shape_of(6, 1)}},
    {Quantity::processes, "7+1", {.plus = shape_of(7, 1)}},
    {Quantity::processes, "8+1", {.plus = shape_of(8, 1)}},
    {Quantity::processes, "2+2", {.plus = shape_of(2, 2)}},
    {Quantity::processes, "3+3", {.plus = shape_of(3, 3)}},
    {Quantity::processes, "4+4", {.plus = shape_of(4, 4)}},
    {Quantity::processes, "5+5", {.plus = shape_of(5, 5)}},
    {Quantity::processes, "6+6", {.plus = shape_of(6, 6)}},
    {Quantity::processes, "7+7", {.plus = shape_of(7, 7)}},
    {Quantity::processes, "8+8", {.plus = shape_of(8, 8)}},
    {Quantity::processes, "64", {.plus = shape_of(64, 0)}},
};

void count(Quantity quantity, std::uint64_t value, const Ground& ground, std::uint64_t capacity,
           std::span<std::uint64_t> seen) {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (table[i].quantity == quantity && table[i].symbol.value(ground, capacity) == value) ++seen[i];
}

// Who wrote to and who read from each object.
struct Users {
    std::array<std::uint64_t, max_objects> writers{}, readers{};
};

void count_step(const World& world, ActorId actor, const Operation& step, bool levels, const Ground& ground,
                Users& users, std::span<std::uint64_t> seen) {
    const Description description = world.at(actor, step.uses[0]);
    const ObjectId object = description == no_description ? ObjectId{0} : object_of(description);
    const ObjectBelief& there = world.object(object);
    switch (step.verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice:
            if (description == no_description || end_of(description) != 1) return;
            users.writers[object] |= std::uint64_t{1} << actor;
            count(Quantity::write_bytes, step.buffer.bytes, ground, there.capacity_bytes, seen);
            if (levels) count(Quantity::fill_before_write, there.level_bytes, ground, there.capacity_bytes, seen);
            return;
        case Verb::read:
        case Verb::readv:
            if (description != no_description && end_of(description) == 0)
                users.readers[object] |= std::uint64_t{1} << actor;
            return;
        case Verb::set_capacity:
            if (description == no_description) return;
            count(Quantity::capacity_set, static_cast<std::uint64_t>(step.value), ground, there.capacity_bytes, seen);
            return;
        default: return;
    }
}

}  // namespace

std::uint64_t Symbol::value(const Ground& ground, std::uint64_t capacity_bytes) const {
    const std::uint64_t named = pipe_bufs * ground.pipe_buf + half_pages * ground.page_bytes / 2 +
                                pipe_maxima * ground.pipe_max_bytes + capacities * capacity_bytes;
    return (below_capacity ? capacity_bytes - named : named) + static_cast<std::uint64_t>(plus);
}

std::span<const Boundary> boundaries() { return table; }

void count_boundaries(const Case& value, const Ground& ground, std::span<std::uint64_t> seen) {
    Users users;
    bool levels = value.schedule.mode == Mode::turns;
    rehearse(value, ground, [&](const World& world, ActorId actor, StepId step) {
        for (std::size_t a = 0; a < world.actor_count(); ++a)
            levels = levels && !world.actor(static_cast<ActorId>(a)).asleep;
        count_step(world, actor, value.program.actors[actor].steps[step], levels, ground, users, seen);
    });
    for (std::size_t o = 0; o < value.program.objects.size(); ++o) {
        const std::int64_t shape = shape_of(std::popcount(users.writers[o]), std::popcount(users.readers[o]));
        count(Quantity::processes, static_cast<std::uint64_t>(shape), ground, 0, seen);
    }
    if (value.program.actors.size() == max_actors)
        count(Quantity::processes, static_cast<std::uint64_t>(shape_of(max_actors, 0)), ground, 0, seen);
}

}  // namespace crosstalk::draw
