// Draft: a case while it is being drawn, with what the drawer believes of the world at the end of the steps drawn so
// far. Steps are drawn in the order in which they would run under the plain schedule.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "faults/case.h"
#include "properties/draw.h"
#include "properties/draw/dice.h"
#include "properties/draw/taste.h"
#include "properties/draw/world.h"

namespace crosstalk::draw {

// What is wanted: a case for this cell, to be played on this ground.
struct Commission {
    PropertyId property = 0;
    MechanismId mechanism = 0;
    FaultId fault = no_fault;
    const Ground& ground;
};

// Steps that no drawing function may exceed, finale included: far below max_steps, so that phases need no care.
inline constexpr std::size_t most_steps_of_an_actor = 120;

struct Draft {
    Draft(Dice& entropy, const Commission& wanted, const Taste& likes);

    Dice& dice;
    const Commission& commission;
    const Ground& ground;
    Taste taste;  // after the swarm has switched verbs off
    Case value;
    std::optional<World> world;  // from the moment when the shape stands
    bool turns = true, sleepless = false;
    std::uint64_t bytes_left = 0;                    // that the case may still move
    std::vector<ActorId> order;                      // who moved, for each step drawn
    std::size_t body_begins = 0, body_ends = 0;      // into order
    std::vector<std::pair<ActorId, StepId>> slept;   // steps believed to sleep
    std::vector<Injection> aims;                     // of the plan: those that steps were drawn for
    std::array<SizeTaste, max_actors> sizes{};       // of each actor
    std::array<std::uint64_t, max_actors> mine{};    // slots that this actor may use, make and close
    std::array<std::uint64_t, max_actors> taken{};   // slots of this process that may be bound: not to be made
    std::array<std::uint64_t, max_actors> pinned{};  // slots of its process that it may use, and nobody closes
    std::array<std::uint64_t, max_objects> writers{}, readers{};  // whose role it is: bit a
    std::uint64_t done = 0;                                       // actors that get no more steps
    // Per description: actors with a call on it that may sleep, and actors that poll it for ever.
    std::array<std::uint64_t, max_objects * 2> sleepers_on{}, pollers_on{};

    std::size_t actors() const { return value.program.actors.size(); }
    std::size_t objects() const { return value.program.objects.size(); }
    const Actor& actor(ActorId id) const { return value.program.actors[id]; }

    // Appends the step and moves the world. False, and nothing happens, if the actor has no room, cannot move, or
    // would crowd a poller.
    bool add(ActorId who, const Operation& operation);
    bool can_move(ActorId who) const;
    // Slots that `who` may use and that are bound to this end (0, 1; -1: either), as a mask.
    std::uint64_t usable(ActorId who, int end) const;
    // One of them (or rarely, as misuse: another end, or nothing at all); no_slot if there is none.
    Slot pick(ActorId who, int end);
    // A slot that `who` may make, except those of `beside`; no_slot if there is none.
    Slot fresh(ActorId who, std::uint64_t beside = 0) const;
    void note_slots(ActorId who, const Operation& operation);
    // May this step be drawn, as to sleep: it does not sleep, or somebody can wake it and sleep is wanted.
    bool may_be_drawn(ActorId who, const Operation& operation);
    // Would two sleepers on one wake-all object arise, where the order of the woken is left to the run queue?
    bool crowds(ActorId who, const Operation& operation) const;
    // `bytes` if the case may still move as many, else something small.
    std::uint64_t afford(std::uint64_t bytes);
};

// A step that uses one slot.
inline Operation on(Verb verb, Slot slot) {
    Operation operation;
    operation.verb = verb;
    operation.uses[0] = slot;
    return operation;
}
inline Operation moving(Verb verb, Slot slot, std::uint64_t bytes) {
    Operation operation = on(verb, slot);
    operation.buffer.bytes = bytes;
    return operation;
}

}  // namespace crosstalk::draw
