// Boundaries of how many processes take part: givers and takers of one object, and one large case. Who only looks, or
// polls, is neither.
#include <array>
#include <bit>

#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"
#include "properties/draw/world.h"

namespace crosstalk::draw {
namespace bounds_of_processes {
namespace {

using enum Quantity;

constexpr std::int64_t shape_of(std::int64_t givers, std::int64_t takers) { return givers * 256 + takers; }

constexpr Boundary rows[] = {
    {processes, "1+1", {.plus = shape_of(1, 1)}}, {processes, "1+2", {.plus = shape_of(1, 2)}},
    {processes, "1+3", {.plus = shape_of(1, 3)}}, {processes, "1+4", {.plus = shape_of(1, 4)}},
    {processes, "1+5", {.plus = shape_of(1, 5)}}, {processes, "1+6", {.plus = shape_of(1, 6)}},
    {processes, "1+7", {.plus = shape_of(1, 7)}}, {processes, "1+8", {.plus = shape_of(1, 8)}},
    {processes, "2+1", {.plus = shape_of(2, 1)}}, {processes, "3+1", {.plus = shape_of(3, 1)}},
    {processes, "4+1", {.plus = shape_of(4, 1)}}, {processes, "5+1", {.plus = shape_of(5, 1)}},
    {processes, "6+1", {.plus = shape_of(6, 1)}}, {processes, "7+1", {.plus = shape_of(7, 1)}},
    {processes, "8+1", {.plus = shape_of(8, 1)}}, {processes, "2+2", {.plus = shape_of(2, 2)}},
    {processes, "3+3", {.plus = shape_of(3, 3)}}, {processes, "4+4", {.plus = shape_of(4, 4)}},
    {processes, "5+5", {.plus = shape_of(5, 5)}}, {processes, "6+6", {.plus = shape_of(6, 6)}},
    {processes, "7+7", {.plus = shape_of(7, 7)}}, {processes, "8+8", {.plus = shape_of(8, 8)}},
    {processes, "64", {.plus = shape_of(64, 0)}},
};

enum class Part : std::uint8_t { none, gives, takes };
constexpr Part part_of(Verb verb) {
    switch (verb) {
        case Verb::write:
        case Verb::writev:
        case Verb::vmsplice:
        case Verb::send:
        case Verb::mq_send:
        case Verb::sem_post:
        case Verb::store: return Part::gives;
        case Verb::read:
        case Verb::readv:
        case Verb::recv:
        case Verb::mq_receive:
        case Verb::sem_wait:
        case Verb::load: return Part::takes;
        default: return Part::none;
    }
}

// By objects, and of what has two ends by the way that bytes go.
class Users {
  public:
    void add(std::size_t way, Part part, ActorId who) {
        (part == Part::gives ? givers_ : takers_)[way] |= std::uint64_t{1} << who;
    }
    void show(const Program& program, Sight& sight) const {
        const auto see = [&](std::int64_t shape) { sight.see(processes, static_cast<std::uint64_t>(shape), {}); };
        for (std::size_t way = 0; way < givers_.size(); ++way)
            see(shape_of(std::popcount(givers_[way]), std::popcount(takers_[way])));
        if (program.actors.size() == max_actors) see(shape_of(max_actors, 0));
    }

  private:
    std::array<std::uint64_t, 2 * max_objects> givers_{}, takers_{};
};

// By the slots that actors are handed; where there are no ends only of what is alone.
void count(const Case& value, const Ground&, Sight& sight) {
    const Program& program = value.program;
    Users users;
    const bool has_ends = mechanism_of(program.objects[0].mechanism).facts.ends == 2;
    for (std::size_t a = 0; a < program.actors.size(); ++a)
        for (const Operation& step : program.actors[a].steps) {
            const Part part = part_of(step.verb);
            const bool handed = step.uses[0] / 2u < program.objects.size(), alone = program.objects.size() == 1;
            if (part == Part::none || !(has_ends ? handed : alone)) continue;
            // Bytes go both ways: who gives at one end meets who takes at the other.
            const std::size_t way = !has_ends ? 0 : part == Part::gives ? step.uses[0] : step.uses[0] ^ 1u;
            users.add(way, part, static_cast<ActorId>(a));
        }
    users.show(program, sight);
}

// Of pipes by what the slots hold, duplicates as well.
void count_at_pipes(const Case& value, const Ground& ground, Sight& sight) {
    Users users;
    rehearse(value, ground, [&](const World& world, ActorId actor, StepId index) {
        const Operation& step = value.program.actors[actor].steps[index];
        const Description description = world.at(actor, step.uses[0]);
        const Part part = part_of(step.verb);
        if (description != no_description && part != Part::none && end_of(description) == (part == Part::gives))
            users.add(object_of(description), part, actor);
    });
    users.show(value.program, sight);
}

constexpr BoundarySheet sheets[] = {
    {binds::pipes, rows, count_at_pipes},
    {[](const Mechanism& mechanism) { return !binds::pipes(mechanism) && !binds::one_to_many(mechanism); }, rows,
     count}};

}  // namespace
}  // namespace bounds_of_processes

std::span<const BoundarySheet> boundaries_of_processes() { return bounds_of_processes::sheets; }

}  // namespace crosstalk::draw
