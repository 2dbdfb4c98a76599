// Verbs of shared memory: names, descriptors and views are followed, and what they alone decide is judged at once. What
// was copied where, and which length an object had, become acts, which memory_rules.cc judges.
#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

// ObjectFacts::slots of memory: how long it is when it is made.
constexpr std::uint32_t made_empty = 0, made_as_asked = 1;

bool is_of_view(Verb verb) {
    switch (verb) {
        case Verb::load:
        case Verb::store:
        case Verb::detach:
        case Verb::protect:
        case Verb::sync_view:
        case Verb::advise:
        case Verb::lend: return true;
        default: return false;
    }
}

bool is_memory(MechanismId mechanism) { return mechanism_of(mechanism).semantics == Semantics::shared_bytes; }

}  // namespace

bool Resolver::is_of_memory(const Event& event, const Operation& operation) {
    if (value_.program.objects.empty()) return false;
    switch (operation.verb) {
        case Verb::attach:
        case Verb::detach:
        case Verb::load:
        case Verb::store:
        case Verb::protect:
        case Verb::sync_view:
        case Verb::advise:
        case Verb::punch:
        case Verb::lend: return true;
        case Verb::create:
        case Verb::open:
        case Verb::unlink: return is_memory(value_.program.objects[operation.object].mechanism);
        case Verb::close:
        case Verb::get_flags:
        case Verb::truncate:
        case Verb::pread:
        case Verb::pwrite:
        case Verb::stat: {
            const std::int16_t found = description_in(event.actor, operation.uses[0]);
            if (found == unbound) return is_memory(value_.program.objects[0].mechanism);
            return is_memory(objects_[descriptions_[static_cast<std::size_t>(found)].object].mechanism);
        }
        default: return false;
    }
}

void Resolver::on_memory(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool by_name = operation.verb == Verb::open || operation.verb == Verb::unlink;
    if (by_name && is_contested(operation.object)) return contest(event, index, operation);
    switch (operation.verb) {
        case Verb::create: return create_memory(event, index, operation);
        case Verb::open: return open_memory(event, index, operation);
        case Verb::unlink: return unlink_memory(event, index, operation);
        case Verb::attach: return attach(event, index, operation);
        default: break;
    }
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    const bool wants_view = is_of_view(operation.verb);
    if (found == unbound || descriptions_[static_cast<std::size_t>(found)].view.is_view != wants_view)
        return;  // the agent asks nobody
    Process& process = process_of(event.actor);
    switch (operation.verb) {
        case Verb::detach: return detach(event, index, operation);
        case Verb::protect:
            return protect(event, index, operation, descriptions_[static_cast<std::size_t>(found)].view);
        case Verb::sync_view: return sync_view(event, index, operation);
        case Verb::advise: return advise(event, index, operation, found);
        case Verb::punch: return punch(event, index, operation, found);
        case Verb::lend: return lend(event, index, operation, found);
        case Verb::close:
            must_succeed(event, index, clause("SHM-LIFE-4"));
            process.table.description[operation.uses[0]] = unbound;
            return;
        case Verb::get_flags:
            if (event.ended == 0 || event.error != Errno::none) return;
            if (((event.result & flag_cloexec) != 0) == process.table.close_on_exec[operation.uses[0]]) {
                if (event.result & flag_cloexec) weigh(clause("SHM-OPEN-2"));
                return;
            }
            return breach(clause("SHM-OPEN-2"), Reason::wrong_value, "", index,
                          "the close-on-exec flag is that of shm_open alone");
        case Verb::truncate: return truncate_memory(event, index, operation, found);
        default: return copy_memory(event, index, operation, found);
    }
}

// The object that a name leads to. Calls that take it away are drawn one after the other with all others; where two
// went on at once, which came first is not asked.
std::int16_t& Resolver::name_of_memory(const Event& event, ObjectId object) {
    if (named_.empty()) {
        named_.assign(value_.program.objects.size(), unbound);
        last_naming_.assign(value_.program.objects.size(), nullptr);
        for (std::size_t o = 0; o < objects_.size(); ++o)
            if (objects_[o].part == Part::whole) named_[objects_[o].id] = static_cast<std::int16_t>(o);
    }
    if (naming_beside(event, object, false) || looks_beside_maker(event, object))
        resolved_.unjudged = "two calls used one name at once";
    return named_[object];
}

