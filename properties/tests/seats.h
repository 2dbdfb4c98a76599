// Actors whose calls overlap: each call begins, takes effect at one moment, and returns, and which actor goes on next
// is whoever draws says. What a call does is the business of the simulated object that its actors sit around.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk::simulation {

struct Seat {
    std::size_t step = 0, event = 0;
    enum { idle, called, effected } phase = idle;
    bool closed = false;  // the descriptor of whoever sits there, where that matters
};

// How a simulated call says that it failed; it has taken effect all the same.
inline bool fails(Event& event, Errno error) {
    event.result = -1, event.error = error, event.times = 0;
    return true;
}

class Seats {
  public:
    std::size_t size() const { return seats_.size(); }

    // For all actors of the program; the leader has looked at what they share before (stamp 1).
    void take(const Program& program, History& history) {
        seats_.resize(program.actors.size());
        Event made;
        made.kind = EventKind::probe, made.began = made.ended = 1;
        history.events.push_back(made);
    }

    // One actor begins, takes effect or returns; false: nobody can. The actor `first` is asked first.
    // `effect(seat, step, event)` is false while the call cannot take effect.
    template <class Effect>
    bool move(const Program& program, History& history, Stamp now, std::size_t first, Effect effect) {
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            const auto who = static_cast<ActorId>((first + i) % seats_.size());
            Seat& seat = seats_[who];
            const auto& steps = program.actors[who].steps;
            if (seat.phase == Seat::idle && seat.step < steps.size()) {
                Event event;
                event.actor = who, event.step = static_cast<StepId>(seat.step), event.verb = steps[seat.step].verb;
                event.began = now;
                seat.event = history.events.size(), seat.phase = Seat::called;
                history.events.push_back(event);
                return true;
            }
            if (seat.phase == Seat::called && effect(seat, steps[seat.step], history.events[seat.event])) {
                seat.phase = Seat::effected;
                return true;
            }
            if (seat.phase == Seat::effected) {
                history.events[seat.event].ended = now;
                seat.phase = Seat::idle, ++seat.step;
                return true;
            }
        }
        return false;
    }

    // Nobody can move any more: who is in a call sleeps.
    void end(History& history, Stamp now) const {
        for (const Seat& seat : seats_) {
            if (seat.phase != Seat::called) continue;
            Event asleep = history.events[seat.event];
            asleep.kind = EventKind::asleep, asleep.began = asleep.ended = now;
            history.events.push_back(asleep);
            history.ending = Ending::calm;
        }
    }

  private:
    std::vector<Seat> seats_;
};

}  // namespace crosstalk::simulation
