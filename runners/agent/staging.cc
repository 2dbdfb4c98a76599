// Putting a case on the board: steps, schedule, plan, seats, and the objects that are there before the first step.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>

#include "mechanisms/payload.h"
#include "mechanisms/system/descriptors.h"
#include "runners/agent/leader.h"
#include "runners/agent/object_names.h"
#include "runners/agent/plain_step.h"
#include "runners/agent/scratch.h"

namespace crosstalk::agent {
namespace {

bool is_created(const Case& value, std::size_t object) {
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::create && step.object == object) return true;
    return false;
}

constexpr std::size_t most_logged_packets = 4096;

// The actor that the process of this one begins with.
std::size_t process_of(const Case& value, std::size_t actor) {
    const auto& actors = value.program.actors;
    while (actors[actor].kind == ActorKind::thread) actor = actors[actor].parent;
    return actor;
}

std::string error_name(long error) { return std::string(name_of(errno_from(static_cast<int>(-error)))); }

}  // namespace

std::string Leader::refusal(const Case& value) {
    std::size_t steps = 0, sends = 0;
    for (const Actor& actor : value.program.actors) {
        steps += actor.steps.size();
        std::size_t given = 0;
        for (const Operation& step : actor.steps) {
            sends += sheet_of(step.verb).flow == Flow::out ? step.times : 0;
            if (step.verb == Verb::exec && actor.kind == ActorKind::thread) return "a thread cannot exec here";
            if (step.verb == Verb::exec && board->board_fd < 0) return "exec needs a board with a descriptor";
            if (step.verb != Verb::vmsplice) continue;
            if (step.buffer.bytes > max_gift_bytes / std::max<std::uint32_t>(step.times, 1))
                return "a vmsplice step of more than 4 MiB";
            if (++given > max_gifts / 2) return "more than 32 vmsplice steps of one actor";
        }
    }
    const bool linked = !value.program.links.empty();
    if (linked && sends > most_logged_packets) return "more packets than the log of a link holds";
    if (linked && lane_.hosts().hosts() == nullptr) return "it needs two hosts, and there are none";
    return steps > most_steps ? "more steps than the board holds" : "";
}

void Leader::stage_seats(const Case& value) {
    Board& b = *board;
    const auto& actors = value.program.actors;
    for (std::size_t i = 0; i < actors.size(); ++i) {
        Seat& seat = b.seats[i];
        const bool pooled = actors[i].kind == ActorKind::pooled;
        seat.kind = actors[i].kind;
        seat.process = static_cast<ActorId>(i);
        seat.steps = static_cast<std::uint16_t>(actors[i].steps.size());
        seat.step.store(0);
        seat.occurrence.store(0);
        seat.told.store(0);
        seat.dying.store(0);
        seat.stopped.store(0);
        seat.leaked.store(0);
        b.gate_of(static_cast<ActorId>(i)).store(0);
        seat.holds_count = 0;
        seat.makes_descriptors = 0;
        seat.tid.store(0);
        seat.pid.store(0);
        Phase phase = Phase::unborn;
        if (pooled) phase = b.mode == Mode::free ? Phase::moving : seat.steps == 0 ? Phase::ended : Phase::ready;
        seat.phase.store(phase);
        ProcessSlots& slots = b.slots[i];
        slots.dirty_limit = slots.dirty_signals = slots.left_image = 0;
        b.journal.clear(static_cast<ActorId>(i), seat.steps);
        if (pooled) b.live.fetch_add(1);
    }
    b.passes = false;
    for (std::size_t i = 0; i < actors.size(); ++i) {
        bool makes = b.lie >= 0;
        for (const Operation& step : actors[i].steps) {
            b.passes = b.passes || step.verb == Verb::pass;
            makes = makes || step.makes[0] != no_slot;
        }
        if (makes) b.seats[process_of(value, i)].makes_descriptors = 1;
    }
}