// Calls that change what a name leads to and went on beside this one: does any of them do so?  `only_makers`: opens
// that make what is not there; else the others.
bool Resolver::naming_beside(const Event& event, ObjectId object, bool only_makers) const {
    return std::ranges::any_of(history_.events, [&](const Event& other) {
        if (other.kind != EventKind::call || &other == &event || other.error != Errno::none) return false;
        const Operation& asked = value_.program.actors[other.actor].steps[other.step];
        if (!names_object(asked.verb) || asked.object != object) return false;
        const bool makes = asked.verb == Verb::open && asked.flags & flag_create;
        const bool names = asked.verb == Verb::create || asked.verb == Verb::unlink ||
                           (asked.verb == Verb::open && asked.flags & flag_create);
        return names && makes == only_makers && (event.ended == 0 || other.began < event.ended) &&
               (other.ended == 0 || other.ended > event.began);
    });
}

// A call that makes nothing, and one that does: the object may have been there for it or not.
bool Resolver::looks_beside_maker(const Event& event, ObjectId object) const {
    const Operation& asked = value_.program.actors[event.actor].steps[event.step];
    const bool looks = asked.verb == Verb::unlink || (asked.verb == Verb::open && !(asked.flags & flag_create));
    return looks && naming_beside(event, object, true);
}

// Opens beside one another of a name that nobody takes away meanwhile lead to one object, whoever made it: it is made
// once, by one of those that asked to be the first (shm_open(3), O_EXCL).
void Resolver::win_name(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool wants_to_win = operation.flags & flag_create && operation.flags & flag_exclusive;
    const std::int16_t name = name_of_memory(event, operation.object);
    if (event.error == Errno::none && wants_to_win && name != unbound) {
        const Event* const winner = last_naming_[operation.object];  // null: the leader
        const bool alike =
            winner != nullptr && value_.program.actors[winner->actor].steps[winner->step].flags & flag_exclusive;
        if (winner == nullptr || alike || winner->ended < event.began)
            return breach(clause("SHM-OPEN-3"), Reason::doubled, "", index, "another has made it, and both were first");
        last_naming_[operation.object] = &event;
    }
    if (event.error == Errno::none && wants_to_win) return weigh(clause("SHM-OPEN-3"));
    if (event.error == Errno::EEXIST_ && wants_to_win) return weigh(clause("SHM-OPEN-3"));
    if (event.error == Errno::ENOENT_ && !(operation.flags & flag_create) && name == unbound) return;
    must_succeed(event, index, clause("SHM-OPEN-4"));
}

// Is the object open or mapped in some process that lives?
bool Resolver::has_somebody(std::uint16_t object) const {
    return std::ranges::any_of(processes_, [&](const Process& process) {
        return !process.gone && std::ranges::any_of(process.table.description, [&](std::int16_t held) {
            return held != unbound && descriptions_[static_cast<std::size_t>(held)].object == object;
        });
    });
}

void Resolver::create_memory(const Event& event, std::uint32_t index, const Operation& operation) {
    std::int16_t& name = name_of_memory(event, operation.object);
    if (process_of(event.actor).surely_lacks(1))
        return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
    constexpr unsigned made = 1;
    if (event.ended == 0 && hypothesis_.choose(2) != made) return;
    if (event.ended != 0) must_succeed(event, index, clause("SHM-OPEN-4"));
    if (event.error != Errno::none) return;
    last_naming_[operation.object] = &event;
    const std::uint16_t object = new_object(operation.object, made_as_asked);
    name = static_cast<std::int16_t>(object);
    if (event.ended == 0) return;
    const bool posix = mechanism_of(objects_[object].mechanism).facts.naming == Naming::posix;
    const std::int64_t got = event.value & 0xffff, lowest = event.value >> 32 & 0xffff;
    if (posix && got == lowest) weigh(clause("SHM-OPEN-2"));
    if (posix && got != lowest)
        breach(clause("SHM-OPEN-2"), Reason::wrong_value, "", index,
               fmt::format("number {}, the lowest free was {}", got, lowest));
    bind(event.actor, operation.makes[0], new_description(object, 0, 0), posix);
    process_of(event.actor).made(1);
}

