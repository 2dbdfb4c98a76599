// What messages ask for and carry: flags, several parts, time limits, options of their sockets, and descriptors. A time
// limit is set by who may sleep on that end alone, so that replays in turns never wait for a clock with anybody else.
#include <algorithm>

#include "properties/clauses/binds.h"
#include "properties/draw/channels.h"

namespace crosstalk::draw {
namespace {

constexpr std::int64_t short_limit_ns = 1'000'000, long_limit_ns = 40'000'000;  // the second: several clock ticks

constexpr Slot never_bound = first_mailbox - 1;  // no case has so many objects, nor so many slots

bool is_initial(const Mix& r, Slot slot) { return slot < 2 * r.plain.program().objects.size(); }

// Over IPv6 Linux takes the flag in silence: that is known, and not asked again.
bool refuses_urgent_byte(const Mix& r, Verb verb) {
    return r.records && (binds::udp4(r.mechanism) ? verb == Verb::send : offers(r.mechanism, Verb::create));
}

void limit_time(Mix& r, ActorId who, Slot slot, Operation& step) {
    const bool wanted =
        r.property == crosstalk::property("transfer") || r.property == crosstalk::property("interruption");
    if (step.flags & flag_nonblock || !is_initial(r, slot) || r.sleeper[slot] != who) return;
    if (!r.dice.one_in(wanted ? 10 : 40)) return;
    step.timeout_ns = r.dice.chance(85) ? short_limit_ns : long_limit_ns;
    (step.verb == Verb::send ? r.sends_limited : r.receives_limited)[slot] = true;
}

// Somebody who has the other end of this slot's pair, and makes slots of its own.
ActorId fellow(Mix& r, Slot other) {
    std::vector<ActorId> fellows;
    for (std::size_t a = 0; a < r.plain.actors(); ++a)
        if (r.bound[a] >> other & 1 && !r.shared[a] && !r.ended[a]) fellows.push_back(static_cast<ActorId>(a));
    return fellows.empty() ? static_cast<ActorId>(no_slot) : fellows[r.dice.below(fellows.size())];
}

// Ends of later pairs, of which no chain of messages leads back to this one; seldom a slot that was never bound.
std::vector<Slot> cargo_of(Mix& r, ActorId who, Slot carrier) {
    std::vector<Slot> cargo;
    for (Slot slot = static_cast<Slot>((carrier | 1) + 1); is_initial(r, slot); ++slot)
        if (r.bound[who] >> slot & 1 && cargo.size() < 3 && r.dice.chance(70)) cargo.push_back(slot);
    if ((cargo.empty() && r.dice.one_in(4)) || r.dice.one_in(12))
        if (cargo.size() < 3) cargo.push_back(never_bound);
    return cargo;
}

void take_over(Mix& r, ActorId to, Slot slot, std::size_t count, std::uint16_t flags) {
    Operation take = on(Verb::recv, slot);
    take.flags = static_cast<std::uint16_t>(flags | (r.dice.one_in(2) ? flag_cloexec : 0));
    if (!r.may_sleep(to, slot) || r.receives_limited[slot]) take.flags |= flag_nonblock;
    take.buffer.bytes = r.dice.one_of<std::uint64_t>({100, 100, 24, 5});
    for (std::size_t i = 0; i < count; ++i) {
        take.makes[i] = r.plain.fresh(to, i);
        if (take.makes[i] == no_slot) return;
    }
    if (!r.plain.add(to, take)) return;
    for (std::size_t i = 0; i < count; ++i) r.bound[to] |= std::uint64_t{1} << take.makes[i];
}

bool may_wait(const Mix& r, ActorId who, Slot slot) {
    return is_initial(r, slot) && r.blocks && r.sleeper[slot] == who && !r.receives_limited[slot];
}

// A receive that finds less than it waits for, where it may sleep.
void wait_for_more(Mix& r, ActorId who, Slot slot) {
    const auto other = static_cast<Slot>(slot ^ 1);
    if (!may_wait(r, who, slot)) return;
    const ActorId from = fellow(r, other);
    if (from == static_cast<ActorId>(no_slot) || from == who) return;
    Operation send = on(Verb::send, other), wait = on(Verb::recv, slot);
    send.flags = flag_nonblock;
    send.buffer.bytes = 10, wait.buffer.bytes = 200;
    r.plain.add(from, send), r.plain.add(who, wait);
}

// A look that sleeps behind all that is there (SO_PEEK_OFF), while another takes that, and more comes.
void look_behind(Mix& r, ActorId who, Slot slot) {
    const ActorId from = fellow(r, static_cast<Slot>(slot ^ 1)), taker = fellow(r, slot);
    if (!may_wait(r, who, slot) || from == static_cast<ActorId>(no_slot) || from == who || taker == who) return;
    Operation send = on(Verb::send, static_cast<Slot>(slot ^ 1)), receive = on(Verb::recv, slot);
    send.flags = receive.flags = flag_nonblock;
    send.buffer.bytes = 2, receive.buffer.bytes = 100;
    Operation look = receive, wait = receive;
    look.flags |= flag_peek, wait.flags = flag_peek;
    r.plain.add(from, send), r.plain.add(who, look), r.plain.add(who, wait);
    send.buffer.bytes = r.dice.one_of<std::uint64_t>({2, 10, 100});
    r.plain.add(taker, receive), r.plain.add(from, send);
}

}  // namespace

void ask_for_more(Mix& r, ActorId who, Slot slot, Operation& step) {
    if ((step.verb != Verb::send && step.verb != Verb::recv) || r.is_sctp()) return;
    const bool sends = step.verb == Verb::send;
    if (!sends && (r.records ? r.dice.one_in(10) : r.is_tcp() && !(step.flags & flag_peek) && r.dice.one_in(16)))
        step.flags |= flag_real_length;
    if (sends && r.records && r.dice.one_in(8)) step.flags |= flag_ends;
    if (refuses_urgent_byte(r, step.verb) && r.dice.one_in(40)) step.flags |= flag_urgent;
    if (r.dice.one_in(8)) {
        constexpr std::uint16_t too_many = 1025;  // IOV_MAX is 1024
        step.buffer.segments = r.dice.one_in(25) ? too_many : static_cast<std::uint16_t>(r.dice.between(2, 4));
        step.buffer.split = r.dice.one_of({Split::even, Split::tiny_first, Split::tiny_last, Split::with_empty});
    }
    limit_time(r, who, slot, step);
    if (!sends && r.mechanism.facts.may_lose && r.dice.one_in(3)) step.flags |= flag_control;
    if (!r.credentials) return;
    if (!sends && r.dice.chance(80)) step.flags |= flag_control;
    if (!sends || !r.dice.one_in(5)) return;
    const auto claimed = r.dice.one_of({Credentials::own, Credentials::own, Credentials::other_process,
                                        Credentials::other_user, Credentials::other_group, Credentials::no_process});
    step.value = 256 * static_cast<std::int64_t>(claimed);
    if (claimed > Credentials::own) step.times = 1;
}

void end_limits(Mix& r, ActorId who, Slot slot, Verb verb) {
    if (slot >= r.sends_limited.size()) return;
    const bool sends = sheet_of(verb).flow == Flow::out;
    bool& limited = (sends ? r.sends_limited : r.receives_limited)[slot];
    if (!limited) return;
    Operation never = on(Verb::set_option, slot);
    never.value = static_cast<std::int64_t>(sends ? SocketOption::send_limit : SocketOption::receive_limit);
    limited = !r.plain.add(who, never);
}

void hand_over(Mix& r, ActorId who, Slot slot) {
    if (!is_initial(r, slot)) return;
    const auto other = static_cast<Slot>(slot ^ 1);
    const ActorId to = fellow(r, other);
    const std::vector<Slot> cargo = cargo_of(r, who, slot);
    if (to == static_cast<ActorId>(no_slot) || cargo.empty()) return;
    Operation give = on(Verb::send, slot);
    give.flags = flag_nonblock;
    give.buffer.bytes = r.dice.one_of<std::uint64_t>({0, 1, 24, 24, 60, 60, 100});
    std::ranges::copy(cargo, give.uses.begin() + 1);
    if (r.dice.one_in(10)) give.value = r.dice.one_of<std::int64_t>({1, 252, 253, 253, 254});
    if (r.dice.one_in(3)) {
        Operation plain = on(Verb::send, slot);
        plain.flags = flag_nonblock;
        plain.buffer.bytes = 4;
        if (r.dice.one_in(4)) plain.value = empty_rights;
        r.plain.add(who, plain);
    }
    if (!r.plain.add(who, give)) return;
    if (r.dice.one_in(3) && !r.shared[who] && r.bound[who] >> cargo[0] & 1 &&
        r.plain.add(who, on(Verb::close, cargo[0])))
        r.bound[who] &= ~(std::uint64_t{1} << cargo[0]);
    if (!r.tries_out && r.dice.one_in(14)) {
        Operation limit;
        limit.verb = Verb::limit;
        limit.value = static_cast<std::int64_t>(r.dice.below(2));
        r.plain.add(to, limit);
    }
    const std::size_t room = r.dice.below(4);
    if (r.dice.one_in(4)) take_over(r, to, other, room, flag_peek);
    take_over(r, to, other, r.dice.one_in(3) ? r.dice.below(4) : std::min<std::size_t>(cargo.size(), 3), 0);
}

// An empty datagram that somebody then knows of: only so can it be told from none.
void send_empty(Mix& r, ActorId who, Slot slot) {
    if (!is_initial(r, slot)) return;
    const auto other = static_cast<Slot>(slot ^ 1);
    const ActorId to = fellow(r, other);
    if (to == static_cast<ActorId>(no_slot)) return;
    Operation send = on(Verb::send, slot), look = on(Verb::recv, other), poll = on(Verb::poll, other);
    send.flags = flag_nonblock;
    look.flags = flag_nonblock | flag_peek;
    look.buffer.bytes = 10;
    poll.value = poll_in, poll.timeout_ns = 0;
    r.plain.add(who, send), r.plain.add(to, look), r.plain.add(to, poll);
}

// SO_PASSCRED, seldom taken back, and SO_PEERCRED.
void pass_credentials(Mix& r, ActorId who, Slot slot) {
    Operation step = on(r.dice.one_in(3) ? Verb::get_option : Verb::set_option, slot);
    step.value =
        static_cast<std::int64_t>(step.verb == Verb::get_option ? SocketOption::peer : SocketOption::credentials);
    if (step.verb == Verb::set_option && !r.dice.one_in(6)) step.value += 256;
    r.plain.add(who, step);
}

// Limits out of range, how many bytes a receive waits for, and what datagrams find no room.
void special_option(Mix& r, ActorId who, Slot slot) {
    Operation step = on(Verb::set_option, slot);
    if (r.mechanism.facts.may_lose && !r.largest && r.dice.one_in(2)) {
        step.value = static_cast<std::int64_t>(SocketOption::receive_buffer) + 256 * 2304;
        Operation count = on(Verb::set_option, slot);
        count.value = static_cast<std::int64_t>(SocketOption::overflow) + 256;
        r.plain.add(who, step), r.plain.add(who, count);
        return;
    }
    if (offers(r.mechanism, Verb::create) && !r.records && r.dice.one_in(2)) {
        step.value =
            static_cast<std::int64_t>(SocketOption::peek_offset) + 256 * r.dice.one_of<std::int64_t>({0, 0, 9, -1});
        r.looks_often = r.plain.add(who, step);
        if (step.value >> 8 >= 0 && r.dice.one_in(2)) look_behind(r, who, slot);
        return;
    }
    const bool waters = offers(r.mechanism, Verb::create) && !r.records && r.dice.one_in(2);
    const SocketOption which =
        waters ? SocketOption::low_water : r.dice.one_of({SocketOption::receive_limit, SocketOption::send_limit});
    const std::int64_t buffer = r.plain.ground.receive_buffer_max;
    const std::int64_t becomes =
        waters ? r.dice.one_of<std::int64_t>({0, 0, 1, 1, 20, 20, 100, 100, buffer, buffer + 1}) : -1;
    step.value = static_cast<std::int64_t>(which) + becomes * 256;
    r.plain.add(who, step);
    if (waters) wait_for_more(r, who, slot);
}

}  // namespace crosstalk::draw
