// Shape: 1 writer to 1 reader, 1 to N, N to 1, N to N, and everybody with both ends; N from 2 up, rarely 64 in all.
#include "properties/draw/shape.h"

#include <algorithm>
#include <bit>

namespace crosstalk::draw {
namespace {

constexpr std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number; }
constexpr std::uint64_t low_bits(std::size_t count) { return count >= 64 ? ~std::uint64_t{0} : bit(count) - 1; }

constexpr unsigned most_threads = 3;       // of one process, beside the first
constexpr unsigned slots_of_a_thread = 8;  // behind the initial slots and as many for the first thread

struct Peers {
    std::size_t writers = 1, readers = 1;
    bool both = false;  // every actor may do either
};

Peers draw_peers(Draft& draft) {
    Dice& dice = draft.dice;
    const std::size_t bound = draft.ground.largest_actors;
    if (bound >= 8 && dice.one_in(500)) {  // the one large shape
        const std::size_t writers = dice.one_of<std::size_t>({1, 32, 63});
        return {writers, max_actors - writers};
    }
    // N+N up to 8+8 is wanted too, but large cases are slow: mostly few peers.
    std::size_t many = dice.one_in(4) ? dice.between(2, draft.taste.most_peers) : dice.between(2, 3);
    const std::size_t in_all = bound >= 8 && dice.one_in(3) ? 16 : bound;
    Peers peers;
    switch (dice.weighted(draft.taste.shapes)) {
        case 0: break;
        case 1: peers = {1, many}; break;
        case 2: peers = {many, 1}; break;
        case 3: peers = {many, many}; break;
        default: peers = {dice.one_in(3) ? 1 : many, 0, true}; break;
    }
    while (peers.writers + peers.readers > std::max<std::size_t>(in_all, 2)) {
        if (peers.writers > 1) --peers.writers;
        if (peers.readers > 1) --peers.readers;
    }
    return peers;
}

void draw_objects(Draft& draft) {
    Dice& dice = draft.dice;
    const std::size_t count = 1 + dice.weighted(draft.taste.objects);
    draft.value.program.objects.reserve(count);
    for (std::size_t o = 0; o < count; ++o) {
        Object object;
        object.mechanism = draft.commission.mechanism;
        object.asked.capacity_bytes = initial_capacity_bytes(dice, draft.ground);
        if (draft.taste.smallest_capacity != 0 && dice.chance(draft.taste.smallest_capacity))
            object.asked.capacity_bytes = draft.ground.page_bytes;
        if (draft.sleepless || dice.one_in(6)) object.asked.flags |= flag_nonblock;
        if (dice.chance(draft.taste.direct)) object.asked.flags |= flag_direct;
        draft.value.program.objects.push_back(object);
    }
}

void draw_roles(Draft& draft, const Peers& peers) {
    Dice& dice = draft.dice;
    const std::size_t count = draft.actors();
    for (std::size_t o = 0; o < draft.objects(); ++o) {
        if (o == 0) {
            draft.writers[o] = low_bits(peers.writers);
            draft.readers[o] = peers.both ? draft.writers[o] : low_bits(count) & ~draft.writers[o];
            continue;
        }
        // A further object runs among a few of them, either way.
        const std::size_t one = dice.below(count), other = count > 1 ? (one + 1 + dice.below(count - 1)) % count : one;
        draft.writers[o] = bit(one) | (dice.one_in(4) ? bit(dice.below(count)) : 0);
        draft.readers[o] = bit(other) | (dice.one_in(4) ? bit(dice.below(count)) : 0);
    }
}

void draw_kinds(Draft& draft) {
    Dice& dice = draft.dice;
    std::vector<Actor>& actors = draft.value.program.actors;
    std::array<std::uint8_t, max_actors> threads{};
    for (std::size_t a = 1; a < actors.size(); ++a) {
        const std::uint64_t die = dice.below(100);
        const bool forked = die < draft.taste.forks, thread = !forked && die < draft.taste.forks + draft.taste.threads;
        if (!forked && !thread) continue;
        const auto parent = static_cast<ActorId>(dice.below(a));
        if (actors[parent].kind == ActorKind::thread || (thread && ++threads[parent] > most_threads)) continue;
        actors[a].kind = forked ? ActorKind::forked : ActorKind::thread;
        actors[a].parent = parent;
    }
}

// What an actor needs at its start: the ends of its roles; a parent needs its children's too.
void draw_holdings(Draft& draft) {
    std::vector<Actor>& actors = draft.value.program.actors;
    std::array<std::uint64_t, max_actors> needs{};
    for (std::size_t o = 0; o < draft.objects(); ++o)
        for (std::size_t a = 0; a < actors.size(); ++a) {
            if ((draft.readers[o] >> a & 1) != 0) needs[a] |= bit(initial_slot(static_cast<ObjectId>(o), 0));
            if ((draft.writers[o] >> a & 1) != 0) needs[a] |= bit(initial_slot(static_cast<ObjectId>(o), 1));
        }
    for (std::size_t a = actors.size(); a-- > 0;)
        if (actors[a].kind != ActorKind::pooled) needs[actors[a].parent] |= needs[a];
    for (std::size_t a = 0; a < actors.size(); ++a) {
        if (actors[a].kind != ActorKind::pooled) continue;
        if (draft.sleepless && draft.dice.one_in(8)) needs[a] = low_bits(2 * draft.objects());  // sees all ends
        actors[a].holds.reserve(std::popcount(needs[a]));
        for (std::uint64_t mask = needs[a]; mask != 0; mask &= mask - 1)
            actors[a].holds.push_back(static_cast<Slot>(std::countr_zero(mask)));
        draft.taken[a] = needs[a];
    }
}

}  // namespace

