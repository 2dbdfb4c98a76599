// A listening socket across a network that keeps every promise, played by hand: some who connect, of whom each sleeps
// until it is connected or goes on and looks later, and one who accepts what has arrived, in any order. Plain on
// purpose: it shares nothing with the model that it tests.
#pragma once

#include <deque>
#include <map>
#include <random>

#include "faults/case.h"
#include "mechanisms/catalog.h"
#include "mechanisms/history.h"
#include "mechanisms/names.h"
#include "properties/tests/seats.h"

namespace crosstalk::simulation {

struct PlayedPorts {
    Case value;
    History history;
};

// Which promise it breaks; none: it keeps all.
enum class Astray : std::uint8_t { nothing, doubled, refused, connected, shared };

class PortSimulator {
  public:
    PortSimulator(std::uint64_t seed, Astray astray = Astray::nothing) : random_(seed), astray_(astray) {}

    PlayedPorts play() {
        draw();
        for (Stamp now = 2;; ++now) {
            const bool rests = below(3) != 0 && move(now);
            bool ended = false;
            for (auto& [end, attempt] : attempts_)
                if (!rests && attempt == Attempt::going) ends(end, attempt), ended = true;
            if (!rests && !ended && !move(now)) {
                seats_.end(played_.history, now);
                return std::move(played_);
            }
        }
    }

  private:
    using End = std::pair<ActorId, Slot>;
    enum class Attempt : std::uint8_t { going, made, failed, told };
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
        program.objects.push_back({*mechanism_named("tcp4"), {}});
        sleeps_ = below(2) == 0;
        Actor server;
        server.steps = {on(Verb::socket, no_slot, 2), on(Verb::bind, 2), on(Verb::listen, 2)};
        if (below(3) == 0)  // another who would listen there
            server.steps.insert(server.steps.end(), {on(Verb::socket, no_slot, 20), on(Verb::bind, 20)});
        server.steps[0].flags = sleeps_ ? 0 : flag_nonblock;
        server.steps[2].value = 128;
        for (std::uint64_t i = 0, many = 1 + below(3); i < many; ++i) {
            const auto made = static_cast<Slot>(3 + i);
            server.steps.push_back(on(Verb::accept, 2, made));
            server.steps.push_back(on(Verb::recv, made));
            server.steps.back().buffer.bytes = 400, server.steps.back().flags = flag_nonblock;
        }
        program.actors.push_back(server);
        for (std::uint64_t c = 0, many = 1 + below(3); c < many; ++c) program.actors.push_back(client());
        seats_.take(program, played_.history);
    }

    Actor client() {
        Actor client;
        const bool goes_on = below(2) == 0;
        client.steps = {on(Verb::socket, no_slot, 2), on(Verb::connect, 2)};
        client.steps[0].flags = goes_on ? flag_nonblock : 0;
        if (goes_on) {
            client.steps.push_back(on(Verb::poll, 2));
            client.steps.back().value = poll_out;
            client.steps.push_back(on(Verb::get_option, 2));
            client.steps.back().value = static_cast<std::int64_t>(SocketOption::error);
        }
        client.steps.push_back(on(Verb::send, 2));
        client.steps.back().buffer.bytes = 64 + 8 * below(4);
        client.steps.back().flags = flag_nonblock | flag_no_signal;
        return client;
    }

    bool move(Stamp now) {
        return seats_.move(played_.value.program, played_.history, now, below(seats_.size()),
                           [&](Seat&, const Operation& step, Event& event) { return takes_effect(step, event); });
    }

    bool takes_effect(const Operation& step, Event& event) {
        const End end{event.actor, step.uses[0]};
        switch (step.verb) {
            case Verb::bind: return !listens_ || astray_ == Astray::shared || fails(event, Errno::EADDRINUSE_);
            case Verb::listen: return listens_ = true;
            case Verb::connect: return connects(end, event);
            case Verb::poll: return polls(end, event);
            case Verb::get_option:
                if (attempts_[end] == Attempt::failed) event.result = static_cast<std::int64_t>(Errno::ECONNREFUSED_);
                attempts_[end] = Attempt::told;
                return true;
            case Verb::accept: return accepts(step, event);
            case Verb::send: {
                if (!slots_.contains(end)) return fails(event, Errno::EPIPE_);
                event.result = static_cast<std::int64_t>(step.buffer.bytes);
                sent_[slots_[end]].push_back({event.actor, event.step, static_cast<std::uint32_t>(event.result)});
                return true;
            }
            case Verb::recv: return receives(step, event);
            default: return true;
        }
    }

    // The moment at which an attempt finds somebody, or nobody.
    bool ends(const End& end, Attempt& attempt) {
        const bool found = astray_ == Astray::connected || (listens_ && !(astray_ == Astray::refused && below(3) == 0));
        attempt = found ? Attempt::made : Attempt::failed;
        if (!found) return false;
        slots_[end] = next_;
        waiting_.push_back(next_++);
        return true;
    }

    bool connects(const End& end, Event& event) {
        const bool goes_on = (played_.value.program.actors[event.actor].steps[0].flags & flag_nonblock) != 0;
        if (goes_on) {
            attempts_[end] = Attempt::going;
            return fails(event, Errno::EINPROGRESS_);
        }
        Attempt at_once = Attempt::going;
        return ends(end, at_once) || fails(event, Errno::ECONNREFUSED_);
    }

    bool polls(const End& end, Event& event) {
        if (attempts_[end] == Attempt::going) return false;
        event.result = 1;
        event.value = attempts_[end] == Attempt::made ? poll_out : poll_out | poll_err | poll_hup;
        return true;
    }

    bool accepts(const Operation& step, Event& event) {
        if (!sleeps_ && (waiting_.empty() || below(3) == 0)) return fails(event, Errno::EAGAIN_);
        if (waiting_.empty()) return false;
        const auto which = waiting_.begin() + static_cast<std::ptrdiff_t>(below(waiting_.size()));
        slots_[{event.actor, step.makes[0]}] = *which;
        if (astray_ != Astray::doubled) waiting_.erase(which);
        return true;
    }

    bool receives(const Operation& step, Event& event) {
        const auto found = slots_.find({event.actor, step.uses[0]});
        if (found == slots_.end()) return fails(event, Errno::EBADF_);
        std::deque<Sent>& sent = sent_[found->second];
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
    const Astray astray_;
    PlayedPorts played_;
    Seats seats_;
    bool sleeps_ = false, listens_ = false;
    int next_ = 0;
    std::deque<int> waiting_;
    std::map<End, Attempt> attempts_;
    std::map<End, int> slots_;              // which connection an end belongs to
    std::map<int, std::deque<Sent>> sent_;  // from who connected to who accepted
};

}  // namespace crosstalk::simulation
