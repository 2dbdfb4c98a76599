// The bookkeeping of resolve: processes with their descriptor tables, descriptions, pipes. Values only.
#pragma once

#include <array>
#include <bitset>
#include <optional>

#include "properties/judge/acts.h"

namespace crosstalk::judging {

inline constexpr std::int16_t unbound = -1;

struct DescriptorTable {
    std::array<std::int16_t, max_slots> description;  // index, or unbound
    std::bitset<max_slots> close_on_exec;
    DescriptorTable() { description.fill(unbound); }
};

// How a process treats a signal.
struct Disposition {
    bool ignored = false, blocked = false, standard = false, restarts = false;
};

struct Process {
    DescriptorTable table;
    std::int64_t left = -1;            // descriptors that may still be made under `limit`; -1: no limit set
    std::array<Disposition, 32> dispositions{};  // by Signal
    bool shared_by_threads = false;
    bool gone = false;
};

struct Description {
    std::uint16_t pipe = 0;
    std::uint8_t end = 0;
    std::uint16_t flags = 0;           // at the start
    std::uint16_t status = 0;          // as far as calls in program order tell; for local checks only
};

struct PipeTrace {
    ObjectId object = 0;
    std::uint32_t slots = 16;
    std::uint32_t references[2] = {0, 0};
};

}  // namespace crosstalk::judging
