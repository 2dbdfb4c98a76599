// Whether a trigger holds for a call, as things stand right before it.
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>

#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/row.h"
#include "mechanisms/system/kernel.h"

#ifndef O_DIRECT
#define O_DIRECT __O_DIRECT
#endif

namespace crosstalk::lies {
namespace {

// Equal for equal calls of equal cases, and of no other meaning.
std::uint64_t hash_of(const Call& call) {
    std::uint64_t hash =
        call.actor * 0x9e3779b97f4a7c15u + call.step * 0xff51afd7ed558ccdu + call.operation->buffer.bytes;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53u;
    return hash >> 20;
}

std::int64_t unread(const Call& call) {
    if (call.places[0] == nullptr) return unread_bytes(call.fds[0]);
    int tokens = -1;
    ::sem_getvalue(static_cast<sem_t*>(call.places[0]), &tokens);
    return tokens;
}

bool nonblocking(const Call& call) {
    const Verb verb = call.operation->verb;
    if ((verb == Verb::splice || verb == Verb::tee || verb == Verb::vmsplice) &&
        (call.operation->flags & flag_nonblock) != 0)
        return true;
    return verb != Verb::vmsplice && (status_flags(call.fds[0]) & O_NONBLOCK) != 0;
}

bool waits_inside(std::uint8_t inside) { return inside != 0 && sheet_of(static_cast<Verb>(inside - 1)).may_sleep; }

std::int64_t others_inside(const Call& call, bool alike) {
    const auto mine = static_cast<std::uint8_t>(1 + static_cast<unsigned>(call.operation->verb));
    std::int64_t count = 0;
    for (std::uint32_t actor = 0; actor < telling.stage->actors; ++actor) {
        const std::uint8_t inside = telling.stage->parts[actor].inside.load();
        if (actor != call.actor && (alike ? inside == mine : waits_inside(inside))) ++count;
    }
    return count;
}

// The dead stay inside their last call; the leader has reaped them by the time that somebody else may move.
bool fellow_killed(const Call& call, std::int64_t inside) {
    const auto mine =
        static_cast<std::uint8_t>(inside != 0 ? inside : 1 + static_cast<std::int64_t>(call.operation->verb));
    for (std::uint32_t actor = 0; actor < telling.stage->actors; ++actor) {
        const Part& part = telling.stage->parts[actor];
        if (actor != call.actor && part.inside.load() == mine && kernel::kill(part.tid.load(), 0) == -ESRCH)
            return true;
    }
    return false;
}

}  // namespace

bool holds(const Trigger& trigger, const Call& call) {
    const Operation& operation = *call.operation;
    const std::int64_t argument = trigger.argument;
    const auto bytes = static_cast<std::int64_t>(operation.buffer.bytes);
    const Part& part = part_of(call);
    switch (trigger.on) {
        case On::always: return true;
        case On::bytes_at_least: return operation.buffer.bytes >= static_cast<std::uint64_t>(argument);
        case On::bytes_at_most: return operation.buffer.bytes <= static_cast<std::uint64_t>(argument);
        case On::bytes_are: return bytes == argument;
        case On::unread_at_least: return unread(call) >= argument;
        case On::unread_are: return unread(call) == argument;
        case On::fills_exactly: return unread_bytes(call.fds[0]) + bytes == capacity_bytes(call.fds[0]);
        case On::has_room: {
            const int fd = fd_written(call);
            return (ready(fd) & (POLLOUT | POLLERR)) == POLLOUT && capacity_bytes(fd) - unread_bytes(fd) >= argument;
        }
        case On::is_full: return fd_written(call) >= 0 && (ready(fd_written(call)) & (POLLOUT | POLLERR)) == 0;
        case On::no_reader: return (ready(fd_written(call)) & POLLERR) != 0;
        case On::no_writer: return (ready(fd_read(call)) & POLLHUP) != 0;
        case On::capacity_not: return capacity_bytes(call.fds[0]) > 0 && capacity_bytes(call.fds[0]) != argument;
        case On::in_flight: return others_inside(call, false) >= argument;
        case On::alike_in_flight: return others_inside(call, true) >= argument;
        case On::actors_at_least: return telling.stage->actors >= argument;
        case On::interrupted_once: return part.interrupted.load();
        case On::pipe_made: return telling.stage->creates.load() != 0;
        case On::fellow_killed: return fellow_killed(call, argument);
        case On::killed_here: return part.killed_in == call.step + 1u;
        case On::doomed: return part.killed_in > call.step;
        case On::one_in: return hash_of(call) % static_cast<std::uint64_t>(argument) == 0;
        case On::segments_at_least: return operation.buffer.segments >= argument;
        case On::segments_at_most: return operation.buffer.segments <= argument;
        case On::times_at_least: return operation.times >= argument;
        case On::forked: return part.kind == ActorKind::forked;
        case On::threaded: return part.kind == ActorKind::thread;
        case On::nonblocking: return nonblocking(call);
        case On::blocking: return call.fds[0] >= 0 && !nonblocking(call);
        case On::packets: return (status_flags(call.fds[0]) & O_DIRECT) != 0;
        case On::flags_asked: return (operation.flags & argument) == argument;
        case On::flags_not_asked: return (operation.flags & argument) == 0;
        case On::value_is: return operation.value == argument;
        case On::value_below_capacity: return operation.value < capacity_bytes(call.fds[0]);
        case On::value_above_capacity: return operation.value > capacity_bytes(call.fds[0]);
        case On::disposed: return (part.disposed.load() & argument) != 0;
        case On::faulty_buffer: return operation.buffer.mapped < operation.buffer.bytes;
        case On::writable: return call.fds[0] >= 0 && is_write_end(call.fds[0]);
        case On::readable: return call.fds[0] >= 0 && !is_write_end(call.fds[0]);
        case On::readers: return call.fds[0] >= 0 && (status_flags(call.fds[0]) & O_ACCMODE) == O_RDONLY;
        case On::late_slot: return operation.uses[0] >= argument && operation.uses[0] < first_mailbox;
        case On::timed: return operation.timeout_ns > 0;
        case On::past: return operation.timeout_ns == 0;
        case On::waits: return operation.timeout_ns < 0;
    }
    return false;
}

}  // namespace crosstalk::lies
