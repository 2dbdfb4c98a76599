// World: slots, processes and mailboxes; what close, dup, fork, exec, exit, passing and limits do to who holds an end.
#include <algorithm>
#include <bit>

#include "mechanisms/names.h"
#include "properties/draw/world.h"

namespace crosstalk::draw {

std::uint64_t created_objects(const Program& program) {
    std::uint64_t created = 0;
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            if (operation.verb == Verb::create) created |= std::uint64_t{1} << operation.object;
    return created;
}

void World::add_object() { objects_[object_count_++].capacity_bytes = ground_.default_capacity_bytes; }

void World::bind(ProcessBelief& process, Slot slot, Description description, bool cloexec) {
    unbind(process, slot);
    if (description == no_description || slot >= plain_slots) return;
    const std::uint64_t bit = std::uint64_t{1} << slot;
    process.held[slot] = description;
    process.bound |= bit;
    (end_of(description) == 0 ? process.readable : process.writable) |= bit;
    if (cloexec) process.cloexec |= bit;
    ++objects_[object_of(description)].holders[end_of(description)];
    if (process.limit_left > 0) --process.limit_left;
}

void World::unbind(ProcessBelief& process, Slot slot) {
    if (slot >= plain_slots || (process.bound >> slot & 1) == 0) return;
    const std::uint64_t keep = ~(std::uint64_t{1} << slot);
    process.bound &= keep;
    process.readable &= keep;
    process.writable &= keep;
    process.cloexec &= keep;
    const Description description = process.held[slot];
    ObjectBelief& object = objects_[object_of(description)];
    if (--object.holders[end_of(description)] == 0 && object.holders[1 - end_of(description)] == 0)
        object.level_bytes = object.pages = object.tail_bytes = 0;
    if (process.limit_left >= 0) ++process.limit_left;
}

void World::make(ActorId actor, const Operation& operation) {
    ProcessBelief& process = processes_[actors_[actor].process];
    ObjectBelief& object = objects_[operation.object];
    const bool refused = (operation.flags & (flag_unknown | flag_bad_pointer)) != 0;
    if (refused || object.made || (process.limit_left >= 0 && process.limit_left < 2)) return;
    object.made = true;
    object.nonblock.fill((operation.flags & flag_nonblock) != 0);
    object.direct = (operation.flags & flag_direct) != 0;
    const bool cloexec = (operation.flags & flag_cloexec) != 0;
    for (int end = 0; end < 2; ++end) bind(process, operation.makes[end], initial_slot(operation.object, end), cloexec);
}

void World::resize(ObjectBelief& object, std::int64_t asked_bytes) {
    constexpr std::int64_t most_bytes = 16 << 20;  // an array of page slots for more is not to be had, or not wanted
    if (asked_bytes < 0 || asked_bytes > most_bytes) return;
    const std::uint64_t page = ground_.page_bytes;
    const std::uint64_t pages = (static_cast<std::uint64_t>(asked_bytes) + page - 1) / page;
    const std::uint64_t given = std::bit_ceil(std::max<std::uint64_t>(pages, 1)) * page;
    const bool grows = given > object.capacity_bytes;
    if (grows && given > ground_.pipe_max_bytes && !ground_.root) return;  // EPERM
    if (given / page < object.pages) return;                               // EBUSY
    object.capacity_bytes = given;
}

void World::apply_descriptor(ActorId actor, const Operation& operation) {
    if (operation.verb == Verb::create) return make(actor, operation);
    ProcessBelief& process = processes_[actors_[actor].process];
    const Description description = at(actor, operation.uses[0]);
    if (description == no_description) return;
    ObjectBelief& object = objects_[object_of(description)];
    const auto kind = static_cast<Duplicate>(operation.value);
    switch (operation.verb) {
        case Verb::close: unbind(process, operation.uses[0]); break;
        case Verb::dup:
            if (process.limit_left == 0) break;
            bind(process, operation.makes[0], description,
                 kind == Duplicate::dup3_cloexec || kind == Duplicate::fcntl_cloexec);
            break;
        case Verb::set_flags:
            object.nonblock[end_of(description)] = (operation.flags & flag_nonblock) != 0;
            if (end_of(description) == 1) object.direct = (operation.flags & flag_direct) != 0;
            break;
        case Verb::set_cloexec:
            process.cloexec &= ~(std::uint64_t{1} << operation.uses[0]);
            if (operation.value != 0) process.cloexec |= std::uint64_t{1} << operation.uses[0];
            break;
        case Verb::set_capacity: resize(object, operation.value); break;
        default: break;
    }
}

void World::apply_process(ActorId actor, const Operation& operation) {
    ProcessBelief& process = processes_[actors_[actor].process];
    switch (operation.verb) {
        case Verb::start: {
            const auto child = static_cast<ActorId>(operation.value);
            if (child >= actor_count_ || actors_[child].started) break;
            actors_[child].started = true;
            if (actors_[child].process != child) {
                ++process.threads;
                break;
            }
            for (std::uint64_t mask = process.bound; mask != 0; mask &= mask - 1) {
                const auto slot = static_cast<Slot>(std::countr_zero(mask));
                bind(processes_[child], slot, process.held[slot], (process.cloexec >> slot & 1) != 0);
            }
            processes_[child].limit_left = process.limit_left;
            processes_[child].dies_of_sigpipe = process.dies_of_sigpipe;
            break;
        }
        case Verb::exec:
            for (std::uint64_t mask = process.cloexec; mask != 0; mask &= mask - 1)
                unbind(process, static_cast<Slot>(std::countr_zero(mask)));
            break;
        case Verb::exit: end_process(actors_[actor].process); break;
        case Verb::limit: process.limit_left = static_cast<int>(operation.value); break;
        case Verb::signal:
            if (static_cast<Signal>(operation.value) == Signal::SIGPIPE_)
                process.dies_of_sigpipe = (operation.flags & flag_standard) != 0;
            break;
        case Verb::pass: {
            const std::size_t target = operation.uses[0] - std::size_t{first_mailbox};
            if (target >= actor_count_ || actors_[target].mail_count == actors_[target].mail.size()) break;
            auto& letter = actors_[target].mail[actors_[target].mail_count++];
            for (std::size_t i = 0; i < letter.size(); ++i) {
                letter[i] = at(actor, operation.uses[i + 1]);
                if (letter[i] != no_description) ++objects_[object_of(letter[i])].holders[end_of(letter[i])];
            }
            break;
        }
        default: break;
    }
}

bool World::attempt_receive(ActorId actor, const Operation& operation) {
    ActorBelief& who = actors_[actor];
    if (operation.uses[0] != mailbox_of(actor)) return true;
    if (who.mail_count == 0) return !may_sleep(operation, false);
    for (std::size_t i = 0; i < who.mail[0].size(); ++i) {
        const Description description = who.mail[0][i];
        if (description == no_description) continue;
        if (operation.makes[i] != no_slot)
            bind(processes_[who.process], operation.makes[i], description, (operation.flags & flag_cloexec) != 0);
        --objects_[object_of(description)].holders[end_of(description)];
    }
    std::move(who.mail.begin() + 1, who.mail.end(), who.mail.begin());
    --who.mail_count;
    return true;
}

void World::end_process(ActorId process) {
    for (std::uint64_t mask = processes_[process].bound; mask != 0; mask &= mask - 1)
        unbind(processes_[process], static_cast<Slot>(std::countr_zero(mask)));
    for (std::size_t a = 0; a < actor_count_; ++a) {
        if (actors_[a].process != process || !actors_[a].started) continue;
        actors_[a].ended = true;
        actors_[a].asleep = false;
        sleepers_ &= ~(std::uint64_t{1} << a);
    }
}

void World::finish(ActorId actor) {
    if (actors_[actor].ended) return;
    const bool forked = forked_ >> actor & 1;
    if (forked) end_process(actor);
    actors_[actor].ended = true;
    if (forked && sleepers_ != 0) wake();
}

}  // namespace crosstalk::draw
