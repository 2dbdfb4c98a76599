// Processes, the ends of their lives, and the split into components. See resolver.h for the other parts.
#include "properties/judge/resolve.h"

#include <algorithm>

#include <fmt/format.h>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "mechanisms/journal.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
Resolver::Resolver(const Case& value, const History& history, const Environment& environment, std::uint16_t case_number,
                   Hypothesis& hypothesis)
    : value_(value), history_(history), hypothesis_(hypothesis) {
    resolved_.subject = subject_of(value, history, environment, case_number);
    resolved_.weights.assign(all_clauses.size(), 0);
    default_slots_ = static_cast<std::uint32_t>(environment.number("pipe_default_bytes", 65536) /
                                                static_cast<std::int64_t>(resolved_.subject.page_bytes));
    acts_.reserve(history.events.size() + 16);
}

void Resolver::breach(ClauseId clause, Reason reason, std::string detail, std::uint32_t index, std::string line) {
    resolved_.breaches.push_back({in_our_words(clause), reason, std::move(detail), index, {std::move(line)}});
}

// XSH 2.3: of several errors of one call any may be told.
bool Resolver::blames_buffer(const Event& event) const {
    const Buffer& buffer = value_.program.actors[event.actor].steps[event.step].buffer;
    return (event.error == Errno::EFAULT_ && buffer.mapped < buffer.bytes) ||
           (event.error == Errno::EMSGSIZE_ && buffer.segments > resolved_.subject.iov_max);
}

bool Resolver::must_fail(const Event& event, std::uint32_t index, ClauseId clause, Errno wanted, Errno also) {
    if (event.ended == 0) return true;
    if (event.error == wanted || (also != Errno::none && event.error == also)) {
        weigh(clause);
        return true;
    }
    if (blames_buffer(event)) return true;
    breach(clause, Reason::wrong_errno,
           fmt::format("{}/{}", event.error == Errno::none ? "none" : name_of(event.error), name_of(wanted)), index,
           fmt::format("must fail with {}", name_of(wanted)));
    return true;
}

void Resolver::must_succeed(const Event& event, std::uint32_t index, ClauseId clause) {
    if (event.ended == 0) return;
    if (event.error == Errno::none) return weigh(clause);
    breach(clause, Reason::wrong_errno, fmt::format("{}/none", name_of(event.error)), index, "must succeed");
}

std::int16_t Resolver::description_in(ActorId actor, Slot slot) {
    return slot >= max_slots ? unbound : process_of(actor).table.description[slot];
}

std::uint16_t Resolver::new_object(ObjectId object, std::uint32_t slots) {
    objects_.push_back({.id = object, .mechanism = value_.program.objects[object].mechanism, .slots = slots});
    return static_cast<std::uint16_t>(objects_.size() - 1);
}

std::int16_t Resolver::new_description(std::uint16_t object, std::uint8_t end, std::uint16_t flags) {
    descriptions_.push_back({.object = object, .end = end, .flags = flags, .status = flags});
    return static_cast<std::int16_t>(descriptions_.size() - 1);
}

void Resolver::bind(ActorId actor, Slot slot, std::int16_t description, bool close_on_exec) {
    Process& process = process_of(actor);
    process.table.description[slot] = description;
    process.table.close_on_exec[slot] = close_on_exec;
    process.table.handed_on[slot] = false;
    ++descriptions_[static_cast<std::size_t>(description)].references;
}

