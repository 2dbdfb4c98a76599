// A history: what the target said of itself, and what was observed. A plain value; the judge needs nothing else.
// Events are flat records of fixed layout: they are written into shared memory by actors that may be killed at any
// moment (mechanisms/journal.h), travel as they are (frame.h), and are read as they are.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "mechanisms/names.h"
#include "mechanisms/program.h"

namespace crosstalk {

// One shared counter, taken before and after each call: a.ended < b.began means that a returned before b was called.
// 0 in `ended` means: never returned.
using Stamp = std::uint64_t;
using FaultId = std::uint8_t;  // index into faults/catalog.h; 0 = none

enum class EventKind : std::uint8_t {
    call,      // a step; ended == 0 if the actor died or was still asleep inside it
    signal,    // a handler ran: actor, signal, value = si_code, step = the step it was in or before; began == ended
    death,     // began: last moment it surely lived (kill sent); ended: reaped. value = exit status, or signal = what
               // killed it
    delivery,  // of our link: what became of a packet (faults/delivery.h)
    asleep,    // at the calm point the call (actor, step) was asleep; began == ended == the calm stamp
    spinning,  // at the end of its time it burnt CPU without moving
    probe,     // at the calm point the leader looked: object; result = unread bytes; value = capacity bytes; -1 if gone
    fault,     // an injection of the plan: fault, step, occurrence; result 1 fired, 0 not
};
inline constexpr std::size_t event_kind_count = 8;
// A probe of this object: after the case, `result` descriptors were open in the actor's process that no slot names.
inline constexpr ObjectId leaked_descriptors = 255;

// A run of bytes received: where they came from. `raw` runs could not be decoded and carry their bytes.
enum class RunKind : std::uint8_t { origin, raw, foreign };
struct Run {
    RunKind kind = RunKind::origin;
    ActorId actor = 0;  // origin: whose step wrote them
    StepId step = 0;
    std::uint32_t offset = 0;  // origin: into the step's stream (times x bytes); raw: into History::raw
    std::uint32_t length = 0;  // bytes
    bool operator==(const Run&) const = default;
};
static_assert(sizeof(Run) == 12);

struct Event {
    EventKind kind = EventKind::call;
    ActorId actor = 0;
    StepId step = 0;
    Verb verb = Verb::nothing;  // call: copied from the program
    Errno error = Errno::none;  // of the last call of the step
    Signal signal = Signal::none;
    FaultId fault = 0;            // fired inside this call; kind fault: which
    std::uint32_t times = 1;      // calls of the step that ended in full; the failing or short one is not counted
    std::uint32_t first_run = 0;  // into History::runs
    std::uint32_t run_count = 0;
    ObjectId object = 0;
    std::uint8_t truncated = 0;  // 1: more runs than the journal holds; the rest of the bytes is unaccounted
    std::uint16_t spare = 0;
    Stamp began = 0, ended = 0;
    std::int64_t result = 0;   // bytes over all calls, or the call's value
    std::int64_t value = 0;    // see Verb
    std::int64_t took_ns = 0;  // of timed calls only: monotonic, from before to after
};
static_assert(sizeof(Event) == 64, "travels as it is");

enum class Ending : std::uint8_t {
    complete,  // every actor came to its end
    calm,      // somebody slept for good; the leader looked, then ended it
    bounded,   // a bound of the harness was reached: judged as far as it went
    broken,    // the harness itself failed; `why` says how
};
inline constexpr std::size_t ending_count = 4;

// What the target said at the handshake: "pipe_buf" -> "4096". Numbers are decimal.
struct Environment {
    std::map<std::string, std::string, std::less<>> said;
    std::int64_t number(std::string_view key, std::int64_t otherwise) const;
    std::string_view text(std::string_view key) const;  // "" if not said
};

struct History {
    std::vector<Event> events;  // sorted by began
    std::vector<Run> runs;
    std::vector<std::uint8_t> raw;
    Ending ending = Ending::complete;
    std::string why;
    std::span<const Run> runs_of(const Event& event) const {
        return std::span(runs).subspan(event.first_run, event.run_count);
    }
    std::span<const std::uint8_t> raw_of(const Run& run) const {  // of a raw run
        return std::span(raw).subspan(run.offset, run.length);
    }
};
// The same observations: received bytes are compared by what they are, not by where they lie in `runs` and `raw`.
bool operator==(const History&, const History&);

std::string_view name_of(EventKind kind);
std::optional<EventKind> event_kind_named(std::string_view name);
std::string_view name_of(Ending ending);
std::optional<Ending> ending_named(std::string_view name);

}  // namespace crosstalk
