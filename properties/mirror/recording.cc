// What is written down, in the form in which an agent writes it: short pieces of payload as the bytes they are, longer
// ones by where they came from; logs of bounded length; what the leader saw at the calm point.
#include <algorithm>
#include <set>

#include "mechanisms/journal.h"
#include "mechanisms/payload.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::uint64_t surely_decoded = 15;  // bytes: any such window holds a whole word (payload.h)

}  // namespace

// Signals and faults share an actor's notes, of which there are so many; towards their end, the latest of equal ones
// in one call stands for them all.
void Play::note(ActorId actor, Event event) {
    Life& life = lives_[actor];
    event.actor = actor;
    event.began = event.ended = stamp();
    if (life.notes > max_log_notes * 3 / 4) {
        Event& last = history_.events[life.last_note];
        const bool stands_for = last.kind == event.kind && last.signal == event.signal && last.step == event.step &&
                                last.began >= life.event.began;
        if (stands_for) return void(last.began = last.ended = event.began);
    }
    if (life.notes++ >= max_log_notes) return;
    life.last_note = history_.events.size();
    history_.events.push_back(event);
}

void Play::add_run(Life& life, Event& event, const byte_stream::Piece& piece) {
    const std::size_t at = first_step_[piece.actor] + piece.step;
    const bool decodes = lengths_[at] >= small_stream_bytes && piece.length >= surely_decoded;
    std::uint64_t offset = piece.offset, left = piece.length;
    if (!decodes) {
        if (life.raw_used + left > max_log_raw_bytes) return void(event.truncated = 1);
        const auto begin = static_cast<std::uint32_t>(history_.raw.size());
        history_.raw.resize(history_.raw.size() + left);
        fill({options_.case_number, piece.actor, piece.step, lengths_[at], tags_[at]}, offset,
             std::span(history_.raw).last(left));
        life.raw_used += static_cast<std::uint32_t>(left);
        Run* const last = event.run_count != 0 ? &history_.runs.back() : nullptr;
        if (last != nullptr && last->kind == RunKind::raw && last->offset + last->length == begin)
            return void(last->length += static_cast<std::uint32_t>(left));
        history_.runs.push_back({RunKind::raw, 0, 0, begin, static_cast<std::uint32_t>(left)});
        ++event.run_count, ++life.runs_used;
        return;
    }
    for (std::uint64_t part = 0; left > 0; offset += part, left -= part) {  // a run never crosses the end of a lap
        part = std::min(left, max_stream_bytes - offset % max_stream_bytes);
        history_.runs.push_back({RunKind::origin, piece.actor, piece.step,
                                 static_cast<std::uint32_t>(offset % max_stream_bytes),
                                 static_cast<std::uint32_t>(part)});
        ++event.run_count, ++life.runs_used;
    }
}

// What came as bytes is told as an agent tells it, who has nothing else either.
void Play::add_bytes(Life& life, Event& event) {
    std::vector<Run> runs(std::min<std::size_t>(life.bytes.size(), max_log_runs - life.runs_used));
    std::vector<std::uint8_t> raw(std::min<std::size_t>(life.bytes.size(), max_log_raw_bytes - life.raw_used));
    std::uint32_t raw_used = 0;
    std::uint64_t covered = 0;
    runs.resize(decode(options_.case_number, {first_step_, lengths_}, life.bytes, runs, raw, &raw_used, &covered));
    const auto before = static_cast<std::uint32_t>(history_.raw.size());
    for (Run& run : runs)
        if (run.kind == RunKind::raw) run.offset += before;
    history_.raw.insert(history_.raw.end(), raw.begin(), raw.begin() + raw_used);
    history_.runs.insert(history_.runs.end(), runs.begin(), runs.end());
    event.run_count = static_cast<std::uint32_t>(runs.size());
    event.truncated = covered < life.bytes.size();
    life.runs_used += event.run_count, life.raw_used += raw_used;
}

void Play::record_runs(Life& life, Event& event) {
    event.first_run = static_cast<std::uint32_t>(history_.runs.size());
    event.run_count = 0;
    if (!life.bytes.empty()) return add_bytes(life, event);
    if (event.verb == Verb::receive && event.error == Errno::none && !life.data.empty()) {
        const byte_stream::Piece& from = life.data.front();
        history_.runs.push_back({RunKind::origin, from.actor, from.step, 0, from.length});
        event.run_count = 1;
        return;
    }
    for (const byte_stream::Piece& piece : life.data) {
        if (event.truncated || life.runs_used + 2 > max_log_runs) {
            event.truncated = 1;
            return;
        }
        add_run(life, event, piece);
    }
}

void Play::record(ActorId actor) {
    Life& life = lives_[actor];
    record_runs(life, life.event);
    history_.events.push_back(life.event);
}

// When nobody can move any more: who sleeps, and what the objects hold, seen through a descriptor that somebody has.
void Play::record_calm() {
    const auto open = [](const Life& life) { return life.phase == Phase::asleep || life.phase == Phase::called; };
    if (std::ranges::none_of(lives_, open)) return;
    history_.ending = Ending::calm;
    const Stamp now = stamp();
    for (std::size_t a = 0; a < lives_.size(); ++a) {
        if (!open(lives_[a])) continue;
        lives_[a].data.clear(), lives_[a].bytes.clear();
        record(static_cast<ActorId>(a));
        Event asleep;
        asleep.kind = EventKind::asleep, asleep.actor = static_cast<ActorId>(a), asleep.step = lives_[a].step;
        asleep.verb = lives_[a].event.verb;
        asleep.began = asleep.ended = now;
        history_.events.push_back(asleep);
    }
    std::vector<bool> done(tubes_.size(), false);
    std::set<std::uint16_t> queues_seen;
    for (const Process& process : processes_) {
        if (process.stage != Stage::lives) continue;
        for (const std::int16_t description : process.description) {
            if (description == unbound) continue;
            const Description& seen = descriptions_[static_cast<std::size_t>(description)];
            if (seen.kind == Kind::queue) queues_seen.insert(seen.thing);
            if (seen.kind != Kind::tube || done[seen.tube]) continue;
            const std::uint16_t tube = seen.tube;
            if (tubes_[tube].named && !tubes_[tube].by_leader) continue;  // the leader knows its own FIFOs
            done[tube] = true;
            Event probe;
            probe.kind = EventKind::probe, probe.object = tubes_[tube].object;
            probe.result = static_cast<std::int64_t>(tubes_[tube].pipe.bytes);
            probe.value = static_cast<std::int64_t>(capacity_of(tubes_[tube].pipe));
            probe.began = probe.ended = now;
            history_.events.push_back(probe);
        }
    }
    for (const std::uint16_t thing : queues_seen) {
        if (!queues_[thing].by_leader) continue;  // the leader knows its own
        Event probe;
        probe.kind = EventKind::probe, probe.object = queues_[thing].object;
        probe.result = static_cast<std::int64_t>(queues_[thing].letters.size());
        probe.began = probe.ended = now;
        history_.events.push_back(probe);
    }
}

}  // namespace crosstalk::mirror
