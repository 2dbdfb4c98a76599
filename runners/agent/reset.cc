// close(2) for what slots name, one poll(2) to find what they do not.
#include "runners/agent/reset.h"

#include <poll.h>

#include "mechanisms/system/locks.h"
#include "mechanisms/system/operations.h"
#include "runners/agent/places.h"
#include "runners/agent/scratch.h"
#include "runners/agent/signals.h"
#include "runners/agent/turns.h"

namespace crosstalk::agent {
namespace {

// Threads of this process that are still there are woken until they have gone.
void end_threads(ActorId index) {
    Board& b = *board;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        Seat& seat = b.seats[actor];
        if (seat.kind != ActorKind::thread || seat.process != index) continue;
        for (std::int32_t tid = seat.tid.load(); tid != 0; tid = seat.tid.load()) {
            open_gate(static_cast<ActorId>(actor));
            kernel::tgkill(kernel::pid(), tid, cancel_signal);
            const kernel::Timespec pause{0, 1000000};
            kernel::call(SYS_futex, &seat.tid, FUTEX_WAIT, tid, &pause);  // the kernel clears it and wakes
        }
    }
}

void close_slots(ProcessSlots& slots) {
    for (std::int16_t& number : slots.numbers) {
        if (number >= 0 && number < first_place) kernel::close(number);
        number = -1;
    }
}

// Descriptors below case_numbers that are open now, beside the three that every process has. Closes them.
int close_strangers() {
    constexpr int first = 3;
    pollfd asked[case_numbers - first];
    for (int i = 0; i < case_numbers - first; ++i) asked[i] = {first + i, 0, 0};
    const kernel::Timespec at_once;
    if (kernel::call(SYS_ppoll, asked, case_numbers - first, &at_once, nullptr, 0) < 0) return 0;
    int found = 0;
    for (const pollfd& one : asked) {
        if ((one.revents & POLLNVAL) != 0) continue;
        ++found;
        kernel::close(one.fd);
    }
    return found;
}

}  // namespace

void clean_up(ActorId index) {
    Board& b = *board;
    Seat& seat = b.seats[index];
    ProcessSlots& slots = b.slots[index];
    end_threads(index);
    if (slots.dirty_limit != 0) set_descriptor_limit(b.descriptor_limit);
    close_slots(slots);
    drop_places();
    forget_locks();
    if (slots.dirty_signals != 0) install_handlers();
    if (seat.makes_descriptors != 0) {
        const int strangers = close_strangers() - slots.orphans;
        seat.leaked.store(strangers > 0 ? strangers : 0);
    }
    take_back_gifts();
    const bool leaves = slots.left_image != 0;
    seat.clean.store(b.serial);
    if (b.cleaning.fetch_sub(1) == 1) b.ring();
    if (leaves) kernel::exit_process(0);
}

}  // namespace crosstalk::agent
