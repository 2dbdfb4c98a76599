// Names of shared memory that are made and removed by calls which overlap. Which object such a name leads to is for a
// model to say (models/name.h); what an open has found it tells itself, by the object's number, so that the bytes are
// followed as ever. Only where inodes are not used again soon: POSIX objects.
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

// One that a step creates tells no number.
bool Resolver::is_contested(ObjectId object) const {
    if (!binds::posix_memory(mechanism_of(value_.program.objects[object].mechanism))) return false;
    bool overlaps = false;
    for (const Event& event : history_.events) {
        if (event.kind != EventKind::call || !names_object(event.verb)) continue;
        const Operation& asked = value_.program.actors[event.actor].steps[event.step];
        if (asked.object != object || (event.verb == Verb::open && (asked.flags & flag_unknown))) continue;
        if (event.verb == Verb::create) return false;
        if (event.verb != Verb::open && event.verb != Verb::unlink) continue;
        if (event.verb == Verb::open && event.ended != 0 && event.error == Errno::none && event.value == 0)
            return false;
        overlaps = overlaps || naming_beside(event, object, false) || looks_beside_maker(event, object);
    }
    return overlaps;
}

std::uint16_t Resolver::contested_name(ObjectId object) {
    for (std::uint16_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].part == Part::name && objects_[o].id == object) return o;
    objects_.push_back(
        {.id = object, .mechanism = value_.program.objects[object].mechanism, .slots = 0, .part = Part::name});
    return static_cast<std::uint16_t>(objects_.size() - 1);
}

// The first is there before the first step.
std::uint16_t Resolver::incarnation(ObjectId object, std::int64_t number) {
    for (const Incarnation& each : incarnations_)
        if (each.id == object && each.number == number) return each.object;
    std::uint16_t found = none16;
    for (std::uint16_t o = 0; o < objects_.size() && number == 1; ++o)
        if (objects_[o].id == object && objects_[o].part == Part::whole) {
            found = o;
            break;
        }
    if (found == none16) found = new_object(object, 0);
    incarnations_.push_back({object, number, found});
    return found;
}

void Resolver::contest(const Event& event, std::uint32_t index, const Operation& operation) {
    if (operation.verb == Verb::open && operation.flags & flag_unknown)
        return void(must_fail(event, index, clause("SHM-NAME-1"), Errno::EINVAL_));
    const bool refused = event.error == Errno::ENOENT_ || event.error == Errno::EEXIST_;
    if (event.ended != 0 && event.error != Errno::none && !refused)
        return must_succeed(event, index, clause("SHM-OPEN-4"));
    Act act = act_of(ActKind::other, event, index);
    act.object = contested_name(operation.object);
    act.value = event.value;
    add(act);
    if (operation.verb != Verb::open || refused) return;
    const bool truncates = operation.flags & flag_truncate;
    if (event.ended == 0) {
        if (truncates) resolved_.unjudged = "an open cut by death may have emptied either of several objects";
        return;
    }
    const std::uint16_t object = incarnation(operation.object, event.value);
    if (truncates) {
        act.verb = Verb::truncate, act.object = object, act.value = 0;
        act.open = static_cast<Access>(operation.value) == Access::read;
        add(act);
    }
    const std::int16_t opened = new_description(object, 0, 0);
    descriptions_[static_cast<std::size_t>(opened)].access = static_cast<Access>(operation.value);
    bind(event.actor, operation.makes[0], opened, true);
}

}  // namespace crosstalk::judging
