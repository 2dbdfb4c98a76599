// How a case is seen to end: who sleeps, who burns time, and what the objects hold. Objects are looked at only here,
// when nobody can move any more, through a descriptor taken from a process that still has one.
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet.h"
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

// TCP sends again, and asks again what a full window or TCP_CORK holds back, once its retransmission timeout is over,
// then once more after twice that time (RFC 6298; tcp(7), TCP_INFO). So long where nobody can tell:
constexpr std::int64_t transit_unknown_ns = 1'000'000'000;
constexpr std::int64_t least_probe_us = 200'000;  // tcp(7), TCP_CORK: so long it holds back, however short the timeout
// A first SYN or INIT is answered, or refused, as soon as its machine has a processor for it; one that a full backlog
// ignored is not, however long one waits (listen(2)). So it is with news of a window, which a reader has opened or not.
constexpr std::int64_t answered_ns = 10 * look_ns;

// Retransmissions in vain; this one comes three timeouts after the first attempt.
constexpr int dropped_so_often = 2;

// What a socket that is connected over a network says of itself.
struct Distant {
    bool receives = false;        // its peer may still send
    bool asks = false;            // waits for a connection (TCP_SYN_SENT, COOKIE_WAIT), its end (SHUTDOWN) or a window
    bool unacknowledged = false;  // what it sent may not have arrived
    std::int64_t timeout_us = 0;  // after which it sends again; 0: nobody can tell
};

// tcp(7): what is queued is unsent or unacknowledged (SIOCOUTQ). An acknowledgement is due 40 ms after what it is for
// unless it is asked for (TCP_QUICKACK). What is unsent with nothing under way (SIOCOUTQNSD) and no window waits for a
// reader, and readers sleep here. So does what is sent again and again where nothing is ever lost: its receiver has no
// room for it, and drops it.
Distant tcp_socket(int fd, bool loses) {
    enum State : std::uint8_t { established = 1, syn_sent, fin_wait1 = 4, fin_wait2, closed = 7, listening = 10 };
    tcp_info info{};
    unsigned length = sizeof info;
    kernel::call(SYS_getsockopt, fd, IPPROTO_TCP, TCP_INFO, &info, &length);
    int queued = 1, unsent = 0;
    const bool told =
        kernel::call(SYS_ioctl, fd, SIOCOUTQ, &queued) >= 0 && kernel::call(SYS_ioctl, fd, SIOCOUTQNSD, &unsent) >= 0;
    const bool tells_window = length >= offsetof(tcp_info, tcpi_snd_wnd) + sizeof info.tcpi_snd_wnd;
    const bool has_no_window = told && tells_window && queued == unsent && info.tcpi_snd_wnd == 0;
    const bool waits_for_reader = has_no_window || (!loses && info.tcpi_backoff >= dropped_so_often);
    const auto state = info.tcpi_state;
    return {state == established || state == fin_wait1 || state == fin_wait2,
            state == syn_sent || (queued != 0 && waits_for_reader),
            state != closed && state != listening && queued != 0 && !waits_for_reader,
            info.tcpi_rto == 0 ? 0 : std::max<std::int64_t>(info.tcpi_rto, least_probe_us)};
}

// RFC 6458, 8.2.1 (SCTP_STATUS); socket(7) does not tell SO_MEMINFO: what waits for its acknowledgement is charged
// there.
Distant sctp_socket(int fd) {
    constexpr int status_option = 14, memory_option = 55, queued = 5;
    constexpr int cookie_wait = 2, established = 4, shutdown_pending = 5, shutdown_sent = 6;
    std::array<std::int32_t, 64> status{};  // the association, its state, ...
    std::array<std::uint32_t, 16> memory{};
    unsigned status_bytes = sizeof status, memory_bytes = sizeof memory;
    if (kernel::call(SYS_getsockopt, fd, IPPROTO_SCTP, status_option, status.data(), &status_bytes) < 0) return {};
    kernel::call(SYS_getsockopt, fd, SOL_SOCKET, memory_option, memory.data(), &memory_bytes);
    const int state = status[1];
    const bool connects = state >= cookie_wait && state < established,
               ends = state == shutdown_pending || state == shutdown_sent;
    return {state >= established && state <= shutdown_sent, connects || ends, memory[queued] != 0,
            1000 * sctp_most_timeout_ms};
}

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