void Resolver::begin_objects() {
    const Program& program = value_.program;
    process_.assign(program.actors.size(), no_process);
    std::vector<bool> made_by_step(program.objects.size(), false);
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            sends_rights_ = sends_rights_ || (operation.verb == Verb::send && operation.uses[1] != no_slot);
    for (const Actor& actor : program.actors)
        for (const Operation& operation : actor.steps)
            if ((operation.verb == Verb::create || names_address(operation.verb)) &&
                operation.object < made_by_step.size())
                made_by_step[operation.object] = true;
    // The first probe of an object that the leader made is the one at the start: the capacity read back.
    std::vector<std::uint32_t> slots(program.objects.size(), 0);
    for (const Event& event : history_.events)
        if (event.kind == EventKind::probe && event.object < slots.size() && event.value > 0 &&
            slots[event.object] == 0)
            slots[event.object] =
                static_cast<std::uint32_t>(event.value / static_cast<std::int64_t>(resolved_.subject.page_bytes));
    std::vector<std::int16_t> first(program.objects.size(), unbound);
    for (std::size_t o = 0; o < program.objects.size(); ++o) {
        if (made_by_step[o]) continue;
        const std::uint16_t object = new_object(static_cast<ObjectId>(o), slots[o] != 0 ? slots[o] : default_slots_);
        const auto status = static_cast<std::uint16_t>(program.objects[o].asked.flags & (flag_nonblock | flag_direct));
        first[o] = new_description(object, 0, status & flag_nonblock);  // packet mode is the write end's
        new_description(object, 1, status);
    }
    std::size_t next = 0;
    for (std::size_t a = 0; a < program.actors.size(); ++a) {
        const Actor& actor = program.actors[a];
        if (actor.kind != ActorKind::pooled) continue;
        process_[a] = static_cast<std::uint8_t>(next++);
        processes_.emplace_back();
        processes_.back().dispositions[static_cast<std::size_t>(Signal::SIGIO_)].restarts = true;
        for (const Slot slot : actor.holds) {
            const std::size_t object = slot / 2u;
            if (object >= program.objects.size() || first[object] == unbound) continue;
            const Mechanism& mechanism = mechanism_of(program.objects[object].mechanism);
            if (slot % 2 >= mechanism.facts.ends) continue;  // nothing is handed out there
            bind(static_cast<ActorId>(a), slot, static_cast<std::int16_t>(first[object] + slot % 2), false);
        }
    }
}

void Resolver::release(std::int16_t description, const Event& event, std::uint32_t index, std::uint8_t process,
                       bool death) {
    const Description& d = descriptions_[static_cast<std::size_t>(description)];
    if (d.watches != unbound) return;  // it holds nothing
    if (death) {  // several references of one process to one end go in one interval: only the last of them matters
        for (auto act = acts_.rbegin(); act != acts_.rend() && act->event == index; ++act)
            if (act->kind == ActKind::release && act->object == d.object && act->end == d.end &&
                (objects_[d.object].part != Part::address ||
                 act->description == static_cast<std::uint16_t>(description))) {  // each socket by itself
                ++act->count;
                return;
            }
    }
    Act act = act_of(ActKind::release, event, index);
    act.object = d.object, act.end = d.end, act.process = process, act.death = death,
    act.description = static_cast<std::uint16_t>(description);
    act.open = false;  // a close that was cut short by death has closed by the time the dead are reaped
    if (event.kind == EventKind::death) act.ended = event.ended == 0 ? never : event.ended;
    add(act);
}

void Resolver::release_all(std::uint8_t number, const Event& event, std::uint32_t index, bool only_close_on_exec) {
    Process& process = processes_[number];
    if (!only_close_on_exec)
        for (const std::int16_t description : process.unnamed) release(description, event, index, number, true);
    for (std::size_t slot = 0; slot < max_slots; ++slot) {
        const std::int16_t description = process.table.description[slot];
        if (description == unbound || (only_close_on_exec && !process.table.close_on_exec[slot])) continue;
        release(description, event, index, number, !only_close_on_exec);
        process.table.description[slot] = unbound;
        process.freed(1);
        const MechanismId mechanism = objects_[descriptions_[static_cast<std::size_t>(description)].object].mechanism;
        if (only_close_on_exec && mechanism_of(mechanism).facts.held == Held::descriptor) weigh(clause("PROC-EXEC-1"));
        if (only_close_on_exec && binds::queues(mechanism_of(mechanism))) weigh(clause("MQ-OPEN-10"));
    }
}

void Resolver::death(const Event& event, std::uint32_t index) {
    if (process_[event.actor] == no_process) {
        resolved_.broken = true;
        resolved_.unjudged = fmt::format("event {} is of actor {}, which nobody has started", index, event.actor);
        return;
    }
    Process& process = process_of(event.actor);
    if (process.gone) return;
    process.gone = true;
    release_all(process_[event.actor], event, index, false);
    receive_cut_by_death(event.actor, event, index);
    rights_cut_by_death(event, index);
    opens_cut_by_death(event, index);
    let_go_of_locks(event, index);
    weigh(clause("PROC-EXIT-1"));
}

Act Resolver::act_of(ActKind kind, const Event& event, std::uint32_t index) const {
    Act act;
    act.kind = kind, act.verb = event.verb, act.actor = event.actor, act.step = event.step, act.event = index;
    act.process = process_[event.actor];
    act.began = event.began;
    act.error = event.error;
    act.result = event.result;
    act.open = event.kind == EventKind::call && event.ended == 0;
    act.asleep = act.open && asleep_[index];
    act.ended = event.ended;
    if (event.ended == 0) {
        act.ended = never;
        for (const std::uint32_t d : deaths_)
            if (process_[history_.events[d].actor] == act.process) {
                act.ended = history_.events[d].ended == 0 ? never : history_.events[d].ended;
                act.must_fail_epipe = history_.events[d].signal == Signal::SIGPIPE_ && sends_sigpipe(act);
            }
    }
    signals_inside(act);
    return act;
}

