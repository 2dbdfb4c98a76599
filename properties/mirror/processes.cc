// Calls that begin, replace and end processes.
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

Effect Play::start(ActorId actor, const Operation& operation) {
    const auto child = static_cast<ActorId>(operation.value);
    const Actor& line = value_.program.actors[child];
    Life& life = lives_[child];
    const std::uint8_t parent = lives_[actor].process;
    life.blocked = lives_[actor].blocked;
    life.process = parent;
    if (line.kind == ActorKind::thread) {
        processes_[parent].threads = true;
    } else {
        life.process = static_cast<std::uint8_t>(processes_.size());
        Process copy = processes_[parent];
        copy.leader = child, copy.pending = copy.of_queue = 0, copy.threads = false;
        copy.stage = Stage::lives;
        for (Slot slot = 0; slot < first_mailbox; ++slot) {
            std::int16_t& description = copy.description[slot];
            if (description == unbound) continue;
            if (lies(Lie::fork_copies_descriptions)) {
                descriptions_.push_back(descriptions_[static_cast<std::size_t>(description)]);
                descriptions_.back().references = 0;
                description = static_cast<std::int16_t>(descriptions_.size() - 1);
            }
            refer(description);
        }
        fork_views(copy);
        processes_.push_back(copy);
    }
    life.phase = Phase::ready;
    if (line.steps.empty()) end_of_steps(child);
    return {};
}

// execve(2): close-on-exec descriptors go, and the new image sets its signals up as each does at its beginning.
Effect Play::exec(ActorId actor) {
    Process& process = process_of(actor);
    for (Slot slot = 0; slot < first_mailbox; ++slot)
        if (process.description[slot] != unbound && process.close_on_exec[slot] && !lies(Lie::exec_closes_nothing))
            unbind(process, slot);
    drop_semaphores(process);
    standard_dispositions(process);
    lives_[actor].blocked = 0;
    return {};
}

Effect Play::exit(ActorId actor, const Operation& operation) {
    lives_[actor].still = lives_[actor].doomed = true;
    kill(lives_[actor].process, Signal::none, operation.value, stamp());
    return {};
}

}  // namespace crosstalk::mirror
