// A plain simulation of semaphores with overlapping calls: what each call does happens at one moment between its call
// and its return. It shares nothing with the model but the values of cases and histories. Defects are asked for by
// name.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"

namespace crosstalk::simulation {

enum class Defect : std::uint8_t { none, post_lost, wait_free, value_off, unlink_late, exclusive_blind, dead_takes };

struct PlayedSemaphores {
    Case value;
    History history;
    bool defect_struck = false;
};

class Semaphores {
  public:
    Semaphores(std::uint64_t seed, bool named, Defect defect = Defect::none)
        : random_(seed), named_(named), defect_(defect) {
        Object object;
        object.mechanism = *mechanism_named(named ? "sem-named" : "sem-unnamed");
        object.asked.value = static_cast<std::int64_t>(random_() % 3);
        played_.value.program.objects.push_back(object);
        if (!named) values_.push_back(object.asked.value);
        lines_.resize(2 + random_() % 3);
        played_.value.program.actors.resize(lines_.size());
        for (Actor& actor : played_.value.program.actors)
            if (!named) actor.holds = {0};
        for (Line& line : lines_) line.left = 1 + random_() % 4;
    }

    PlayedSemaphores play() {
        for (int turns = 0; turns < 1000; ++turns) move(random_() % lines_.size());
        const Stamp calm = ++now_;
        bool asleep = false;
        for (const Line& line : lines_) {
            if (line.phase != Phase::called) continue;
            asleep = true;
            Event event;
            event.kind = EventKind::asleep;
            event.actor = line.event.actor;
            event.step = line.event.step;
            event.verb = line.event.verb;
            event.began = event.ended = calm;
            events_.push_back(line.event);
            events_.push_back(event);
        }
        std::ranges::stable_sort(events_, {}, &Event::began);
        played_.history.events = std::move(events_);
        played_.history.ending = asleep ? Ending::calm : Ending::complete;
        return std::move(played_);
    }

  private:
    enum class Phase : std::uint8_t { idle, called, done, dead };
    struct Line {
        Phase phase = Phase::idle;
        bool doomed = false;  // killed in its present call
        std::size_t left = 0;
        Event event;
        Operation operation;
        std::vector<std::pair<Slot, std::size_t>> handles;  // slot, and the semaphore that it holds
        Slot next_slot = 4;
    };

    void move(std::size_t a) {
        Line& line = lines_[a];
        switch (line.phase) {
            case Phase::idle:
                if (line.left == 0) return;
                --line.left;
                return call(a);
            case Phase::called:
                if (line.doomed && random_() % 3 == 0) return die(a);
                if (take_effect(line)) line.phase = Phase::done;
                return;
            case Phase::done:
                if (line.doomed) return die(a);
                line.event.ended = ++now_;
                events_.push_back(line.event);
                line.phase = Phase::idle;
                return;
            case Phase::dead: return;
        }
    }

    void call(std::size_t a) {
        Line& line = lines_[a];
        Operation step;
        const std::uint64_t kind = random_() % 8;
        if (named_ && (line.handles.empty() || kind == 0)) {
            step.verb = Verb::open;
            step.flags = std::array<std::uint16_t, 3>{flag_create, flag_create | flag_exclusive, 0}[random_() % 3];
            if (random_() % 3 == 0) step.value = 4;
            step.makes[0] = line.next_slot++;
        } else if (named_ && kind == 1) {
            step.verb = Verb::unlink;
        } else {
            step.verb = std::array{Verb::sem_wait, Verb::sem_post, Verb::sem_value}[random_() % 3];
            step.uses[0] = named_ ? line.handles[random_() % line.handles.size()].first : Slot{0};
            if (step.verb == Verb::sem_wait && random_() % 2 == 0) step.flags = flag_nonblock;
        }
        std::vector<Operation>& steps = played_.value.program.actors[a].steps;
        line.operation = step;
        line.doomed = random_() % 15 == 0;
        line.event = Event{};
        line.event.actor = static_cast<ActorId>(a);
        line.event.step = static_cast<StepId>(steps.size());
        line.event.verb = step.verb;
        line.event.began = ++now_;
        steps.push_back(step);
        line.phase = Phase::called;
    }

    void die(std::size_t a) {
        Line& line = lines_[a];
        Event death;
        death.kind = EventKind::death;
        death.actor = static_cast<ActorId>(a);
        death.signal = Signal::SIGKILL_;
        death.began = ++now_;
        death.ended = ++now_;
        if (defect_ == Defect::dead_takes && line.phase == Phase::called && line.operation.verb == Verb::sem_wait)
            ++dead_;
        line.event.ended = 0;
        line.event.result = 0;
        line.event.value = 0;
        line.event.error = Errno::none;
        events_.push_back(line.event);
        events_.push_back(death);
        line.phase = Phase::dead;
    }

    bool fails(Line& line, Errno error) {
        line.event.result = -1;
        line.event.error = error;
        line.event.times = 0;
        return true;
    }
    bool has(Defect defect) {
        if (defect_ != defect || random_() % 2 == 0) return false;
        return played_.defect_struck = true;
    }

    // False: it blocks.
    bool take_effect(Line& line) {
        const Operation& step = line.operation;
        if (step.verb == Verb::open) return open(line);
        if (step.verb == Verb::unlink) {
            if (!bound_) return fails(line, Errno::ENOENT_);
            if (!has(Defect::unlink_late)) bound_.reset();
            return true;
        }
        std::size_t which = 0;
        for (const auto& [slot, semaphore] : line.handles)
            if (slot == step.uses[0]) which = semaphore;
        std::int64_t& value = values_[which];
        switch (step.verb) {
            case Verb::sem_wait:
                if (value == 0) return step.flags & flag_nonblock ? fails(line, Errno::EAGAIN_) : false;
                if (!has(Defect::wait_free)) --value;
                return true;
            case Verb::sem_post:
                if (dead_ > 0) return --dead_, played_.defect_struck = true;
                if (!has(Defect::post_lost)) ++value;
                return true;
            default: line.event.result = line.event.value = value + (has(Defect::value_off) ? 1 : 0); return true;
        }
    }

    bool open(Line& line) {
        const bool creates = line.operation.flags & flag_create, exclusive = line.operation.flags & flag_exclusive;
        if (!bound_ && !creates) return fails(line, Errno::ENOENT_);
        if (bound_ && exclusive && !has(Defect::exclusive_blind)) return fails(line, Errno::EEXIST_);
        if (!bound_) {
            bound_ = values_.size();
            values_.push_back(played_.value.program.objects[0].asked.value + line.operation.value);
        }
        Slot twin = no_slot;
        for (const auto& [slot, semaphore] : line.handles)
            if (semaphore == *bound_ && twin == no_slot) twin = slot;
        line.event.value = twin == no_slot ? 0 : twin + 1;
        line.handles.emplace_back(line.operation.makes[0], *bound_);
        return true;
    }

    std::mt19937_64 random_;
    bool named_;
    Defect defect_;
    PlayedSemaphores played_;
    std::vector<Line> lines_;
    std::vector<std::int64_t> values_;
    std::optional<std::size_t> bound_;
    std::vector<Event> events_;
    Stamp now_ = 0;
    int dead_ = 0;
};

}  // namespace crosstalk::simulation