// Threads share their dispositions: a fellow may have changed this one while the call went on.
void Resolver::disposed_meanwhile(Act& act, const Event& signal) const {
    const auto process_actor = [&](ActorId actor) {
        while (value_.program.actors[actor].kind == ActorKind::thread) actor = value_.program.actors[actor].parent;
        return actor;
    };
    for (const Event& event : history_.events) {
        if (event.kind != EventKind::call || event.verb != Verb::signal || event.actor == act.actor) continue;
        if (event.began > signal.began || (event.ended != 0 && event.ended < act.began)) continue;
        const Operation& operation = value_.program.actors[event.actor].steps[event.step];
        if (operation.value != static_cast<std::int64_t>(signal.signal)) continue;
        if (process_actor(event.actor) != process_actor(act.actor)) continue;
        (disposition_of(operation).restarts ? act.restarted : act.interrupted) = true;
    }
}

// Receives bind their slots when they return, and a dying process's threads may call on until it is reaped: both count
// from their ends, in order of these.
void Resolver::finish(Stamp before) {
    while (true) {
        const auto first = std::ranges::min_element(waiting_, {}, [&](std::uint32_t index) {
            const Stamp ended = history_.events[index].ended;
            return ended == 0 ? never : ended;
        });
        if (first == waiting_.end()) return;
        const std::uint32_t index = *first;
        const Event& event = history_.events[index];
        if (event.ended == 0 || event.ended >= before) return;
        waiting_.erase(first);
        if (event.kind == EventKind::death)
            death(event, index);
        else if (event.verb == Verb::recv)
            take_rights(event, index, value_.program.actors[event.actor].steps[event.step]);
        else
            receive_within_limits(event, index, value_.program.actors[event.actor].steps[event.step]);
    }
}

void Resolver::walk() {
    for (std::uint32_t i = 0; i < history_.events.size() && resolved_.unjudged.empty(); ++i) {
        const Event& event = history_.events[i];
        if (!waiting_.empty()) finish(event.began);
        // A death began when its actor was last seen alive: of a child that did nothing, before it was started.
        if (event.kind == EventKind::call && process_[event.actor] == no_process) {
            resolved_.broken = true;
            resolved_.unjudged = fmt::format("event {} is of actor {}, which nobody has started", i, event.actor);
            return;
        }
        if (event.kind == EventKind::call)
            call_within_limits(i);
        else if (event.kind == EventKind::death)
            waiting_.push_back(i);
        else if (event.kind == EventKind::delivery)
            delivery(event, i);
        else if (event.kind == EventKind::probe && calm_ != 0 && event.began >= calm_)
            probe(event, i);
    }
    finish(never);
    for (const std::uint32_t index : std::vector(waiting_))
        if (history_.events[index].kind == EventKind::death) death(history_.events[index], index);
    close_what_is_in_flight();
}

// What the leader saw of an object after the calm point counts as two looks.
void Resolver::probe(const Event& event, std::uint32_t index) {
    for (std::uint16_t p = static_cast<std::uint16_t>(objects_.size()); p-- > 0;) {
        if (objects_[p].id != event.object || event.result < 0) continue;
        if (binds::queues(mechanism_of(objects_[p].mechanism))) return queue_probe(event, p);
        if (!is_pipe(mechanism_of(objects_[p].mechanism))) continue;
        Act act;
        act.kind = ActKind::look_available, act.event = index, act.object = p, act.result = event.result;
        act.began = act.ended = calm_ + 1;
        add(act);
        if (event.value > 0) {
            act.kind = ActKind::look_capacity, act.result = event.value;
            add(act);
        }
        return;
    }
}

