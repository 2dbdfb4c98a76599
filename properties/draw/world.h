// World: what a straight simulation believes of the system while steps are drawn or counted: which slot is bound to
// which end, how full an object is, who sleeps. It steers and counts; it never judges, so it may be wrong where the
// documents are free, and it follows only what a drawer needs (signals and errors of bad arguments are left out).
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "faults/case.h"
#include "properties/draw.h"
#include "properties/draw/turns.h"

namespace crosstalk::draw {

// The open file description of one end of one object, as the number of its initial slot. Unnamed objects cannot be
// opened twice, so each end has exactly one description, however many slots hold it.
using Description = std::uint8_t;
inline constexpr Description no_description = 255;
constexpr ObjectId object_of(Description description) { return description / 2; }
constexpr int end_of(Description description) { return description % 2; }
constexpr Description other_end(Description description) { return description ^ 1; }

inline constexpr std::size_t plain_slots = first_mailbox;  // slots that are not mailboxes: 0..63, a 64-bit mask

struct ObjectBelief {
    bool made = false, direct = false;
    std::array<bool, 2> nonblock{};
    std::array<std::uint16_t, 2> holders{};  // slots bound to each end, over all processes and mailboxes
    std::uint64_t capacity_bytes = 0, level_bytes = 0;
    std::uint32_t pages = 0;       // page slots in use
    std::uint32_t tail_bytes = 0;  // room in the last of them
};

struct ProcessBelief {
    std::array<Description, plain_slots> held{};  // valid where `bound` says so
    std::uint64_t bound = 0, readable = 0, writable = 0, cloexec = 0;
    int limit_left = -1;  // descriptors that RLIMIT_NOFILE still allows; -1: many
    bool dies_of_sigpipe = false;
    std::uint8_t threads = 0;  // beside the first
};

struct ActorBelief {
    ActorId process = 0;  // index of a process: the actor that is its first thread
    bool started = false, ended = false, asleep = false;
    Operation pending;             // asleep in this
    std::uint64_t left_bytes = 0;  // of a write asleep
    std::uint8_t mail_count = 0;
    std::array<std::array<Description, 3>, 4> mail{};  // passed, not yet received; more than 4 are dropped
};

class World {
  public:
    // Before the first step. Objects that a create step names do not exist yet: `created` has bit o set for those.
    World(const Program& program, const Ground& ground, std::uint64_t created = 0);

    // One step of an actor that is started, awake and not ended. False: it sleeps (it may wake in a later step of
    // another).
    bool move(ActorId actor, const Operation& operation);
    // Lets the actor's process make so many more descriptors (-1: many); returns what it was before.
    int lower_limit(ActorId actor, int left) {
        return std::exchange(processes_[actors_[actor].process].limit_left, left);
    }
    // An object that a create step will make has been added to the program.
    void add_object();
    // The actor has no more steps: a forked one exits, its descriptors close.
    void finish(ActorId actor);

    bool may_move(ActorId actor) const {
        return actors_[actor].started && !actors_[actor].ended && !actors_[actor].asleep;
    }
    const ActorBelief& actor(ActorId id) const { return actors_[id]; }
    const ProcessBelief& process_of(ActorId id) const { return processes_[actors_[id].process]; }
    const ObjectBelief& object(ObjectId id) const { return objects_[id]; }
    std::size_t actor_count() const { return actor_count_; }
    std::size_t object_count() const { return object_count_; }
    bool bound(ActorId id, Slot slot) const { return slot < plain_slots && (process_of(id).bound >> slot & 1) != 0; }
    // What a slot is bound to, or no_description.
    Description at(ActorId id, Slot slot) const { return bound(id, slot) ? process_of(id).held[slot] : no_description; }
    // Bytes that surely fit without sleeping, by page slots.
    std::uint64_t room(ObjectId id) const;
    // Would this operation of this actor sleep now?
    bool would_sleep(ActorId actor, const Operation& operation) const;

  private:
    bool attempt(ActorId actor, const Operation& operation, bool again);
    bool attempt_write(ActorId actor, const Operation& operation, bool again);
    bool attempt_read(ActorId actor, const Operation& operation);
    bool attempt_move(ActorId actor, const Operation& operation);
    bool attempt_receive(ActorId actor, const Operation& operation);
    bool ready(ActorId actor, const Operation& operation) const;
    void apply_descriptor(ActorId actor, const Operation& operation);
    void apply_process(ActorId actor, const Operation& operation);
    void make(ActorId actor, const Operation& operation);
    void resize(ObjectBelief& object, std::int64_t asked_bytes);
    std::uint64_t push(ObjectBelief& object, std::uint64_t call_bytes, std::uint64_t total_bytes) const;
    void take(ObjectBelief& object, std::uint64_t bytes);
    void bind(ProcessBelief& process, Slot slot, Description description, bool cloexec);
    void unbind(ProcessBelief& process, Slot slot);
    void end_process(ActorId process);
    void wake();

    const Ground& ground_;
    std::size_t actor_count_, object_count_;
    std::array<ObjectBelief, max_objects> objects_;
    std::vector<ProcessBelief> processes_;
    std::vector<ActorBelief> actors_;
    std::uint64_t sleepers_ = 0, forked_ = 0;  // bit a: actor a sleeps, is a forked process
};

// Plays a case in `turns` in the World, as the agent would: play_in_turns (turns.h). Calls `visit(world, actor, step)`
// before each step. Returns how many actors were left asleep at the end.
template <class Visit>
std::size_t rehearse(const Case& value, const Ground& ground, Visit&& visit);

// The objects that create steps name, one bit each.
std::uint64_t created_objects(const Program& program);

template <class Visit>
std::size_t rehearse(const Case& value, const Ground& ground, Visit&& visit) {
    World world(value.program, ground, created_objects(value.program));
    play_in_turns(value, world, visit);
    std::size_t asleep = 0;
    for (std::size_t i = 0; i < value.program.actors.size(); ++i)
        asleep += world.actor(static_cast<ActorId>(i)).asleep ? 1 : 0;
    return asleep;
}

}  // namespace crosstalk::draw
