// A mechanism's data sheet: what it is, as facts that models and generators read, and how it is made.
// Facts hold rules, not numbers: numbers come from the target's environment, so one case replays anywhere.
#pragma once

#include <span>
#include <string_view>

#include "mechanisms/operation.h"

namespace crosstalk {

enum class Semantics : std::uint8_t { byte_stream, record_queue, priority_queue, counter, shared_bytes, readiness };
// eventually: a transit stage, empty only at the calm point.
enum class Delivery : std::uint8_t { at_once, eventually };
enum class CapacityRule : std::uint8_t { none, bytes_settable, bytes_fixed, records, buffer_charge };
enum class DeadPeer : std::uint8_t { none, end_of_file_and_epipe, reset, refused };

struct Facts {
    bool keeps_boundaries = false, may_lose = false, may_duplicate = false, may_reorder = false, may_be_short = false;
    bool has_atomic_limit = false;   // writes up to PIPE_BUF are whole
    bool one_way = false;            // end 0 reads, end 1 writes
    bool has_name = false;
    Delivery delivery = Delivery::at_once;
    CapacityRule capacity = CapacityRule::none;
    DeadPeer dead_peer = DeadPeer::none;
};

struct Mechanism {
    std::string_view name;           // as in the contract: "pipe"
    std::string_view about;          // one line
    Semantics semantics;
    Facts facts;
    std::span<const Verb> verbs;
    std::string_view needs;          // ability that the target must have, "" for none
};

}  // namespace crosstalk
