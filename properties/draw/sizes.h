// Sizes on purpose: which byte counts, capacities and fills are drawn, with the boundary values of the documents
// (PIPE_BUF, page, capacity and their neighbours) as often as all other values together.
#pragma once

#include <cstdint>

#include "mechanisms/operation.h"
#include "properties/draw.h"
#include "properties/draw/dice.h"

namespace crosstalk::draw {

// What kind of sizes a property wants; a case draws one for each actor, so that a case is not an average of all kinds.
enum class SizeTaste : std::uint8_t {
    tiny,      // 1..16: many writes, nothing fills
    limit,     // around PIPE_BUF: the smallest split, the largest whole write
    page,      // around a page and half a page: slots are wasted
    large,     // around the capacity and twice as much: short and sleeping writes
    boundary,  // any row of the boundary table
    any,       // a mix of the above
};

// Bytes of one write to an object of this capacity. Never a count of the SSIZE_MAX class.
std::uint64_t write_bytes(Dice& dice, SizeTaste taste, const Ground& ground, std::uint64_t capacity_bytes);

// Bytes of one read: as written, or large enough for all.
std::uint64_t read_bytes(Dice& dice, SizeTaste taste, const Ground& ground, std::uint64_t capacity_bytes);

// A count that no buffer can have: SSIZE_MAX and its neighbours (XSH write: implementation-defined above SSIZE_MAX).
std::uint64_t absurd_bytes(Dice& dice);

// A level to bring an object to before the write that counts, at most the capacity.
std::uint64_t fill_bytes(Dice& dice, const Ground& ground, std::uint64_t capacity_bytes);

// A capacity that a case starts with: small ones are likelier, since they fill at once. 0: the system's default.
std::uint64_t initial_capacity_bytes(Dice& dice, const Ground& ground);

// A capacity asked of set_capacity: the boundary table, or near what is there now. Those that succeed stay at or below
// `most_bytes` except where `generous`.
std::int64_t asked_capacity_bytes(Dice& dice, const Ground& ground, std::uint64_t capacity_bytes, bool generous);

}  // namespace crosstalk::draw
