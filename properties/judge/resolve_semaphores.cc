// Verbs of semaphores: which slot holds which, and what no state need be known for. What a name leads to is the
// model's to say: an open that succeeded is a description whose semaphore the search finds.
#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

bool counts(MechanismId mechanism) { return mechanism_of(mechanism).semantics == Semantics::counter; }

}  // namespace

bool Resolver::is_of_semaphores(const Event& event, const Operation& operation) {
    switch (operation.verb) {
        case Verb::sem_wait:
        case Verb::sem_post:
        case Verb::sem_value: return true;
        case Verb::create:
        case Verb::open:
        case Verb::unlink: return counts(value_.program.objects[operation.object].mechanism);
        case Verb::close: {
            const std::int16_t found = description_in(event.actor, operation.uses[0]);
            if (found == unbound) return counts(value_.program.objects[0].mechanism);
            return counts(objects_[descriptions_[static_cast<std::size_t>(found)].object].mechanism);
        }
        default: return false;
    }
}

void Resolver::on_semaphore(const Event& event, std::uint32_t index, const Operation& operation) {
    switch (operation.verb) {
        case Verb::create: return create_semaphore(event, index, operation);
        case Verb::open: return open_semaphore(event, index, operation);
        case Verb::unlink: {
            Act act = act_of(ActKind::other, event, index);
            act.object = object_named(operation.object);
            return add(act);
        }
        default: break;
    }
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return;  // nothing is called, and nothing is promised
    if (operation.verb == Verb::close) {
        must_succeed(event, index, clause("SEM-LIFE-5"));
        release(found, event, index, process_[event.actor], false);
        process_of(event.actor).table.description[operation.uses[0]] = unbound;
        return;
    }
    if (operation.verb == Verb::sem_value && event.ended == 0) return;
    if (operation.verb == Verb::sem_wait && operation.flags & flag_ordered) synchronised(event, index, found);
    Act act = act_of(ActKind::other, event, index);
    act.object = descriptions_[static_cast<std::size_t>(found)].object;
    act.description = static_cast<std::uint16_t>(found);
    if (operation.verb == Verb::sem_value && event.value < 0) act.result = event.value;
    const bool timed_out = operation.verb == Verb::sem_wait && event.ended != 0 && event.error == Errno::ETIMEDOUT_;
    if (timed_out && operation.timeout_ns > 0 && event.took_ns < operation.timeout_ns)
        breach(clause("SEM-TIME-2"), Reason::early, "", index,
               fmt::format("{} ns of {} ns", event.took_ns, operation.timeout_ns));
    add(act);
}

void Resolver::create_semaphore(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    const std::int64_t first = value_.program.objects[operation.object].asked.value;
    if (first > resolved_.subject.sem_value_max)
        return void(must_fail(event, index, clause("SEM-INIT-1"), Errno::EINVAL_));
    must_succeed(event, index, clause("SEM-INIT-1"));
    if (event.error != Errno::none) return;
    bind(event.actor, operation.makes[0], new_description(new_object(operation.object, 0), 0, 0), false);
}

// With its token a wait sees what was written before the post that gave it. Tokens that were taken before came from the
// first value and from posts; each post that counts has counted before.
void Resolver::synchronised(const Event& event, std::uint32_t index, std::int16_t found) {
    if (event.ended == 0 || event.error != Errno::none) return;
    const std::uint16_t object = descriptions_[static_cast<std::size_t>(found)].object;
    if (mechanism_of(objects_[object].mechanism).facts.naming != Naming::none) return;
    std::int64_t due = 1 - value_.program.objects[objects_[object].id].asked.value;
    for (const Act& act : acts_)
        due += act.object == object && act.verb == Verb::sem_wait && !act.open && act.error == Errno::none &&
               act.ended < event.began;
    for (const Event& other : history_.events) {
        if (other.kind != EventKind::call || other.verb != Verb::sem_post || other.began > event.ended) continue;
        due -= (value_.program.actors[other.actor].steps[other.step].flags & flag_ordered) == 0;
    }
    if (due <= 0) return;
    if (event.value >= due) return weigh(clause("SEM-SYNC-1"));
    breach(clause("SEM-SYNC-1"), Reason::wrong_value, "", index,
           fmt::format("{} posts had counted, it saw {}", due, event.value));
}

// exec drops what sem_open gave (sem_close(3), NOTES), as a descriptor that is closed on exec.
void Resolver::open_semaphore(const Event& event, std::uint32_t index, const Operation& operation) {
    if (operation.flags & flag_unknown) return void(must_fail(event, index, clause("SEM-NAME-2"), Errno::EINVAL_));
    Act act = act_of(ActKind::other, event, index);
    act.object = object_named(operation.object);
    if (event.ended == 0 || event.error != Errno::none) return add(act);
    const std::int16_t opened = new_description(act.object, 0, 0);
    act.description = static_cast<std::uint16_t>(opened);
    add(act);
    // Beside each other handle of the process, up to the one that it says to be the same: are they one semaphore?
    const std::int64_t twin = event.value - 1;
    const DescriptorTable& table = process_of(event.actor).table;
    for (std::int64_t slot = 0; slot < first_mailbox && (twin < 0 || slot <= twin); ++slot) {
        const std::int16_t other = table.description[static_cast<std::size_t>(slot)];
        if (other == unbound || descriptions_[static_cast<std::size_t>(other)].object != act.object) continue;
        Act look = act;
        look.verb = Verb::stat;
        look.to_description = static_cast<std::uint16_t>(other);
        look.began = look.ended;
        look.result = slot == twin;
        add(look);
    }
    bind(event.actor, operation.makes[0], opened, true);
}

std::uint16_t Resolver::object_named(ObjectId object) const {
    for (std::size_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].id == object) return static_cast<std::uint16_t>(o);
    return none16;
}

}  // namespace crosstalk::judging
