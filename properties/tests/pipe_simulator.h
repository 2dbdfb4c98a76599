// A small pipe, simulated with actors that move at lock granularity, to make overlapping histories without a kernel.
// Written from the documents and independently of the model that it tests; knows write, read, close and death only.
#pragma once

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk::simulation {

struct Options {
    int actors = 3, steps = 6;
    double blocking = 0.5;  // share of cases whose calls may sleep
    std::uint32_t slots = 1;
    bool kill = false;    // one actor is killed at a random moment
    int concurrency = 8;  // how eagerly actors overlap: 1 = hardly
    bool sizes_near_limits = true;
};

struct Played {
    Case value;
    History history;
};

class Simulator {
  public:
    Simulator(std::uint64_t seed, Options options) : random_(seed), options_(options) {}

    Played play() {
        draw();
        Played played;
        Stamp stamp = 1;
        while (true) {
            std::vector<std::size_t> movers;
            for (std::size_t a = 0; a < lives_.size(); ++a)
                if (can_move(a)) movers.push_back(a);
            if (movers.empty()) break;
            move(movers[pick(movers.size())], stamp);
        }
        finish(stamp);
        Event probe;  // the capacity read back at the start
        probe.kind = EventKind::probe, probe.value = options_.slots * 4096;
        events_.push_back(probe);
        played.value = std::move(value_);
        played.history.events = std::move(events_);
        played.history.runs = std::move(runs_);
        std::stable_sort(played.history.events.begin(), played.history.events.end(),
                         [](const Event& a, const Event& b) { return a.began < b.began; });
        return played;
    }

  private:
    struct Piece {
        ActorId actor;
        StepId step;
        std::uint32_t offset, length;
    };
    struct Page {
        std::uint32_t length;
        std::uint32_t end;
    };
    struct Life {
        bool writes = false, blocking = false, called = false, slept = false, done = false, dead = false;
        std::size_t step = 0;
        std::uint64_t moved = 0;
        Event event;
        std::vector<Run> data;
    };

    std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    void draw() {
        const bool blocking = pick(100) < static_cast<std::size_t>(options_.blocking * 100);
        value_.program.objects = {
            Object{0, {options_.slots * 4096ull, static_cast<std::uint16_t>(blocking ? 0 : flag_nonblock)}}};
        value_.schedule.mode = Mode::free;
        for (int a = 0; a < options_.actors; ++a) {
            Life life;
            life.writes = a % 2 == 0;
            life.blocking = blocking;
            Actor actor;
            actor.holds = {static_cast<Slot>(life.writes ? 1 : 0)};
            for (int s = 0; s < options_.steps; ++s) {
                Operation step;
                step.verb = life.writes ? Verb::write : Verb::read;
                step.uses[0] = actor.holds[0];
                static constexpr std::uint64_t sizes[] = {16,   100,  511,  2048, 2049, 4095,
                                                          4096, 4097, 5000, 8192, 9000, 20000};
                step.buffer.bytes = sizes[pick(std::size(sizes))];
                actor.steps.push_back(step);
            }
            Operation close;
            close.verb = Verb::close, close.uses[0] = actor.holds[0];
            actor.steps.push_back(close);
            value_.program.actors.push_back(actor);
            lives_.push_back(life);
            (life.writes ? writers_ : readers_)++;
        }
        victim_ = options_.kill ? pick(lives_.size()) : lives_.size();
    }

    bool sleeping_for_good(const Life& life, const Operation& step) const {
        if (!life.called || !life.blocking || step.verb == Verb::close) return false;
        if (step.verb == Verb::read) return bytes_ == 0 && writers_ > 0;
        return life.slept && pages_.size() >= options_.slots && readers_ > 0;
    }

    bool can_move(std::size_t a) const {
        const Life& life = lives_[a];
        if (life.dead || life.step >= value_.program.actors[a].steps.size()) return false;
        return !sleeping_for_good(life, value_.program.actors[a].steps[life.step]);
    }

    bool dawdles() { return pick(static_cast<std::size_t>(options_.concurrency)) != 0; }

    void move(std::size_t a, Stamp& stamp) {
        Life& life = lives_[a];
        const Operation& step = value_.program.actors[a].steps[life.step];
        if (a == victim_ && life.called && step.verb != Verb::close && pick(4) == 0) return die(a, stamp);
        if (!life.called) {
            life.called = true, life.slept = false, life.done = false, life.moved = 0;
            life.data.clear();
            life.event = {};
            life.event.actor = static_cast<ActorId>(a), life.event.step = static_cast<StepId>(life.step),
            life.event.verb = step.verb;
            life.event.began = stamp++;
            if (dawdles()) return;  // somebody else moves before its effect
        }
        if (!life.done) {
            life.done = effect(life, step);
            if (!life.done || dawdles()) return;  // asleep, or somebody else moves before its return
        }
        returned(life, stamp);
    }

    // One activation under the pipe's lock; true when the call is over.
    bool effect(Life& life, const Operation& step) {
        const auto end = [&](std::int64_t result, Errno error) {
            life.event.result = result, life.event.error = error;
            life.event.times = result == static_cast<std::int64_t>(step.buffer.bytes);
            return true;
        };
        if (step.verb == Verb::read) return read(life, step, end);
        if (step.verb == Verb::write) return write(life, step, end);
        (life.writes ? writers_ : readers_)--;
        return end(0, Errno::none);
    }

    template <class End>
    bool read(Life& life, const Operation& step, End end) {
        if (bytes_ == 0) {
            if (writers_ == 0) return end(0, Errno::none);
            return life.blocking ? false : end(-1, Errno::EAGAIN_);
        }
        const std::uint64_t count = std::min<std::uint64_t>(bytes_, step.buffer.bytes);
        take(count, &life.data);
        return end(static_cast<std::int64_t>(count), Errno::none);
    }

    template <class End>
    bool write(Life& life, const Operation& step, End end) {
        if (readers_ == 0)
            return life.moved ? end(static_cast<std::int64_t>(life.moved), Errno::none) : end(-1, Errno::EPIPE_);
        std::uint64_t left = step.buffer.bytes - life.moved;
        const std::uint64_t odd = left % 4096;
        if (!life.slept && odd != 0 && !pages_.empty() && pages_.back().end + odd <= 4096) {
            pages_.back().length += static_cast<std::uint32_t>(odd),
                pages_.back().end += static_cast<std::uint32_t>(odd);
            put(life, odd);
            left -= odd;
        }
        while (left > 0 && pages_.size() < options_.slots) {
            const std::uint64_t part = std::min<std::uint64_t>(left, 4096);
            pages_.push_back({static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(part)});
            put(life, part);
            left -= part;
        }
        if (left == 0) return end(static_cast<std::int64_t>(step.buffer.bytes), Errno::none);
        if (!life.blocking)
            return life.moved ? end(static_cast<std::int64_t>(life.moved), Errno::none) : end(-1, Errno::EAGAIN_);
        life.slept = true;
        return false;
    }

    void put(Life& life, std::uint64_t count) {
        pieces_.push_back({life.event.actor, life.event.step, static_cast<std::uint32_t>(life.moved),
                           static_cast<std::uint32_t>(count)});
        life.moved += count, bytes_ += count;
    }

    void take(std::uint64_t count, std::vector<Run>* data) {
        bytes_ -= count;
        for (std::uint64_t left = count; left > 0;) {
            Page& page = pages_.front();
            const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(page.length, left));
            page.length -= part, left -= part;
            if (page.length == 0) pages_.pop_front();
        }
        while (count > 0) {
            Piece& piece = pieces_.front();
            const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(piece.length, count));
            if (data) {
                if (!data->empty() && data->back().actor == piece.actor && data->back().step == piece.step &&
                    data->back().offset + data->back().length == piece.offset)
                    data->back().length += part;
                else
                    data->push_back({RunKind::origin, piece.actor, piece.step, piece.offset, part});
            }
            piece.offset += part, piece.length -= part, count -= part;
            if (piece.length == 0) pieces_.pop_front();
        }
    }

    void returned(Life& life, Stamp& stamp) {
        if (life.event.error == Errno::EPIPE_) {
            Event told;
            told.kind = EventKind::signal, told.actor = life.event.actor, told.step = life.event.step,
            told.signal = Signal::SIGPIPE_;
            told.began = told.ended = stamp++;
            events_.push_back(told);
        }
        life.event.ended = stamp++;
        keep(life);
        ++life.step;
        life.called = false;
    }

    void keep(Life& life) {
        life.event.first_run = static_cast<std::uint32_t>(runs_.size());
        life.event.run_count = static_cast<std::uint32_t>(life.data.size());
        runs_.insert(runs_.end(), life.data.begin(), life.data.end());
        events_.push_back(life.event);
    }

    void die(std::size_t a, Stamp& stamp) {
        Life& life = lives_[a];
        Event death;
        death.kind = EventKind::death, death.actor = static_cast<ActorId>(a), death.signal = Signal::SIGKILL_,
        death.began = stamp++;
        if (!life.done && life.event.verb == Verb::read && bytes_ > 0 && pick(2) == 0)  // it may have eaten them
            take(std::min<std::uint64_t>(bytes_, value_.program.actors[a].steps[life.step].buffer.bytes), nullptr);
        life.event.result = 0, life.event.error = Errno::none, life.event.times = 0;
        life.data.clear();
        (life.writes ? writers_ : readers_)--;
        keep(life);
        death.ended = stamp++;
        events_.push_back(death);
        life.dead = true;
    }

    void finish(Stamp& stamp) {
        const Stamp calm = stamp;
        for (std::size_t a = 0; a < lives_.size(); ++a) {
            Life& life = lives_[a];
            if (life.dead || life.step >= value_.program.actors[a].steps.size() || !life.called) continue;
            keep(life);
            Event asleep;
            asleep.kind = EventKind::asleep, asleep.actor = static_cast<ActorId>(a),
            asleep.step = static_cast<StepId>(life.step);
            asleep.began = asleep.ended = calm;
            events_.push_back(asleep);
        }
    }

    std::mt19937_64 random_;
    Options options_;
    Case value_;
    std::vector<Life> lives_;
    std::deque<Page> pages_;
    std::deque<Piece> pieces_;
    std::uint64_t bytes_ = 0;
    std::size_t readers_ = 0, writers_ = 0, victim_ = 0;
    std::vector<Event> events_;
    std::vector<Run> runs_;
};

}  // namespace crosstalk::simulation