void draw_shape(Draft& draft) {
    draw_objects(draft);
    const Peers peers = draw_peers(draft);
    draft.value.program.actors.resize(peers.writers + peers.readers);
    draw_roles(draft, peers);
    if (draft.actors() <= 16) draw_kinds(draft);
    draw_holdings(draft);
    for (std::size_t a = 0; a < draft.actors(); ++a) {
        draft.sizes[a] = static_cast<SizeTaste>(draft.dice.weighted(draft.taste.sizes));
        if (draft.actor(static_cast<ActorId>(a)).kind != ActorKind::thread) draft.mine[a] = ~std::uint64_t{0};
    }
    draft.world.emplace(draft.value.program, draft.ground);
}

namespace {

// Gives a thread slots of its own, so that no two threads ever make or close the same slot: copies of the ends of its
// role, or (only if nobody needs to close them) the right to use its process's slots, which are then closed by nobody.
void draw_slots_of_thread(Draft& draft, ActorId parent, ActorId thread) {
    const ActorId process = draft.world->actor(parent).process;
    const unsigned rank = 1 + draft.world->process_of(parent).threads;
    const std::uint64_t own = low_bits(slots_of_a_thread) << (2 * max_objects + slots_of_a_thread * rank);
    const std::uint64_t usual = own & draft.mine[parent] & ~draft.taken[process];
    for (std::size_t a = 0; a < draft.actors(); ++a)
        if (draft.world->actor(static_cast<ActorId>(a)).process == process) draft.mine[a] &= ~usual;
    draft.mine[thread] = usual;
    if (draft.sleepless && draft.dice.chance(50)) {
        draft.pinned[process] |= draft.world->process_of(parent).bound & draft.mine[parent];
        draft.mine[parent] &= ~draft.pinned[process];
        return;
    }
    for (std::size_t o = 0; o < draft.objects(); ++o)
        for (int end = 0; end < 2; ++end) {
            const std::uint64_t role = end == 0 ? draft.readers[o] : draft.writers[o];
            const Slot from = initial_slot(static_cast<ObjectId>(o), end), to = draft.fresh(thread);
            if ((role >> thread & 1) == 0 || to == no_slot || (draft.usable(parent, end) >> from & 1) == 0) continue;
            Operation copy = on(Verb::dup, from);
            copy.makes[0] = to;
            copy.value = static_cast<std::int64_t>(Duplicate::fcntl);
            draft.add(parent, copy);
        }
}

// Closes the ends that are not of this actor's role, so that end of file can come.
void close_strange_ends(Draft& draft, ActorId who) {
    for (std::uint64_t mask = draft.usable(who, -1) & draft.mine[who]; mask != 0; mask &= mask - 1) {
        const auto slot = static_cast<Slot>(std::countr_zero(mask));
        const Description description = draft.world->at(who, slot);
        const ObjectId object = object_of(description);
        const std::uint64_t role = end_of(description) == 0 ? draft.readers[object] : draft.writers[object];
        if ((role >> who & 1) == 0) draft.add(who, on(Verb::close, slot));
    }
}

}  // namespace

void draw_starts(Draft& draft) {
    std::uint64_t parents = 0;
    for (std::size_t a = 1; a < draft.actors(); ++a) {
        const auto child = static_cast<ActorId>(a);
        const Actor& actor = draft.actor(child);
        if (actor.kind == ActorKind::pooled) continue;
        const bool thread = actor.kind == ActorKind::thread;
        if (thread)
            draw_slots_of_thread(draft, actor.parent, child);
        else
            draft.mine[child] = draft.mine[actor.parent];
        Operation start;
        start.verb = Verb::start;
        start.value = child;
        draft.add(actor.parent, start);
        parents |= bit(actor.parent);
        if (!thread && !draft.dice.one_in(8)) close_strange_ends(draft, child);
    }
    const bool tidy = !draft.sleepless || draft.dice.chance(50);
    for (; tidy && parents != 0; parents &= parents - 1)
        close_strange_ends(draft, static_cast<ActorId>(std::countr_zero(parents)));
}

}  // namespace crosstalk::draw
