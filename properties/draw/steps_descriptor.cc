// Steps on descriptors: making and closing them, their settings, and questions that change nothing.
#include <bit>

#include "properties/draw/steps.h"

namespace crosstalk::draw {

bool draw_close(Draft& draft, ActorId who, Verb verb) {
    std::uint64_t closable = draft.usable(who, -1) & draft.mine[who];
    if (draft.dice.chance(draft.taste.misuse)) {
        const Slot stranger = draft.fresh(who);  // EBADF
        return stranger != no_slot && draft.add(who, on(verb, stranger));
    }
    if (closable == 0) return false;
    return draft.add(who, on(verb, static_cast<Slot>(draft.dice.bit_of(closable))));
}

bool draw_dup(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    const Slot from = draft.pick(who, -1);
    if (from == no_slot) return false;
    Operation operation = on(verb, from);
    const auto kind = static_cast<Duplicate>(dice.below(5));
    operation.value = static_cast<std::int64_t>(kind);
    const std::uint64_t replaceable = draft.usable(who, -1) & draft.mine[who] & ~(std::uint64_t{1} << from);
    const bool replaces = (kind == Duplicate::dup2 || kind == Duplicate::dup3_cloexec) && replaceable != 0;
    operation.makes[0] = replaces && dice.one_in(3) ? static_cast<Slot>(dice.bit_of(replaceable)) : draft.fresh(who);
    return operation.makes[0] != no_slot && operation.makes[0] != from && draft.add(who, operation);
}

bool draw_setting(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    const Slot slot = draft.pick(who, -1);
    if (slot == no_slot) return false;
    Operation operation = on(verb, slot);
    const Description description = draft.world->at(who, slot);
    if (verb == Verb::set_cloexec) operation.value = dice.one_in(2) ? 1 : 0;
    if (verb == Verb::set_flags) {
        if (draft.sleepless || dice.one_in(2)) operation.flags |= flag_nonblock;
        const bool writes = description != no_description && end_of(description) == 1;
        if (writes && dice.chance(2 * draft.taste.direct)) operation.flags |= flag_direct;
        if (dice.chance(draft.taste.async)) operation.flags |= flag_async;
    }
    if (verb == Verb::set_capacity) {
        const std::uint64_t now = description == no_description
                                      ? draft.ground.default_capacity_bytes
                                      : draft.world->object(object_of(description)).capacity_bytes;
        operation.value = asked_capacity_bytes(dice, draft.ground, now, dice.chance(draft.taste.large_sets));
    }
    return draft.add(who, operation);
}

bool draw_question(Draft& draft, ActorId who, Verb verb) {
    const Slot slot = draft.pick(who, -1);
    if (slot == no_slot) return false;
    Operation operation = on(verb, slot);
    if (verb == Verb::pread || verb == Verb::pwrite) operation.buffer.bytes = draft.dice.between(1, 64);
    return draft.add(who, operation);
}

bool draw_create(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    constexpr std::size_t most = 8;  // objects of a case: more would only be never looked at
    if (draft.objects() >= most) return false;
    Operation operation;
    operation.verb = verb;
    operation.makes[0] = draft.fresh(who);
    if (operation.makes[0] == no_slot) return false;
    operation.makes[1] = draft.fresh(who, std::uint64_t{1} << operation.makes[0]);
    if (operation.makes[1] == no_slot) return false;
    if (draft.sleepless || dice.one_in(3)) operation.flags |= flag_nonblock;
    if (dice.one_in(3)) operation.flags |= flag_cloexec;
    if (dice.chance(2 * draft.taste.direct)) operation.flags |= flag_direct;
    if (dice.chance(2 * draft.taste.misuse))
        operation.flags |= dice.one_of<std::uint16_t>({flag_unknown, flag_bad_pointer});
    Object object;
    object.mechanism = draft.commission.mechanism;
    operation.object = static_cast<ObjectId>(draft.objects());
    draft.value.program.objects.push_back(object);
    draft.world->add_object();
    draft.writers[operation.object] = draft.readers[operation.object] = std::uint64_t{1} << who;
    return draft.add(who, operation);
}

}  // namespace crosstalk::draw
