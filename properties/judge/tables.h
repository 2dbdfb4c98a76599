// The bookkeeping of resolve: processes with their descriptor tables, descriptions, objects. Values only.
#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <vector>

#include "properties/judge/acts.h"

namespace crosstalk::judging {

inline constexpr std::int16_t unbound = -1;

struct DescriptorTable {
    std::array<std::int16_t, max_slots> description;  // index, or unbound
    std::bitset<max_slots> close_on_exec;
    std::bitset<max_slots> handed_on;  // came with a message of a socket under test
    std::bitset<max_slots> writable;   // of views: may they be stored to (mmap, mprotect)
    DescriptorTable() { description.fill(unbound); }
};

// How a process treats a signal.
struct Disposition {
    bool ignored = false, blocked = false, standard = false, restarts = false;
};
// What a `signal` step makes it.
constexpr Disposition disposition_of(const Operation& operation) {
    return {.ignored = (operation.flags & flag_ignore) != 0,
            .blocked = (operation.flags & flag_block) != 0,
            .standard = (operation.flags & flag_standard) != 0,
            .restarts = (operation.flags & flag_restart) != 0};
}

struct Process {
    DescriptorTable table;
    // Descriptors that can still be made under `limit`: between these. A closed number may lie above the limit.
    bool limited = false;
    bool threads_limit = false;  // it has threads, and one of them may lower the limit at any moment
    std::int64_t least_left = 0, most_left = 0;
    // Threads make and close numbers beside one another, so that nothing is sure for their process.
    bool surely_lacks(std::int64_t count) const { return limited && !shared_by_threads && most_left < count; }
    bool may_lack(std::int64_t count) const { return threads_limit || (limited && least_left < count); }
    void made(std::int64_t count) {
        least_left = least_left < count ? 0 : least_left - count;
        most_left = most_left < count ? 0 : most_left - count;
    }
    void freed(std::int64_t count) { most_left += count; }
    std::array<Disposition, 32> dispositions{};  // by Signal
    bool shared_by_threads = false;
    bool gone = false;
    std::vector<std::int16_t> unnamed;  // copied by a fork that had no word yet of the slot: only death closes them
};

// Where a view of memory lies in its object.
struct View {
    std::uint64_t offset = 0, bytes = 0;
    bool is_view = false, is_private = false;
    bool may_become_writable = false;  // by mprotect
};

struct Description {
    std::uint16_t object = 0;  // index into the resolver's objects
    std::uint8_t end = 0;
    std::uint16_t flags = 0;         // at the start
    std::uint16_t status = 0;        // as far as calls in program order tell; for local checks only
    std::uint32_t references = 0;    // ever: slots, copies of forks, messages
    bool opened = false;             // by an act of its own; else it was there when the object was
    Access access = Access::both;    // of what is opened by name
    bool travels = false;            // was ever in a message of a socket under test
    View view{};                     // of a mapping
    bool shut = false;               // by shutdown(2), before it was connected
    std::int16_t before = unbound;   // of a socket that connected: the description that it was until then
    std::int16_t watches = unbound;  // of an epoll instance: the description whose input it waits for
};

// address: with all sockets on it that are not connected. asked, given: a connection, as its connect and as its accept
// know it, until it is known which belong together (resolve_addresses.cc). lock: at some place of memory. name: what it
// leads to, for calls that overlap.
enum class Part : std::uint8_t { whole, address, asked, given, lock, name };

struct ObjectTrace {
    ObjectId id = 0;  // in the program
    MechanismId mechanism = 0;
    std::uint32_t slots = 16;
    Part part = Part::whole;
    bool is_strange = false;    // a connection of which no document says how it begins: not judged
    std::uint8_t maker = 0xff;  // the process that made it, if a step did
    std::uint64_t at = 0;       // of a lock
    std::uint16_t of = none16;  // of a lock: the memory that it lies in
};

}  // namespace crosstalk::judging
