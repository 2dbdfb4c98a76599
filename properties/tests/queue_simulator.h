// A message queue that keeps every promise, played by hand: actors whose calls overlap, each of which takes effect at
// one moment between its two stamps. Plain on purpose: it shares nothing with the model that it tests.
#pragma once

#include <optional>
#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"
#include "properties/tests/seats.h"

namespace crosstalk::simulation {

struct PlayedQueue {
    Case value;
    History history;
};

// Which promise the queue breaks; none: it keeps all.
enum class Broken : std::uint8_t { nothing, order, priority, capacity, doubled, lost, count };

class QueueSimulator {
  public:
    QueueSimulator(std::uint64_t seed, Broken broken = Broken::nothing) : random_(seed), broken_(broken) {}

    PlayedQueue play() {
        draw();
        for (Stamp now = 2;; ++now)
            if (!move(now)) return finish(now);
    }

  private:
    struct Message {
        ActorId actor;
        StepId step;
        std::uint32_t length, priority;
    };
    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    void draw() {
        Program& program = played_.value.program;
        Object object;
        object.mechanism = *mechanism_named("mq");
        object.asked.records = static_cast<std::uint32_t>(1 + below(3)), object.asked.record_bytes = 64;
        blocks_ = below(2) == 0;
        object.asked.flags = blocks_ ? 0 : flag_nonblock;
        program.objects.push_back(object);
        most_ = object.asked.records;
        for (std::uint64_t a = 0, count = 1 + below(3); a < count; ++a) {
            Actor actor;
            actor.holds = {0};
            for (std::uint64_t s = 0, steps = 1 + below(5); s < steps; ++s) {
                Operation step;
                step.uses[0] = 0;
                step.verb = below(6) == 0 ? Verb::mq_attributes : below(2) == 0 ? Verb::mq_receive : Verb::mq_send;
                if (step.verb == Verb::mq_send)
                    step.buffer.bytes = 20 + below(3), step.value = static_cast<std::int64_t>(below(3));
                if (step.verb == Verb::mq_receive) step.buffer.bytes = 64;
                actor.steps.push_back(step);
            }
            program.actors.push_back(actor);
        }
        seats_.take(program, played_.history);
    }

    // One actor begins, takes effect or returns; false: nobody can.
    bool move(Stamp now) {
        return seats_.move(played_.value.program, played_.history, now, below(seats_.size()),
                           [&](Seat&, const Operation& step, Event& event) { return takes_effect(step, event); });
    }

    bool refused(Event& event) {
        if (blocks_) return false;
        event.result = -1, event.error = Errno::EAGAIN_, event.times = 0;
        return true;
    }

    bool takes_effect(const Operation& step, Event& event) {
        if (step.verb == Verb::mq_attributes) {
            event.result = static_cast<std::int64_t>(queue_.size()) + (broken_ == Broken::count && !queue_.empty());
            event.value = (blocks_ ? 0 : flag_nonblock) + 256 * (std::int64_t{most_} + (std::int64_t{64} << 24));
            return true;
        }
        if (step.verb == Verb::mq_send) {
            if (queue_.size() >= most_ + (broken_ == Broken::capacity)) return refused(event);
            event.result = static_cast<std::int64_t>(step.buffer.bytes);
            const Message message{event.actor, event.step, static_cast<std::uint32_t>(step.buffer.bytes),
                                  static_cast<std::uint32_t>(step.value)};
            if (broken_ != Broken::lost || below(3) != 0) queue_.push_back(message);
            return true;
        }
        if (queue_.empty()) return refused(event);
        std::size_t next = 0;
        for (std::size_t i = 1; i < queue_.size(); ++i) {
            const bool higher = queue_[i].priority > queue_[next].priority;
            const bool later = broken_ == Broken::order && queue_[i].priority == queue_[next].priority;
            if ((higher && broken_ != Broken::priority) || later) next = i;
        }
        const Message message = queue_[next];
        if (broken_ != Broken::doubled || below(2) == 0)
            queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(next));
        event.result = message.length, event.value = message.priority, event.times = 0;
        event.first_run = static_cast<std::uint32_t>(played_.history.runs.size()), event.run_count = 1;
        played_.history.runs.push_back({RunKind::origin, message.actor, message.step, 0, message.length});
        return true;
    }

    PlayedQueue finish(Stamp now) {
        seats_.end(played_.history, now);
        return std::move(played_);
    }

    std::mt19937_64 random_;
    const Broken broken_;
    PlayedQueue played_;
    Seats seats_;
    std::vector<Message> queue_;
    std::uint32_t most_ = 1;
    bool blocks_ = false;
};

}  // namespace crosstalk::simulation