void Resolver::open_memory(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool races = naming_beside(event, operation.object, true);
    std::int16_t& name = name_of_memory(event, operation.object);
    const bool creates = operation.flags & flag_create,
               posix = mechanism_of(value_.program.objects[operation.object].mechanism).facts.naming == Naming::posix;
    if (operation.flags & flag_unknown && posix)
        return void(must_fail(event, index, clause("SHM-NAME-1"), Errno::EINVAL_));
    if (races && event.ended != 0) win_name(event, index, operation);
    if (races && event.error != Errno::none) return;  // win_name has looked at it
    if (!races && name != unbound && creates && operation.flags & flag_exclusive) {
        const Event* const last = last_naming_[operation.object];
        const bool won = last != nullptr && last->verb == Verb::open &&
                         value_.program.actors[last->actor].steps[last->step].flags & flag_exclusive;
        return void(must_fail(event, index, won ? clause("SHM-OPEN-3") : clause("SHM-OPEN-4"), Errno::EEXIST_));
    }
    if (!races && name == unbound && !creates)
        return void(must_fail(event, index,
                              last_naming_[operation.object] != nullptr ? clause("SHM-LIFE-2") : clause("SHM-OPEN-4"),
                              Errno::ENOENT_));
    const auto truncates = [&] {
        Act act = act_of(ActKind::other, event, index);
        act.verb = Verb::truncate, act.object = static_cast<std::uint16_t>(name), act.value = 0;
        // open(2): of what is opened for reading alone nobody knows.
        act.open = act.open || static_cast<Access>(operation.value) == Access::read;
        add(act);
    };
    if (event.ended == 0 && name != unbound && operation.flags & flag_truncate) truncates();
    constexpr unsigned made = 1;
    if (event.ended == 0 && (name != unbound || hypothesis_.choose(2) != made)) return;
    if (event.ended != 0 && process_of(event.actor).surely_lacks(1))
        return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
    if (event.ended != 0) must_succeed(event, index, clause("SHM-OPEN-4"));
    if (event.error != Errno::none) return;
    if (name == unbound) {
        if (last_naming_[operation.object] != nullptr) weigh(clause("SHM-LIFE-2"));
        last_naming_[operation.object] = &event;
        // What the program asks of an object is given by who makes it before the first step; an open makes it empty.
        name = static_cast<std::int16_t>(new_object(operation.object, made_empty));
    }
    if (event.ended == 0) return;
    const auto object = static_cast<std::uint16_t>(name);
    if (!has_somebody(object)) {  // it has been on its own for a while
        Act act = act_of(ActKind::other, event, index);
        act.object = object;
        add(act);
    }
    if (operation.flags & flag_truncate) truncates();
    const std::int16_t opened = new_description(static_cast<std::uint16_t>(name), 0, 0);
    descriptions_[static_cast<std::size_t>(opened)].access = static_cast<Access>(operation.value);
    bind(event.actor, operation.makes[0], opened, posix);
}

void Resolver::unlink_memory(const Event& event, std::uint32_t index, const Operation& operation) {
    std::int16_t& name = name_of_memory(event, operation.object);
    if (name == unbound) return void(must_fail(event, index, clause("SHM-LIFE-2"), Errno::ENOENT_));
    constexpr unsigned removed = 1;
    if (event.ended == 0 && hypothesis_.choose(2) != removed) return;
    if (event.ended != 0) must_succeed(event, index, clause("SHM-LIFE-1"));
    if (event.error != Errno::none) return;
    last_naming_[operation.object] = &event;
    name = unbound;
}

