// Verbs of connected sockets: what a descriptor alone decides is judged here, the rest becomes acts on a pair. Both
// ends send and receive, so no end is the wrong one. Addresses are not here.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

// What the resolver says in the words of pipes, and what the documents of sockets say of the same.
struct Translation {
    ClauseId pipes, sockets;
};
constexpr Translation translations[] = {
    {clause("PIPE-CLOSE-1"), clause("SOCK-SHUT-3")},  {clause("PIPE-CREATE-1"), clause("UNIX-PAIR-1")},
    {clause("PIPE-CREATE-3"), clause("UNIX-PAIR-1")}, {clause("PIPE-CREATE-4"), clause("SOCK-NEW-2")},
    {clause("PIPE-CREATE-5"), clause("SOCK-NEW-2")},  {clause("PIPE-CREATE-6"), clause("SOCK-NEW-2")},
    {clause("PIPE-FLAGS-2"), clause("PROC-DUP-1")},   {clause("PIPE-DUP-2"), clause("PROC-DUP-1")},
    {clause("PIPE-DUP-3"), clause("PROC-DUP-1")},     {clause("PIPE-DUP-4"), clause("PROC-DUP-1")},
    {clause("PIPE-CAP-11"), clause("SOCK-INQ-1")},
};

}  // namespace

bool Resolver::plays_sockets() const {
    const auto& objects = value_.program.objects;
    return !objects.empty() && binds::sockets(mechanism_of(objects[0].mechanism));
}

ClauseId Resolver::in_our_words(ClauseId clause) const {
    if (!plays_sockets()) return clause;
    for (const Translation& each : translations)
        if (each.pipes == clause) return each.sockets;
    return clause;
}

void Resolver::exchange(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("SOCK-SHUT-3"), Errno::EBADF_));
    // read(2), readv(2), writev(2): of no bytes they return at once, perhaps with an error that is there (XSH read,
    // write); only write and send pass an empty record on.
    if (operation.buffer.bytes == 0 &&
        (operation.verb == Verb::read || operation.verb == Verb::readv || operation.verb == Verb::writev)) {
        if (event.ended != 0 && event.error == Errno::none && event.result != 0)
            breach(clause("SOCK-DONTWAIT-1"), Reason::wrong_count, "", index, "moves nothing");
        return;
    }
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    Act act = act_of(sheet_of(operation.verb).flow == Flow::out ? ActKind::write : ActKind::read, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.never_sleeps =
        (operation.verb == Verb::send || operation.verb == Verb::recv) && operation.flags & flag_nonblock;
    act.asked = operation.buffer.bytes;
    act.asleep = act.asleep && operation.timeout_ns == forever;  // that a limit is over late is never proven
    const bool message = operation.verb == Verb::send || operation.verb == Verb::recv;
    if (message && operation.buffer.segments > resolved_.subject.iov_max) {
        leave_limit(act, operation);
        return void(must_fail(event, index, clause("SOCK-SENDMSG-1"), Errno::EMSGSIZE_, Errno::EINVAL_));
    }
    if (message && operation.buffer.segments == 0) {
        resolved_.unjudged = "no model knows a message of no parts";
        return;
    }
    act.full_calls = event.times;
    act.has_tail = event.ended != 0 && event.times < operation.times;
    const std::uint64_t moved = event.result > 0 ? static_cast<std::uint64_t>(event.result) : 0;
    act.tail = moved > act.asked * event.times ? moved - act.asked * event.times : 0;
    act.first_run = event.first_run, act.run_count = event.run_count;
    if (operation.flags & flag_real_length && operation.verb == Verb::recv && event.error == Errno::none &&
        event.ended != 0 && operation.times == 1) {  // it may say more than it gave
        act.full_calls = 0, act.has_tail = true;
        act.tail = std::min(moved, act.asked);
    }
    if (operation.verb == Verb::recv && event.value & message_control && event.error == Errno::none) {
        act.told_control = true;
        act.told_same_user = event.value >> 16 & 256;
    }
    if (operation.verb == Verb::send && !sends(event, index, operation, act)) return leave_limit(act, operation);
    if (sends_rights_ && act.kind == ActKind::read) {
        const bool of_no_bytes = act.asked == 0 && !mechanism_of(objects_[d.object].mechanism).facts.keeps_boundaries;
        if (operation.verb != Verb::recv)
            resolved_.unjudged = "which descriptors a read discards nobody is told";
        else if (of_no_bytes)  // Linux takes the descriptors of the next byte, and leaves the byte
            resolved_.unjudged = "a receive of no bytes among descriptors is not modelled";
        else
            waiting_.push_back(index);
    }
    add(act);
    if (act.error == Errno::ECONNREFUSED_ && act.kind == ActKind::write) drop_rights(act, event, index);
}

// SO_RCVTIMEO or SO_SNDTIMEO was set for a call, and stays whatever became of that: here it had no effect of its own.
void Resolver::leave_limit(Act act, const Operation& operation) {
    if (operation.timeout_ns == forever || act.open) return;
    const auto option = act.kind == ActKind::write ? SocketOption::send_limit : SocketOption::receive_limit;
    const std::int64_t limit_ms = std::max<std::int64_t>(1, operation.timeout_ns / 1'000'000);
    act.kind = ActKind::other, act.verb = Verb::set_option,
    act.value = static_cast<std::int64_t>(option) | limit_ms << 8;
    act.error = Errno::none, act.result = 0;
    add(act);
}

void Resolver::socket_control(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (!plays_sockets())
        return void(must_fail(event, index, clause("SOCK-NEW-3"), found == unbound ? Errno::EBADF_ : Errno::ENOTSOCK_));
    if (found == unbound) return void(must_fail(event, index, clause("SOCK-SHUT-3"), Errno::EBADF_));
    if (operation.verb == Verb::shutdown && operation.value > static_cast<std::int64_t>(Access::both))
        return void(must_fail(event, index, clause("SOCK-SHUT-4"), Errno::EINVAL_));
    const auto option = static_cast<SocketOption>(operation.value & 0xff);
    const bool limits = option == SocketOption::receive_limit || option == SocketOption::send_limit;
    if (operation.verb == Verb::set_option && limits && operation.value >> 8 < 0)
        return void(must_fail(event, index, clause("SOCK-TIMEO-3"), Errno::EDOM_));
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (operation.verb == Verb::get_option && option == SocketOption::peer) return peer_told(event, index, d);
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.value = operation.value;
    add(act);
}

}  // namespace crosstalk::judging
