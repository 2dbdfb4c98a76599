// A plain simulation of one robust lock with overlapping calls: what each call does happens at one moment between its
// call and its return, and a death lets go at one moment. It shares nothing with the model but the values of cases and
// histories. Defects are asked for by name.
#pragma once

#include <algorithm>
#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"

namespace crosstalk::simulation {

enum class LockDefect : std::uint8_t { none, two_owners, untold, kept_by_dead, never_lost };

struct PlayedLock {
    Case value;
    History history;
    bool defect_struck = false;
};

class RobustLock {
  public:
    explicit RobustLock(std::uint64_t seed, LockDefect defect = LockDefect::none) : random_(seed), defect_(defect) {
        Object object;
        object.mechanism = *mechanism_named("shm-posix");
        object.asked.capacity_bytes = page;
        played_.value.program.objects.push_back(object);
        lines_.resize(2 + random_() % 3);
        played_.value.program.actors.resize(lines_.size());
        for (std::size_t a = 0; a < lines_.size(); ++a) {
            played_.value.program.actors[a].holds = {0};
            lines_[a].left = 2 + random_() % 4;
            attach(a);
        }
    }

    PlayedLock play() {
        for (int turns = 0; turns < 600; ++turns) move(random_() % lines_.size());
        const Stamp calm = ++now_;
        for (const Line& line : lines_) {
            if (line.phase != Phase::called) continue;
            played_.history.ending = Ending::calm;
            Event event = line.event;
            events_.push_back(event);
            event.kind = EventKind::asleep;
            event.began = event.ended = calm;
            events_.push_back(event);
        }
        std::ranges::stable_sort(events_, {}, &Event::began);
        played_.history.events = std::move(events_);
        return std::move(played_);
    }

  private:
    static constexpr std::uint64_t page = 4096;
    static constexpr Slot view = 2;
    static constexpr std::size_t nobody = ~std::size_t{0};
    enum class Phase : std::uint8_t { idle, called, done, dead };
    struct Line {
        Phase phase = Phase::idle;
        bool doomed = false;
        std::size_t left = 0;
        Event event;
        Operation operation;
    };

    void attach(std::size_t a) {
        Operation step;
        step.verb = Verb::attach;
        step.uses[0] = 0, step.makes[0] = view, step.flags = flag_writable, step.buffer.bytes = page;
        begin(a, step);
        lines_[a].event.ended = ++now_;
        events_.push_back(lines_[a].event);
        lines_[a].phase = Phase::idle;
    }

    void begin(std::size_t a, const Operation& step) {
        Line& line = lines_[a];
        std::vector<Operation>& steps = played_.value.program.actors[a].steps;
        line.operation = step;
        line.event = Event{};
        line.event.actor = static_cast<ActorId>(a), line.event.step = static_cast<StepId>(steps.size());
        line.event.verb = step.verb;
        line.event.began = ++now_;
        steps.push_back(step);
        line.phase = Phase::called;
    }

    void move(std::size_t a) {
        Line& line = lines_[a];
        switch (line.phase) {
            case Phase::idle: {
                if (line.left-- == 0) return void(line.left = 0);
                Operation step;
                step.verb = random_() % 5 < 3 ? Verb::lock : Verb::unlock;
                step.uses[0] = view;
                if (step.verb == Verb::lock && random_() % 3 == 0) step.flags |= flag_nonblock;
                if (step.verb == Verb::lock && random_() % 2 == 0) step.flags |= flag_mend;
                line.doomed = random_() % 6 == 0;
                return begin(a, step);
            }
            case Phase::called:
                if (line.doomed && random_() % 3 == 0) return die(a);
                if (take_effect(a)) line.phase = Phase::done;
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

    void die(std::size_t a) {
        Line& line = lines_[a];
        Event death;
        death.kind = EventKind::death;
        death.actor = static_cast<ActorId>(a), death.signal = Signal::SIGKILL_;
        death.began = ++now_, death.ended = ++now_;
        line.event.ended = 0, line.event.result = 0, line.event.times = 1, line.event.error = Errno::none;
        events_.push_back(line.event);
        events_.push_back(death);
        line.phase = Phase::dead;
        if (owner_ != a || has(LockDefect::kept_by_dead)) return;
        owner_ = nobody, died_ = !lost_, unsound_ = false;
    }

    bool has(LockDefect defect) {
        if (defect_ != defect || random_() % 2 == 0) return false;
        return played_.defect_struck = true;
    }
    bool answers(Line& line, Errno error) {
        line.event.error = error;
        if (error != Errno::none) line.event.result = -1, line.event.times = 0;
        return true;
    }

    // False: it blocks.
    bool take_effect(std::size_t a) {
        Line& line = lines_[a];
        if (line.operation.verb == Verb::unlock) {
            if (owner_ != a) return answers(line, Errno::EPERM_);
            owner_ = nobody;
            lost_ = unsound_ && !has(LockDefect::never_lost), unsound_ = false;
            return answers(line, Errno::none);
        }
        if (lost_) return answers(line, Errno::ENOTRECOVERABLE_);
        if (owner_ != nobody && !(owner_ != a && has(LockDefect::two_owners))) {
            if (line.operation.flags & flag_nonblock) return answers(line, Errno::EBUSY_);
            return owner_ == a && answers(line, Errno::EDEADLK_);
        }
        const bool told = died_ && !has(LockDefect::untold);
        owner_ = a, unsound_ = died_ && !(line.operation.flags & flag_mend), died_ = false;
        return answers(line, told ? Errno::EOWNERDEAD_ : Errno::none);
    }

    std::mt19937_64 random_;
    LockDefect defect_;
    PlayedLock played_;
    std::vector<Line> lines_;
    std::vector<Event> events_;
    std::size_t owner_ = nobody;
    bool died_ = false, unsound_ = false, lost_ = false;
    Stamp now_ = 0;
};

}  // namespace crosstalk::simulation
