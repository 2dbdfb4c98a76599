// Verbs of connected sockets: what a descriptor alone decides is judged here, the rest becomes acts on a pair. Both
// ends send and receive, so no end is the wrong one. Addresses are not here.
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
    // read(2), readv(2), writev(2): of no bytes they return at once; only write and send pass an empty record on.
    if (operation.buffer.bytes == 0 &&
        (operation.verb == Verb::read || operation.verb == Verb::readv || operation.verb == Verb::writev)) {
        if (event.ended != 0 && (event.error != Errno::none || event.result != 0))
            breach(clause("SOCK-DONTWAIT-1"), Reason::wrong_errno, "", index, "moves nothing and returns 0");
        return;
    }
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    Act act = act_of(sheet_of(operation.verb).flow == Flow::out ? ActKind::write : ActKind::read, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.never_sleeps =
        (operation.verb == Verb::send || operation.verb == Verb::recv) && operation.flags & flag_nonblock;
    act.asked = operation.buffer.bytes;
    act.full_calls = event.times;
    act.has_tail = event.ended != 0 && event.times < operation.times;
    const std::uint64_t moved = event.result > 0 ? static_cast<std::uint64_t>(event.result) : 0;
    act.tail = moved > act.asked * event.times ? moved - act.asked * event.times : 0;
    act.first_run = event.first_run, act.run_count = event.run_count;
    add(act);
}

void Resolver::socket_control(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("SOCK-SHUT-3"), Errno::EBADF_));
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.value = operation.value;
    add(act);
}

}  // namespace crosstalk::judging
