// A listening socket that keeps every promise, played by hand: one who accepts and some who connect, whose calls
// overlap, each of which takes effect at one moment between its two stamps. Plain on purpose: it shares nothing with
// the model that it tests.
#pragma once

#include <deque>
#include <map>
#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"
#include "properties/tests/seats.h"

namespace crosstalk::simulation {

struct PlayedListener {
    Case value;
    History history;
};

// Which promise it breaks; none: it keeps all.
enum class Deaf : std::uint8_t { nothing, order, doubled, backlog, lost, early, refused };

class ListenerSimulator {
  public:
    ListenerSimulator(std::uint64_t seed, Deaf deaf = Deaf::nothing) : random_(seed), deaf_(deaf) {}

    PlayedListener play() {
        draw();
        for (Stamp now = 2;; ++now)
            if (!move(now)) {
                seats_.end(played_.history, now);
                return std::move(played_);
            }
    }

  private:
    struct Sent {
        ActorId actor;
        StepId step;
        std::uint32_t length;
    };
    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    static Operation on(Verb verb, Slot uses, Slot makes = no_slot) {
        Operation step;
        step.verb = verb, step.uses[0] = uses, step.makes[0] = makes;
        return step;
    }

    void draw() {
        Program& program = played_.value.program;
        program.objects.push_back({*mechanism_named("unix-stream"), {}});
        sleeps_ = below(2) == 0;
        const std::uint16_t flags = sleeps_ ? 0 : flag_nonblock;
        Actor server;
        server.steps = {on(Verb::socket, no_slot, 2), on(Verb::bind, 2), on(Verb::listen, 2)};
        server.steps[0].flags = flags;
        server.steps[2].value = backlog_ = static_cast<std::int64_t>(below(3));
        for (std::uint64_t i = 0, many = 1 + below(4); i < many; ++i) {
            const auto made = static_cast<Slot>(3 + i);
            server.steps.push_back(on(Verb::accept, 2, made));
            if (below(4) == 0) continue;
            server.steps.push_back(on(Verb::recv, made));
            server.steps.back().buffer.bytes = 400, server.steps.back().flags = flag_nonblock;
        }
        program.actors.push_back(server);
        for (std::uint64_t c = 0, many = 1 + below(3); c < many; ++c) {
            Actor client;
            for (Slot s = 2; s < 3 + below(2); ++s) {
                client.steps.push_back(on(Verb::socket, no_slot, s));
                client.steps.back().flags = flags;
                client.steps.push_back(on(Verb::connect, s));
                client.steps.push_back(on(Verb::send, s));
                client.steps.back().buffer.bytes = 64 + 8 * below(4);
                client.steps.back().flags = flag_nonblock | flag_no_signal;
            }
            program.actors.push_back(client);
        }
        seats_.take(program, played_.history);
    }

    bool move(Stamp now) {
        return seats_.move(played_.value.program, played_.history, now, below(seats_.size()),
                           [&](Seat&, const Operation& step, Event& event) { return takes_effect(step, event); });
    }

    bool takes_effect(const Operation& step, Event& event) {
        switch (step.verb) {
            case Verb::bind: return bound_ = true;
            case Verb::listen: return listens_ = true;
            case Verb::connect: return connects(step, event);
            case Verb::accept: return accepts(step, event);
            case Verb::send: {
                const int connection = connection_of(event.actor, step.uses[0]);
                if (connection < 0) return fails(event, Errno::ENOTCONN_);
                event.result = static_cast<std::int64_t>(step.buffer.bytes);
                sent_[connection].push_back({event.actor, event.step, static_cast<std::uint32_t>(step.buffer.bytes)});
                return true;
            }
            case Verb::recv: return receives(step, event);
            default: return true;
        }
    }

    int connection_of(ActorId actor, Slot slot) const {
        const auto found = slots_.find({actor, slot});
        return found == slots_.end() ? -1 : found->second;
    }

    bool connects(const Operation& step, Event& event) {
        if (!bound_) return fails(event, Errno::ENOENT_);
        if (!listens_ || (deaf_ == Deaf::refused && below(3) == 0)) return fails(event, Errno::ECONNREFUSED_);
        const bool full = static_cast<std::int64_t>(waiting_.size()) > backlog_ && deaf_ != Deaf::backlog;
        if (full || (!sleeps_ && deaf_ == Deaf::early && waiting_.empty()))
            return sleeps_ ? false : fails(event, Errno::EAGAIN_);
        slots_[{event.actor, step.uses[0]}] = next_;
        waiting_.push_back(next_++);
        return true;
    }

    bool accepts(const Operation& step, Event& event) {
        if (deaf_ == Deaf::lost && !waiting_.empty() && below(2) == 0) waiting_.pop_front();
        if (waiting_.empty()) return sleeps_ ? false : fails(event, Errno::EAGAIN_);
        const bool last = deaf_ == Deaf::order;
        slots_[{event.actor, step.makes[0]}] = last ? waiting_.back() : waiting_.front();
        if (deaf_ == Deaf::doubled && below(2) == 0) return true;
        last ? waiting_.pop_back() : waiting_.pop_front();
        return true;
    }

    bool receives(const Operation& step, Event& event) {
        const int connection = connection_of(event.actor, step.uses[0]);
        if (connection < 0) return fails(event, Errno::EBADF_);
        std::deque<Sent>& sent = sent_[connection];
        if (sent.empty()) return fails(event, Errno::EAGAIN_);
        History& history = played_.history;
        event.first_run = static_cast<std::uint32_t>(history.runs.size()), event.times = 0;
        for (const Sent& each : sent) {
            history.runs.push_back({RunKind::origin, each.actor, each.step, 0, each.length});
            event.result += each.length, ++event.run_count;
        }
        sent.clear();
        return true;
    }

    std::mt19937_64 random_;
    const Deaf deaf_;
    PlayedListener played_;
    Seats seats_;
    bool sleeps_ = false, bound_ = false, listens_ = false;
    std::int64_t backlog_ = 0;
    int next_ = 0;
    std::deque<int> waiting_;
    std::map<std::pair<ActorId, Slot>, int> slots_;  // which connection an end belongs to
    std::map<int, std::deque<Sent>> sent_;           // from who connected to who accepted
};

}  // namespace crosstalk::simulation