std::string Leader::stage(const Case& value, std::uint16_t case_number) {
    Board& b = *board;
    const auto& actors = value.program.actors;
    ++b.serial;
    b.flag_era.fetch_add(1);
    b.mode = value.schedule.mode;
    b.plain_workers = plain_;
    b.spread = value.schedule.spread && lane_.cores() > 1;
    b.case_number = case_number;
    b.actor_count = static_cast<std::uint32_t>(actors.size());
    b.token.store(token_leader);
    b.in_call.store(0);
    b.live.store(0);
    b.arrived.store(0);
    b.journal.counter.store(0);
    std::array<std::span<const Operation>, max_actors> by_actor;
    std::uint32_t next = 0;
    b.careful = !value.program.links.empty();
    for (std::size_t i = 0; i < actors.size(); ++i) {
        by_actor[i] = actors[i].steps;
        std::copy(actors[i].steps.begin(), actors[i].steps.end(), b.steps.begin() + next);
        for (const Operation& step : actors[i].steps)
            b.careful = b.careful || (step.verb == Verb::set_flags && (step.flags & flag_async) != 0) ||
                        step.verb == Verb::mq_notify;
        next += static_cast<std::uint32_t>(actors[i].steps.size());
    }
    b.step_count = next;
    lay_out(std::span(by_actor).first(actors.size()), std::span(b.first_step).first(actors.size() + 1),
            std::span(b.lengths).first(next), std::span(b.tags).first(next));
    for (std::uint32_t i = 0; i < next; ++i) b.marks[i] = is_plain(b.steps[i]) ? mark_plain : std::uint8_t{0};
    std::fill_n(b.spin_ns.begin(), next, 0u);
    const Schedule& schedule = value.schedule;
    b.choice_count = static_cast<std::uint32_t>(std::min(schedule.choices.size(), max_choices));
    std::copy_n(schedule.choices.begin(), b.choice_count, b.choices.begin());
    std::fill_n(b.used.begin(), b.choice_count, std::uint8_t{0});
    b.first_unused = 0;
    for (const Delay& delay : schedule.delays)
        if (delay.actor < actors.size() && delay.step < actors[delay.actor].steps.size()) {
            b.spin_ns[b.first_step[delay.actor] + delay.step] = delay.spin_ns;
            b.marks[b.first_step[delay.actor] + delay.step] |= mark_delayed;
        }
    b.strike_count = 0;
    for (const Injection& injection : value.plan) {
        if (injection.actor >= actors.size() || injection.step >= actors[injection.actor].steps.size()) continue;
        Strike& strike = b.strikes[b.strike_count++];
        strike.fault = injection.fault;
        strike.actor = injection.actor;
        strike.step = injection.step;
        strike.occurrence = injection.occurrence;
        strike.when = injection.when;
        strike.restart = injection.restart;
        strike.argument = injection.argument;
        strike.former = 0;
        strike.struck.store(0);
        b.marks[b.first_step[injection.actor] + injection.step] |= mark_struck;
    }
    if (b.lie >= 0) b.stage.set(value);
    stage_seats(value);
    const std::string wrong = call_workers(value);
    return wrong.empty() ? make_objects(value) : wrong;
}

// Before there is any object of the case: a worker that is forked by the leader closes what it inherits a moment later,
// and until then a pipe whose writers are gone would have one.
std::string Leader::call_workers(const Case& value) {
    const auto& actors = value.program.actors;
    for (std::size_t i = 0; i < actors.size(); ++i) {
        if (actors[i].kind != ActorKind::pooled) continue;
        const int pid = lane_.worker(static_cast<ActorId>(i), plain_);
        if (pid <= 0) {
            fit_ = false;
            return "no worker: " + error_name(pid);
        }
        board->seats[i].pid.store(pid);
        board->seats[i].tid.store(pid);
    }
    return "";
}

