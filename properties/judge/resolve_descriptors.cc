// Verbs that make, copy, hand over, configure and close descriptors.
#include <algorithm>
#include <bit>
#include <iterator>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

void Resolver::create(const Event& event, std::uint32_t index, const Operation& operation) {
    if (mechanism_of(value_.program.objects[operation.object].mechanism).doors.name != nullptr)
        return name(event, index, operation);
    if (event.ended == 0) return;
    Process& process = process_of(event.actor);
    if (operation.flags & flag_unknown) return void(must_fail(event, index, clause("PIPE-CREATE-4"), Errno::EINVAL_));
    if (process.surely_lacks(2)) {
        // Of two errors at once either may be told.
        must_fail(event, index, clause("PIPE-CREATE-6"), Errno::EMFILE_,
                  operation.flags & flag_bad_pointer ? Errno::EFAULT_ : Errno::none);
        return;
    }
    if (operation.flags & flag_bad_pointer)
        return void(must_fail(event, index, clause("PIPE-CREATE-5"), Errno::EFAULT_,
                              process.may_lack(2) ? Errno::EMFILE_ : Errno::none));
    if (event.error == Errno::EMFILE_ && process.may_lack(2)) return;
    must_succeed(event, index, clause("PIPE-CREATE-3"));
    if (event.error != Errno::none) return;

    const auto number = [&](int i) { return event.value >> (16 * i) & 0xffff; };
    if (process.shared_by_threads)
        ;  // another thread may have made or closed one in between
    else if (number(0) == number(2) && number(1) == number(3))
        weigh(clause("PIPE-CREATE-1"));
    else
        breach(
            clause("PIPE-CREATE-1"), Reason::wrong_value, "", index,
            fmt::format("numbers {} and {}, lowest free were {} and {}", number(0), number(1), number(2), number(3)));
    const std::uint64_t page = resolved_.subject.page_bytes;
    // An object that asks for a capacity is given one as soon as it is made, if that is allowed.
    const std::uint64_t asked = value_.program.objects[operation.object].asked.capacity_bytes;
    const bool set = asked != 0 && asked <= resolved_.subject.pipe_max_bytes;
    const auto wanted = set ? static_cast<std::uint32_t>(std::bit_ceil(std::max(asked, page)) / page) : default_slots_;
    std::uint32_t slots = wanted;
    if (event.result > 0) {
        slots = static_cast<std::uint32_t>(event.result / static_cast<std::int64_t>(page));
        if (slots == wanted)
            weigh(clause("PIPE-CAP-1"));
        else if (!resolved_.subject.growth_may_fail || slots > wanted)
            breach(clause("PIPE-CAP-1"), Reason::wrong_value, "", index,
                   fmt::format("a new pipe holds {} bytes", event.result));
        else
            weigh(clause("PIPE-CAP-10"));
    }
    const std::uint16_t object = new_object(operation.object, slots);
    objects_[object].maker = process_[event.actor];
    const auto status = static_cast<std::uint16_t>(operation.flags & (flag_nonblock | flag_direct));
    for (const int end : {0, 1}) {
        const auto mine =
            static_cast<std::uint16_t>(end == 0 ? status & flag_nonblock : status);  // packets: the write end's
        const std::int16_t description = new_description(object, static_cast<std::uint8_t>(end), mine);
        bind(event.actor, operation.makes[static_cast<std::size_t>(end)], description, operation.flags & flag_cloexec);
        changed(event, operation.makes[static_cast<std::size_t>(end)], unbound);
    }
    process.made(2);
}

void Resolver::close(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_));
    must_succeed(event, index, clause("PIPE-CLOSE-1"));
    release(found, event, index, process_[event.actor], false);
    Process& process = process_of(event.actor);
    process.table.description[operation.uses[0]] = unbound;
    process.freed(1);
    changed(event, operation.uses[0], found);
}

void Resolver::duplicate(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("PIPE-DUP-4"), Errno::EBADF_, Errno::EINVAL_));
    Process& process = process_of(event.actor);
    const auto way = static_cast<Duplicate>(operation.value);
    const bool replaces = way == Duplicate::dup2 || way == Duplicate::dup3_cloexec;
    const Slot target = operation.makes[0];
    const std::int16_t old = description_in(event.actor, target);
    if (event.ended == 0) {  // its process dies with it, but what it replaced may be gone before
        if (!replaces || old == unbound || target == operation.uses[0]) return;
        release(old, event, index, process_[event.actor], false);
        process.table.description[target] = unbound;
        changed(event, target, old);
        return;
    }
    if (replaces && target == operation.uses[0]) {  // dup(2): dup2 does nothing, dup3 refuses
        if (way == Duplicate::dup3_cloexec)
            must_fail(event, index, clause("PIPE-DUP-4"), Errno::EINVAL_);
        else
            must_succeed(event, index, clause("PIPE-DUP-2"));
        return;
    }
    const bool needs_number = !(replaces && old != unbound);
    // Under a lowered limit dup2 refuses a number above it with EBADF, whatever stands there (dup(2), ERRORS).
    if (replaces && event.error == Errno::EBADF_ && (process.limited || process.threads_limit)) return;
    if (process.may_lack(1) && !process.surely_lacks(1) && event.error == Errno::EMFILE_) return;
    if (needs_number && process.surely_lacks(1)) {
        must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_,
                  way == Duplicate::dup ? Errno::none
                  : replaces            ? Errno::EBADF_
                                        : Errno::EINVAL_);
        return;
    }
    must_succeed(event, index, replaces && old != unbound ? clause("PIPE-DUP-2") : clause("PROC-DUP-1"));
    if (event.error != Errno::none) return;
    if (replaces && old != unbound) release(old, event, index, process_[event.actor], false);
    bind(event.actor, target, found, way == Duplicate::dup3_cloexec || way == Duplicate::fcntl_cloexec);
    if (needs_number) process.made(1);
    changed(event, target, replaces ? old : unbound);
}

