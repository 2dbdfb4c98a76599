// Names: making one, opening what it leads to, taking it away. Each is one moment in its call's interval (XSH 2.9.7),
// so what a name must say is sure only where the intervals leave no doubt; what an open then does belongs to the model.
#include <algorithm>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

// What the history knows of one name, which has one life: those that are made anew are resolve_names_anew.cc's.
struct NameLife {
    bool there_from_the_start = true;
    Stamp surely_there = never;   // a maker has returned, and had succeeded
    Stamp perhaps_there = never;  // a maker has begun
    Stamp surely_gone = never;    // a remover has returned, and had succeeded
    Stamp perhaps_gone = never;   // a remover has begun
};

NameLife life_of(const Case& value, const History& history, ObjectId object) {
    NameLife life;
    for (const Event& event : history.events) {
        if (event.kind != EventKind::call || (event.verb != Verb::create && event.verb != Verb::unlink)) continue;
        if (value.program.actors[event.actor].steps[event.step].object != object) continue;
        const bool makes = event.verb == Verb::create;
        if (makes) life.there_from_the_start = false;
        if (event.ended != 0 && event.error != Errno::none) continue;
        Stamp &perhaps = makes ? life.perhaps_there : life.perhaps_gone,
              &surely = makes ? life.surely_there : life.surely_gone;
        perhaps = std::min(perhaps, event.began);
        if (event.ended != 0) surely = std::min(surely, event.ended);
    }
    for (const Actor& actor : value.program.actors)
        for (const Operation& step : actor.steps)
            if (step.verb == Verb::create && step.object == object) life.there_from_the_start = false;
    if (life.there_from_the_start) life.surely_there = life.perhaps_there = 0;
    return life;
}

// Of a name of which that is certain.
NameLife life_now(bool there) {
    return {.there_from_the_start = there,
            .surely_there = there ? 0 : never,
            .perhaps_there = there ? 0 : never,
            .surely_gone = there ? never : 0,
            .perhaps_gone = there ? never : 0};
}

}  // namespace

std::uint16_t Resolver::named_object(ObjectId object) {
    for (std::uint16_t o = 0; o < objects_.size(); ++o)
        if (objects_[o].id == object) return o;
    return new_object(object, default_slots_);
}

// mkfifo(3): EEXIST where the name is there.
void Resolver::name(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    const auto others = [&](auto test) {
        return std::ranges::any_of(history_.events, [&](const Event& other) {
            return other.kind == EventKind::call && other.verb == Verb::create && &other != &event &&
                   value_.program.actors[other.actor].steps[other.step].object == operation.object && test(other);
        });
    };
    if (event.error == Errno::none) {
        if (others([&](const Event& other) { return other.ended != 0 && other.error == Errno::none; }))
            return breach(clause("FIFO-CREATE-1"), Reason::doubled, "", index, "two calls made the same name");
        return weigh(clause("FIFO-CREATE-4"));
    }
    const bool beaten = others([&](const Event& other) {
        return other.began < event.ended && (other.ended == 0 || other.error == Errno::none);
    });
    if (event.error == Errno::EEXIST_ && beaten) return weigh(clause("FIFO-CREATE-1"));
    breach(clause("FIFO-CREATE-1"), Reason::wrong_errno, fmt::format("{}/none", name_of(event.error)), index,
           "nothing of that name was there");
}

void Resolver::unlink(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    const NameLife life = life_of(value_, history_, operation.object);
    const bool surely_there = life.surely_there < event.began && life.perhaps_gone >= event.ended;
    if (event.error == Errno::none) {
        if (life.perhaps_there >= event.ended || (life.surely_gone < event.began))
            return breach(clause("FIFO-LIFE-1"), Reason::wrong_errno, "none/ENOENT", index, "no such name was there");
        return weigh(clause("FIFO-LIFE-1"));
    }
    if (event.error == Errno::ENOENT_ && !surely_there) return;
    breach(clause("FIFO-LIFE-1"), Reason::wrong_errno, fmt::format("{}/none", name_of(event.error)), index,
           "the name is there");
}

void Resolver::open(const Event& event, std::uint32_t index, const Operation& operation) {
    NameLife life = life_of(value_, history_, operation.object);
    const bool anew = is_made_anew(operation.object);
    if (anew) life = life_now(named_[operation.object] != unbound);
    if (event.ended != 0 && event.error == Errno::ENOENT_) {
        if (life.surely_there < event.began && life.perhaps_gone >= event.ended)
            return breach(clause("FIFO-OPEN-10"), Reason::wrong_errno, "ENOENT/none", index, "the name is there");
        return weigh(clause("FIFO-OPEN-10"));
    }
    if (event.ended != 0 && (life.surely_gone < event.began || life.perhaps_there >= event.ended))
        return breach(life.surely_gone < event.began ? clause("FIFO-LIFE-1") : clause("FIFO-OPEN-10"),
                      Reason::wrong_errno,
                      fmt::format("{}/ENOENT", event.error == Errno::none ? "none" : name_of(event.error)), index,
                      "no such name is there");
    Process& process = process_of(event.actor);
    if (event.error == Errno::EMFILE_ && process.may_lack(1)) return weigh(clause("PROC-LIM-1"));
    if (event.ended != 0 && process.surely_lacks(1))
        return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
    Act act = act_of(ActKind::other, event, index);
    act.object = anew ? static_cast<std::uint16_t>(named_[operation.object]) : named_object(operation.object);
    const bool had_others = anew && std::ranges::count(objects_, operation.object, &ObjectTrace::id) > 1;
    act.end = static_cast<std::uint8_t>(operation.value);
    act.never_sleeps = (operation.flags & flag_nonblock) != 0;
    act.count = 1;
    if (event.error == Errno::none && event.ended != 0) {
        if (had_others) weigh(clause("FIFO-LIFE-2"));
        const std::int16_t description = new_description(act.object, act.end, operation.flags & flag_nonblock);
        descriptions_[static_cast<std::size_t>(description)].opened = true;
        act.description = static_cast<std::uint16_t>(description);
        bind(event.actor, operation.makes[0], description, operation.flags & flag_cloexec);
        changed(event, operation.makes[0], unbound);
        process.made(1);
    }
    add(act);
}

// A sleeping open holds its end as if it were open; its process's death lets go of it.
void Resolver::opens_cut_by_death(const Event& death, std::uint32_t index) {
    for (const Event& call : history_.events) {
        if (call.kind != EventKind::call || call.verb != Verb::open || call.ended != 0) continue;
        if (process_[call.actor] != process_[death.actor]) continue;
        const Operation& operation = value_.program.actors[call.actor].steps[call.step];
        if (!is_pipe(mechanism_of(value_.program.objects[operation.object].mechanism))) continue;
        if (is_made_anew(operation.object)) continue;  // it is not judged
        Act act = act_of(ActKind::release, death, index);
        act.object = named_object(operation.object), act.end = static_cast<std::uint8_t>(operation.value);
        act.death = true, act.open = false, act.count = 0;
        act.ended = death.ended == 0 ? never : death.ended;
        add(act);
    }
}

}  // namespace crosstalk::judging
