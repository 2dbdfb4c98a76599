// The table in front of the honest one: keeps the stage up to date, and lies where all triggers hold.
#include <cerrno>

#include "faults/lies/row.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {

Telling telling;

namespace {

bool all_hold(const Row& lie, const Call& call) {
    for (const Trigger& trigger : lie.when)
        if (!holds(trigger, call)) return false;
    return true;
}

Answer tell(const Call& call) {
    const Row& lie = *telling.lie;
    const Verb verb = call.operation->verb;
    Part& part = part_of(call);
    const bool lies_now = concerns(lie, verb) && all_hold(lie, call);
    part.tid.store(kernel::tid());
    part.inside.store(static_cast<std::uint8_t>(1 + static_cast<unsigned>(verb)));
    const Answer answer = lies_now ? lie.mutate(lie, call) : honestly(call);
    part.inside.store(0);
    if (answer.result == -EINTR) part.interrupted.store(true);
    if (verb == Verb::signal && answer.result == 0) part.disposed.store(call.operation->flags);
    if (verb == Verb::create) telling.stage->creates.fetch_add(1);
    if (verb == Verb::start && answer.result == 0) telling.stage->starts.fetch_add(1);
    return answer;
}

}  // namespace

OperationTable lied(const Row& lie, const OperationTable& honest, Stage& stage) {
    telling = {&lie, honest, &stage};
    OperationTable table;
    table.fill(tell);
    return table;
}

Answer honestly(const Call& call) { return telling.honest[static_cast<std::size_t>(call.operation->verb)](call); }

Part& part_of(const Call& call) { return telling.stage->parts[call.actor]; }

}  // namespace crosstalk::lies
