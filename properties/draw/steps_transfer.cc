// Steps that move bytes, and the one that waits for them.
#include <algorithm>

#include "mechanisms/names.h"
#include "properties/draw/steps.h"

namespace crosstalk::draw {
namespace {

// The capacity of what the slot is bound to, or the default where it is bound to nothing.
std::uint64_t capacity_at(const Draft& draft, ActorId who, Slot slot) {
    const Description description = draft.world->at(who, slot);
    return description == no_description ? draft.ground.default_capacity_bytes
                                         : draft.world->object(object_of(description)).capacity_bytes;
}

void draw_segments(Draft& draft, Buffer& buffer) {
    Dice& dice = draft.dice;
    const auto most = static_cast<std::uint16_t>(draft.ground.iov_max);
    switch (dice.weighted({60, 30, 5, 2, 3})) {
        case 0: buffer.segments = static_cast<std::uint16_t>(dice.between(1, 4)); break;
        case 1: buffer.segments = static_cast<std::uint16_t>(dice.between(5, 16)); break;
        case 2: buffer.segments = most; break;
        case 3: buffer.segments = static_cast<std::uint16_t>(most + 1); break;
        default: buffer.segments = 0; break;
    }
    buffer.split = dice.one_of({Split::even, Split::tiny_first, Split::tiny_last, Split::with_empty});
}

// A buffer whose end is not mapped: at its first byte, its last, a page edge, or anywhere.
void unmap_end(Draft& draft, Buffer& buffer) {
    if (buffer.bytes == 0 || buffer.mapped != ~0u) return;
    const std::uint64_t bytes = std::min<std::uint64_t>(buffer.bytes, 1u << 20), page = draft.ground.page_bytes;
    const std::uint64_t mapped =
        draft.dice.one_of<std::uint64_t>({0, 1, bytes - 1, bytes / 2, page, draft.dice.below(bytes)});
    buffer.mapped = static_cast<std::uint32_t>(std::min(mapped, bytes - 1));
}

// Equal calls in one step. Only small ones many times, and those only where nothing races them.
std::uint32_t draw_times(Draft& draft, std::uint64_t bytes) {
    Dice& dice = draft.dice;
    if (bytes == 0 || !dice.one_in(8)) return 1;
    if (bytes == 1 && draft.turns && dice.one_in(3)) return static_cast<std::uint32_t>(dice.between(9, 4096));
    const auto times = static_cast<std::uint32_t>(dice.between(2, 8));
    return bytes * times <= draft.bytes_left ? times : 1;
}

void draw_buffer(Draft& draft, Operation& operation, std::uint64_t bytes) {
    Buffer& buffer = operation.buffer;
    const bool reads = operation.verb == Verb::read || operation.verb == Verb::readv;
    buffer.bytes = reads ? bytes : draft.afford(bytes);
    if (operation.verb != Verb::vmsplice) operation.times = draw_times(draft, buffer.bytes);
    if (operation.verb == Verb::writev || operation.verb == Verb::readv || operation.verb == Verb::vmsplice)
        draw_segments(draft, buffer);
    if (draft.dice.chance(draft.taste.unmapped)) unmap_end(draft, buffer);
    const bool plain = operation.verb == Verb::write || operation.verb == Verb::read;
    const bool vector = operation.verb == Verb::writev || operation.verb == Verb::readv;
    if ((plain || (vector && buffer.segments > 1)) && draft.dice.chance(draft.taste.absurd)) {
        buffer.bytes = absurd_bytes(draft.dice);
        buffer.mapped = static_cast<std::uint32_t>(draft.ground.page_bytes);
        operation.times = 1;
    }
}

}  // namespace

bool draw_write(Draft& draft, ActorId who, Verb verb) {
    const Slot slot = draft.pick(who, 1);
    if (slot == no_slot) return false;
    Operation operation = on(verb, slot);
    const std::uint64_t capacity = capacity_at(draft, who, slot);
    std::uint64_t bytes = write_bytes(draft.dice, draft.sizes[who], draft.ground, capacity);
    if (verb == Verb::vmsplice) {
        // On a read end vmsplice copies out into memory that nobody looks at: nothing could be judged after it.
        const Description target = draft.world->at(who, slot);
        if (target != no_description && end_of(target) == 0) return false;
        bytes = std::min<std::uint64_t>(bytes, 2 * draft.ground.default_capacity_bytes);
        if (draft.sleepless || draft.dice.one_in(2)) operation.flags |= flag_nonblock;
    }
    draw_buffer(draft, operation, bytes);
    return draft.may_be_drawn(who, operation) && draft.add(who, operation);
}

bool draw_read(Draft& draft, ActorId who, Verb verb) {
    const Slot slot = draft.pick(who, 0);
    if (slot == no_slot) return false;
    Operation operation = on(verb, slot);
    draw_buffer(draft, operation,
                read_bytes(draft.dice, draft.sizes[who], draft.ground, capacity_at(draft, who, slot)));
    return draft.may_be_drawn(who, operation) && draft.add(who, operation);
}

bool draw_move(Draft& draft, ActorId who, Verb verb) {
    const Slot from = draft.pick(who, 0), to = draft.pick(who, 1);
    if (from == no_slot || to == no_slot) return false;
    const Description source = draft.world->at(who, from), target = draft.world->at(who, to);
    const bool same = source != no_description && target != no_description && object_of(source) == object_of(target);
    if (same && !draft.dice.chance(draft.taste.misuse)) return false;  // EINVAL
    Operation operation = on(verb, from);
    operation.uses[1] = to;
    operation.buffer.bytes =
        draft.afford(write_bytes(draft.dice, draft.sizes[who], draft.ground, capacity_at(draft, who, to)));
    if (draft.sleepless || draft.dice.one_in(2)) operation.flags |= flag_nonblock;
    return draft.may_be_drawn(who, operation) && draft.add(who, operation);
}

bool draw_poll(Draft& draft, ActorId who, Verb verb) {
    Dice& dice = draft.dice;
    Operation operation = on(verb, draft.pick(who, -1));
    if (operation.uses[0] == no_slot) return false;
    const std::size_t count = dice.one_in(3) ? dice.between(2, 4) : 1;
    std::uint64_t asked = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) operation.uses[i] = draft.pick(who, -1);
        if (operation.uses[i] == no_slot) break;
        const Description description = draft.world->at(who, operation.uses[i]);
        const bool reads = description == no_description || end_of(description) == 0;
        const std::uint64_t natural = reads ? poll_in : poll_out;
        asked |= dice.one_of<std::uint64_t>({natural, natural, natural, poll_in | poll_out, 0, 127}) << (16 * i);
    }
    operation.value = static_cast<std::int64_t>(asked);
    operation.timeout_ns = draft.sleepless || dice.chance(60) ? 0 : dice.one_in(40) ? 1'000'000 : forever;
    return draft.may_be_drawn(who, operation) && draft.add(who, operation);
}

bool draw_prefill(Draft& draft, ActorId who) {
    const std::uint64_t ends = draft.usable(who, 1);
    if (ends == 0) return false;
    const auto slot = static_cast<Slot>(draft.dice.bit_of(ends));
    const ObjectBelief& object = draft.world->object(object_of(draft.world->at(who, slot)));
    const std::uint64_t bytes = fill_bytes(draft.dice, draft.ground, object.capacity_bytes);
    if (object.level_bytes != 0 || object.direct || bytes == 0 || bytes > draft.bytes_left) return false;
    Operation operation = moving(Verb::write, slot, bytes);
    if (draft.turns && bytes % 512 == 0 && draft.dice.one_in(4)) {
        operation.buffer.bytes = 512;
        operation.times = static_cast<std::uint32_t>(bytes / 512);
    } else if (draft.turns && bytes <= 4096 && draft.dice.one_in(4)) {
        operation.buffer.bytes = 1;
        operation.times = static_cast<std::uint32_t>(bytes);
    }
    return !draft.world->would_sleep(who, operation) && draft.add(who, operation);
}

}  // namespace crosstalk::draw
