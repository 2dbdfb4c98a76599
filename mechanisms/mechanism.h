// A mechanism's data sheet: what it is, as facts that models and generators read, and how it is made.
// Facts hold rules, not numbers: numbers come from the target's environment, so one case replays anywhere.
#pragma once

#include <span>
#include <string_view>

#include "mechanisms/program.h"

namespace crosstalk {

enum class Semantics : std::uint8_t { byte_stream, record_queue, priority_queue, counter, shared_bytes, readiness };
// eventually: a transit stage, empty only at the calm point.
enum class Delivery : std::uint8_t { at_once, eventually };
enum class CapacityRule : std::uint8_t { none, bytes_settable, bytes_fixed, records, buffer_charge };
enum class DeadPeer : std::uint8_t { none, end_of_file_and_epipe, reset, refused };
// What an object is called by: "/name" of the POSIX objects (mq_open, sem_open, shm_open), a path, an address.
enum class Naming : std::uint8_t { none, posix, path, address };
// What a slot of an object holds: a descriptor, or a place in memory that needs none (a semaphore).
enum class Held : std::uint8_t { descriptor, place };

struct Facts {
    bool keeps_boundaries = false, may_lose = false, may_duplicate = false, may_reorder = false, may_be_short = false;
    bool has_atomic_limit = false;      // writes up to PIPE_BUF are whole
    bool one_way = false;               // end 0 reads, end 1 writes
    bool has_mapped_addresses = false;  // IPv4 may be spoken by the same sockets (ipv6(7))
    Naming naming = Naming::none;
    Held held = Held::descriptor;
    std::uint8_t ends = 2;                // slots that are handed out where no step creates the object
    std::uint32_t most_record_bytes = 0;  // that its transport can carry (EMSGSIZE); 0: its buffers bound it
    Delivery delivery = Delivery::at_once;
    CapacityRule capacity = CapacityRule::none;
    DeadPeer dead_peer = DeadPeer::none;
};

// How an object is made, opened and removed by the kernel. Each answers a negated error number where it fails.
struct Making {
    const Asked& asked;
    std::uint16_t flags = 0;    // of the call
    const char* name = "";      // as Naming has it; "" for none
    std::uint32_t mode = 0600;  // permissions asked for, under the umask
    NameForm form = NameForm::own;
    void* bad_pointer = nullptr;  // not null: an address that faults, to be given for the result
};
struct Doors {
    long (*name)(const Making& making) = nullptr;                  // makes the name and opens nothing (mkfifo)
    long (*make)(const Making& making, int* ends) = nullptr;       // fills Facts::ends descriptors
    long (*make_at)(const Making& making, void* place) = nullptr;  // Held::place: at most object_bytes there
    long (*open)(const Making& making, Access access, void** place) = nullptr;  // a descriptor; or 0, and the place
    long (*remove)(const char* name) = nullptr;
    // What can be made may be of no use all the same: makes calls that always succeed on a new end, where a place is
    // known that lacks them.
    long (*use)(int end) = nullptr;
    // Of sockets with addresses: makes an unbound one; gives it the address; asks for a connection to who has it.
    long (*socket)(const Making& making) = nullptr;
    long (*bind)(int socket, const Making& making) = nullptr;
    long (*connect)(int socket, const Making& making) = nullptr;
    long (*beside)(const Making& making) = nullptr;  // a socket of its kind that is no object's: for trials
    // Of addresses that the system chooses: writes one, and answers a descriptor that keeps it from all strangers.
    long (*reserve)(std::span<char> name) = nullptr;
};
inline constexpr std::size_t object_bytes = 64;  // of an object that lives at a place: a sem_t and more

struct Mechanism {
    std::string_view name;   // as in the contract: "pipe"
    std::string_view about;  // one line
    Semantics semantics;
    Facts facts;
    std::span<const Verb> verbs;
    Doors doors{};              // null where there is no such thing
    std::string_view absent{};  // what a place that does not offer it lacks, and where to go; "": nothing to say
};

constexpr bool offers(const Mechanism& mechanism, Verb verb) {
    for (const Verb each : mechanism.verbs)
        if (each == verb) return true;
    return false;
}

// How many slots a `create` step makes.
constexpr int ends_made(const Mechanism& mechanism) {
    return mechanism.doors.name != nullptr ? 0 : mechanism.facts.ends;
}

// Pipes of either kind: what pipe(7) calls "I/O on pipes and FIFOs".
constexpr bool is_pipe(const Mechanism& mechanism) {
    return mechanism.semantics == Semantics::byte_stream && mechanism.facts.one_way && mechanism.facts.has_atomic_limit;
}

}  // namespace crosstalk
