// Boundaries of sockets with addresses: how long a name is, and how many connections may wait. What a case could not
// clean up behind itself, or would wait long for, trials do.
#include "properties/clauses/binds.h"
#include "properties/draw/boundaries.h"

namespace crosstalk::draw {
namespace bounds_of_listeners {
namespace {

using enum Quantity;
using enum Measure;

constexpr Trial without_name[] = {Trial::no_name}, at_length[] = {Trial::longest_name},
                abstractly[] = {Trial::abstract_names}, listening[] = {Trial::backlogs};

constexpr Boundary rows_of_paths[] = {
    {sun_path, "0: unnamed", {}, without_name},
    {sun_path, "2: autobind", symbol_of(NameForm::automatic)},
    {sun_path, "1 abstract", {}, abstractly},
    {sun_path, "107", {}, at_length},
    {sun_path, "108", {}, at_length},
    {sun_path, "109", symbol_of(NameForm::too_long)},
    {sun_path, "abstract with inner zero bytes", {}, abstractly},
};

constexpr Boundary rows_of_local_backlogs[] = {
    {backlog, "-1", {.plus = -1}},
    {backlog, "0", {.plus = 0}},
    {backlog, "1", {.plus = 1}},
};
// Over a network who finds no room tries again a second later: only trials have so small ones.
constexpr Boundary rows_of_distant_backlogs[] = {
    {backlog, "-1", {}, listening},
    {backlog, "0", {}, listening},
    {backlog, "1", {}, listening},
};
constexpr Boundary rows_of_backlogs[] = {
    {backlog, "SOMAXCONN", {backlog_max}},
    {backlog, "above SOMAXCONN", {backlog_max, 1}},
};

void count(const Case& value, const Ground& ground, Sight& sight) {
    const Measures known = measures_of(ground);
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps) {
            if (step.verb == Verb::bind) sight.see(sun_path, static_cast<std::uint64_t>(step.value), known);
            if (step.verb == Verb::listen) sight.see(backlog, static_cast<std::uint64_t>(step.value), known);
        }
}

constexpr BoundarySheet sheets[] = {{binds::local_listeners, rows_of_paths, count},
                                    {binds::local_listeners, rows_of_local_backlogs, count},
                                    {binds::tcp, rows_of_distant_backlogs, count},
                                    {binds::listeners, rows_of_backlogs, count}};

}  // namespace
}  // namespace bounds_of_listeners

std::span<const BoundarySheet> boundaries_of_listeners() { return bounds_of_listeners::sheets; }

}  // namespace crosstalk::draw