// Everybody sleeps, so nobody's answer can carry them (tcp(7), TCP_QUICKACK).
void hurry_acknowledgements() {
    each_descriptor([](int fd) {
        const int at_once = 1;
        kernel::call(SYS_setsockopt, fd, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
    });
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

// May something still be on its way that nobody has received, where delivery takes time? Not where all that was sent
// has been acknowledged (tcp(7), SIOCOUTQ), and whoever may still receive has a peer that is there: an end that has
// been closed may have left something behind that is to come. What is asked of a peer is answered soon or never.
// Returns for how long, 0 for no.
std::int64_t Leader::transit_ns() const {
    if (!has_distant_ends_) return 0;
    if ((lane_.abilities() & ability_pidfd_getfd) == 0) return transit_unknown_ns;
    struct Names {
        sockaddr_in6 mine{}, peer{};
        bool receives = false;
    };
    std::array<Names, 2 * max_objects> sockets{};
    std::size_t found = 0;
    bool asks = false, unacknowledged = false;
    std::int64_t timeout_us = 0;
    each_descriptor([&](int fd) {
        Names socket;
        unsigned mine = sizeof socket.mine, peer = sizeof socket.peer;
        if (kernel::call(SYS_getsockname, fd, &socket.mine, &mine) < 0 || socket.mine.sin6_family == AF_UNIX) return;
        kernel::call(SYS_getpeername, fd, &socket.peer, &peer);
        int protocol = 0;
        unsigned length = sizeof protocol;
        kernel::call(SYS_getsockopt, fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length);
        const Distant distant = protocol == IPPROTO_SCTP ? sctp_socket(fd) : tcp_socket(fd, link_.is_up());
        socket.receives = distant.receives;
        asks |= distant.asks;
        unacknowledged |= distant.unacknowledged;
        timeout_us = std::max(timeout_us, distant.timeout_us);
        if (found < sockets.size()) sockets[found++] = socket;
    });
    const auto all = std::span(sockets).first(found);
    const bool orphaned = std::ranges::any_of(all, [&](const Names& one) {
        return one.receives && std::ranges::none_of(all, [&](const Names& other) {
                   return std::memcmp(&one.peer, &other.mine, sizeof one.peer) == 0;
               });
    });
    if (!unacknowledged && !orphaned) return asks ? answered_ns : 0;
    return timeout_us == 0 ? transit_unknown_ns : 3000 * timeout_us + 10 * look_ns;
}

// False: look again, something has moved or arrived. True: nothing was in transit when this was asked, or nothing that
// was has moved for so long that it waits for its receiver. What the link took is waited for as long as it may take to
// be sent again. Whom an arrival woke is not asleep any more by then.
bool Leader::transit_is_over() {
    const Stamp before = board->journal.latest();
    Patience waited(lane_.fifo());
    waited.begin();
    for (bool first = true;; first = false) {
        const std::int64_t longest_ns = transit_ns();
        const bool is_missing_some = link_.is_missing_some();
        if (longest_ns == 0 && !is_missing_some) return first;
        if (board->journal.latest() != before) return false;
        if (waited.look() > longest_ns && !is_missing_some) return true;
        if (first) hurry_acknowledgements();
        if (link_.carry()) return false;
        wait_for_bell(board->bell.load(), link_.is_up() ? link_look_ns : look_ns);
    }
}

// In turns nobody moves on before a stream has got again what the link took: so a replay does not depend on the time
// that takes. One look at a time.
bool Leader::is_repaired() {
    if (!link_.is_missing_some()) return true;
    wait_for_bell(board->bell.load(), link_look_ns);
    return false;
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
