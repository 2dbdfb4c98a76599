// The bits of poll(2) as this system numbers them and as C calls them.
#pragma once

#include <poll.h>

#include "mechanisms/names.h"

namespace crosstalk::emit {

struct PollName {
    PollBit ours;
    short number;
    const char* name;
};
inline constexpr PollName poll_names[] = {{poll_in, POLLIN, "POLLIN"},       {poll_out, POLLOUT, "POLLOUT"},
                                          {poll_err, POLLERR, "POLLERR"},    {poll_hup, POLLHUP, "POLLHUP"},
                                          {poll_nval, POLLNVAL, "POLLNVAL"}, {poll_pri, POLLPRI, "POLLPRI"},
                                          {poll_rdhup, 0x2000, "POLLRDHUP"}};

// Those of one slot.
constexpr std::uint16_t poll_bits(std::int64_t value, std::size_t slot) {
    return static_cast<std::uint16_t>(static_cast<std::uint64_t>(value) >> (16 * slot));
}

}  // namespace crosstalk::emit
