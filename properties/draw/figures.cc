// Figures. See figures.h.
#include "properties/draw/figures.h"

#include <algorithm>
#include <bit>

#include "mechanisms/names.h"
#include "properties/draw/steps.h"

namespace crosstalk::draw {
namespace {

Slot any_of(Draft& draft, std::uint64_t slots) {
    return slots == 0 ? no_slot : static_cast<Slot>(draft.dice.bit_of(slots));
}

const ObjectBelief& object_at(const Draft& draft, ActorId who, Slot slot) {
    return draft.world->object(object_of(draft.world->at(who, slot)));
}

// Adds a step unless it would sleep unwanted.
bool add_wisely(Draft& draft, ActorId who, const Operation& operation) {
    return draft.may_be_drawn(who, operation) && draft.add(who, operation);
}

// A read end of the same object that somebody awake may use: {actor, slot}; slot no_slot if there is none.
std::pair<ActorId, Slot> reader_of(Draft& draft, ObjectId object) {
    for (std::uint64_t mask = draft.readers[object]; mask != 0; mask &= mask - 1) {
        const auto who = static_cast<ActorId>(std::countr_zero(mask));
        if (!draft.can_move(who)) continue;
        for (std::uint64_t slots = draft.usable(who, 0); slots != 0; slots &= slots - 1) {
            const auto slot = static_cast<Slot>(std::countr_zero(slots));
            if (object_of(draft.world->at(who, slot)) == object) return {who, slot};
        }
    }
    return {0, no_slot};
}

// Empties the object, so that a level can be drawn from the bottom.
void drain(Draft& draft, ObjectId object) {
    if (draft.world->object(object).level_bytes == 0) return;
    const auto [who, slot] = reader_of(draft, object);
    if (slot != no_slot) draft.add(who, moving(Verb::read, slot, draft.world->object(object).capacity_bytes));
}

}  // namespace

bool fill_then_write(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 1));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));  // asked first: a write may be its process's death
    drain(draft, object);
    if (!draft.can_move(who) || !draw_prefill(draft, who)) return false;
    const std::uint64_t capacity = draft.world->object(object).capacity_bytes;
    Operation write =
        moving(Verb::write, slot, draft.afford(write_bytes(draft.dice, SizeTaste::boundary, draft.ground, capacity)));
    return add_wisely(draft, who, write);
}

bool write_across_limit(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 1));
    if (slot == no_slot) return false;
    const ObjectBelief& object = object_at(draft, who, slot);
    const std::uint64_t limit = draft.ground.pipe_buf, room = draft.world->room(object_of(draft.world->at(who, slot)));
    const std::uint64_t left = draft.dice.one_of<std::uint64_t>({limit, limit + 1, 2 * limit, limit - 1, 1});
    if (room > left && room - left <= object.capacity_bytes)
        draft.add(who, moving(Verb::write, slot, draft.afford(room - left)));
    return add_wisely(draft, who, moving(Verb::write, slot, draft.afford(limit - 1 + draft.dice.below(3))));
}

bool free_one_page(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 1));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    const auto [reader, from] = reader_of(draft, object);
    const std::uint64_t room = draft.world->room(object), page = draft.ground.page_bytes;
    if (from == no_slot || room > draft.bytes_left) return false;
    if (room != 0) draft.add(who, moving(Verb::write, slot, room));
    const std::uint64_t bytes = draft.dice.one_of<std::uint64_t>({page, page, page - 1, 1, page + 1});
    if (draft.can_move(reader)) draft.add(reader, moving(Verb::read, from, bytes));
    return add_wisely(draft, who,
                      moving(Verb::write, slot, draft.dice.one_of<std::uint64_t>({draft.ground.pipe_buf, 1})));
}

bool resize_around_content(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, -1));
    if (slot == no_slot) return false;
    const ObjectBelief& object = object_at(draft, who, slot);
    const auto level = static_cast<std::int64_t>(object.level_bytes),
               page = static_cast<std::int64_t>(draft.ground.page_bytes);
    Operation resize = on(Verb::set_capacity, slot);
    resize.value = draft.dice.one_of<std::int64_t>(
        {level, level - 1, level + 1, level / 2, page * object.pages, page * object.pages - page, 2 * level});
    resize.value = std::clamp<std::int64_t>(resize.value, 0, 1 << 20);
    draft.add(who, resize);
    return draft.add(who, on(draft.dice.one_in(2) ? Verb::get_capacity : Verb::available, slot));
}

bool poll_around_change(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, -1));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    Operation question = on(Verb::poll, slot);
    question.value = end_of(draft.world->at(who, slot)) == 0 ? poll_in : poll_out;
    question.timeout_ns = 0;
    draft.add(who, question);
    const std::uint64_t others = draft.readers[object] | draft.writers[object];
    const auto other = static_cast<ActorId>(draft.dice.bit_of(others | std::uint64_t{1} << who));
    constexpr std::array<Verb, 5> changes{Verb::write, Verb::read, Verb::read, Verb::write, Verb::close};
    if (draft.can_move(other)) draw_step(draft, other, draft.dice.one_of(changes));
    return draft.world->bound(who, slot) && draft.add(who, question);
}

