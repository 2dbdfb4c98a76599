// Boundaries: the values at which documents change their answer, and which of them a case shows. Symbolic (a page, the
// capacity of that very pipe), so that the same tables serve any ground. For tests of the generators. Each family of
// mechanisms has its sheet in a file of its own, boundaries_of_*.cc.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "faults/case.h"
#include "mechanisms/mechanism.h"
#include "mechanisms/trial.h"
#include "properties/draw.h"

namespace crosstalk::draw {

// What is counted. Words of one kind (a form of a name, a shape of processes) are counted as numbers of their own.
enum class Quantity : std::uint8_t {
    write_bytes,
    capacity_set,
    fill_before_write,
    processes,  // givers * 256 + takers
    messages_asked,
    message_bytes_asked,
    message_length,
    priority,
    level_before_send,
    name,  // Misname
    value_asked,
    waiters,  // N: 2
    posts,    // fewer than wait: 0, as many: 1, more: 2
    deadline,
    length,
    offset,
    truncated_to,
    sun_path,  // NameForm
    queue_length,
    rights,
    send_buffer,
    receive_buffer,
    low_water,
    stream,
    backlog
};
std::string_view name_of(Quantity quantity);

// What ground and object decide.
enum class Measure : std::uint8_t {
    nothing,
    capacity,  // of that very pipe
    pipe_buf,
    half_page,
    page,
    pipe_max,
    messages,       // mq_maxmsg of that very queue
    message_bytes,  // and its mq_msgsize
    messages_max,
    message_bytes_max,
    value_max,     // SEM_VALUE_MAX
    object_bytes,  // of that very memory
    record_bytes,  // the longest that buffers or transport of that very socket take
    buffer_max,
    fragment,  // of SCTP
    streams,
    backlog_max
};
inline constexpr std::size_t measures = static_cast<std::size_t>(Measure::backlog_max) + 1;
struct Measures {
    std::array<std::uint64_t, measures> of{};
    std::uint64_t& operator[](Measure measure) { return of[static_cast<std::size_t>(measure)]; }
    std::uint64_t operator[](Measure measure) const { return of[static_cast<std::size_t>(measure)]; }
};
Measures measures_of(const Ground& ground);  // what the ground decides

// So many times one of them, less another, and some.
struct Symbol {
    Measure of = Measure::nothing;
    std::int64_t plus = 0;
    Measure less = Measure::nothing;
    std::uint64_t times = 1;
    std::uint64_t value(const Measures& known) const {
        return times * known[of] - known[less] + static_cast<std::uint64_t>(plus);
    }
};

// A word of a list, such as a form of a name.
template <class Word>
constexpr Symbol symbol_of(Word which) {
    return {.plus = static_cast<std::int64_t>(which)};
}

struct Boundary {
    Quantity quantity;
    std::string_view name;
    Symbol symbol{};
    std::span<const Trial> tried{};  // it is shown by each of these instead: they pass it on their way
};

// Where sheets say what a case shows.
class Sight {
  public:
    Sight(std::span<const Boundary> rows, std::span<std::uint64_t> seen) : rows_(rows), seen_(seen) {}
    void see(Quantity quantity, std::uint64_t value, const Measures& known) {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (rows_[i].quantity == quantity && rows_[i].tried.empty() && rows_[i].symbol.value(known) == value)
                ++seen_[i];
    }
    void see(Trial trial) {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            for (const Trial each : rows_[i].tried) seen_[i] += each == trial;
    }

  private:
    std::span<const Boundary> rows_;
    std::span<std::uint64_t> seen_;
};

struct BoundarySheet {
    bool (*of)(const Mechanism&);
    std::span<const Boundary> rows;
    void (*count)(const Case& value, const Ground& ground, Sight& sight);
};
std::span<const BoundarySheet> boundaries_of_pipes();
std::span<const BoundarySheet> boundaries_of_processes();
std::span<const BoundarySheet> boundaries_of_queues();
std::span<const BoundarySheet> boundaries_of_semaphores();
std::span<const BoundarySheet> boundaries_of_memory();
std::span<const BoundarySheet> boundaries_of_channels();
std::span<const BoundarySheet> boundaries_of_listeners();

// The rows of all sheets that concern a mechanism.
std::vector<Boundary> boundaries_of(const Mechanism& mechanism);

// Adds to seen[i] how often the case shows boundaries_of(mechanism)[i]. Values are counted as asked; levels, fills and
// waiters only where the schedule decides them: in turns, and of pipes while nobody has slept.
void count_boundaries(const Case& value, const Mechanism& mechanism, const Ground& ground,
                      std::span<std::uint64_t> seen);

}  // namespace crosstalk::draw
