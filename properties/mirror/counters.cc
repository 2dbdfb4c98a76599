// Semaphores: tokens that are taken and given, and names that lead to them (sem_overview(7)). What documents leave open
// is the dice's: which of two errors, whether a value at 0 tells who waits, when a time limit is over.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/mirror/play.h"

namespace crosstalk::mirror {
namespace {

constexpr std::int64_t owner_does_both = 0600;

}  // namespace

bool Play::is_of_semaphores(ActorId actor, const Operation& operation) const {
    switch (operation.verb) {
        case Verb::sem_wait:
        case Verb::sem_post:
        case Verb::sem_value: return true;
        case Verb::open:
        case Verb::unlink:
        case Verb::misname:
        case Verb::new_mode:
        case Verb::create: return is_counter(operation.object);
        case Verb::close:
            return operation.uses[0] < first_mailbox && process_of(actor).semaphore[operation.uses[0]] != unbound;
        default: return false;
    }
}

std::int16_t Play::new_semaphore(ObjectId object, std::int64_t tokens) {
    semaphores_.push_back({.object = object, .tokens = tokens});
    return static_cast<std::int16_t>(semaphores_.size() - 1);
}

// An unnamed one is there from the start, a name leads nowhere.
void Play::begin_semaphore(ObjectId object, std::vector<std::int16_t>& first) {
    const Object& asked = value_.program.objects[object];
    if (mechanism_of(asked.mechanism).facts.naming == Naming::none)
        first[object] = new_semaphore(object, asked.asked.value);
}

Effect Play::count(ActorId actor, const Operation& operation) {
    Process& process = process_of(actor);
    switch (operation.verb) {
        case Verb::create: {
            const std::int64_t value = value_.program.objects[operation.object].asked.value;
            if (value > most_tokens_ && !lies(Lie::too_many_tokens)) return fails(Errno::EINVAL_);
            process.semaphore[operation.makes[0]] = new_semaphore(operation.object, value);
            return {};
        }
        case Verb::open: return open_semaphore(actor, operation);
        case Verb::unlink: return unlink_semaphore(operation);
        case Verb::misname: return misname(operation);
        case Verb::new_mode: {  // a semaphore shows no mode, and each open is for both
            const std::int64_t allowed =
                (operation.value & owner_does_both) == 0 || lies(Lie::modes_ignored) ? fresh_reads | fresh_both : 0;
            return {.value = allowed | fresh_mine | fresh_kept};
        }
        case Verb::close: process.semaphore[operation.uses[0]] = unbound; return {};
        default: break;
    }
    const std::int16_t found = operation.uses[0] < first_mailbox ? process.semaphore[operation.uses[0]] : unbound;
    if (found == unbound) return fails(Errno::EBADF_);
    Semaphore& semaphore = semaphores_[static_cast<std::size_t>(found)];
    if (operation.verb == Verb::sem_wait) return take(actor, operation, semaphore);
    if (operation.verb == Verb::sem_post) return give(actor, operation, semaphore);
    return tell_value(operation, semaphore);
}

// sem_wait(3). Of a deadline that no clock shows only who would wait is told.
Effect Play::take(ActorId actor, const Operation& operation, Semaphore& semaphore) {
    Life& life = lives_[actor];
    const bool tries = (operation.flags & flag_nonblock) != 0, timed = !tries && operation.timeout_ns != forever;
    if (timed) life.event.took_ns = static_cast<std::int64_t>(dice_.below(1000)) + 1;
    const bool blind = lies(Lie::try_fails_with_token, 4) && tries;
    if (semaphore.tokens > 0 && !blind) {
        semaphore.tokens -= !lies(Lie::wait_takes_nothing, 4);
        return {.value = operation.flags & flag_ordered ? semaphore.counted : 0};
    }
    if (lies(Lie::wait_without_token, 8)) return {.value = semaphore.counted};
    if (tries) {
        if (lies(Lie::failed_wait_gives)) ++semaphore.tokens;
        return fails(Errno::EAGAIN_);
    }
    if (timed && (operation.flags & flag_unknown) != 0) return fails(Errno::EINVAL_);
    if (timed && (operation.timeout_ns == 0 || life.slept)) {
        if (operation.timeout_ns > 0)
            life.event.took_ns = lies(Lie::wait_times_out_early)
                                     ? operation.timeout_ns / 2
                                     : operation.timeout_ns + static_cast<std::int64_t>(dice_.below(100'000));
        return fails(Errno::ETIMEDOUT_);
    }
    return falls_asleep;
}

// What counts is counted before the token is there: others may move in between.
Effect Play::give(ActorId actor, const Operation& operation, Semaphore& semaphore) {
    Life& life = lives_[actor];
    const bool counted = (operation.flags & flag_ordered) != 0;
    if (counted && !life.counted && !lies(Lie::count_comes_late)) {
        ++semaphore.counted;
        life.counted = true;
        if (!turns_ && dice_.one_in(4)) return {.pauses = true};
    }
    life.counted = false;
    if (semaphore.tokens >= most_tokens_ && !lies(Lie::overflow_passes)) return fails(Errno::EOVERFLOW_);
    if (lies(Lie::post_gives_nothing, 4)) return {};
    semaphore.tokens += lies(Lie::post_gives_two, 4) ? 2 : 1;
    if (lies(Lie::post_wakes_none))
        for (Life& other : lives_) other.forgotten |= other.phase == Phase::asleep;
    return {};
}

// sem_getvalue(3): at 0, 0 or as a negative number how many wait.
Effect Play::tell_value(const Operation& operation, const Semaphore& semaphore) {
    std::int64_t value = semaphore.tokens;
    const auto waits = std::ranges::count_if(lives_, [&](const Life& life) {
        if (life.phase != Phase::asleep || life.doomed || life.event.verb != Verb::sem_wait) return false;
        const Operation& its = operation_of(life, id_of(life));
        const std::int16_t on = processes_[life.process].semaphore[its.uses[0]];
        return on != unbound && &semaphores_[static_cast<std::size_t>(on)] == &semaphore;
    });
    if (value == 0 && tells_waiters_) value = -waits;
    if (lies(Lie::value_is_one_less) && operation.verb == Verb::sem_value && value > 0) --value;
    return {.result = std::max<std::int64_t>(value, 0), .value = value};
}

Effect Play::open_semaphore(ActorId actor, const Operation& operation) {
    if ((operation.flags & flag_unknown) != 0) return fails(Errno::EINVAL_);
    const bool creates = (operation.flags & flag_create) != 0,
               exclusive = creates && (operation.flags & flag_exclusive) != 0;
    const std::int64_t value = value_.program.objects[operation.object].asked.value + operation.value;
    const bool too_large = value > most_tokens_;
    std::int16_t& bound = names_[operation.object];
    const bool taken = bound != unbound;
    if (taken && exclusive && !lies(Lie::exclusive_ignored))
        return fails(too_large && dice_.one_in(2) ? Errno::EINVAL_ : Errno::EEXIST_);
    if (!taken) {
        if (!creates && !lies(Lie::open_makes)) return fails(Errno::ENOENT_);
        if (too_large && !lies(Lie::too_many_tokens)) return fails(Errno::EINVAL_);
        bound = new_semaphore(operation.object, value);
    } else if (creates && lies(Lie::second_maker_sets_value)) {
        semaphores_[static_cast<std::size_t>(bound)].tokens = value;
    }
    Process& process = process_of(actor);
    std::int64_t twin = 0;
    for (Slot slot = 0; slot < first_mailbox && twin == 0; ++slot)
        if (slot != operation.makes[0] && process.semaphore[slot] == bound) twin = slot + 1;
    process.semaphore[operation.makes[0]] = bound;
    process.opened.set(operation.makes[0]);
    return {.value = lies(Lie::address_differs) ? 0 : twin};
}

Effect Play::unlink_semaphore(const Operation& operation) {
    std::int16_t& bound = names_[operation.object];
    if (bound == unbound) return fails(Errno::ENOENT_);
    if (lies(Lie::unlink_empties)) semaphores_[static_cast<std::size_t>(bound)].tokens = 0;
    if (!lies(Lie::unlink_keeps_name)) bound = unbound;
    return {};
}

// sem_overview(7): a slash, and up to 250 characters more.
Effect Play::misname(const Operation& operation) {
    switch (static_cast<Misname>(operation.value)) {
        case Misname::too_long: return lies(Lie::any_name) ? Effect{} : fails(Errno::ENAMETOOLONG_);
        case Misname::only_slash: return fails(Errno::EINVAL_);
        default: return {};
    }
}

bool Play::wait_would_go_on(const Life& life, const Operation& operation) const {
    if (operation.timeout_ns != forever) return true;  // its time comes
    const std::int16_t on = processes_[life.process].semaphore[operation.uses[0]];
    return on != unbound && semaphores_[static_cast<std::size_t>(on)].tokens > 0;
}

// execve(2) drops what sem_open gave; what lies in memory that processes share stays.
void Play::drop_semaphores(Process& process) {
    for (Slot slot = 0; slot < first_mailbox; ++slot)
        if (process.opened.test(slot)) process.semaphore[slot] = unbound;
    process.opened.reset();
}

// A broken promise: who dies gives back what it took.
void Play::give_back(ActorId actor) {
    if (!lies(Lie::death_gives_back)) return;
    for (const Event& event : history_.events)
        if (event.kind == EventKind::call && event.actor == actor && event.verb == Verb::sem_wait &&
            event.error == Errno::none && event.ended != 0)
            for (Semaphore& semaphore : semaphores_) ++semaphore.tokens;
}

}  // namespace crosstalk::mirror
