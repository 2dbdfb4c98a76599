// Comparing programs, and two questions about their steps that need no kernel: may it sleep, and which ends does an
// actor need from the start? Whether a program makes sense at all is program_check.cc.
#include "mechanisms/program.h"

#include <algorithm>
#include <bitset>
#include <cstring>
#include <type_traits>

#include "mechanisms/catalog.h"

namespace crosstalk {
namespace {

// Flat values without padding compare as bytes.
template <class T>
bool same_bytes(const T& a, const T& b) {
    static_assert(std::has_unique_object_representations_v<T>);
    return std::memcmp(&a, &b, sizeof(T)) == 0;
}

using Slots = std::bitset<first_mailbox>;

Slots initial_slots(const Program& program) {
    Slots slots;
    for (std::size_t o = 0; o < program.objects.size() && o < max_objects; ++o)
        for (const int end : {0, 1}) slots.set(initial_slot(static_cast<ObjectId>(o), end));
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps)
            if ((step.verb == Verb::create || names_address(step.verb)) && step.object < max_objects)
                for (const int end : {0, 1}) slots.reset(initial_slot(step.object, end));
    return slots;
}

// Adds to `needed` what this actor, or one that it starts, uses before the process made it. `visited` guards against
// programs in which actors start each other in a circle; why_not() refuses those, but may be asked later than this.
void collect_needed(const Program& program, ActorId actor, Slots made, Slots& needed,
                    std::bitset<max_actors>& visited) {
    if (actor >= program.actors.size() || actor >= max_actors || visited.test(actor)) return;
    visited.set(actor);
    for (const Operation& step : program.actors[actor].steps) {
        for (const Slot slot : step.uses)
            if (slot < first_mailbox && !made.test(slot)) needed.set(slot);
        for (const Slot slot : step.makes)
            if (slot < first_mailbox) made.set(slot);
        if (step.verb == Verb::start && step.value >= 0 && step.value < std::int64_t{max_actors})
            collect_needed(program, static_cast<ActorId>(step.value), made, needed, visited);
    }
}

}  // namespace

bool operator==(const Buffer& a, const Buffer& b) { return same_bytes(a, b); }
bool operator==(const Operation& a, const Operation& b) { return same_bytes(a, b); }

bool operator==(const Actor& a, const Actor& b) {
    return a.kind == b.kind && a.parent == b.parent && a.host == b.host && a.holds == b.holds && a.steps == b.steps;
}

bool operator==(const Program& a, const Program& b) {
    return a.objects == b.objects && a.links == b.links && a.actors == b.actors;
}

bool is_address(const Program& program, ObjectId object) {
    return std::ranges::any_of(program.actors, [&](const Actor& actor) {
        return std::ranges::any_of(
            actor.steps, [&](const Operation& step) { return names_address(step.verb) && step.object == object; });
    });
}

bool is_tried(const Program& program, ObjectId object) {
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::trial && step.object == object) return true;
    return false;
}

bool may_sleep(const Operation& operation, bool nonblock) {
    if (!sheet_of(operation.verb).may_sleep) return false;
    switch (operation.verb) {
        case Verb::poll: return operation.timeout_ns != 0;
        // splice(2): SPLICE_F_NONBLOCK is what makes the pipe operations non-blocking; of O_NONBLOCK on the ends the
        // page promises only that the splice may block without it, so only the call's own flag is trusted.
        case Verb::splice:
        case Verb::tee:
        case Verb::vmsplice:
        case Verb::receive: return (operation.flags & flag_nonblock) == 0;
        case Verb::pass: return true;
        case Verb::send:
        case Verb::recv: return !nonblock && (operation.flags & flag_nonblock) == 0;
        case Verb::open:
            return (operation.flags & flag_nonblock) == 0 && operation.value != static_cast<std::int64_t>(Access::both);
        case Verb::lock: return (operation.flags & flag_nonblock) == 0;
        case Verb::sem_wait: return (operation.flags & flag_nonblock) == 0 && operation.timeout_ns != 0;
        case Verb::mq_send:
        case Verb::mq_receive: return !nonblock && operation.timeout_ns != 0;
        default: return !nonblock;
    }
}

bool is_left_alone(const Program& program, ActorId actor) {
    const auto process_of = [&](std::size_t who) {
        for (std::size_t up = 0; up < max_actors && who < program.actors.size(); ++up) {
            if (program.actors[who].kind != ActorKind::thread) break;
            who = program.actors[who].parent;
        }
        return who;
    };
    for (std::size_t who = 0; who < program.actors.size(); ++who) {
        if (program.actors[who].kind == ActorKind::thread && process_of(who) == process_of(actor)) return false;
        for (const Operation& step : program.actors[who].steps)
            if (step.verb == Verb::limit) return false;
    }
    return true;
}

bool is_named_anew(const Program& program, ObjectId object) {
    if (mechanism_of(program.objects[object].mechanism).doors.name == nullptr) return false;
    std::size_t made = 0, removed = 0;
    for (const Actor& actor : program.actors)
        for (const Operation& step : actor.steps) {
            made += step.verb == Verb::create && step.object == object;
            removed += step.verb == Verb::unlink && step.object == object;
        }
    return made > 1 && removed > 0;
}

bool may_ask_by_epoll(const Program& program, ActorId actor, const Operation& operation) {
    if (!is_left_alone(program, actor)) return false;
    for (std::size_t i = 1; i < operation.uses.size() && operation.uses[i] != no_slot; ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (operation.uses[i] == operation.uses[j]) return false;
    return true;
}

std::vector<Slot> slots_needed(const Program& program, ActorId actor) {
    Slots needed;
    std::bitset<max_actors> visited;
    collect_needed(program, actor, {}, needed, visited);
    needed &= initial_slots(program);
    std::vector<Slot> slots;
    for (std::size_t slot = 0; slot < needed.size(); ++slot)
        if (needed.test(slot)) slots.push_back(static_cast<Slot>(slot));
    return slots;
}

}  // namespace crosstalk
