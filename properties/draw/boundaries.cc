// Boundaries: which sheets concern a mechanism, and counting. The rows stand in boundaries_of_*.cc.
#include "properties/draw/boundaries.h"

#include <algorithm>

namespace crosstalk::draw {
namespace {

constexpr std::string_view quantity_names[] = {"write size",
                                               "capacity set",
                                               "fill before the write",
                                               "processes",
                                               "maxmsg",
                                               "msgsize",
                                               "length of a message",
                                               "priority",
                                               "messages before the send",
                                               "name",
                                               "value",
                                               "waiters",
                                               "posts",
                                               "deadline",
                                               "length",
                                               "offset",
                                               "truncate to",
                                               "sun_path",
                                               "queue",
                                               "SCM_RIGHTS",
                                               "SO_SNDBUF",
                                               "SO_RCVBUF",
                                               "SO_RCVLOWAT",
                                               "stream",
                                               "backlog"};
static_assert(std::size(quantity_names) == static_cast<std::size_t>(Quantity::backlog) + 1);

template <class Each>
void for_each_sheet(const Mechanism& mechanism, Each&& each) {
    for (const auto& family :
         {boundaries_of_pipes(), boundaries_of_processes(), boundaries_of_queues(), boundaries_of_semaphores(),
          boundaries_of_memory(), boundaries_of_channels(), boundaries_of_listeners()})
        for (const BoundarySheet& sheet : family)
            if (sheet.of(mechanism)) each(sheet);
}

}  // namespace

std::string_view name_of(Quantity quantity) { return quantity_names[static_cast<std::size_t>(quantity)]; }

Measures measures_of(const Ground& ground) {
    Measures known;
    known[Measure::pipe_buf] = ground.pipe_buf;
    known[Measure::half_page] = ground.page_bytes / 2;
    known[Measure::page] = ground.page_bytes;
    known[Measure::pipe_max] = ground.pipe_max_bytes;
    known[Measure::messages_max] = ground.queue_messages_max;
    known[Measure::message_bytes_max] = ground.queue_bytes_max;
    known[Measure::value_max] = static_cast<std::uint64_t>(ground.sem_value_max);
    known[Measure::backlog_max] = ground.backlog_max;
    return known;
}

std::vector<Boundary> boundaries_of(const Mechanism& mechanism) {
    std::vector<Boundary> all;
    for_each_sheet(mechanism,
                   [&](const BoundarySheet& sheet) { all.insert(all.end(), sheet.rows.begin(), sheet.rows.end()); });
    return all;
}

void count_boundaries(const Case& value, const Mechanism& mechanism, const Ground& ground,
                      std::span<std::uint64_t> seen) {
    for_each_sheet(mechanism, [&](const BoundarySheet& sheet) {
        Sight sight(sheet.rows, seen.first(sheet.rows.size()));
        seen = seen.subspan(sheet.rows.size());
        sheet.count(value, ground, sight);
        for (const Actor& actor : value.program.actors)
            for (const Operation& step : actor.steps)
                if (step.verb == Verb::trial) sight.see(static_cast<Trial>(step.value));
    });
}

}  // namespace crosstalk::draw
