// Writing notes, forgetting a case, gathering the logs into one history.
#include "mechanisms/journal.h"

#include <algorithm>

namespace crosstalk {
namespace {

// Appends a call's record with its runs and raw bytes moved to where they now stand.
void add_call(History& history, const Log& log, Event event) {
    const std::uint32_t first = event.first_run;
    const std::uint32_t count =
        first <= max_log_runs ? std::min<std::uint32_t>(event.run_count, max_log_runs - first) : 0;
    if (!has_ended(event) || count == 0) {  // an open call's runs may be half written
        event.first_run = 0;
        event.run_count = 0;
        history.events.push_back(event);
        return;
    }
    event.first_run = static_cast<std::uint32_t>(history.runs.size());
    event.run_count = count;
    for (std::uint32_t i = 0; i < count; ++i) {
        Run run = log.runs[first + i];
        if (run.kind == RunKind::raw) {
            const std::uint32_t from = run.offset;
            const std::uint32_t length =
                from <= max_log_raw_bytes ? std::min<std::uint32_t>(run.length, max_log_raw_bytes - from) : 0;
            run.offset = static_cast<std::uint32_t>(history.raw.size());
            run.length = length;
            history.raw.insert(history.raw.end(), log.raw.begin() + from, log.raw.begin() + from + length);
        }
        history.runs.push_back(run);
    }
    history.events.push_back(event);
}

}  // namespace

void Journal::clear(ActorId actor, std::size_t steps) {
    Log& log = logs[actor];
    for (std::size_t step = 0; step < std::min(steps, max_steps); ++step) log.calls[step] = Event{};
    const std::uint32_t notes = std::min<std::uint32_t>(log.notes_used.load(), max_log_notes);
    for (std::uint32_t i = 0; i < notes; ++i) log.notes[i].began = 0;
    log.notes_used.store(0);
    log.notes_lost.store(0);
    log.runs_used = 0;
    log.raw_used = 0;
}

void Journal::note(ActorId actor, const Event& event) {
    Log& log = logs[actor];
    const std::uint32_t index = log.notes_used.fetch_add(1);
    if (index >= max_log_notes) {
        log.notes_used.store(max_log_notes);
        log.notes_lost.fetch_add(1);
        return;
    }
    Event& record = log.notes[index];
    record = event;
    record.began = 0;
    const Stamp now = stamp();
    record.ended = now;
    std::atomic_ref(record.began).store(now, std::memory_order_release);
}

History gather(const Journal& journal, std::span<const std::size_t> steps, std::span<const Event> others) {
    History history;
    std::size_t expected = others.size();
    for (const std::size_t count : steps) expected += count + 2;
    history.events.reserve(expected);
    for (std::size_t actor = 0; actor < std::min(steps.size(), max_actors); ++actor) {
        const Log& log = journal.logs[actor];
        for (std::size_t step = 0; step < std::min(steps[actor], max_steps); ++step) {
            if (has_begun(log.calls[step])) add_call(history, log, log.calls[step]);
        }
        const std::uint32_t notes = std::min<std::uint32_t>(log.notes_used.load(), max_log_notes);
        for (std::uint32_t i = 0; i < notes; ++i) {
            if (has_begun(log.notes[i])) history.events.push_back(log.notes[i]);
        }
    }
    history.events.insert(history.events.end(), others.begin(), others.end());
    std::stable_sort(history.events.begin(), history.events.end(),
                     [](const Event& a, const Event& b) { return a.began < b.began; });
    return history;
}

}  // namespace crosstalk
