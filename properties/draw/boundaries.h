// Boundaries: the values at which documents change their answer, and which of them a case shows. Symbolic (a page, the
// capacity of that very pipe), so that the same table serves any ground. For tests of the generators and for coverage.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "faults/case.h"
#include "properties/draw.h"

namespace crosstalk::draw {

enum class Quantity : std::uint8_t { write_bytes, capacity_set, fill_before_write, processes };

// A sum of what ground and object decide, in bytes; of processes, `plus` is writers * 256 + readers.
struct Symbol {
    std::uint8_t capacities = 0, pipe_bufs = 0, half_pages = 0, pipe_maxima = 0;  // so many of each
    std::int64_t plus = 0;
    bool below_capacity = false;  // what is named is taken from the capacity, not added
    std::uint64_t value(const Ground& ground, std::uint64_t capacity_bytes) const;
};

struct Boundary {
    Quantity quantity;
    std::string_view name;
    Symbol symbol;
};

// The pipe's rows.
std::span<const Boundary> boundaries();

// Adds to seen[i] how often the case shows boundaries()[i]. Sizes and capacities are counted as asked; fills only where
// the schedule decides them: in turns, while nobody has slept.
void count_boundaries(const Case& value, const Ground& ground, std::span<std::uint64_t> seen);

}  // namespace crosstalk::draw