std::string Leader::make_objects(const Case& value) {
    const auto& objects = value.program.objects;
    std::vector<int> ends(objects.size() * 2, -1);
    std::string wrong;
    for (auto& inode : board->object_inodes) inode.store(0);  // those of an earlier case too: inodes are used again
    for (auto& of_name : board->incarnations)
        for (auto& inode : of_name) inode.store(0);
    has_distant_ends_ = false;
    link_.begin(value.program.links.empty() ? nullptr : lane_.hosts().hosts());
    for (std::size_t i = 0; i < objects.size() && wrong.empty(); ++i) {
        const Mechanism& mechanism = mechanism_of(objects[i].mechanism);
        has_distant_ends_ |= mechanism.facts.delivery == Delivery::eventually && !mechanism.facts.may_lose;
        board->mechanisms[i] = objects[i].mechanism;
        board->asked[i] = objects[i].asked;
        const bool address = is_address(value.program, static_cast<ObjectId>(i));
        board->names[i][0] = 0;
        const bool named =
            mechanism.doors.bind == nullptr || address || is_tried(value.program, static_cast<ObjectId>(i));
        long made = named ? name_object(static_cast<ObjectId>(i)) : 0;
        if (made < 0) wrong = "an object could not be named: " + error_name(made);
        if (made < 0 || address || is_created(value, i)) continue;
        made = make_object(value, static_cast<ObjectId>(i), &ends[2 * i]);
        if (made < 0) {
            wrong = "an object could not be made: " + error_name(made);
            break;
        }
        if (ends[2 * i] >= 0) board->object_inodes[i].store(inode_of(ends[2 * i]));
        board->incarnations[i][0].store(board->object_inodes[i].load());
        Event event{};
        event.kind = EventKind::probe;
        event.object = static_cast<ObjectId>(i);
        event.value = made;
        event.began = event.ended = board->journal.stamp();
        add(event);
    }
    if (wrong.empty()) wrong = hand_out(value, ends);
    for (const int end : ends)
        if (end >= 0) kernel::close(end);
    return wrong;
}

long Leader::make_object(const Case& value, ObjectId object, int* ends) {
    const Mechanism& mechanism = mechanism_of(value.program.objects[object].mechanism);
    const Asked& asked = value.program.objects[object].asked;
    if (link_.is_up() && crosses_hosts(mechanism)) {
        const auto carry = [](void* link) { static_cast<void>(static_cast<Link*>(link)->carry()); };
        const long made = lane_.hosts().make(value.program.objects[object].mechanism, asked, ends, carry, &link_);
        if (made >= 0) link_.join(object, ends);
        return made;
    }
    Making making{asked};
    making.flags = static_cast<std::uint16_t>(asked.flags & (flag_nonblock | flag_direct));
    making.name = board->names[object].data();
    if (mechanism.doors.make_at != nullptr) return mechanism.doors.make_at(making, board->places[object].bytes.data());
    return mechanism.doors.make != nullptr ? mechanism.doors.make(making, ends) : 0;
}

std::string Leader::hand_out(const Case& value, const std::vector<int>& ends) {
    const auto& actors = value.program.actors;
    for (std::size_t i = 0; i < actors.size(); ++i) {
        if (actors[i].kind != ActorKind::pooled) continue;
        Seat& seat = board->seats[i];
        int fds[max_passed];
        std::size_t count = 0;
        seat.places_held = 0;
        for (const Slot slot : actors[i].holds) {
            const std::size_t object = slot / 2u;
            if (object < value.program.objects.size() &&
                mechanism_of(value.program.objects[object].mechanism).facts.held == Held::place) {
                seat.places_held = static_cast<std::uint16_t>(seat.places_held | 1u << object);
                continue;
            }
            if (slot >= ends.size() || ends[slot] < 0 || count == max_passed) continue;
            seat.holds[count] = slot;
            fds[count++] = ends[slot];
        }
        if (count == 0) continue;
        const PassNote note{from_leader, static_cast<std::uint8_t>(count), 0};
        const long sent = send_descriptors(mailbox_out(static_cast<ActorId>(i)), note, fds, count, MSG_DONTWAIT);
        if (sent < 0) return "descriptors could not be handed out: " + error_name(sent);
        seat.holds_count = static_cast<std::uint8_t>(count);
    }
    return "";
}

}  // namespace crosstalk::agent
