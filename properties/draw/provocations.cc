// One drawing function a fault, in the order of FaultId.
#include "properties/draw/provocations.h"

#include <algorithm>
#include <bit>

#include "faults/catalog.h"
#include "mechanisms/names.h"
#include "properties/draw/steps.h"

namespace crosstalk::draw {
namespace {

Injection last_step_of(Draft& draft, ActorId who, When when) {
    Injection injection;
    injection.fault = draft.commission.fault;
    injection.actor = who;
    injection.step = static_cast<StepId>(draft.actor(who).steps.size() - 1);
    injection.when = when;
    return injection;
}

// Marks the actor's last step, if the fault may strike there.
bool aim(Draft& draft, ActorId who, When when, std::int64_t argument = 0, bool restart = false) {
    if (draft.actor(who).steps.empty()) return false;
    Injection injection = last_step_of(draft, who, when);
    const Operation& step = draft.actor(who).steps[injection.step];
    injection.argument = argument;
    injection.restart = restart;
    if (step.times > 1) injection.occurrence = static_cast<std::uint32_t>(draft.dice.below(step.times));
    if (!fault_of(injection.fault).may_strike(step, when)) return false;
    draft.aims.push_back(injection);
    return true;
}

const ObjectBelief& object_at(const Draft& draft, ActorId who, Slot slot) {
    return draft.world->object(object_of(draft.world->at(who, slot)));
}

// More than there is room for: by one byte, by an atomic write, or so much that several rounds are needed.
std::uint64_t beyond(Draft& draft, std::uint64_t room, std::uint64_t capacity) {
    const std::uint64_t limit = draft.ground.pipe_buf;
    const std::uint64_t wanted =
        draft.dice.one_of<std::uint64_t>({room + 1, room + 1, limit, limit + 1, room + limit + 1, capacity + 1, 1});
    return wanted > room ? wanted : room + 1;
}

// A call that sleeps now and that somebody can wake: a read of an empty object, or a write of more than fits, of which
// a part may go in at once. False if this actor has none.
bool draw_sleeper(Draft& draft, ActorId who) {
    const std::uint64_t reads = draft.usable(who, 0), writes = draft.usable(who, 1);
    if (draft.sleepless || (reads | writes) == 0) return false;
    const bool write = reads == 0 || (writes != 0 && draft.dice.one_in(2));
    const auto slot = static_cast<Slot>(draft.dice.bit_of(write ? writes : reads));
    const ObjectBelief& object = object_at(draft, who, slot);
    const std::uint64_t bytes =
        write ? beyond(draft, draft.world->room(object_of(draft.world->at(who, slot))), object.capacity_bytes)
              : draft.dice.between(1, object.capacity_bytes);
    if (write && bytes > draft.bytes_left) return false;
    const Operation call = moving(write ? Verb::write : Verb::read, slot, bytes);
    if (!draft.world->would_sleep(who, call) || !draft.may_be_drawn(who, call)) return false;
    return draft.add(who, call) && draft.world->actor(who).asleep;
}

bool provoke_nothing(Draft&, ActorId) { return false; }

bool provoke_interruption(Draft& draft, ActorId who) {
    Dice& dice = draft.dice;
    if (dice.chance(45)) {  // the signal may be blocked or ignored
        Operation disposition;
        disposition.verb = Verb::signal;
        disposition.value = static_cast<std::int64_t>(Signal::SIGUSR1_);
        disposition.flags = dice.one_of<std::uint16_t>({flag_ignore, flag_block, flag_ignore, flag_block, 0});
        draft.add(who, disposition);
    }
    const std::int64_t storm = dice.one_in(4) ? static_cast<std::int64_t>(dice.between(2, 6)) : 0;
    const bool restart = dice.one_in(3);
    if (draw_sleeper(draft, who)) return aim(draft, who, When::asleep, storm, restart);
    return draw_any_step(draft, who) && aim(draft, who, When::before, storm, restart);
}

bool provoke_kill(Draft& draft, ActorId who) {
    if (draft.dice.chance(60) && draw_sleeper(draft, who)) return aim(draft, who, When::asleep);
    return draw_any_step(draft, who) && aim(draft, who, draft.dice.one_in(2) ? When::before : When::after);
}

// A read of more than there is, or a write of more than fits that may not sleep.
bool provoke_part(Draft& draft, ActorId who) {
    Dice& dice = draft.dice;
    const std::uint64_t reads = draft.usable(who, 0), writes = draft.usable(who, 1);
    const bool write = reads == 0 || (writes != 0 && dice.one_in(2));
    if ((write ? writes : reads) == 0) return false;
    const auto slot = static_cast<Slot>(dice.bit_of(write ? writes : reads));
    const ObjectId object = object_of(draft.world->at(who, slot));
    Operation call = moving(write ? Verb::write : Verb::read, slot, 0);
    if (write) {
        const std::uint64_t room = draft.world->room(object);
        if (room == 0 || !draft.world->object(object).nonblock[1]) return false;
        call.buffer.bytes = std::max(draft.ground.pipe_buf, room) + dice.between(1, draft.ground.pipe_buf);
        if (call.buffer.bytes > draft.bytes_left) return false;
    } else {
        const std::uint64_t others = draft.writers[object];
        const auto other = others == 0 ? who : static_cast<ActorId>(dice.bit_of(others));
        if (draft.world->object(object).level_bytes == 0 && draft.can_move(other)) draw_step(draft, other, Verb::write);
        const std::uint64_t level = draft.world->object(object).level_bytes;
        if (level == 0) return false;
        call.buffer.bytes = level + dice.one_of<std::uint64_t>({1, 1, level, draft.ground.pipe_buf});
    }
    return draft.can_move(who) && draft.add(who, call) && aim(draft, who, When::after);
}

bool provoke_full_buffer(Draft& draft, ActorId who) {
    Dice& dice = draft.dice;
    if (dice.chance(70)) draw_prefill(draft, who);  // to a level of the boundary table
    const std::uint64_t writes = draft.usable(who, 1);
    if (writes == 0 || !draft.can_move(who)) return false;
    const auto slot = static_cast<Slot>(dice.bit_of(writes));
    const ObjectId object = object_of(draft.world->at(who, slot));
    Operation call = moving(dice.one_in(6) ? Verb::writev : Verb::write, slot,
                            beyond(draft, draft.world->room(object), draft.world->object(object).capacity_bytes));
    if (call.buffer.bytes > draft.bytes_left) return false;
    if (call.verb == Verb::writev) call.buffer.segments = 3;
    const bool sleeps = draft.world->would_sleep(who, call);
    if (!draft.may_be_drawn(who, call) || !draft.add(who, call)) return false;
    return aim(draft, who, sleeps ? When::asleep : When::after);
}

bool provoke_stop(Draft& draft, ActorId who) {
    const std::int64_t turns = draft.dice.one_of<std::int64_t>({0, 0, 1, 2, 3, 6});
    if (draft.dice.chance(70) && draw_sleeper(draft, who)) return aim(draft, who, When::asleep, turns);
    return draw_any_step(draft, who) && aim(draft, who, When::before, turns);
}

// Passes some of its own ends to itself, so that a receive has more to take than it may.
bool draw_full_receive(Draft& draft, ActorId who, std::size_t count) {
    const std::uint64_t ends = draft.usable(who, -1);
    if (ends == 0 || draft.world->actor(who).mail_count != 0) return false;
    Operation pass = on(Verb::pass, mailbox_of(who)), receive = on(Verb::receive, mailbox_of(who));
    std::uint64_t made = 0;
    for (std::size_t i = 0; i < count; ++i) {
        pass.uses[i + 1] = static_cast<Slot>(draft.dice.bit_of(ends));
        receive.makes[i] = draft.fresh(who, made);
        if (receive.makes[i] == no_slot) return false;
        made |= std::uint64_t{1} << receive.makes[i];
    }
    receive.flags = flag_nonblock;  // it comes back in any order of steps
    return draft.add(who, pass) && draft.can_move(who) && draft.add(who, receive);
}

// The world believes in the limit while the step is drawn, so that nobody counts on what it does not make.
bool provoke_limit(Draft& draft, ActorId who) {
    Dice& dice = draft.dice;
    if (draft.world->process_of(who).threads != 0 || draft.actor(who).kind == ActorKind::thread) return false;
    const Verb verb = dice.one_of({Verb::create, Verb::dup, Verb::receive});
    const std::size_t passed = dice.between(1, 3);
    const std::size_t makes = verb == Verb::create ? 2 : verb == Verb::dup ? 1 : passed;
    const auto left = static_cast<int>(dice.below(makes));
    const std::size_t before = draft.actor(who).steps.size();
    const int former = draft.world->lower_limit(who, left);
    const bool drawn = verb == Verb::receive ? draw_full_receive(draft, who, passed) : draw_step(draft, who, verb);
    draft.world->lower_limit(who, former);
    return drawn && draft.actor(who).steps.size() > before && aim(draft, who, When::before, left);
}

bool provoke_delay(Draft& draft, ActorId who) {
    constexpr std::array<std::uint64_t, 4> windows_ns{300, 2'000, 10'000, 50'000};  // a call to a wake-up
    const auto spin_ns = static_cast<std::int64_t>(draft.dice.below(draft.dice.one_of(windows_ns)));
    return draw_any_step(draft, who) && aim(draft, who, When::before, spin_ns);
}

using Provoke = bool (*)(Draft& draft, ActorId who);
constexpr std::array<Provoke, lossy_link_fault + 1u> provocations{
    provoke_nothing,     provoke_interruption, provoke_kill,  provoke_part,
    provoke_full_buffer, provoke_stop,         provoke_limit, provoke_delay,
    provoke_nothing,  // of pairs of sockets, which are drawn as plain lists of steps
};

}  // namespace

bool provoke(Draft& draft, ActorId who) { return provocations[draft.commission.fault](draft, who); }

void incline(const Commission& commission, Taste& taste) {
    switch (commission.fault) {
        case no_fault:
        case descriptor_limit_fault:
        case delay_fault:
        case lossy_link_fault: return;
        case short_transfer_fault: taste.smallest_capacity = 50; return;
        case full_buffer_fault: taste.smallest_capacity = 70; return;
        default:  // they strike best where somebody sleeps
            taste.sleepy = std::max(taste.sleepy, 75u);
            taste.sleep = std::max(taste.sleep, 80u);
    }
}

}  // namespace crosstalk::draw