void Resolver::flags(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_));
    if (event.ended == 0 && operation.verb == Verb::get_flags) return;
    must_succeed(event, index, clause("PIPE-FLAGS-2"));
    if (event.error != Errno::none) return;
    Process& process = process_of(event.actor);
    const Slot slot = operation.uses[0];
    if (operation.verb == Verb::set_cloexec) {
        process.table.close_on_exec[slot] = operation.value != 0;
        return;
    }
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const bool sets = operation.verb == Verb::set_flags;
    Act act = act_of(sets ? ActKind::set_flags : ActKind::look_flags, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    // Whether the read end of a packet pipe shows O_DIRECT is said nowhere.
    const std::uint16_t status = flag_nonblock | flag_async | (d.end != 0 || sets ? flag_direct : 0);
    act.value = sets ? operation.flags & status : status;
    act.result = event.result & status;
    act.handed_on = process.table.handed_on[slot];
    add(act);
    if (sets) return;
    if (objects_[d.object].part == Part::given && d.status == d.flags) {  // accept(2): what it was asked for, no more
        if ((act.result & flag_nonblock) != (d.flags & flag_nonblock))
            return breach(clause("SOCK-ACCEPT-2"), Reason::wrong_value, "", index,
                          "O_NONBLOCK is not as accept4 was asked for it");
        weigh(clause("SOCK-ACCEPT-2"));
    }
    if (set_cloexec_beside(event, slot))
        ;  // nobody can say
    else if (((event.result & flag_cloexec) != 0) != process.table.close_on_exec[slot])
        breach(clause("PIPE-DUP-3"), Reason::wrong_value, "", index,
               "the close-on-exec flag is not what was asked for");
    else
        weigh(clause("PIPE-DUP-3"));
    if (((event.result & flag_writable) != 0) != (d.end != 0 || plays_sockets()))
        breach(clause("PIPE-FLAGS-2"), Reason::wrong_value, "", index, "the access mode is not that of this end");
}

void Resolver::capacity(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_));
    if (event.ended == 0 && operation.verb != Verb::set_capacity) return;
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const ActKind kind = operation.verb == Verb::set_capacity   ? ActKind::set_capacity
                         : operation.verb == Verb::get_capacity ? ActKind::look_capacity
                                                                : ActKind::look_available;
    if (kind != ActKind::set_capacity && event.error != Errno::none)
        return must_succeed(event, index,
                            kind == ActKind::look_capacity ? clause("PIPE-CAP-1") : clause("PIPE-CAP-11"));
    Act act = act_of(kind, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.value = operation.value;
    add(act);
}

// Is this a call of another thread of its process, while that one goes on?
bool Resolver::of_a_fellow_beside(const Event& other, const Event& call) const {
    return other.kind == EventKind::call && other.actor != call.actor &&
           process_[other.actor] == process_[call.actor] && (call.ended == 0 || other.began < call.ended) &&
           (other.ended == 0 || other.ended > call.began);
}

// Does another thread set it while this call goes on, or did two threads before, so that nobody knows who was last?
bool Resolver::set_cloexec_beside(const Event& call, Slot slot) const {
    const auto sets = [&](const Event& event) {
        return event.kind == EventKind::call && event.verb == Verb::set_cloexec &&
               value_.program.actors[event.actor].steps[event.step].uses[0] == slot;
    };
    const auto has_rival = [&](const Event& event) {
        return std::ranges::any_of(history_.events,
                                   [&](const Event& other) { return sets(other) && of_a_fellow_beside(other, event); });
    };
    return has_rival(call) || std::ranges::any_of(history_.events, [&](const Event& set) {
               return sets(set) && process_[set.actor] == process_[call.actor] && set.began < call.began &&
                      has_rival(set);
           });
}

// Killed by an injection between the call's effect and its return?
bool Resolver::killed_after(const Event& event) const {
    return std::ranges::any_of(value_.plan, [&](const Injection& injection) {
        return injection.actor == event.actor && injection.step == event.step && injection.when == When::after;
    });
}

