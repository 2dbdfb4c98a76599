// Message queues: the names that lead to them, and who is registered to be told of a message (mq_open(3), mq_unlink(3),
// mq_notify(3)). A queue stays while a name leads to it or a descriptor is open.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {

std::int16_t Play::new_queue(ObjectId object) {
    queues_.push_back({.object = object});
    return static_cast<std::int16_t>(queues_.size() - 1);
}

std::int16_t Play::open_description(std::int16_t queue, Access access, std::uint16_t flags) {
    const std::int16_t made = new_description(0, 0, flags & flag_nonblock);
    Description& description = descriptions_[static_cast<std::size_t>(made)];
    description.kind = Kind::queue, description.thing = static_cast<std::uint16_t>(queue);
    description.access = access;
    return made;
}

// One that no step makes is there from the start, under its name and in the hands of who holds it.
void Play::begin_queue(ObjectId object, std::vector<std::int16_t>& first) {
    names_[object] = new_queue(object);
    queues_.back().by_leader = true;
    first[object] = open_description(names_[object], Access::both, value_.program.objects[object].asked.flags);
    Event probe;
    probe.kind = EventKind::probe, probe.object = object;
    probe.began = probe.ended = stamp();
    history_.events.push_back(probe);
}

Effect Play::open_queue(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    const bool makes = operation.verb == Verb::create, creates = makes || (operation.flags & flag_create) != 0,
               exclusive = makes || (creates && (operation.flags & flag_exclusive) != 0);
    const Asked& asked = value_.program.objects[operation.object].asked;
    const bool by_default = asked.records == 0 && asked.record_bytes == 0,
               sound = asked.records != 0 && asked.record_bytes != 0 && asked.records <= queue_most_.messages &&
                       asked.record_bytes <= queue_most_.bytes;
    std::int16_t& name = names_[operation.object];
    Errno error = Errno::none;
    if (name != unbound) {
        if (exclusive && !lies(Lie::queue_exclusive_ignored)) error = Errno::EEXIST_;
    } else if (!creates) {
        error = Errno::ENOENT_;
    } else if (!by_default && !sound && !lies(Lie::any_sizes)) {
        error = Errno::EINVAL_;
    }
    const int number = lowest_free(process);
    if (number >= process.limit && (error == Errno::none || dice_.one_in(2))) return fails(Errno::EMFILE_);
    if (error != Errno::none) return fails(error);
    if (name == unbound) {
        const auto before = std::ranges::find(queues_, operation.object, &Queue::object);
        const auto old =
            lies(Lie::new_queue_is_old) && before != queues_.end() ? before->letters : std::vector<Letter>();
        name = new_queue(operation.object);
        queues_.back().letters = old;
    }
    const Access access = makes ? Access::both : static_cast<Access>(operation.value);
    const std::int16_t made = open_description(name, access, operation.flags);
    refer(made);
    bind(process, operation.makes[0], made, number, !lies(Lie::queue_survives_exec));  // mq_open(3), NOTES
    return {};
}

Effect Play::unlink_queue(const Operation& operation) {
    std::int16_t& name = names_[operation.object];
    if (name == unbound) return fails(Errno::ENOENT_);
    if (lies(Lie::unlink_takes_messages)) queues_[static_cast<std::size_t>(name)].letters.clear();
    if (!lies(Lie::unlink_keeps_queue)) name = unbound;
    return {};
}

// mq_overview(7), mq_open(3): a slash, and up to NAME_MAX characters more, no slash among them.
Effect Play::misname_queue(const Operation& operation) {
    switch (static_cast<Misname>(operation.value)) {
        case Misname::too_long: return lies(Lie::any_queue_name) ? Effect{} : fails(Errno::ENAMETOOLONG_);
        case Misname::no_slash: return fails(Errno::EINVAL_);
        case Misname::two_slashes: return fails(Errno::EACCES_);
        case Misname::only_slash: return fails(Errno::ENOENT_);
        default: return {};
    }
}

Effect Play::register_at(ActorId actor, const Operation& operation) {
    const std::uint8_t process = lives_[actor].process;
    const std::int16_t found = description_in(actor, operation.uses[0]);
    const bool asks = operation.value != 0, bad = asks && (operation.flags & flag_unknown) != 0;
    if (found == unbound) return fails(bad && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EBADF_);
    Queue& queue = queue_of(descriptions_[static_cast<std::size_t>(found)]);
    if (bad && !lies(Lie::any_notification) && (queue.registered == no_process || dice_.one_in(2)))
        return fails(Errno::EINVAL_);
    if (!asks) {
        const bool mine = queue.registered == process;
        if (!mine && null_needs_registration_) return fails(Errno::EINVAL_);
        if (mine || lies(Lie::null_frees_all)) queue.registered = no_process;
        return {};
    }
    if (queue.registered != no_process && !lies(Lie::registers_over)) return fails(Errno::EBUSY_);
    const bool silent = (operation.flags & flag_ignore) != 0;
    queue.registered = process;
    queue.signal = silent ? Signal::none : static_cast<Signal>(operation.value);
    queue.registered_by = found, queue.slot = operation.uses[0];
    return {};
}

void Play::tell_registered(Queue& queue) {
    if (queue.registered == no_process) return;
    if (!lies(Lie::tells_nobody)) signal_process(queue.registered, queue.signal);
    if (lies(Lie::silent_stays_registered) && queue.signal == Signal::none) return;
    if (!lies(Lie::told_stays_registered)) queue.registered = no_process;
}

// To a process: any of its threads may handle it. What all ignore is not even pending (signal(7)).
void Play::signal_process(std::uint8_t number, Signal signal) {
    Process& process = processes_[number];
    const bool waits = std::ranges::any_of(
        lives_, [&](const Life& life) { return life.process == number && (life.blocked & bit_of(signal)) != 0; });
    if (signal == Signal::none || (process.dispositions[static_cast<std::size_t>(signal)].ignored && !waits)) return;
    process.pending |= bit_of(signal);
    if (!lies(Lie::code_untold)) process.of_queue |= bit_of(signal);
}

// mq_close(3): with the descriptor by which a process registered the registration goes. Whether it goes with a copy of
// that descriptor is said nowhere.
void Play::leave_queue(const Process& process, Slot slot) {
    const std::int16_t found = process.description[slot];
    const Description& description = descriptions_[static_cast<std::size_t>(found)];
    if (description.kind != Kind::queue) return;
    Queue& queue = queue_of(description);
    const auto number = static_cast<std::uint8_t>(&process - processes_.data());
    const bool dies = process.stage == Stage::closing, itself = found == queue.registered_by && slot == queue.slot,
               copy = !itself && found == queue.registered_by;
    if (lies(Lie::last_close_empties) && std::ranges::count(process.description, found) == 1) queue.letters.clear();
    if (lies(Lie::child_is_registered) && itself) queue.registered = no_process;
    if (queue.registered != number || lies(dies ? Lie::death_stays_registered : Lie::close_stays_registered)) return;
    if (itself || (copy && dice_.one_in(2))) queue.registered = no_process;
}

}  // namespace crosstalk::mirror
