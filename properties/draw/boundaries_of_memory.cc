// Boundaries of shared memory: how much of an object is mapped, from where, and how long the object becomes. What has
// no name has no length of its own either.
#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"

namespace crosstalk::draw {
namespace bounds_of_memory {
namespace {

using enum Quantity;
using enum Measure;

constexpr Boundary rows_of_views[] = {
    {length, "0", {.plus = 0}},     {length, "1", {.plus = 1}},    {length, "page-1", {page, -1}},
    {length, "page", {.of = page}}, {length, "page+1", {page, 1}},
};

constexpr Boundary rows_of_objects[] = {
    {length, "size-1", {object_bytes, -1}}, {length, "size", {object_bytes}}, {length, "size+1", {object_bytes, 1}},
    {offset, "unaligned", {.plus = 1}},     {truncated_to, "0", {.plus = 0}}, {truncated_to, "mid-page", {half_page}},
    {truncated_to, "page edge", {page}},
};

void count(const Case& value, const Ground& ground, Sight& sight) {
    Measures known = measures_of(ground);
    known[object_bytes] = value.program.objects[0].asked.capacity_bytes;
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps) {
            if (step.verb == Verb::truncate) sight.see(truncated_to, static_cast<std::uint64_t>(step.value), known);
            if (step.verb != Verb::attach) continue;
            sight.see(length, step.buffer.bytes, known);
            sight.see(offset, static_cast<std::uint64_t>(step.value), known);
        }
}

constexpr BoundarySheet sheets[] = {{binds::memory, rows_of_views, count},
                                    {binds::memory_objects, rows_of_objects, count}};

}  // namespace
}  // namespace bounds_of_memory

std::span<const BoundarySheet> boundaries_of_memory() { return bounds_of_memory::sheets; }

}  // namespace crosstalk::draw
