// How a case is seen to end: who sleeps, who burns time, and what the objects hold. Objects are looked at only here,
// when nobody can move any more, through a descriptor taken from a process that still has one.
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/operations.h"
#include "mechanisms/system/queues.h"
#include "runners/agent/leader.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef F_GETPIPE_SZ
#define F_GETPIPE_SZ 1032
#endif

namespace crosstalk::agent {
namespace {

// TCP asks again what a full window holds back after 200 ms (TCP_RTO_MIN), then after 400; an acknowledgement and what
// TCP_CORK holds back may take as long.
constexpr int transit_looks = 160;

bool is_open(std::uint32_t actor) {
    const Event& record = board->journal.logs[actor].calls[board->seats[actor].step.load()];
    return has_begun(record) && !has_ended(record);
}

Event seen_event(EventKind kind, std::uint32_t actor, Stamp now) {
    Event event{};
    event.kind = kind;
    event.actor = static_cast<ActorId>(actor);
    event.step = static_cast<StepId>(board->seats[actor].step.load());
    event.verb = board->operation(event.actor, event.step).verb;
    event.began = event.ended = now;
    return event;
}

Event probe_event(ObjectId object, int fd, Stamp now) {
    Event event{};
    event.kind = EventKind::probe;
    event.object = object;
    event.began = event.ended = now;
    if (mechanism_of(board->mechanisms[object]).semantics == Semantics::priority_queue) {
        event.result = messages_in(fd);
        return event;
    }
    int unread = -1;
    event.result = kernel::call(SYS_ioctl, fd, FIONREAD, &unread) < 0 ? -1 : unread;
    event.value = kernel::fcntl(fd, F_GETPIPE_SZ, 0);
    if (event.value < 0) event.value = 0;
    return event;
}

// Each descriptor of an actor that lives, as `look(descriptor)`.
template <class Look>
void each_descriptor(Look look) {
    Board& b = *board;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        const Seat& seat = b.seats[actor];
        const Phase phase = seat.phase.load();
        if (seat.process != actor || seat.kind == ActorKind::thread || phase == Phase::dead || phase == Phase::unborn)
            continue;
        const Fd process(static_cast<int>(kernel::call(SYS_pidfd_open, seat.pid.load(), 0)));
        if (!process) continue;
        for (const std::int16_t number : b.slots[actor].numbers) {
            if (number < 0 || number >= first_place) continue;
            const Fd fd(static_cast<int>(kernel::call(SYS_pidfd_getfd, process.number(), number, 0)));
            if (fd) look(fd.number());
        }
    }
}

}  // namespace

void Leader::probe_objects(Stamp now) {
    if ((lane_.abilities() & ability_pidfd_getfd) == 0) return;
    std::array<bool, max_objects> done{};
    each_descriptor([&](int fd) {
        const std::uint64_t inode = inode_of(fd);
        for (std::size_t object = 0; object < max_objects; ++object) {
            if (done[object] || inode == 0 || board->object_inodes[object].load() != inode) continue;
            done[object] = true;
            add(probe_event(static_cast<ObjectId>(object), fd, now));
        }
    });
}

// May something still be on its way that nobody has received, where delivery takes time? Not if each socket is there
// and all that it sent has been acknowledged (tcp(7), SIOCOUTQ): then it waits for its receiver.
bool Leader::may_be_in_transit() const {
    if (distant_ends_ == 0) return false;
    if ((lane_.abilities() & ability_pidfd_getfd) == 0) return true;
    std::array<std::uint64_t, 2 * max_objects> seen{};
    std::uint32_t found = 0;
    bool unacknowledged = false;
    each_descriptor([&](int fd) {
        int domain = AF_UNIX, unsent = 0;
        unsigned length = sizeof domain;
        if (kernel::call(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0 || domain == AF_UNIX) return;
        const std::uint64_t inode = inode_of(fd);
        if (std::find(seen.begin(), seen.begin() + found, inode) != seen.begin() + found) return;
        if (found < seen.size()) seen[found++] = inode;
        unacknowledged |= kernel::call(SYS_ioctl, fd, SIOCOUTQ, &unsent) < 0 || unsent != 0;
    });
    return unacknowledged || found < distant_ends_;
}

// Nothing has moved for so long that nothing can be in transit any more. False: somebody moved on.
bool Leader::transit_is_over() {
    const Stamp before = board->journal.latest();
    for (int looks = 0; looks < transit_looks && may_be_in_transit(); ++looks) {
        wait_for_bell(board->bell.load(), look_ns);
        if (board->journal.latest() != before) return false;
    }
    return board->journal.latest() == before;
}

void Leader::record_calm() {
    Board& b = *board;
    const Stamp now = b.journal.stamp();
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        const Phase phase = b.seats[actor].phase.load();
        const bool lives = phase == Phase::in_call || phase == Phase::moving;
        if (lives && is_open(actor)) add(seen_event(EventKind::asleep, actor, now));
    }
    probe_objects(now);
}

void Leader::note_spinning(ActorId actor) {
    if (is_open(actor)) add(seen_event(EventKind::spinning, actor, board->journal.stamp()));
}

void Leader::record_spinning() {
    Board& b = *board;
    for (std::uint32_t actor = 0; actor < b.actor_count; ++actor) {
        const Phase phase = b.seats[actor].phase.load();
        if ((phase == Phase::moving || phase == Phase::in_call) && watch_.state(static_cast<ActorId>(actor)) == 'R')
            note_spinning(static_cast<ActorId>(actor));
    }
}

}  // namespace crosstalk::agent
