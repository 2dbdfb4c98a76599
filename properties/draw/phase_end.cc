// Phases: the end. Whoever is awake receives what was passed to it, closes its write ends and reads what is there;
// that wakes others, who then do the same, until nothing moves.
#include <algorithm>
#include <bit>

#include "mechanisms/names.h"
#include "properties/draw/phases.h"
#include "properties/draw/steps.h"

namespace crosstalk::draw {
namespace {

// A look at one object through a read end: how much is there, all of it, and what comes after it.
void draw_look(Draft& draft, ActorId who, Slot slot, bool last) {
    Dice& dice = draft.dice;
    const ObjectBelief& object = draft.world->object(object_of(draft.world->at(who, slot)));
    if (dice.one_in(3)) draft.add(who, on(Verb::available, slot));
    if (dice.one_in(10)) draft.add(who, on(Verb::get_capacity, slot));
    if (dice.one_in(10)) {
        Operation question = on(Verb::poll, slot);
        question.value = poll_in;
        question.timeout_ns = 0;
        draft.add(who, question);
    }
    constexpr int most_reads = 3;  // a direct object gives one packet a read: not all of them are wanted
    for (int i = 0; i < most_reads && object.level_bytes != 0; ++i)
        if (!draft.add(who, moving(Verb::read, slot, object.capacity_bytes))) return;
    Operation after = moving(Verb::read, slot, object.capacity_bytes);
    if (last && dice.chance(75) && !draft.world->would_sleep(who, after) && !draft.crowds(who, after))
        draft.add(who, after);
}

bool draw_mail(Draft& draft, ActorId who) {
    bool moved = false;
    while (draft.world->actor(who).mail_count != 0 && !draft.dice.one_in(6) && draw_receive(draft, who, Verb::receive))
        moved = true;
    return moved;
}

bool close_all(Draft& draft, ActorId who, int end) {
    bool moved = false;
    for (std::uint64_t mask = draft.usable(who, end) & draft.mine[who]; mask != 0; mask &= mask - 1)
        moved = draft.add(who, on(Verb::close, static_cast<Slot>(std::countr_zero(mask)))) || moved;
    return moved;
}

void finish(Draft& draft, ActorId who) {
    if ((draft.done >> who & 1) != 0) return;
    const bool alone = draft.turns || draft.world->process_of(who).threads == 0;  // else it may cut threads short
    if (alone && draft.dice.chance(draft.taste.exits)) draw_exit(draft, who, Verb::exit);
    draft.done |= std::uint64_t{1} << who;
    if (draft.world->may_move(who) && draft.actor(who).kind == ActorKind::forked) draft.world->finish(who);
}

// Lets go of all write ends: by closing them, or by the end of a process that has nothing to read.
bool let_go(Draft& draft, ActorId who) {
    const bool only_writes = draft.usable(who, 0) == 0 && draft.usable(who, 1) != 0;
    const bool alone = draft.world->process_of(who).threads == 0;
    if (only_writes && alone && draft.dice.chance(draft.taste.exits) && draw_exit(draft, who, Verb::exit)) {
        draft.done |= std::uint64_t{1} << who;
        return true;
    }
    return close_all(draft, who, 1);
}

// One read end of each object that `who` may use, as slots.
template <class Each>
void for_each_readable(Draft& draft, ActorId who, Each&& each) {
    std::uint64_t seen = 0;
    for (std::uint64_t mask = draft.usable(who, 0); mask != 0; mask &= mask - 1) {
        const auto slot = static_cast<Slot>(std::countr_zero(mask));
        const ObjectId object = object_of(draft.world->at(who, slot));
        if ((seen >> object & 1) == 0) each(slot, object);
        seen |= std::uint64_t{1} << object;
    }
}

// In free mode a look may come too early. Here it comes last: each other actor's last act is to pass a descriptor to
// the looker, who first receives them all.
void wait_for_all(Draft& draft, ActorId looker) {
    constexpr std::uint8_t most_letters = 4;  // what the World remembers of a mailbox
    for (std::size_t a = 0; a < draft.actors(); ++a) {
        const auto who = static_cast<ActorId>(a);
        const std::uint64_t ends = draft.usable(who, -1);
        if (who == looker || ends == 0 || draft.world->actor(looker).mail_count == most_letters) continue;
        Operation letter = on(Verb::pass, mailbox_of(looker));
        letter.uses[1] = static_cast<Slot>(draft.dice.bit_of(ends));
        draft.add(who, letter);
    }
    while (draft.world->actor(looker).mail_count != 0) {
        Operation waiting = on(Verb::receive, mailbox_of(looker));
        waiting.makes[0] = draft.fresh(looker);
        if (waiting.makes[0] == no_slot || !draft.add(looker, waiting)) return;
    }
}

// Nobody sleeps: a look at each object by one who can, after the others have done all of theirs.
void end_awake(Draft& draft, std::span<const ActorId> order) {
    const bool closes = draft.dice.chance(draft.taste.closes);
    for (const ActorId who : order) {
        if (!draft.can_move(who)) continue;
        draw_mail(draft, who);
        if (closes) close_all(draft, who, 1);
    }
    if (!draft.turns && draft.usable(order.back(), 0) != 0 && draft.dice.one_in(2)) wait_for_all(draft, order.back());
    std::uint64_t seen = 0;
    const bool blind = draft.dice.one_in(30);  // what nobody looks at must hold too, though it shows little
    for (std::size_t i = order.size(); i-- > 0 && !blind;)
        for_each_readable(draft, order[i], [&](Slot slot, ObjectId object) {
            if ((seen >> object & 1) != 0 || !draft.can_move(order[i])) return;
            seen |= std::uint64_t{1} << object;
            draw_look(draft, order[i], slot, true);
        });
    for (const ActorId who : order) finish(draft, who);
}

// Calls may sleep. A round: everybody awake lets go of its write ends and reads what is there without sleeping.
bool end_round(Draft& draft, std::span<const ActorId> order) {
    bool moved = false;
    for (const ActorId who : order) {
        if (!draft.can_move(who)) continue;
        moved = draw_mail(draft, who) || moved;
        moved = let_go(draft, who) || moved;
        if (!draft.can_move(who)) continue;
        for_each_readable(draft, who, [&](Slot slot, ObjectId object) {
            if (draft.world->object(object).level_bytes == 0 || !draft.can_move(who)) return;
            draw_look(draft, who, slot, false);
            moved = true;
        });
    }
    return moved;
}

// In free mode others may still be writing when this reader comes to its end: more reads, each sees data or the end.
void draw_last_reads(Draft& draft, ActorId who) {
    for_each_readable(draft, who, [&](Slot slot, ObjectId object) {
        if (draft.world->object(object).holders[1] != 0) return;
        draw_look(draft, who, slot, true);
        const std::uint64_t more = draft.turns ? draft.dice.below(2) : draft.dice.between(1, 4);
        for (std::uint64_t i = 0; i < more; ++i)
            draft.add(who, moving(Verb::read, slot, draft.world->object(object).capacity_bytes));
    });
}

void end_asleep(Draft& draft, std::span<const ActorId> order) {
    constexpr int most_rounds = 6;
    for (int i = 0; i < most_rounds && end_round(draft, order); ++i) {
    }
    for (const ActorId who : order)
        if (draft.can_move(who)) draw_last_reads(draft, who);
    for (int i = 0; i < 2; ++i)  // closing read ends wakes writers, who then have something to close
        for (const ActorId who : order) {
            if (!draft.can_move(who)) continue;
            close_all(draft, who, -1);
            finish(draft, who);
        }
}

}  // namespace

void draw_end(Draft& draft) {
    std::array<ActorId, max_actors> all{};
    for (std::size_t a = 0; a < draft.actors(); ++a) all[a] = static_cast<ActorId>(a);
    const std::span order(all.data(), draft.actors());
    draft.dice.shuffle(order);
    if (draft.sleepless)
        end_awake(draft, order);
    else
        end_asleep(draft, order);
}

}  // namespace crosstalk::draw
