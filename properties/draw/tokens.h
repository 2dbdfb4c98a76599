// Tokens: what a straight simulation believes of one object that counts: the messages of a queue, the tokens of a
// semaphore, and who sleeps for one or for room. For counting what a case shows; it steers nothing and judges nothing.
// It knows less than a model does, and says so: where several objects, names made anew or limits come in, `sure` ends.
#pragma once

#include <array>
#include <vector>

#include "faults/case.h"
#include "properties/draw.h"

namespace crosstalk::draw {

class Tokens {
  public:
    Tokens(const Case& value, const Ground& ground);

    bool may_move(ActorId actor) const { return actors_[actor].begun && !actors_[actor].ended && !asleep(actor); }
    void move(ActorId actor, const Operation& operation);
    void finish(ActorId actor) { actors_[actor].ended = true; }

    bool sure() const { return sure_; }
    std::uint64_t level() const { return level_; }
    std::uint64_t room() const { return most_ - level_; }
    std::size_t waiters() const { return takers_.size(); }
    // Would this operation give or take one, or wait for that? Not one that is refused for what it asks.
    bool gives(ActorId actor, const Operation& operation) const;
    bool takes(ActorId actor, const Operation& operation) const;

  private:
    enum class Nonblock : std::uint8_t { no, yes, perhaps };
    struct Handle {
        bool open = false;
        Access access = Access::both;
        Nonblock nonblock = Nonblock::no;
    };
    struct Belief {
        bool begun = false, ended = false;
        ActorId process = 0;
        std::array<Handle, first_mailbox> handles{};
    };
    struct Giver {
        ActorId actor;
        std::uint64_t left;
    };

    bool asleep(ActorId actor) const;
    const Handle* handle(ActorId actor, Slot slot) const;
    void set(ActorId actor, Slot slot, const Handle& handle);
    void begin(ActorId child, ActorId parent, ActorKind kind);
    void give(ActorId actor, const Operation& operation);
    void take(ActorId actor, const Operation& operation);
    void put_one();
    // May it sleep? What is not known ends being sure.
    bool sleeps(ActorId actor, const Operation& operation);

    const Program& program_;
    bool queue_, sure_;
    std::uint64_t level_ = 0, most_ = 0, message_bytes_ = 0;
    std::vector<Belief> actors_;
    std::vector<ActorId> takers_;  // asleep, in their order
    std::vector<Giver> givers_;
};

}  // namespace crosstalk::draw
