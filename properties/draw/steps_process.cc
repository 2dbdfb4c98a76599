// Steps of processes: signals, limits, exec, exit, and descriptors that are passed.
#include <bit>

#include "mechanisms/names.h"
#include "properties/draw/steps.h"

namespace crosstalk::draw {
namespace {

constexpr std::uint64_t bit_of_slot(std::size_t number) { return std::uint64_t{1} << number; }

bool has_threads(const Draft& draft, ActorId who) {
    return draft.world->process_of(who).threads != 0 || draft.actor(who).kind == ActorKind::thread;
}

}  // namespace

bool draw_signal(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    constexpr std::array<Signal, 3> signals{Signal::SIGPIPE_, Signal::SIGUSR1_, Signal::SIGIO_};
    Operation operation;
    operation.verb = verb;
    const Signal which = signals[dice.weighted({55, 30, 15})];
    operation.value = static_cast<std::int64_t>(which);
    operation.flags = dice.one_of<std::uint16_t>({0, flag_restart, flag_ignore, flag_block});
    if (which == Signal::SIGPIPE_ && dice.one_in(10)) operation.flags = flag_standard;  // its death is the finding
    return draft.add(who, operation);
}

bool draw_limit(Draft& draft, ActorId who, Verb verb) {
    if (draft.world->process_of(who).limit_left >= 0 && !draft.dice.one_in(4)) return false;
    Operation operation;
    operation.verb = verb;
    operation.value = static_cast<std::int64_t>(draft.dice.below(4));
    return draft.add(who, operation);
}

bool draw_exec(Draft& draft, ActorId who, Verb verb) {
    if (has_threads(draft, who) || !draft.dice.one_in(2)) return false;  // slow, and threads do not survive it
    Operation operation;
    operation.verb = verb;
    return draft.add(who, operation);
}

bool draw_exit(Draft& draft, ActorId who, Verb verb) {
    if (draft.actor(who).kind == ActorKind::thread) return false;
    Operation operation;
    operation.verb = verb;
    operation.value = draft.dice.one_of<std::int64_t>({0, 0, 1, 255});
    return draft.add(who, operation);
}

namespace {

// A receive into up to three slots; no slots made if none is free.
Operation receiving(Draft& draft, ActorId who, std::size_t count) {
    Operation operation = on(Verb::receive, mailbox_of(who));
    std::uint64_t made = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Slot slot = draft.fresh(who, made);
        if (slot == no_slot) break;
        operation.makes[i] = slot;
        made |= bit_of_slot(slot);
    }
    if (draft.dice.one_in(4)) operation.flags |= flag_cloexec;
    return operation;
}

}  // namespace

// Whoever receives may sleep first, and is woken by the pass.
bool draw_pass(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    const std::uint64_t ends = draft.usable(who, -1);
    if (ends == 0 || draft.actors() < 2) return false;
    const auto target = static_cast<ActorId>(dice.below(draft.actors()));
    constexpr std::uint8_t most_letters = 3;  // never so many that passing would sleep
    if (!draft.can_move(target) || draft.world->actor(target).mail_count >= most_letters) return false;
    const std::size_t count = dice.one_in(3) ? dice.between(2, 3) : 1;
    if (target != who && !draft.sleepless && dice.one_in(3)) {
        const Operation waiting = receiving(draft, target, count);
        if (waiting.makes[0] != no_slot) draft.add(target, waiting);
    }
    Operation operation = on(verb, mailbox_of(target));
    for (std::size_t i = 1; i <= count; ++i) {
        operation.uses[i] = static_cast<Slot>(dice.bit_of(ends));
        const Description description = draft.world->at(who, operation.uses[i]);
        (end_of(description) == 0 ? draft.readers : draft.writers)[object_of(description)] |= bit_of_slot(target);
    }
    return draft.add(who, operation);
}

bool draw_receive(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    static_cast<void>(verb);
    const bool empty = draft.world->actor(who).mail_count == 0;
    if (empty && !dice.chance(draft.taste.misuse)) return false;
    Operation operation = receiving(draft, who, dice.one_in(4) ? dice.between(1, 2) : 3);
    if (operation.makes[0] == no_slot) return false;
    if (empty || draft.sleepless || dice.one_in(3)) operation.flags |= flag_nonblock;
    if (!draft.add(who, operation)) return false;
    // What was received is looked at now and then: its close-on-exec flag shows in nothing else but an exec.
    if (!empty && dice.one_in(4) && draft.can_move(who) && draft.world->bound(who, operation.makes[0]))
        draft.add(who, on(Verb::get_flags, operation.makes[0]));
    return true;
}

}  // namespace crosstalk::draw
