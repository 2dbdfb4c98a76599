// Cases of sockets with addresses: somebody listens, others connect, speak and are answered; and at the end everybody
// looks at what is left without sleeping. Now and then the order is another: nobody listens yet, the name is gone or
// bound once more, too many wait, a socket is used in the wrong state.
//
// Who connects speaks first, since only what travels tells which accept gave the other end.
#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/binds.h"
#include "properties/draw/plain.h"
#include "properties/draw/recipes.h"
#include "properties/judge/trial_calls.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t most_of_trial_ns = 10'000'000'000;

Operation on(Verb verb, Slot slot) {
    Operation step;
    step.verb = verb;
    step.uses[0] = slot;
    return step;
}

class Listeners {
  public:
    Listeners(Dice& dice, const Commission& commission)
        : plain_(dice, commission),
          dice_(dice),
          mechanism_(mechanism_of(commission.mechanism)),
          ports_(binds::eventual(mechanism_)),
          waits_(dice.chance(50)),
          tries_(dice.chance(60)) {
        listener_.fill(no_slot);
    }

    Case draw() {
        addresses_ = dice_.one_in(8) ? 2 : 1;
        for (std::size_t i = 0; i < addresses_; ++i) plain_.object({.value = dice_.one_in(4) && !ports_});
        const bool early = dice_.one_in(6);  // who connects may come before there is anybody who listens
        if (early) plain_.body();
        const std::size_t servers = dice_.weighted({0, 70, 30}), clients = 1 + dice_.weighted({20, 35, 30, 15});
        for (std::size_t i = 0; i < servers; ++i) serve(plain_.actor(), static_cast<ObjectId>(i % addresses_));
        // More who accept share the listening socket; of several sleepers the kernel wakes whom it likes, so that they
        // all look without sleeping.
        for (std::uint64_t more = waits_ ? 0 : dice_.weighted({50, 30, 20}); more > 0; --more) {
            const ActorId child = plain_.actor(ActorKind::forked, 0);
            listener_[child] = listener_[0];
        }
        const std::size_t first_client = plain_.actors();
        for (std::size_t i = 0; i < clients; ++i) plain_.actor();
        if (!early) plain_.body();
        for (std::uint64_t steps = dice_.between(4, 24); steps > 0; --steps) {
            const auto who = static_cast<ActorId>(dice_.below(plain_.actors()));
            if (tries_ && dice_.one_in(ports_ ? 4 : 8))
                hold_trial(who);
            else
                who < first_client ? attend(who) : visit(who);
        }
        plain_.end();
        for (std::size_t a = 0; a < plain_.actors(); ++a) look(static_cast<ActorId>(a));
        return plain_.finish();
    }

  private:
    ObjectId address() { return static_cast<ObjectId>(dice_.below(addresses_)); }

    Slot socket(ActorId who, ObjectId object, bool nonblock) {
        Operation step;
        step.verb = Verb::socket;
        step.object = object;
        step.makes[0] = plain_.fresh(who);
        step.flags = nonblock ? flag_nonblock : 0;
        if (dice_.one_in(6)) step.flags |= flag_cloexec;
        return step.makes[0] != no_slot && plain_.add(who, step) ? step.makes[0] : no_slot;
    }
    void name(ActorId who, Verb verb, Slot slot, ObjectId object) {
        Operation step = on(verb, slot);
        step.object = object;
        constexpr auto last = static_cast<std::int64_t>(NameForm::automatic);
        if (verb == Verb::bind && dice_.one_in(8))
            step.value = ports_ ? last : static_cast<std::int64_t>(dice_.between(1, last));
        plain_.add(who, step);
    }
    void listen(ActorId who, Slot slot) {
        Operation step = on(Verb::listen, slot);
        // Over a network who finds no room tries again a second later.
        const std::int64_t most = plain_.ground.backlog_max;
        step.value = ports_ ? dice_.one_of<std::int64_t>({128, 128, most, most + 1})
                            : dice_.one_of<std::int64_t>({0, 0, 0, 1, 1, 2, 2, 5, 5, 128, -1, most, most + 1});
        plain_.add(who, step);
    }