void Resolver::call(std::uint32_t index) {
    const Event& event = history_.events[index];
    const Operation& operation = value_.program.actors[event.actor].steps[event.step];
    // msync(2): memory that is not mapped.
    const bool about_hole = event.verb == Verb::sync_view && event.error == Errno::ENOMEM_;
    if ((event.error == Errno::ENOMEM_ && !about_hole) || event.error == Errno::ENOBUFS_ ||
        event.error == Errno::ENFILE_) {
        resolved_.unjudged = fmt::format("exhausted: {} said {}", sheet_of(event.verb).name, name_of(event.error));
        return;
    }
    if (is_on_watch(event, operation)) {
        resolved_.unjudged = "another call on an epoll instance is not modelled";
        return;
    }
    if (!attempts_.empty() && tells(event, operation)) return;
    if (name_anew(event, index, operation)) return;
    if (is_of_memory(event, operation)) return on_memory(event, index, operation);
    if (is_of_addresses(event, operation)) return on_address(event, index, operation);
    if (plays_sockets() && sheet_of(operation.verb).moves_bytes()) return exchange(event, index, operation);
    if (is_of_semaphores(event, operation)) return on_semaphore(event, index, operation);
    if (of_a_queue(event, operation) && queue_call(event, index, operation)) return;
    switch (operation.verb) {
        case Verb::create: return create(event, index, operation);
        case Verb::write:
        case Verb::writev:
        case Verb::read:
        case Verb::readv:
        case Verb::vmsplice: return transfer(event, index, operation);
        case Verb::splice:
        case Verb::tee: return move_between(event, index, operation);
        case Verb::close: return close(event, index, operation);
        case Verb::dup: return duplicate(event, index, operation);
        case Verb::set_flags:
        case Verb::get_flags:
        case Verb::set_cloexec: return flags(event, index, operation);
        case Verb::get_capacity:
        case Verb::set_capacity:
        case Verb::available: return capacity(event, index, operation);
        case Verb::poll: return poll(event, index, operation);
        case Verb::stat:
        case Verb::seek:
        case Verb::pread:
        case Verb::pwrite:
        case Verb::sync:
        case Verb::truncate:
        case Verb::map:
        case Verb::path_limit: return misuse(event, index, operation);
        case Verb::limit: return limit(event, operation);
        case Verb::signal: return signal(event, operation);
        case Verb::start: return start(event, index, operation);
        case Verb::exec:
            if (event.ended != 0 && event.error == Errno::none) release_all(process_[event.actor], event, index, true);
            return;
        case Verb::shutdown:
        case Verb::get_option:
        case Verb::set_option: return socket_control(event, index, operation);
        case Verb::pass: return pass(event, index, operation);
        case Verb::receive: waiting_.push_back(index); return;
        case Verb::exit:
        case Verb::nothing: return;
        case Verb::open: return open(event, index, operation);
        case Verb::unlink: return unlink(event, index, operation);
        case Verb::watch: return watch(event, index, operation);
        case Verb::wait: return wait(event, index, operation);
        case Verb::lock:
        case Verb::unlock: return on_lock(event, index, operation);
        case Verb::misname: return misname(event, index, operation);
        case Verb::new_mode: return new_mode(event, index, operation);
        case Verb::trial: return trial(event, index, operation);
        default: resolved_.unjudged = fmt::format("no model knows {}", sheet_of(operation.verb).name);
    }
}

Resolved Resolver::run() {
    asleep_.assign(history_.events.size(), false);
    for (std::uint32_t i = 0; i < history_.events.size(); ++i) {
        const Event& event = history_.events[i];
        if (event.actor >= value_.program.actors.size() ||
            (event.kind == EventKind::call && event.step >= value_.program.actors[event.actor].steps.size())) {
            resolved_.broken = true;
            resolved_.unjudged =
                fmt::format("event {} is of actor {} step {}, which the program lacks", i, event.actor, event.step);
            return std::move(resolved_);
        }
        if (event.kind == EventKind::signal) signals_.push_back(i);
        if (event.kind == EventKind::death) deaths_.push_back(i);
        if (event.kind == EventKind::fault && event.fault == stopped_peer_fault && event.result == 1)
            stops_.push_back(i);
        if (event.kind != EventKind::asleep) continue;
        calm_ = event.began;
        for (std::uint32_t j = 0; j < i; ++j) {
            const Event& call = history_.events[j];
            if (call.kind == EventKind::call && call.actor == event.actor && call.step == event.step && call.ended == 0)
                asleep_[j] = true;
        }
    }
    begin_objects();
    walk();
    edges();
    notifications();
    urgent_bytes();
    join_connections();
    name_told_processes();
    rank_by_receipt();
    build_components();
    return std::move(resolved_);
}

Resolved resolve(const Case& value, const History& history, const Environment& environment, std::uint16_t case_number,
                 Hypothesis& hypothesis) {
    return Resolver(value, history, environment, case_number, hypothesis).run();
}

}  // namespace crosstalk::judging
