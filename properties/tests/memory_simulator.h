// A plain simulation of shared memory with overlapping calls: a copy moves its bytes one after the other, each at a
// moment between its call and its return. It shares nothing with the judge but the values of cases and histories.
// Defects are asked for by name.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"

namespace crosstalk::simulation {

enum class MemoryDefect : std::uint8_t { none, store_lost, load_stale, cut_off_stays, private_leaks, fault_lost };

struct PlayedMemory {
    Case value;
    History history;
    bool defect_struck = false;
};

// What may happen in it. Without `faults` the object is never empty, so that each access finds its page.
struct MemoryScope {
    bool lengths = true, faults = true, privates = true, deaths = true;
    std::size_t most_steps = 5;  // of one actor, beside its `attach`
};

class Memories {
  public:
    static constexpr std::uint64_t most_bytes = 8, page = 4096;
    static constexpr Slot descriptor = 0, view = 2;

    Memories(std::uint64_t seed, MemoryScope scope, MemoryDefect defect = MemoryDefect::none)
        : random_(seed), scope_(scope), defect_(defect) {
        Object object;
        object.mechanism = *mechanism_named(random_() % 2 == 0 ? "shm-posix" : "shm-file");
        object.asked.capacity_bytes = length_ = 1 + random_() % 6;
        played_.value.program.objects.push_back(object);
        lines_.resize(2 + random_() % 2);
        played_.value.program.actors.resize(lines_.size());
        for (std::size_t a = 0; a < lines_.size(); ++a) {
            played_.value.program.actors[a].holds = {descriptor};
            lines_[a].is_private = scope_.privates && random_() % 4 == 0;
            lines_[a].left = 1 + random_() % scope_.most_steps;
            attach(a);
        }
    }

    PlayedMemory play() {
        for (int turns = 0; turns < 2000; ++turns) move(random_() % lines_.size());
        std::ranges::stable_sort(events_, {}, &Event::began);
        played_.history.events = std::move(events_);
        return std::move(played_);
    }

  private:
    struct Cell {
        std::optional<Run> origin;  // who stored it, or nobody
    };
    using Page = std::array<Cell, most_bytes>;
    enum class Phase : std::uint8_t { idle, called, done, dead };
    struct Line {
        Phase phase = Phase::idle;
        bool doomed = false, is_private = false;
        std::size_t left = 0;
        Event event;
        Operation operation;
        std::uint64_t done = 0, bytes = 0;  // of a copy
        std::vector<Cell> got;
        std::optional<Page> own;  // a private view that was stored to
    };

    void attach(std::size_t a) {
        Operation attach;
        attach.verb = Verb::attach;
        attach.uses[0] = descriptor, attach.makes[0] = view;
        attach.buffer.bytes = page;
        attach.flags = static_cast<std::uint16_t>(flag_writable | (lines_[a].is_private ? flag_private : 0));
        Event event;
        event.actor = static_cast<ActorId>(a);
        event.verb = Verb::attach;
        event.began = ++now_, event.ended = ++now_;
        played_.value.program.actors[a].steps.push_back(attach);
        events_.push_back(event);
    }

    void move(std::size_t a) {
        Line& line = lines_[a];
        switch (line.phase) {
            case Phase::idle:
                if (line.left != 0) --line.left, call(a);
                return;
            case Phase::called:
                if (line.doomed && random_() % 3 == 0) return die(a);
                if (take_effect(line)) line.phase = Phase::done;
                return;
            case Phase::done:
                if (line.doomed) return die(a);
                return returns(line);
            case Phase::dead: return;
        }
    }

    void call(std::size_t a) {
        Line& line = lines_[a];
        Operation step;
        constexpr std::array verbs{Verb::store, Verb::store,  Verb::load,     Verb::load,
                                   Verb::pread, Verb::pwrite, Verb::truncate, Verb::stat};
        step.verb = verbs[random_() % (scope_.lengths ? verbs.size() : verbs.size() - 2)];
        const bool by_view = step.verb == Verb::store || step.verb == Verb::load;
        step.uses[0] = by_view ? view : descriptor;
        if (step.verb == Verb::truncate) {
            step.value = static_cast<std::int64_t>(random_() % most_bytes);
            if (!scope_.faults) step.value = std::max<std::int64_t>(step.value, 1);
        } else if (step.verb != Verb::stat) {
            step.buffer.bytes = 1 + random_() % 4;
            if (step.verb == Verb::pwrite && !scope_.lengths) step.buffer.bytes = 1;
            if (by_view) step.value = static_cast<std::int64_t>(random_() % (most_bytes + 1 - step.buffer.bytes));
        }
        std::vector<Operation>& steps = played_.value.program.actors[a].steps;
        line.operation = step;
        line.doomed = scope_.deaths && random_() % 20 == 0;
        line.event = Event{};
        line.event.actor = static_cast<ActorId>(a);
        line.event.step = static_cast<StepId>(steps.size());
        line.event.verb = step.verb;
        line.event.began = ++now_;
        line.done = 0, line.bytes = step.buffer.bytes;
        line.got.clear();
        steps.push_back(step);
        line.phase = Phase::called;
    }

