// The life of a worker: wait for a case, take the descriptors that it begins with, play, clean up.
#include "runners/agent/worker.h"

#include <sched.h>
#include <sys/socket.h>

#include "mechanisms/system/child.h"
#include "mechanisms/system/operations.h"
#include "runners/agent/births.h"
#include "runners/agent/player.h"
#include "runners/agent/reset.h"
#include "runners/agent/signals.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

bool spread_now = false;

// Descriptors that the leader sent ahead go into the slots that the seat names.
void take_initial_descriptors(Seat& seat, ProcessSlots& slots, ActorId index) {
    slots.numbers.fill(-1);
    slots.orphans = 0;
    for (std::size_t object = 0; object < max_objects; ++object)  // handed out by being there
        if ((seat.places_held >> object & 1) != 0)
            slots.numbers[initial_slot(static_cast<ObjectId>(object), 0)] =
                static_cast<std::int16_t>(first_place + object);
    if (seat.holds_count == 0) return;
    PassNote note;
    int fds[max_passed];
    std::size_t count = 0;
    receive_descriptors(mailbox_in(index), note, fds, max_passed, count, MSG_DONTWAIT);
    for (std::size_t i = 0; i < count && i < seat.holds_count; ++i)
        slots.numbers[seat.holds[i]] = static_cast<std::int16_t>(fds[i]);
    seat.holds_count = 0;
}

void move_to_cores(bool spread) {
    if (spread == spread_now) return;
    const std::uint64_t lane = board->lane_core >= 0 ? std::uint64_t{1} << (board->lane_core % 64) : board->lane_cores;
    const std::uint64_t mask[16] = {spread ? board->lane_cores : lane};
    kernel::call(SYS_sched_setaffinity, 0, sizeof mask, mask);
    spread_now = spread;
}

// All actors of a free case begin at one moment: the last to arrive opens for all.
void wait_for_all() {
    Board& b = *board;
    std::uint32_t pooled = 0;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor)
        if (b.seats[actor].kind == ActorKind::pooled) ++pooled;
    if (b.arrived.fetch_add(1) + 1 == pooled) {
        b.starters.store(b.serial);
        futex_wake_all(b.starters);
        return;
    }
    // On cores of their own, actors that wait awake start within nanoseconds of each other; bounded, since they may
    // not have one.
    for (int spin = 0; b.spread && spin < 20000 && b.starters.load() != b.serial; ++spin) {
    }
    for (std::uint32_t seen = b.starters.load(); seen != b.serial && !b.over(); seen = b.starters.load())
        futex_wait(b.starters, seen);
}

void wait_for_curtain() {
    Board& b = *board;
    for (std::uint32_t seen = b.curtain.load(); seen != b.serial; seen = b.curtain.load()) futex_wait(b.curtain, seen);
}

void leave_case(ActorId index) {
    wait_for_curtain();
    clean_up(index);
}

}  // namespace

void work(ActorId index, bool plain) {
    Board& b = *board;
    Seat& seat = b.seats[index];
    if (!die_with_parent(b.leader_pid)) kernel::exit_process(0);
    install_handlers();
    for (std::uint32_t serial = 0;;) {
        serial = wait_at_gate(b.gates[plain ? 1 : 0][index].word, serial);
        move_to_cores(b.spread);
        take_initial_descriptors(seat, b.slots[index], index);
        if (b.mode == Mode::free) wait_for_all();
        if (seat.steps == 0) {
            if (b.mode == Mode::free) end_of_steps(index, false);
        } else if (!b.over()) {
            play_steps(index, 0, true);
        }
        leave_case(index);
    }
}

void work_after_exec(ActorId index) {
    Seat& seat = board->seats[index];
    if (!die_with_parent(board->leader_pid)) kernel::exit_process(0);
    complete_exec(index);
    if (!board->over()) {
        const std::uint32_t next = seat.step.load() + 1;
        if (next < seat.steps) {
            play_steps(index, next, false);
        } else {
            end_of_steps(index, true);
        }
    }
    if (seat.kind == ActorKind::forked) kernel::exit_process(0);
    leave_case(index);  // ends this process: its image is not one to keep
    kernel::exit_process(0);
}

}  // namespace crosstalk::agent
