// Plain: a case that is drawn as a list of steps in the order in which they would run, for models whose programs need
// no belief about the system to be well formed. It keeps the bounds, hands out slots, and completes holdings, schedule
// and plan. Programs of pipes are drawn with a Draft (draft.h), which knows more.
#pragma once

#include <vector>

#include "faults/case.h"
#include "properties/draw/dice.h"
#include "properties/draw/draft.h"

namespace crosstalk::draw {

class Plain {
  public:
    Plain(Dice& dice, const Commission& commission);

    Dice& dice;
    const Ground& ground;

    // A further object of the commission's mechanism.
    ObjectId object(const Asked& asked);
    void ask(ObjectId object, const Asked& asked) { value_.program.objects[object].asked = asked; }
    // A further actor. A forked one or a thread is begun by the parent's next step, which this adds: the parent must be
    // able to take one (goes_on).
    ActorId actor(ActorKind kind = ActorKind::pooled, ActorId parent = 0);
    std::size_t actors() const { return value_.program.actors.size(); }
    // Has its line room for a step, and has it not ended by exit?
    bool goes_on(ActorId who) const;
    // Appends a step to an actor's line. False, and nothing happens, if it does not go on.
    bool add(ActorId who, const Operation& operation);
    // A slot of this actor that nothing has been made in yet, the first behind so many; no_slot if there are none left.
    Slot fresh(ActorId who, std::size_t behind = 0);
    const Program& program() const { return value_.program; }

    // From here on the order is open: until here it is kept, so that openings come first.
    void body() { body_begins_ = order_.size(); }
    // And from here on it is kept again: what looks at the end comes last.
    void end() { body_ends_ = order_.size(); }

    // The case: mode, strategy and faults drawn. `no_free`: only turns.
    Case finish(bool no_free = false);

  private:
    void draw_order();
    void draw_plan();
    void draw_losses();

    const Commission& commission_;
    Case value_;
    std::vector<ActorId> order_;
    std::size_t body_begins_ = 0, body_ends_ = ~std::size_t{0};
    std::array<std::uint64_t, max_actors> used_{};  // slots of this actor that were ever bound
};

// A time limit of a queue or a semaphore at its bounds: past, now, from a nanosecond to a millisecond; of who never
// sleeps also in the far future. What cannot come while somebody sleeps lies at any nanosecond of its second, at none
// seldom.
void limit_time(Dice& dice, Operation& step, bool never_sleeps);

// A umask: none, the usual ones, what takes rights away from the owner, all.
std::int64_t umask(Dice& dice);

}  // namespace crosstalk::draw