    void returns(Line& line) {
        line.event.ended = ++now_;
        History& history = played_.history;
        line.event.first_run = static_cast<std::uint32_t>(history.runs.size());
        for (const Cell& cell : line.got) {
            if (cell.origin) {
                history.runs.push_back(*cell.origin);
            } else {
                history.runs.push_back({RunKind::raw, 0, 0, static_cast<std::uint32_t>(history.raw.size()), 1});
                history.raw.push_back(0);
            }
        }
        line.event.run_count = static_cast<std::uint32_t>(line.got.size());
        events_.push_back(line.event);
        line.phase = Phase::idle;
    }

    void die(std::size_t a) {
        Line& line = lines_[a];
        Event death;
        death.kind = EventKind::death;
        death.actor = static_cast<ActorId>(a);
        death.signal = Signal::SIGKILL_;
        death.began = ++now_, death.ended = ++now_;
        line.event.result = line.event.value = 0;
        line.event.error = Errno::none;
        events_.push_back(line.event);
        events_.push_back(death);
        line.phase = Phase::dead;
    }

    bool has(MemoryDefect defect) {
        if (defect_ != defect || random_() % 2 == 0) return false;
        return played_.defect_struck = true;
    }

    static Cell stored(const Line& line, std::uint64_t position) {
        return {Run{RunKind::origin, line.event.actor, line.event.step, static_cast<std::uint32_t>(position), 1}};
    }

    // One moment. False: there are more to come.
    bool take_effect(Line& line) {
        const Operation& step = line.operation;
        switch (step.verb) {
            case Verb::truncate: truncate(static_cast<std::uint64_t>(step.value)); return true;
            case Verb::stat: line.event.value = static_cast<std::int64_t>(length_); return true;
            case Verb::pwrite:
                for (std::uint64_t i = 0; i < line.bytes; ++i) object_[i] = stored(line, i);
                line.event.result = static_cast<std::int64_t>(line.bytes);
                length_ = std::max(length_, line.bytes);
                return true;
            case Verb::pread:
                if (line.done == 0) line.bytes = std::min(line.bytes, length_);
                line.event.result = static_cast<std::int64_t>(line.bytes);
                if (line.done < line.bytes) line.got.push_back(object_[line.done++]);
                return line.done == line.bytes;
            default: return copy(line);
        }
    }

    bool copy(Line& line) {
        const auto at = static_cast<std::uint64_t>(line.operation.value) + line.done;
        if (length_ == 0 && !has(MemoryDefect::fault_lost)) {
            line.event.result = -1, line.event.error = Errno::ENXIO_;
            line.got.clear();
            return true;
        }
        if (line.operation.verb == Verb::store) {
            if (line.is_private && !line.own) line.own = object_;
            const Cell cell = stored(line, line.done);
            if (line.is_private) (*line.own)[at] = cell;
            const bool reaches = line.is_private ? has(MemoryDefect::private_leaks) : !has(MemoryDefect::store_lost);
            if (reaches) old_[at] = std::exchange(object_[at], cell);
        } else {
            const bool stale = has(MemoryDefect::load_stale);
            line.got.push_back(line.own ? (*line.own)[at] : stale ? old_[at] : object_[at]);
        }
        line.event.result = static_cast<std::int64_t>(++line.done);
        return line.done == line.bytes;
    }

    // What lies beyond the end when it grows may have become zero, or not (mmap(2), NOTES).
    void truncate(std::uint64_t wanted) {
        const std::uint64_t before = length_;
        length_ = wanted;
        if (wanted == 0)
            for (Line& line : lines_) line.own.reset();
        for (std::uint64_t at = std::min(before, wanted); at < most_bytes; ++at) {
            if (wanted < before ? has(MemoryDefect::cut_off_stays) : random_() % 2 == 0) continue;
            object_[at] = Cell{};
        }
    }

    std::mt19937_64 random_;
    MemoryScope scope_;
    MemoryDefect defect_;
    PlayedMemory played_;
    std::vector<Line> lines_;
    std::uint64_t length_ = 0;
    Page object_{}, old_{};
    std::vector<Event> events_;
    Stamp now_ = 0;
};

}  // namespace crosstalk::simulation
