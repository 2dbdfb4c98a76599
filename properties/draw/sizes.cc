// Sizes on purpose. Weights are out of 100 where they stand in a row.
#include "properties/draw/sizes.h"

#include <algorithm>
#include <limits>

namespace crosstalk::draw {
namespace {

std::uint64_t around(Dice& dice, std::uint64_t value) { return value - 1 + dice.below(3); }

std::uint64_t limit_bytes(Dice& dice, const Ground& ground) {
    const std::uint64_t limit = ground.pipe_buf;
    switch (dice.weighted({40, 20, 15, 15, 10})) {
        case 0: return around(dice, limit);
        case 1: return dice.between(limit / 2, limit);
        case 2: return limit + dice.between(1, limit);
        case 3: return dice.one_of<std::uint64_t>({511, 512, 513});
        default: return dice.between(1, limit);
    }
}

std::uint64_t page_bytes(Dice& dice, const Ground& ground) {
    const std::uint64_t page = ground.page_bytes;
    switch (dice.weighted({30, 30, 20, 20})) {
        case 0: return page / 2 + dice.below(2);  // two of the larger kind do not share a page
        case 1: return around(dice, page);
        case 2: return around(dice, page * dice.between(2, 4));
        default: return dice.between(1, page);
    }
}

std::uint64_t large_bytes(Dice& dice, std::uint64_t capacity) {
    switch (dice.weighted({50, 15, 35})) {
        case 0: return around(dice, capacity);
        case 1: return 2 * capacity;
        default: return dice.between(capacity / 4, capacity);
    }
}

std::uint64_t boundary_bytes(Dice& dice, const Ground& ground, std::uint64_t capacity) {
    switch (dice.below(13)) {
        case 0: return 0;
        case 1: return 1;
        case 2: return 511;
        case 3: return 512;
        case 4: return 513;
        case 5: return ground.pipe_buf - 1;
        case 6: return ground.pipe_buf;
        case 7: return ground.pipe_buf + 1;
        case 8: return ground.page_bytes / 2 + 1;
        case 9: return capacity - 1;
        case 10: return capacity;
        case 11: return capacity + 1;
        default: return 2 * capacity;
    }
}

}  // namespace

std::uint64_t write_bytes(Dice& dice, SizeTaste taste, const Ground& ground, std::uint64_t capacity) {
    if (taste == SizeTaste::any) taste = static_cast<SizeTaste>(dice.weighted({45, 20, 12, 8, 15}));
    switch (taste) {
        case SizeTaste::tiny: return dice.between(1, dice.one_in(3) ? 64 : 16);
        case SizeTaste::limit: return limit_bytes(dice, ground);
        case SizeTaste::page: return page_bytes(dice, ground);
        case SizeTaste::large: return large_bytes(dice, capacity);
        case SizeTaste::boundary:
        case SizeTaste::any: break;
    }
    return boundary_bytes(dice, ground, capacity);
}

std::uint64_t read_bytes(Dice& dice, SizeTaste taste, const Ground& ground, std::uint64_t capacity) {
    return dice.one_in(3) ? capacity : write_bytes(dice, taste, ground, capacity);
}

std::uint64_t absurd_bytes(Dice& dice) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return dice.one_of<std::uint64_t>({most, most + 1, std::numeric_limits<std::uint64_t>::max()});
}

std::uint64_t fill_bytes(Dice& dice, const Ground& ground, std::uint64_t capacity) {
    const std::uint64_t limit = std::min(ground.pipe_buf, capacity);
    switch (dice.below(9)) {
        case 0: return 1;
        case 1: return limit - 1;
        case 2: return capacity - limit - (capacity > limit ? 1 : 0);
        case 3: return capacity - limit;
        case 4: return capacity - limit + 1;
        case 5: return capacity - 1;
        case 6: return capacity;
        case 7: return dice.between(1, capacity);
        default: return capacity - std::min(capacity, ground.page_bytes * dice.between(1, 3));
    }
}

std::uint64_t initial_capacity_bytes(Dice& dice, const Ground& ground) {
    switch (dice.weighted({40, 25, 10, 25})) {
        case 0: return ground.page_bytes;
        case 1: return 2 * ground.page_bytes;
        case 2: return 4 * ground.page_bytes;
        default: return 0;
    }
}

std::int64_t asked_capacity_bytes(Dice& dice, const Ground& ground, std::uint64_t capacity, bool generous) {
    const auto page = static_cast<std::int64_t>(ground.page_bytes), now = static_cast<std::int64_t>(capacity);
    const auto most = static_cast<std::int64_t>(ground.pipe_max_bytes);
    if (!generous || dice.one_in(2))
        return dice.one_of<std::int64_t>({0, 1, page, page + 1, 2 * page, 3 * page, now / 2, now, now + 1, 2 * now});
    return dice.one_of<std::int64_t>({0, 1, page, page + 1, 65536, most, most + 1, std::int64_t{1} << 31});
}

}  // namespace crosstalk::draw