bool watch_arrivals(Draft& draft, ActorId who) {
    Dice& dice = draft.dice;
    const Slot slot = any_of(draft, draft.usable(who, 0));
    Operation watch = on(Verb::watch, slot), wait;
    watch.makes[0] = draft.fresh(who);
    if (slot == no_slot || watch.makes[0] == no_slot) return false;
    if (!dice.one_in(4)) watch.flags |= flag_edge;
    if (dice.one_in(4)) watch.flags |= flag_once;
    wait = on(Verb::wait, watch.makes[0]);
    wait.flags = watch.flags, wait.timeout_ns = 0;
    if (!draft.add(who, watch)) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    for (std::uint64_t times = dice.between(1, 3); times > 0 && draft.world->bound(who, slot); --times) {
        const std::uint64_t writers = draft.writers[object];
        const auto writer = static_cast<ActorId>(writers == 0 ? who : dice.bit_of(writers));
        if (draft.can_move(writer)) draw_step(draft, writer, Verb::write);
        if (!draft.can_move(who) || !draft.add(who, wait)) return true;
        if (dice.one_in(3)) draft.add(who, wait);
        if (dice.one_in(4)) continue;
        const Operation read = moving(Verb::read, slot, draft.world->object(object).capacity_bytes);
        if (!add_wisely(draft, who, read) || !draft.can_move(who)) return true;
        add_wisely(draft, who, read);
        if (!draft.can_move(who)) return true;
    }
    return true;
}

bool hear_of_arrivals(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 0));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    Operation listen = on(Verb::set_flags, slot);
    listen.flags = flag_async | (draft.sleepless ? flag_nonblock : 0);
    if (!draft.add(who, listen)) return false;
    for (std::uint64_t times = draft.dice.between(1, 3); times > 0; --times) {
        const std::uint64_t writers = draft.writers[object];
        const auto writer = static_cast<ActorId>(writers == 0 ? who : draft.dice.bit_of(writers));
        if (draft.can_move(writer)) draw_step(draft, writer, Verb::write);
    }
    return draft.can_move(who) && draft.world->bound(who, slot) && draft.add(who, on(Verb::available, slot));
}

bool read_packets(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 1));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    Dice& dice = draft.dice;
    const std::uint64_t limit = draft.ground.pipe_buf;
    const std::uint64_t bytes =
        draft.afford(dice.one_of<std::uint64_t>({1, 2, 100, limit - 1, limit, limit + 1, 2 * limit, 0}));
    Operation write = moving(Verb::write, slot, bytes);
    write.times = bytes < 200 ? static_cast<std::uint32_t>(dice.between(1, 3)) : 1;
    if (!add_wisely(draft, who, write)) return false;
    const auto [reader, from] = reader_of(draft, object);
    if (from == no_slot) return true;
    const std::uint64_t wanted =
        dice.one_of<std::uint64_t>({bytes, bytes + 1, bytes - (bytes > 1 ? 1 : 0), 1, limit, 2 * limit});
    return add_wisely(draft, reader, moving(Verb::read, from, std::max<std::uint64_t>(wanted, 1)));
}

bool run_out_of_descriptors(Draft& draft, ActorId who) {
    if (!draw_step(draft, who, Verb::limit)) return false;
    constexpr std::array<Verb, 3> makers{Verb::create, Verb::dup, Verb::create};
    for (std::uint64_t i = draft.dice.between(1, 3); i > 0; --i) draw_step(draft, who, draft.dice.one_of(makers));
    return true;
}

bool break_pipe(Draft& draft, ActorId who) {
    const Slot slot = any_of(draft, draft.usable(who, 1));
    if (slot == no_slot) return false;
    const ObjectId object = object_of(draft.world->at(who, slot));
    if (draft.dice.one_in(2)) draw_step(draft, who, Verb::signal);
    for (std::uint64_t mask = draft.readers[object]; mask != 0; mask &= mask - 1) {
        const auto reader = static_cast<ActorId>(std::countr_zero(mask));
        if (!draft.can_move(reader) || draft.dice.one_in(8)) continue;
        for (std::uint64_t slots = draft.usable(reader, 0) & draft.mine[reader]; slots != 0; slots &= slots - 1) {
            const auto end = static_cast<Slot>(std::countr_zero(slots));
            if (object_of(draft.world->at(reader, end)) == object) draft.add(reader, on(Verb::close, end));
        }
    }
    const std::uint64_t bytes =
        draft.dice.one_of<std::uint64_t>({0, 1, draft.ground.pipe_buf, draft.ground.pipe_buf + 1});
    return draft.can_move(who) && add_wisely(draft, who, moving(Verb::write, slot, bytes));
}

bool renew_process(Draft& draft, ActorId who) {
    for (std::uint64_t i = draft.dice.below(3); i > 0; --i) draw_step(draft, who, Verb::set_cloexec);
    return draw_step(draft, who, Verb::exec);
}

}  // namespace crosstalk::draw