    void serve(ActorId who, ObjectId object) {
        const Slot slot = socket(who, object, !waits_);
        if (slot == no_slot) return;
        if (!dice_.one_in(12)) name(who, Verb::bind, slot, object);
        if (!dice_.one_in(12)) listen(who, slot);
        listener_[who] = slot;
    }

    void accept(ActorId who) {
        Operation step = on(Verb::accept, listener_[who]);
        step.makes[0] = plain_.fresh(who);
        if (step.makes[0] == no_slot) return;
        if (dice_.one_in(3)) step.flags |= flag_nonblock;
        if (dice_.one_in(4)) step.flags |= flag_cloexec;
        if (plain_.add(who, step)) talks_[who].push_back(step.makes[0]);
        if (dice_.one_in(6)) plain_.add(who, on(Verb::get_flags, step.makes[0]));
        if (dice_.chance(80)) say(who, step.makes[0], Verb::recv, 400);
    }

    void say(ActorId who, Slot slot, Verb verb, std::uint64_t bytes) {
        Operation step = on(verb, slot);
        step.buffer.bytes = bytes;
        step.flags = verb == Verb::recv && dice_.chance(70) ? 0 : flag_nonblock;
        if (!waits_) step.flags = flag_nonblock;
        if (verb == Verb::send) step.flags |= flag_no_signal;
        plain_.add(who, step);
    }

    // Somebody who connects, and says so at once.
    void visit(ActorId who) {
        if (!talks_[who].empty() && dice_.chance(45)) return talk(who);
        if (dice_.one_in(12)) return unlink(who);
        const ObjectId object = address();
        if (ports_) return visit_port(who, object);
        // One who may sleep for a place among those who wait: of several the kernel wakes whom it likes.
        const bool sleeps = waits_ && (sleeper_ == no_slot || sleeper_ == who);
        if (sleeps) sleeper_ = who;
        const Slot slot = socket(who, object, !sleeps);
        if (slot == no_slot) return;
        if (dice_.one_in(10)) name(who, Verb::bind, slot, object);
        if (dice_.one_in(12)) return;
        if (dice_.one_in(15)) say(who, slot, Verb::send, 100);  // too early
        name(who, Verb::connect, slot, dice_.one_in(10) ? address() : object);
        talks_[who].push_back(slot);
        if (dice_.chance(90)) say(who, slot, Verb::send, dice_.between(64, 200));
        if (dice_.one_in(8)) name(who, Verb::connect, slot, object);
    }

    void unlink(ActorId who) {
        Operation step;
        step.verb = Verb::unlink;
        step.object = address();
        if (!ports_) plain_.add(who, step);
    }

    // Over a network nobody sleeps for a place, and who does not wait is told later.
    void visit_port(ActorId who, ObjectId object) {
        const bool goes_on = dice_.chance(60);
        const Slot slot = socket(who, object, goes_on);
        if (slot == no_slot || dice_.one_in(12)) return;
        if (dice_.one_in(15)) say(who, slot, Verb::send, 100);  // too early
        name(who, Verb::connect, slot, object);
        if (goes_on) learn(who, slot, object);
        talks_[who].push_back(slot);
        if (dice_.chance(90)) say(who, slot, Verb::send, dice_.between(64, 200));
        if (dice_.one_in(8)) name(who, Verb::connect, slot, object);
    }
    void learn(ActorId who, Slot slot, ObjectId object) {
        if (dice_.one_in(8)) name(who, Verb::connect, slot, object);
        if (dice_.one_in(10)) return;
        Operation step = on(Verb::poll, slot);
        step.value = poll_out;
        step.timeout_ns = dice_.chance(80) ? forever : 0;
        plain_.add(who, step);
        step = on(Verb::get_option, slot);
        step.value = static_cast<std::int64_t>(SocketOption::error);
        if (!dice_.one_in(6)) plain_.add(who, step);
    }