void Resolver::pass(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended == 0 && asleep_[index]) return;  // no room in the mailbox: nothing was handed over
    constexpr unsigned handed_over = 1;
    if (event.ended == 0 && !killed_after(event) && hypothesis_.choose(2) != handed_over) return;
    bool all = true;
    for (std::size_t i = 1; i < 4; ++i)
        if (operation.uses[i] != no_slot) all = all && description_in(event.actor, operation.uses[i]) != unbound;
    // unix(7): too many descriptors in flight may be told first.
    if (!all) return void(must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_, Errno::ETOOMANYREFS_));
    if (event.error != Errno::none) return;  // a full mailbox: nothing was passed
    if (passed_.empty()) passed_.assign(resolved_.subject.stream_bytes.size(), no_message);
    auto& message = message_of(event);
    for (std::size_t i = 1; i < 4; ++i) {
        if (operation.uses[i] == no_slot) continue;
        message[i - 1] = description_in(event.actor, operation.uses[i]);
        ++descriptions_[static_cast<std::size_t>(message[i - 1])].references;
    }
}

void Resolver::receive(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.error != Errno::none || event.run_count == 0 || passed_.empty()) return;
    if (forked_during(event)) {
        resolved_.unjudged = "a fork overlapped a thread's receive of descriptors";
        return;
    }
    const Run& from = history_.runs[event.first_run];
    if (!resolved_.subject.knows(from.actor, from.step)) return;
    auto& message = passed_[resolved_.subject.first_step[from.actor] + from.step];
    Process& process = process_of(event.actor);
    std::int64_t slot = 0, wanted = 0;
    for (std::size_t i = 0; i < 3; ++i) wanted += message[i] != unbound;
    wanted = std::min<std::int64_t>(wanted,
                                    std::ranges::count_if(operation.makes, [](Slot each) { return each != no_slot; }));
    if (event.value > wanted || (event.value < wanted && !process.may_lack(wanted)))
        breach(clause("PROC-PASS-1"), Reason::wrong_count, "", index,
               fmt::format("{} descriptors were to be received, {} were", wanted, event.value));
    for (std::int16_t& description : message) {
        if (description == unbound) continue;
        if (slot < event.value && slot < wanted) {
            process.table.description[operation.makes[static_cast<std::size_t>(slot)]] = description;
            process.table.close_on_exec[operation.makes[static_cast<std::size_t>(slot)]] =
                operation.flags & flag_cloexec;
            process.made(1);
            weigh(clause("PROC-PASS-1"));
        } else {  // unix(7): what does not fit is closed
            release(description, event, index, process_[event.actor], false);
        }
        ++slot;
        description = unbound;
    }
}

// A receive that its process did not survive may have taken a message along. What it took goes with the process.
void Resolver::receive_cut_by_death(ActorId actor, const Event& death, std::uint32_t index) {
    for (const std::uint32_t waiting : waiting_) {
        const Event& event = history_.events[waiting];
        const bool theirs = event.kind == EventKind::call && process_[event.actor] == process_[actor];
        if (!theirs || event.ended != 0 || passed_.empty()) continue;
        const Slot mailbox = value_.program.actors[event.actor].steps[event.step].uses[0];
        // Mailboxes keep order (unix(7)): what was taken is a message that no other one was surely passed before.
        std::vector<const Event*> passes;
        for (const Event& other : history_.events) {
            if (other.kind != EventKind::call || other.verb != Verb::pass) continue;
            if (death.ended != 0 && other.began > death.ended) continue;
            const Operation& operation = value_.program.actors[other.actor].steps[other.step];
            if (operation.uses[0] == mailbox && message_of(other) != no_message) passes.push_back(&other);
        }
        std::vector<const Event*> firsts;
        std::ranges::copy_if(passes, std::back_inserter(firsts), [&](const Event* late) {
            return std::ranges::none_of(
                passes, [&](const Event* each) { return each->ended != 0 && each->ended < late->began; });
        });
        if (firsts.empty() || (killed_after(event) && event.error != Errno::none)) continue;
        const bool took = killed_after(event);
        const unsigned which = hypothesis_.choose(static_cast<unsigned>(firsts.size()) + (took ? 0 : 1));
        if (which == firsts.size()) continue;  // none of them
        const Event* const first = firsts[which];
        for (std::int16_t& description : message_of(*first)) {
            if (description != unbound) release(description, death, index, process_[actor], true);
            description = unbound;
        }
    }
}

void Resolver::limit(const Event& event, const Operation& operation) {
    if (event.error != Errno::none) return;
    Process& process = process_of(event.actor);
    process.limited = true;
    process.least_left = process.most_left = operation.value;
}

void Resolver::signal(const Event& event, const Operation& operation) {
    if (event.error != Errno::none) return;
    const auto number = static_cast<std::size_t>(operation.value);
    auto& dispositions = process_of(event.actor).dispositions;
    if (number >= dispositions.size()) return;
    dispositions[number] = disposition_of(operation);
}

}  // namespace crosstalk::judging
