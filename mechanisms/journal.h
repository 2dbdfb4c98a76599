// The journal: what actors write down of their own calls, in memory that outlives them. One log an actor, written by
// that actor alone (and by its signal handlers), so nothing is locked; one counter gives all stamps.
// Order of writing: the record, then `began` (before that the call has not begun), then the call, then result and
// runs, then `ended`. An actor that is killed leaves its open call on record.
// It does not judge, decode or allocate; the leader gathers the logs into a History when the case is over.
#pragma once

#include <array>
#include <atomic>

#include "mechanisms/history.h"

namespace crosstalk {

// Bounds of one actor's log. Beyond them things are cut and marked, never lost in silence: runs and raw bytes set
// Event::truncated, notes set Log::notes_lost.
inline constexpr std::size_t max_log_runs = 4096;        // 16 for each of 256 steps
inline constexpr std::size_t max_log_raw_bytes = 65536;  // a default pipe full of undecodable bytes
inline constexpr std::size_t max_log_notes = 256;        // signals and faults: one a step

struct Log {
    std::array<Event, max_steps> calls;      // by step; began == 0: not begun
    std::array<Event, max_log_notes> notes;  // kinds signal and fault, in no promised order
    std::array<Run, max_log_runs> runs;
    std::array<std::uint8_t, max_log_raw_bytes> raw;
    std::uint32_t runs_used = 0, raw_used = 0;  // the owner's
    std::atomic<std::uint32_t> notes_used = 0;  // handlers interrupt the owner
    std::atomic<std::uint32_t> notes_lost = 0;
};

struct Journal {
    alignas(64) std::atomic<Stamp> counter = 0;
    alignas(64) std::array<Log, max_actors> logs;

    // The next stamp; a full fence. The first is 1.
    Stamp stamp() { return counter.fetch_add(1) + 1; }
    Stamp latest() const { return counter.load(); }

    // Forgets the last case. `steps` is how many steps the actor has in the next one.
    void clear(ActorId actor, std::size_t steps);

    // Opens and closes the record of a call. `ended` is taken before runs are decoded: the stamps bound the call only.
    void begin(Event& record) { std::atomic_ref(record.began).store(stamp(), std::memory_order_release); }
    void end(Event& record, Stamp ended) { std::atomic_ref(record.ended).store(ended, std::memory_order_release); }

    // Adds a signal or fault record to an actor's log. Async-signal-safe. Its began is taken here, and ended = began.
    void note(ActorId actor, const Event& event);
};

inline bool has_begun(const Event& record) {
    return std::atomic_ref(const_cast<Stamp&>(record.began)).load(std::memory_order_acquire) != 0;
}
inline bool has_ended(const Event& record) {
    return std::atomic_ref(const_cast<Stamp&>(record.ended)).load(std::memory_order_acquire) != 0;
}

// One history of all logs, sorted by began. steps[a] is how many steps actor a has; `others` are events that the
// leader saw itself.
History gather(const Journal& journal, std::span<const std::size_t> steps, std::span<const Event> others);

}  // namespace crosstalk
