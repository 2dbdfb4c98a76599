// Wrong observations of bytes: what a reader received is changed at a place drawn at random. Whether the mutant is
// illegal is not known here: another order of overlapping calls may explain it.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "faults/case.h"
#include "mechanisms/history.h"
#include "mechanisms/payload.h"

namespace crosstalk::mutants {

using Random = std::mt19937_64;
using Runs = std::vector<Run>;

inline const Operation& operation_of(const Case& value, const Event& event) {
    return value.program.actors[event.actor].steps[event.step];
}

inline bool moves(const Event& event) { return sheet_of(event.verb).moves_bytes(); }
inline bool receives(const Event& event) { return event.verb == Verb::read || event.verb == Verb::readv; }

// One of the events that fit.
template <class Fits>
Event* any_event(History& history, Random& random, Fits fits) {
    std::vector<Event*> found;
    for (Event& event : history.events)
        if (fits(event)) found.push_back(&event);
    return found.empty() ? nullptr : found[random() % found.size()];
}
template <class Fits>
Event* any_call(History& history, Random& random, Fits fits) {
    return any_event(history, random, [&](const Event& event) {
        return event.kind == EventKind::call && event.ended != 0 && fits(event);
    });
}

// It says to have moved so many bytes, and as an agent does, how many of its calls ended in full.
inline bool says(const Operation& operation, Event& event, std::int64_t bytes, Errno error = Errno::none) {
    event.result = error != Errno::none && bytes == 0 ? -1 : bytes;
    event.error = error;
    if (const std::uint64_t asked = operation.buffer.bytes; asked != 0) {
        const std::uint64_t full = static_cast<std::uint64_t>(bytes) / asked;
        const bool too_many =
            full > operation.times || (full == operation.times && static_cast<std::uint64_t>(bytes) % asked != 0);
        event.times = too_many ? operation.times - 1 : static_cast<std::uint32_t>(full);
    }
    if (bytes == 0) event.run_count = 0;
    return true;
}

inline Runs runs_of(const History& history, const Event& event) {
    const auto runs = history.runs_of(event);
    return {runs.begin(), runs.end()};
}
inline std::int64_t bytes_of(const Runs& runs) {
    std::int64_t bytes = 0;
    for (const Run& run : runs) bytes += run.length;
    return bytes;
}
// It received these instead.
inline bool receives(const Case& value, History& history, Event& event, const Runs& runs) {
    event.first_run = static_cast<std::uint32_t>(history.runs.size());
    event.run_count = static_cast<std::uint32_t>(runs.size());
    history.runs.insert(history.runs.end(), runs.begin(), runs.end());
    return says(operation_of(value, event), event, bytes_of(runs));
}
inline Event* any_receiver(History& history, Random& random, std::uint32_t least_runs = 1) {
    return any_call(history, random, [&](const Event& event) {
        return receives(event) && event.error == Errno::none && event.run_count >= least_runs;
    });
}
// Some bytes of the stream of some writing step.
inline Run phantom(const Case& value, std::uint64_t most, Random& random) {
    std::vector<Run> found;
    for (std::size_t a = 0; a < value.program.actors.size(); ++a)
        for (std::size_t s = 0; s < value.program.actors[a].steps.size(); ++s) {
            const Operation& step = value.program.actors[a].steps[s];
            if ((step.verb == Verb::write || step.verb == Verb::writev) && step.buffer.bytes != 0 &&
                step.buffer.bytes <= max_stream_bytes)
                found.push_back({RunKind::origin, static_cast<ActorId>(a), static_cast<StepId>(s), 0,
                                 static_cast<std::uint32_t>(std::min(most, step.buffer.bytes))});
        }
    return found.empty() ? Run{} : found[random() % found.size()];
}

inline bool loses_bytes(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    Run& run = runs[random() % runs.size()];
    const std::uint32_t gone = 1 + static_cast<std::uint32_t>(random() % run.length);
    if (gone == run.length)
        runs.erase(runs.begin() + (&run - runs.data()));
    else
        run.length -= gone;
    return receives(value, history, *event, runs);
}

inline bool doubles_bytes(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    const auto at = static_cast<std::ptrdiff_t>(random() % runs.size());
    runs.insert(runs.begin() + at, Run(runs[static_cast<std::size_t>(at)]));
    const bool keeps_count = random() % 2 == 0 && runs.back().length >= runs[static_cast<std::size_t>(at)].length;
    if (keeps_count) runs.back().length -= runs[static_cast<std::size_t>(at)].length;
    if (runs.back().length == 0) runs.pop_back();
    return receives(value, history, *event, runs);
}

inline bool swaps_runs(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random, 2);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    const std::size_t at = random() % (runs.size() - 1);
    std::swap(runs[at], runs[at + 1]);
    return receives(value, history, *event, runs);
}

inline bool shifts_run(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    Run& run = runs[random() % runs.size()];
    if (run.kind != RunKind::origin) return false;
    run.offset += random() % 2 == 0 ? 1 : run.length;
    return receives(value, history, *event, runs);
}

inline bool names_another_step(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    Run& run = runs[random() % runs.size()];
    const Run other = phantom(value, run.length, random);
    if (other.length == 0 || (other.actor == run.actor && other.step == run.step)) return false;
    run = {RunKind::origin, other.actor, other.step, run.kind == RunKind::origin ? run.offset : 0, run.length};
    return receives(value, history, *event, runs);
}

// The next piece comes in the middle of one.
inline bool tears(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random, 2);
    if (!event) return false;
    Runs runs = runs_of(history, *event);
    const std::size_t at = random() % (runs.size() - 1);
    if (runs[at].length < 2) return false;
    const std::uint32_t first = 1 + static_cast<std::uint32_t>(random() % (runs[at].length - 1));
    Run rest = runs[at];
    rest.offset += first, rest.length -= first, runs[at].length = first;
    runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(at) + 2, rest);
    return receives(value, history, *event, runs);
}

// What the next reader got first comes with what this one got.
inline bool merges_reads(const Case& value, History& history, Random& random) {
    Event* const event = any_receiver(history, random);
    if (!event) return false;
    Event* next = nullptr;
    for (Event& other : history.events)
        if (other.kind == EventKind::call && other.began > event->ended && receives(other) && other.run_count != 0 &&
            other.error == Errno::none && (!next || other.began < next->began))
            next = &other;
    if (!next) return false;
    Runs mine = runs_of(history, *event), theirs = runs_of(history, *next);
    const Operation& operation = operation_of(value, *event);
    if (bytes_of(mine) + theirs[0].length > static_cast<std::int64_t>(operation.buffer.bytes * operation.times))
        return false;
    mine.push_back(theirs[0]);
    theirs.erase(theirs.begin());
    receives(value, history, *event, mine);
    receives(value, history, *next, theirs);
    return !theirs.empty() || says(operation_of(value, *next), *next, 0, Errno::EAGAIN_);
}

}  // namespace crosstalk::mutants