void Resolver::attach(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0) return;
    const bool anonymous = operation.uses[0] == no_slot;
    const std::int16_t found = anonymous ? unbound : description_in(event.actor, operation.uses[0]);
    const bool writable = operation.flags & flag_writable, is_private = operation.flags & flag_private;
    const Access access = found == unbound ? Access::both : descriptions_[static_cast<std::size_t>(found)].access;
    const auto offset = static_cast<std::uint64_t>(operation.value);
    const std::uint64_t page = resolved_.subject.page_bytes, bytes = operation.buffer.bytes;
    // Of several errors at once any may be told.
    std::vector<std::pair<ClauseId, Errno>> wrong;
    if (operation.flags & flag_no_replace && !(operation.flags & flag_fixed))
        wrong.push_back({clause("MAP-ARG-4"), Errno::EEXIST_});
    if (bytes == 0 || offset % page != 0) wrong.push_back({clause("MAP-ARG-1"), Errno::EINVAL_});
    if (!anonymous && found == unbound) wrong.push_back({clause("MAP-ARG-3"), Errno::EBADF_});
    if (access == Access::write) wrong.push_back({clause("MAP-ARG-2"), Errno::EACCES_});
    if (access == Access::read && writable && !is_private) wrong.push_back({clause("MAP-ARG-2"), Errno::EACCES_});
    for (const auto& [clause, error] : wrong)
        if (event.error == error) return weigh(clause);
    if (!wrong.empty()) return void(must_fail(event, index, wrong[0].first, wrong[0].second));
    must_succeed(event, index,
                 operation.flags & flag_fixed         ? clause("MAP-ARG-4")
                 : anonymous                          ? clause("MAP-ANON-1")
                 : access == Access::read && writable ? clause("SHM-OPEN-7")
                                                      : clause("MAP-FILE-5"));
    if (event.error != Errno::none) return;
    if (operation.flags & flag_fixed && event.value == 0)
        return breach(clause("MAP-ARG-4"), Reason::wrong_value, "", index, "it lies elsewhere than was asked");
    const std::uint16_t object =
        anonymous ? new_object(operation.object, 0) : descriptions_[static_cast<std::size_t>(found)].object;
    const std::int16_t made = new_description(object, 0, 0);
    descriptions_[static_cast<std::size_t>(made)].view = {offset, (bytes + page - 1) / page * page, true, is_private,
                                                          is_private || access == Access::both};
    process_of(event.actor).table.description[operation.makes[0]] = made;
    process_of(event.actor).table.writable[operation.makes[0]] = writable;
    Act act = act_of(ActKind::other, event, index);
    act.object = object, act.description = static_cast<std::uint16_t>(made);
    act.end = is_private;
    add(act);
}

// A position in the object stands in `value`; of a private view `end` is 1 and `description` tells which.
void Resolver::copy_memory(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found) {
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const bool stores = operation.verb == Verb::store || operation.verb == Verb::pwrite;
    const bool by_view = d.view.is_view;
    const auto at = static_cast<std::uint64_t>(by_view ? operation.value : 0);
    const std::uint64_t bytes = operation.buffer.bytes;
    if (by_view && (bytes > d.view.bytes || at > d.view.bytes - bytes)) return;  // the agent refuses it
    if (event.ended == 0 && !stores) return;
    const bool forbidden =
        by_view && stores && !process_of(event.actor).table.writable[operation.uses[0]] && bytes != 0;
    // POSIX, mmap, has no order of SIGSEGV for what may not be written and SIGBUS for what lies beyond the end.
    if (forbidden && event.error != Errno::ENXIO_)
        return void(must_fail(event, index, clause("MAP-PROT-1"), Errno::EACCES_));
    if (!by_view && event.ended != 0 && event.error != Errno::none) {
        if (d.access == (stores ? Access::read : Access::write) && event.error == Errno::EBADF_) return;
        return must_succeed(event, index, clause("SHM-VIS-2"));
    }
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found);
    act.end = by_view && d.view.is_private;
    act.value = static_cast<std::int64_t>(at + (by_view ? d.view.offset : 0));
    act.asked = forbidden ? 0 : bytes, act.tail = event.result > 0 ? static_cast<std::uint64_t>(event.result) : 0;
    act.first_run = event.first_run, act.run_count = event.run_count;
    add(act);
}

void Resolver::truncate_memory(const Event& event, std::uint32_t index, const Operation& operation,
                               std::int16_t found) {
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (operation.value < 0 || d.access == Access::read)
        return void(must_fail(event, index, clause("SHM-SIZE-2"), Errno::EINVAL_,
                              d.access == Access::read ? Errno::EBADF_ : Errno::none));
    must_succeed(event, index, clause("SHM-SIZE-1"));
    if (event.error != Errno::none) return;
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.value = operation.value;
    add(act);
}

// A private view is copied by a fork: from there on both have their own.
void Resolver::fork_views(const Event& event, std::uint32_t index, Process& child) {
    for (std::int16_t& held : child.table.description) {
        if (held == unbound) continue;
        const Description parent = descriptions_[static_cast<std::size_t>(held)];
        if (!parent.view.is_private) continue;
        Act act = act_of(ActKind::other, event, index);
        act.object = parent.object, act.end = 1;
        act.to_description = static_cast<std::uint16_t>(held);
        held = new_description(parent.object, parent.end, 0);
        descriptions_[static_cast<std::size_t>(held)].view = parent.view;
        act.description = static_cast<std::uint16_t>(held);
        add(act);
    }
}

}  // namespace crosstalk::judging