    // Some show nothing where the mechanism is another.
    void hold_trial(ActorId who) {
        Operation step;
        step.verb = Verb::trial;
        step.object = address();
        step.timeout_ns = most_of_trial_ns;
        const Trial first = ports_ ? Trial::any_port : Trial::file_of_name,
                    last = ports_ ? Trial::delivered : Trial::closed_unaccepted;
        step.value = static_cast<std::int64_t>(
            dice_.one_in(6) ? dice_.between(static_cast<std::uint64_t>(Trial::unknown_domain),
                                            static_cast<std::uint64_t>(Trial::any_port) - 1)
                            : dice_.between(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)));
        if (judging::sheet_of(static_cast<Trial>(step.value)).of(mechanism_)) plain_.add(who, step);
    }

    void talk(ActorId who) {
        const std::size_t at = dice_.below(talks_[who].size());
        const Slot slot = talks_[who][at];
        switch (dice_.weighted({25, 30, 20, 10, 8, 5})) {
            case 0: return say(who, slot, Verb::send, dice_.between(64, 300));
            case 1: return say(who, slot, Verb::recv, dice_.between(1, 400));
            case 2:
                plain_.add(who, on(Verb::close, slot));
                talks_[who].erase(talks_[who].begin() + static_cast<std::ptrdiff_t>(at));
                return;
            case 3: {
                Operation step = on(Verb::shutdown, slot);
                step.value = static_cast<std::int64_t>(dice_.below(3));
                plain_.add(who, step);
                return;
            }
            case 4: plain_.add(who, on(Verb::get_flags, slot)); return;
            default: plain_.add(who, on(ports_ ? Verb::get_flags : Verb::listen, slot)); return;
        }
    }

    void attend(ActorId who) {
        const Slot slot = listener_[who];
        if (slot == no_slot || (!talks_[who].empty() && dice_.chance(30))) {
            if (!talks_[who].empty()) talk(who);
            return;
        }
        switch (dice_.weighted({60, 8, 6, 6, 4, 4, 4, 3, 3})) {
            case 0: return accept(who);
            case 1: {
                Operation step = on(Verb::poll, slot);
                step.value = poll_in;
                step.timeout_ns = waits_ && dice_.one_in(2) ? forever : 0;
                plain_.add(who, step);
                return;
            }
            case 2: plain_.add(who, on(Verb::available, slot)); return;
            case 3: return listen(who, slot);
            case 4: return name(who, Verb::bind, slot, address());
            case 5:
                plain_.add(who, on(Verb::close, slot));
                listener_[who] = no_slot;
                return;
            case 6: return unlink(who);
            case 7: {
                Operation step;
                step.verb = Verb::limit;
                if (!tries_) plain_.add(who, step);
                return accept(who);
            }
            default: {  // another listens there instead
                const ObjectId object = address();
                const Slot other = socket(who, object, !waits_);
                if (other == no_slot) return;
                name(who, Verb::bind, other, object);
                listen(who, other);
                if (dice_.one_in(2)) listener_[who] = other;
            }
        }
    }

    void look(ActorId who) {
        if (listener_[who] != no_slot) {
            for (int i = 0; i < 2; ++i) {
                Operation step = on(Verb::poll, listener_[who]);
                step.value = poll_in;
                step.timeout_ns = 0;
                plain_.add(who, step);
                if (!waits_) accept(who);
            }
        }
        for (const Slot slot : talks_[who]) {
            Operation step = on(Verb::recv, slot);
            step.flags = flag_nonblock;
            step.buffer.bytes = 1000;
            plain_.add(who, step);
            plain_.add(who, step);
        }
    }

    Plain plain_;
    Dice& dice_;
    const Mechanism& mechanism_;
    bool ports_;  // its addresses are of a network
    bool waits_;  // who listens sleeps until somebody comes
    bool tries_;  // trials are held: nobody is short of descriptors
    std::size_t addresses_ = 1;
    ActorId sleeper_ = no_slot;  // who connects and may sleep
    std::array<Slot, max_actors> listener_;
    std::array<std::vector<Slot>, max_actors> talks_;  // that were connected or accepted
};

}  // namespace

// Pairs are made too; and what is to fill a buffer or cut a transfer wants them.
Case draw_listeners(Dice& dice, const Commission& commission) {
    const bool wants_pairs = commission.fault == full_buffer_fault || commission.fault == short_transfer_fault;
    return wants_pairs || dice.chance(30) ? draw_channels(dice, commission) : Listeners(dice, commission).draw();
}

}  // namespace crosstalk::draw
