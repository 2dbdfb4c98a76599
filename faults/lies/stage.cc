// Setting the stage, between cases; and marks, during one.
#include "faults/lies/stage.h"

#include "faults/catalog.h"

namespace crosstalk::lies {

void Stage::set(const Case& value) {
    serial.fetch_add(1);
    actors = static_cast<std::uint32_t>(value.program.actors.size());
    starts.store(0);
    creates.store(0);
    for (std::size_t i = 0; i < value.program.actors.size(); ++i) {
        Part& part = parts[i];
        part.kind = value.program.actors[i].kind;
        part.killed_in = 0;
        part.inside.store(0);
        part.tid.store(0);
        part.interrupted.store(false);
        part.disposed.store(0);
        part.kept_count = 0;
    }
    for (const Injection& injection : value.plan)
        if (injection.fault == killed_peer_fault && injection.actor < actors)
            parts[injection.actor].killed_in = static_cast<std::uint16_t>(injection.step + 1u);
    for (Mark& mark : marks) {
        mark.inode.store(0);
        mark.value.store(0);
    }
}

Mark* Stage::mark_of(std::uint64_t inode) {
    if (inode == 0) return nullptr;
    for (Mark& mark : marks) {
        std::uint64_t there = 0;
        if (mark.inode.compare_exchange_strong(there, inode) || there == inode) return &mark;
    }
    return nullptr;
}

}  // namespace crosstalk::lies
