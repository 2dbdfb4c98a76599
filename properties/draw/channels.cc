// Cases of connected socket pairs: a mix of sends and receives over small and large buffers, with what each property
// wants to see more often; and at the end everybody takes what is left, without sleeping.
//
// Only the first actor of an end makes calls on it that may sleep: of several sleepers the kernel wakes whom it likes,
// and a replay in turns must not depend on that.
#include <algorithm>

#include "faults/catalog.h"
#include "properties/draw/channels.h"
#include "properties/draw/crowd.h"
#include "properties/draw/recipes.h"

namespace crosstalk::draw {
namespace {

struct Wish {
    PropertyId property;
    Deed deed;
    std::uint8_t weight;
};
constexpr Wish wishes[] = {
    {property("end-of-file"), closes, 14}, {property("end-of-file"), shuts, 14},
    {property("peer-death"), closes, 14},  {property("peer-death"), ends, 6},
    {property("peer-death"), shuts, 8},    {property("peer-death"), options, 8},
    {property("readiness"), polls, 40},    {property("progress"), polls, 30},
    {property("descriptors"), copies, 14}, {property("descriptors"), passes, 14},
    {property("descriptors"), closes, 10}, {property("descriptors"), begins, 6},
    {property("capacity"), options, 25},   {property("creation"), creates, 20},
    {property("creation"), limits, 8},     {property("interruption"), signals, 14},
    {property("transfer"), looks, 15},
};

}  // namespace

Mix::Mix(Dice& entropy, const Commission& commission)
    : plain(entropy, commission),
      dice(entropy),
      mechanism(mechanism_of(commission.mechanism)),
      records(mechanism.facts.keeps_boundaries),
      floods(commission.fault == full_buffer_fault),
      sleepy(commission.property == crosstalk::property("progress") ||
             commission.property == crosstalk::property("interruption")),
      blocks(dice.chance(sleepy ? 90 : 60)),
      largest(mechanism.facts.most_record_bytes != 0 && dice.chance(30)),
      property(commission.property) {
    for (const Wish& wish : wishes)
        if (wish.property == commission.property) weights[wish.deed] = wish.weight;
    if (floods) weights[sends] = 70, weights[receives] = weights[reads] = 10, bytes_left = 5 * all_bytes;
    if (commission.fault == descriptor_limit_fault)
        for (const Deed makes : {creates, copies}) weights[makes] = std::max<std::uint8_t>(weights[makes], 10);
    const bool wanted = property == crosstalk::property("descriptors");
    rights = offers(mechanism, Verb::create) && dice.chance(wanted ? 60 : 8);
    credentials = offers(mechanism, Verb::create) && !rights && dice.chance(wanted ? 60 : 8);
    if (credentials) weights[asks_who] = wanted ? 20 : 8;
    if (rights) weights[hands_over] = wanted ? 40 : 15, weights[reads] = 0;
    if (!(offers(mechanism, Verb::create) || is_tcp()) && property == crosstalk::property("readiness"))
        weights[sends_empty] = 10;
    if (property == crosstalk::property("transfer") || property == crosstalk::property("capacity") ||
        property == crosstalk::property("readiness"))
        weights[special_options] = 8;
    const bool by_trials = has_trials(mechanism, property);
    const bool mostly = by_trials && !is_tcp();  // whose trials wait for clocks
    tries_out = (by_trials || (is_sctp() && offers(mechanism, Verb::trial))) && dice.chance(mostly ? 60 : 30);
    weights[tries] = !tries_out ? 0 : mostly ? 10 : 4;
    if (!offers(mechanism, Verb::create)) weights[creates] = 0;
    if (tries_out || !offers(mechanism, Verb::limit)) weights[limits] = 0;
    if (is_sctp()) weights[special_options] = weights[sends_empty] = 0;  // no model of its knows them
}

Asked Mix::asked() {
    Asked wanted;
    wanted.flags = dice.chance(35) ? flag_nonblock : 0;
    if (!largest && dice.chance(floods ? 95 : 55))
        wanted.capacity_bytes = buffer = dice.one_of<std::uint64_t>({2304, 2304, 4096, 8192});
    return wanted;
}
std::uint64_t Mix::size() {
    const std::uint64_t limit = largest       ? mechanism.facts.most_record_bytes
                                : buffer == 0 ? 4608
                                : is_sctp()   ? std::max<std::uint64_t>(2 * buffer, 4608)
                                              : 2 * buffer - 32;
    std::uint64_t bytes = 0;
    if (floods && is_tcp() && dice.one_in(5)) {  // what the peer has room for as well
        bytes = std::min(dice.between(100'000, 400'000), bytes_left);
        bytes_left -= bytes;
        return bytes;
    }
    switch (dice.weighted({10, 45, 20, 15, 10})) {
        case 0: bytes = dice.below(2); break;
        case 1: bytes = dice.between(1, 40); break;
        case 2: bytes = dice.between(41, 900); break;
        case 3: bytes = limit - 1 + dice.below(3); break;
        default: bytes = special_size(limit); break;
    }
    bytes = std::min(bytes, bytes_left);
    bytes_left -= bytes;
    return bytes;
}
// The largest that travels in one packet of 1500 bytes, over IPv4 and over IPv6, and of SCTP in one part.
std::uint64_t Mix::special_size(std::uint64_t limit) {
    if (largest) return dice.one_of<std::uint64_t>({limit / 2, 20'000, 1452, 1453, 1472, 1472, 1473, 1473});
    if (is_sctp() && buffer == 0 && dice.one_in(2))
        return fragmentation_point(mechanism, plain.ground) - 1 + dice.below(3);
    return dice.one_of<std::uint64_t>({limit / 2, 3 * limit, 20'000});
}
bool Mix::may_sleep(ActorId who, Slot slot) {
    // Of the initial ends each has one actor that may sleep on it; of what was made later, whoever made it.
    return blocks && dice.chance(sleepy ? 75 : 50) &&
           (slot < 2 * plain.program().objects.size() ? sleeper[slot] == who : !shared[who]);
}

namespace {

void transfer(Mix& r, ActorId who, Slot slot, Verb verb) {
    Operation step = on(verb, slot);
    const bool out = sheet_of(verb).flow == Flow::out, message = verb == Verb::send || verb == Verb::recv;
    step.buffer.bytes = out ? r.size() : r.dice.chance(50) ? r.dice.between(1, 64) : r.size() + r.dice.below(2);
    if (!message) {
        // Only O_NONBLOCK keeps these awake, and who set it nobody knows here: so only who may sleep calls them.
        if (r.sleeper[std::min<std::size_t>(slot, 2 * max_objects - 1)] != who || !r.blocks || (r.rights && !out)) {
            step.verb = out ? Verb::send : Verb::recv;
            step.flags = flag_nonblock;
        } else if (r.dice.one_in(3)) {
            step.verb = out ? Verb::writev : Verb::readv;
            step.buffer.segments = static_cast<std::uint16_t>(r.dice.between(1, 4));
        }
    } else if (!r.may_sleep(who, slot)) {
        step.flags = flag_nonblock;
    }
    if (step.verb == Verb::send && r.dice.one_in(3)) step.flags |= flag_no_signal;
    if (step.verb == Verb::recv && r.dice.one_in(r.looks_often ? 2 : 6)) step.flags |= flag_peek;
    // Two that wait and look on TCP, one beside the other, Linux calls a race of the program (tcp_recvmsg).
    const bool looks = step.flags & flag_peek && r.is_tcp();
    if (step.verb == Verb::recv && !looks && r.dice.one_in(5)) step.flags |= flag_wait_all;
    if (step.verb == Verb::send && r.is_tcp() && r.dice.one_in(8)) step.flags |= flag_more;
    if (out && r.dice.one_in(12) && step.buffer.bytes != 0 && step.buffer.bytes < 3000)
        step.times = static_cast<std::uint32_t>(r.dice.between(2, 12));
    if (out && r.floods && r.is_sctp() && r.dice.one_in(2) && step.buffer.bytes < 3000)
        step.times = static_cast<std::uint32_t>(r.dice.between(40, 120));
    if (r.rights && !out && !r.records && step.buffer.bytes == 0) step.buffer.bytes = 1;
    ask_for_more(r, who, slot, step);
    label(r, step);
    if (step.timeout_ns == forever && !(step.flags & flag_nonblock)) end_limits(r, who, slot, step.verb);
    r.plain.add(who, step);
}

void poll(Mix& r, ActorId who, Slot slot) {
    Operation step = on(Verb::poll, slot);
    step.value = r.dice.one_of<std::int64_t>({poll_in, poll_out, poll_in | poll_out, poll_in | poll_rdhup, 0});
    step.timeout_ns = r.may_sleep(who, slot) ? forever : 0;
    r.plain.add(who, step);
}

// Through a small window much would take TCP long: a probe each time that it was shut (RFC 9293, 3.8.6.1).
std::int64_t receive_buffer(Mix& r) {
    constexpr std::uint64_t little = 300;
    const std::int64_t most = r.plain.ground.receive_buffer_max;
    const std::int64_t small = r.dice.one_of<std::int64_t>({1, 1, 4096});
    if (r.dice.one_in(3)) return r.dice.one_of({most, most + 1});
    if (!r.is_tcp()) return small;
    if (r.floods || r.bytes_left + little < Mix::all_bytes) return most;
    r.bytes_left = little;
    return small;
}

void option(Mix& r, ActorId who, Slot slot) {
    const bool of_capacity = r.property == property("capacity"), sets = r.dice.one_in(of_capacity ? 2 : 3);
    Operation step = on(sets ? Verb::set_option : Verb::get_option, slot);
    auto which =
        r.dice.one_of({SocketOption::send_buffer, SocketOption::error, SocketOption::error, SocketOption::type});
    std::int64_t becomes = 0;
    if (of_capacity && r.dice.one_in(2)) which = SocketOption::send_buffer;
    if (sets) {
        which = SocketOption::send_buffer;
        const std::int64_t most = r.plain.ground.send_buffer_max;
        becomes =
            r.largest ? most : r.dice.one_of<std::int64_t>({1, 1024, 2303, 2304, 4096, 65536, most, most + 1, 1 << 20});
        if (!r.records && r.dice.one_in(4)) which = SocketOption::receive_buffer, becomes = receive_buffer(r);
        if (r.is_sure() && r.dice.one_in(2)) which = SocketOption::linger, becomes = 0;
        if (r.is_tcp() && r.dice.one_in(2)) {
            which = r.dice.one_of({SocketOption::no_delay, SocketOption::cork, SocketOption::quick_ack});
            becomes = static_cast<std::int64_t>(r.dice.below(2));
        }
    }
    step.value = static_cast<std::int64_t>(which) | becomes << 8;
    r.plain.add(who, step);
}

void copy(Mix& r, ActorId who, Slot slot) {
    const Slot made = r.plain.fresh(who);
    if (r.shared[who] || made == no_slot) return;
    Operation step = on(Verb::dup, slot);
    step.value = r.dice.one_of<std::int64_t>({0, 1, 3, 4});
    step.makes[0] = made;
    if (r.plain.add(who, step)) r.bound[who] |= std::uint64_t{1} << made;
}

void close(Mix& r, ActorId who, Slot slot) {
    if (r.shared[who]) return;
    if (r.plain.add(who, on(Verb::close, slot))) r.bound[who] &= ~(std::uint64_t{1} << slot);
}

void pass(Mix& r, ActorId who, Slot slot) {
    const auto to = static_cast<ActorId>(r.dice.below(r.plain.actors()));
    const Slot made = r.plain.fresh(to);
    if (r.shared[to] || made == no_slot || r.ended[to]) return;
    Operation give = on(Verb::pass, mailbox_of(to)), take = on(Verb::receive, mailbox_of(to));
    give.uses[1] = slot;
    give.flags = flag_nonblock;
    take.flags = flag_nonblock;
    take.makes[0] = made;
    if (r.plain.add(who, give) && r.plain.add(to, take)) r.bound[to] |= std::uint64_t{1} << made;
}

void begin(Mix& r, ActorId who) {
    if (r.plain.actors() >= 6 || r.plain.program().actors[who].kind != ActorKind::pooled || r.ended[who]) return;
    const bool thread = !r.tries_out && r.dice.one_in(3);
    const ActorId child = r.plain.actor(thread ? ActorKind::thread : ActorKind::forked, who);
    r.bound[child] = r.bound[who];
    if (thread) r.shared[who] = r.shared[child] = true;
}

void create(Mix& r, ActorId who) {
    if (r.shared[who] || r.plain.program().objects.size() >= 4) return;
    Operation step;
    if (offers(r.mechanism, Verb::listen) && !offers(r.mechanism, Verb::accept) && r.dice.one_in(4)) {
        step.verb = Verb::socket;  // to be told that it cannot listen
        step.object = r.plain.object({});
        step.makes[0] = initial_slot(step.object, 0);
        if (r.bound[who] >> step.makes[0] & 1 || !r.plain.add(who, step)) return;
        r.plain.add(who, on(Verb::listen, step.makes[0]));
        return;
    }
    step.verb = Verb::create;
    step.flags =
        static_cast<std::uint16_t>((r.dice.one_in(3) ? flag_nonblock : 0) | (r.dice.one_in(3) ? flag_cloexec : 0));
    if (r.dice.one_in(10)) step.flags |= r.dice.one_in(2) ? flag_unknown : flag_bad_pointer;
    step.object = r.plain.object({});
    for (int end : {0, 1}) {
        step.makes[static_cast<std::size_t>(end)] = initial_slot(step.object, end);
        if (r.bound[who] >> initial_slot(step.object, end) & 1) return;
    }
    if (!r.plain.add(who, step)) return;
    for (int end : {0, 1}) {
        r.bound[who] |= std::uint64_t{1} << initial_slot(step.object, end);
        r.sleeper[initial_slot(step.object, end)] = no_slot;
    }
}

void signal(Mix& r, ActorId who) {
    Operation step;
    step.verb = Verb::signal;
    step.value = static_cast<std::int64_t>(r.dice.one_in(2) ? Signal::SIGPIPE_ : Signal::SIGUSR1_);
    step.flags = r.dice.one_of<std::uint16_t>({flag_ignore, flag_block, flag_restart, 0});
    r.plain.add(who, step);
}

void move(Mix& r, ActorId who) {
    if (r.ended[who] || r.bound[who] == 0) return;
    const auto slot = static_cast<Slot>(r.dice.bit_of(r.bound[who]));
    Operation step;
    switch (static_cast<Deed>(r.dice.weighted(r.weights))) {
        case sends: return transfer(r, who, slot, Verb::send);
        case receives: return transfer(r, who, slot, Verb::recv);
        case writes: return transfer(r, who, slot, Verb::write);
        case reads: return transfer(r, who, slot, Verb::read);
        case closes: return close(r, who, slot);
        case shuts:
            step = on(Verb::shutdown, slot);
            step.value = static_cast<std::int64_t>(r.dice.one_in(12) ? 3 : r.dice.below(3));
            r.plain.add(who, step);
            return;
        case hands_over: return hand_over(r, who, slot);
        case sends_empty: return send_empty(r, who, slot);
        case asks_who: return pass_credentials(r, who, slot);
        case tries: r.plain.add(who, trial_of(r.dice, r.mechanism, r.property)); return;
        case special_options: return special_option(r, who, slot);
        case polls: return poll(r, who, slot);
        case looks: {
            const bool of_flags = r.dice.one_in(4) || !offers(r.mechanism, Verb::available);
            r.plain.add(who, on(of_flags ? Verb::get_flags : Verb::available, slot));
            return;
        }
        case copies: return copy(r, who, slot);
        case options: return option(r, who, slot);
        case flags:
            step = on(r.dice.one_in(3) ? Verb::set_cloexec : Verb::set_flags, slot);
            if (step.verb == Verb::set_cloexec) step.value = static_cast<std::int64_t>(r.dice.below(2));
            if (step.verb == Verb::set_flags && r.dice.one_in(2)) step.flags = flag_nonblock;
            r.plain.add(who, step);
            return;
        case passes: return pass(r, who, slot);
        case signals: return signal(r, who);
        case creates: return create(r, who);
        case ends:
            if (r.shared[who] || r.plain.program().actors[who].kind == ActorKind::thread) return;
            step.verb = r.dice.one_in(2) ? Verb::exit : Verb::exec;
            r.ended[who] = r.plain.add(who, step) && step.verb == Verb::exit;
            return;
        case begins: return begin(r, who);
        default:
            step.verb = Verb::limit;
            step.value = static_cast<std::int64_t>(r.dice.below(3));
            if (!r.shared[who]) r.plain.add(who, step);
    }
}

// Whoever is left takes what is left, and looks once more.
void look_at_the_end(Mix& r, ActorId who) {
    for (std::uint64_t left = r.ended[who] ? 0 : r.bound[who]; left != 0; left &= left - 1) {
        const auto slot = static_cast<Slot>(std::countr_zero(left));
        for (const std::uint64_t bytes : {std::uint64_t{70'000}, std::uint64_t{100}, std::uint64_t{9}}) {
            Operation step = on(Verb::recv, slot);
            step.flags = flag_nonblock;
            step.buffer.bytes = bytes;
            label(r, step);
            r.plain.add(who, step);
        }
        if (r.dice.one_in(3) && offers(r.mechanism, Verb::available)) r.plain.add(who, on(Verb::available, slot));
        const bool waits = r.is_sure() && r.sleeper[std::min<std::size_t>(slot, 2 * max_objects - 1)] == who;
        if (!waits || !r.blocks || !r.dice.one_in(3)) continue;
        Operation last = on(Verb::recv, slot);
        last.buffer.bytes = 1000;
        label(r, last);
        end_limits(r, who, slot, Verb::recv);
        r.plain.add(who, last);
        return;
    }
}

// Sends at one end of a pair, receives at the other.
Case gather(Mix& r, const Crowd& crowd) {
    r.plain.object(r.asked());
    for (std::size_t a = 0; a < crowd.all(); ++a) {
        const Slot slot = a < crowd.givers ? 0 : 1;
        r.bound[r.plain.actor()] = std::uint64_t{1} << slot;
        if (r.sleeper[slot] == no_slot) r.sleeper[slot] = static_cast<ActorId>(a);
    }
    r.plain.body();
    const std::size_t parts = crowd.all() * r.dice.between(1, 2);
    for (std::size_t i = 0; i < parts; ++i) {
        const auto who = static_cast<ActorId>(i % crowd.all());
        who < crowd.givers ? transfer(r, who, 0, Verb::send) : transfer(r, who, 1, Verb::recv);
    }
    return r.plain.finish();
}

}  // namespace

Case draw_channels(Dice& dice, const Commission& commission) {
    if (shows_urgent_bytes(commission) && dice.chance(20)) return draw_urgent_bytes(dice, commission);
    Mix r(dice, commission);
    r.sleeper.fill(static_cast<ActorId>(no_slot));
    if (const Crowd crowd = draw_crowd(dice, r.plain.ground)) return gather(r, crowd);
    const std::size_t pairs = dice.chance(r.rights ? 20 : 80) ? 1 : 2;
    for (std::size_t i = 0; i < pairs; ++i) r.plain.object(r.asked());
    const std::size_t actors = 1 + dice.weighted({10, 50, 25, 15});
    for (std::size_t a = 0; a < actors; ++a) {
        const ActorId who = r.plain.actor();
        for (std::size_t p = 0; p < pairs; ++p)
            for (const std::size_t end : {0u, 1u}) {
                if (actors > 1 && a % 2 != end && !dice.one_in(6)) continue;
                const auto slot = static_cast<Slot>(2 * p + end);
                r.bound[who] |= std::uint64_t{1} << slot;
                if (r.sleeper[slot] == no_slot) r.sleeper[slot] = who;
            }
    }
    r.plain.body();
    for (std::uint64_t steps = dice.between(4, 40); steps > 0; --steps)
        move(r, static_cast<ActorId>(dice.below(r.plain.actors())));
    r.plain.end();
    for (std::size_t a = 0; a < r.plain.actors(); ++a) look_at_the_end(r, static_cast<ActorId>(a));
    return r.plain.finish();
}

}  // namespace crosstalk::draw
