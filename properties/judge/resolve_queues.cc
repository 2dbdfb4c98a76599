// Verbs of message queues. What a descriptor alone decides is judged here; which queue a name stood for, and what that
// queue held, is for the model (models/priority_queue.h). All queues of one name form one object here.
#include <algorithm>
#include <bitset>
#include <iterator>

#include <fmt/format.h>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "mechanisms/journal.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

constexpr std::int64_t priorities = 32768;  // mq_overview(7): sysconf(_SC_MQ_PRIO_MAX)

// A reason for which a call must fail.
struct Obstacle {
    bool there;
    ClauseId clause;
    Errno error;
};

}  // namespace

// A registration that was asked for, and the acts that belong to it. Signals carry no name of a queue: they belong to
// the only one for which the process asked for this signal.
struct Registered {
    std::uint16_t object;
    std::uint8_t process;
    ActorId actor;
    Signal signal;
    Stamp since;
};

bool Resolver::of_a_queue(const Event& event, const Operation& operation) {
    const auto& objects = value_.program.objects;
    const bool named = operation.verb == Verb::create || operation.verb == Verb::open || operation.verb == Verb::unlink;
    const std::int16_t found = named ? unbound : description_in(event.actor, operation.uses[0]);
    const std::size_t object = named ? operation.object : 0;  // of a slot that nothing stands in: as the first object
    if (found == unbound && object >= objects.size()) return false;
    const MechanismId mechanism = found == unbound
                                      ? objects[object].mechanism
                                      : objects_[descriptions_[static_cast<std::size_t>(found)].object].mechanism;
    return binds::queues(mechanism_of(mechanism));
}

// False: it is what it would be of any other mechanism.
bool Resolver::queue_call(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool is_open = description_in(event.actor, operation.uses[0]) != unbound;
    switch (operation.verb) {
        case Verb::create:
        case Verb::open: return open_queue(event, index, operation), true;
        case Verb::unlink: return unlink_queue(event, index, operation), true;
        case Verb::mq_send:
        case Verb::mq_receive: return queue_transfer(event, index, operation), true;
        case Verb::mq_attributes:
        case Verb::mq_set_flags: return queue_attributes(event, index, operation), true;
        case Verb::mq_notify: return queue_notify(event, index, operation), true;
        case Verb::close:
            if (is_open) return close(event, index, operation), true;
            return must_fail(event, index, clause("MQ-LIFE-5"), Errno::EBADF_);
        case Verb::dup:
            if (is_open) return false;
            return must_fail(event, index, clause("MQ-LIFE-5"), Errno::EBADF_, Errno::EINVAL_);
        default: return false;
    }
}

void Resolver::open_queue(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool creates = operation.verb == Verb::create;
    Process& process = process_of(event.actor);
    if (event.error == Errno::ENOSPC_ || (event.error == Errno::EMFILE_ && !process.may_lack(1))) {
        resolved_.unjudged = fmt::format("exhausted: a queue was refused with {}", name_of(event.error));
        return;
    }
    if (event.ended != 0 && process.surely_lacks(1) &&
        (event.error == Errno::none || event.error == Errno::EMFILE_))  // of several errors any one may be told
        return void(must_fail(event, index, clause("PROC-LIM-1"), Errno::EMFILE_));
    if (event.error == Errno::EMFILE_) return;
    Act act = act_of(ActKind::other, event, index);
    act.object = named_object(operation.object);
    act.value = operation.flags | (creates ? flag_create | flag_exclusive : 0);
    if (event.ended == 0 || event.error != Errno::none) return add(act);
    const Access access = creates ? Access::both : static_cast<Access>(operation.value);
    const std::int16_t made = new_description(act.object, 0, operation.flags & flag_nonblock);
    descriptions_[static_cast<std::size_t>(made)].access = access;
    act.description = static_cast<std::uint16_t>(made);
    add(act);
    bind(event.actor, operation.makes[0], made, true);  // mq_open(3): always close-on-exec
    process.made(1);
    changed(event, operation.makes[0], unbound);
}

void Resolver::unlink_queue(const Event& event, std::uint32_t index, const Operation& operation) {
    Act act = act_of(ActKind::other, event, index);
    act.object = named_object(operation.object);
    add(act);
}

void Resolver::queue_transfer(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool sends = operation.verb == Verb::mq_send;
    const bool bad_time = (operation.flags & flag_unknown) != 0;
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    const Description none;
    const Description& d = found == unbound ? none : descriptions_[static_cast<std::size_t>(found)];
    const QueueSizes sizes = found == unbound ? QueueSizes{} : resolved_.subject.queue_sizes(objects_[d.object].id);
    if (found != unbound && sizes.bytes == 0) {
        resolved_.unjudged = "the target does not say what sizes a queue has by default";
        return;
    }
    if (!sends && operation.times > 1) {
        resolved_.unjudged = "several receives in one step are not modelled";
        return;
    }
    const std::uint64_t bytes = operation.buffer.bytes;
    const Obstacle obstacles[] = {
        {sends && (operation.value < 0 || operation.value >= priorities), clause("MQ-SEND-3"), Errno::EINVAL_},
        {found == unbound || d.access == (sends ? Access::read : Access::write),
         sends ? clause("MQ-SEND-5") : clause("MQ-RECV-4"), Errno::EBADF_},
        {found != unbound && (sends ? bytes > sizes.bytes : bytes < sizes.bytes),
         sends ? clause("MQ-SEND-1") : clause("MQ-RECV-1"), Errno::EMSGSIZE_},
    };
    const Obstacle* first = nullptr;  // of several, the one that was told (XSH 2.3)
    for (const Obstacle& each : obstacles)
        if (each.there && (first == nullptr || each.error == event.error)) first = &each;
    // Nor is it said that these come before what the queue holds: that error is for the model.
    const bool of_waiting = found != unbound && (event.error == Errno::EAGAIN_ || event.error == Errno::ETIMEDOUT_);
    if (first != nullptr && !of_waiting)
        return void(must_fail(event, index, first->clause, first->error, bad_time ? Errno::EINVAL_ : Errno::none));

    Act act = act_of(sends ? ActKind::write : ActKind::read, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found);
    act.asked = bytes;
    act.value = sends ? operation.value : event.value;
    act.full_calls = sends ? event.times : event.error == Errno::none;
    act.has_tail = act.full_calls < operation.times;
    act.first_run = event.first_run, act.run_count = event.run_count;
    act.asleep = act.asleep && operation.timeout_ns == forever;
    add(act);
    if (asleep_[index] && (operation.timeout_ns == 0 || bad_time))
        breach(bad_time ? clause("MQ-TIME-4") : clause("MQ-TIME-3"), Reason::asleep, "", index,
               bad_time ? "its tv_nsec is none" : "its time limit lies in the past");
    if (event.error != Errno::ETIMEDOUT_ || operation.timeout_ns <= 0) return;
    // Between reading the clock and the measured interval lies nothing; the two clocks run differently by 500 ppm at
    // most (adjtimex(2)).
    if (event.took_ns > 0 && event.took_ns < operation.timeout_ns - operation.timeout_ns / 1000)
        breach(clause("MQ-TIME-1"), Reason::early, "", index,
               fmt::format("{} ns of {} ns", event.took_ns, operation.timeout_ns));
    else
        weigh(clause("MQ-TIME-1"));
}

void Resolver::queue_attributes(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    const bool sets = operation.verb == Verb::mq_set_flags, bad = sets && (operation.flags & flag_unknown);
    if (found == unbound)
        return void(must_fail(event, index, clause("MQ-LIFE-5"), Errno::EBADF_, bad ? Errno::EINVAL_ : Errno::none));
    if (bad) return void(must_fail(event, index, clause("MQ-ATTR-2"), Errno::EINVAL_));
    if (event.ended == 0 && !sets) return;
    must_succeed(event, index, sets ? clause("MQ-ATTR-2") : clause("MQ-ATTR-1"));
    if (event.error != Errno::none) return;
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    Act act = act_of(sets ? ActKind::set_flags : ActKind::look_available, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found);
    act.value = (sets ? operation.flags : event.value) & flag_nonblock;
    add(act);
    if (sets) return;
    const ObjectId object = objects_[d.object].id;
    const QueueSizes wanted = resolved_.subject.queue_sizes(object);
    const Asked& asked = value_.program.objects[object].asked;
    const bool by_default = asked.records == 0 && asked.record_bytes == 0;
    const ClauseId which = by_default ? clause("MQ-OPEN-7") : clause("MQ-ATTR-1");
    const auto messages = static_cast<std::uint32_t>(event.value >> 8 & 0xffffff);
    const auto bytes = static_cast<std::uint32_t>(event.value >> 32);
    if (wanted.bytes == 0) return;
    if (messages == wanted.messages && bytes == wanted.bytes) return weigh(which);
    breach(which, Reason::wrong_value, "", index,
           fmt::format("{} messages of {} bytes, {} of {} were right", messages, bytes, wanted.messages, wanted.bytes));
}

void Resolver::queue_notify(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    const bool bad = operation.value != 0 && (operation.flags & flag_unknown);
    if (found == unbound)
        return void(must_fail(event, index, clause("MQ-LIFE-5"), Errno::EBADF_, bad ? Errno::EINVAL_ : Errno::none));
    const bool taken = event.error == Errno::EBUSY_;  // of two errors either may be told (XSH 2.3)
    if (bad && !taken) return void(must_fail(event, index, clause("MQ-NOTIFY-11"), Errno::EINVAL_));
    Act act = act_of(ActKind::other, event, index);
    act.object = descriptions_[static_cast<std::size_t>(found)].object;
    act.description = static_cast<std::uint16_t>(found);
    act.value = operation.value;
    add(act);
}

// The leader looked through a descriptor of the queue that it had made itself.
void Resolver::queue_probe(const Event& event, std::uint16_t object) {
    const auto made_here = [&](const Operation& step) {
        return step.verb == Verb::create && step.object == event.object;
    };
    for (const Actor& actor : value_.program.actors)
        if (std::ranges::any_of(actor.steps, made_here)) return;
    Act act;
    act.kind = ActKind::look_available, act.event = static_cast<std::uint32_t>(&event - history_.events.data());
    act.object = object, act.result = event.result;
    act.began = act.ended = calm_ + 1;
    add(act);
}

// Handlers that ran because a message had arrived become acts; so do the moments at which those that were due must
// have run: a process handles what is pending before it returns from a call (signal(7)), and before it sleeps for good.
void Resolver::notifications() {
    std::vector<Registered> all;
    for (const Act& act : acts_) {
        if (act.verb != Verb::mq_notify || act.value == 0 || act.error != Errno::none) continue;
        const Operation& operation = resolved_.subject.operation(act);
        if (operation.flags & flag_ignore) continue;
        const auto same = [&](const Registered& each) {
            return each.object == act.object && each.process == act.process &&
                   each.signal == static_cast<Signal>(act.value);
        };
        if (std::ranges::none_of(all, same))
            all.push_back({act.object, act.process, act.actor, static_cast<Signal>(act.value), act.began});
    }
    for (const Registered& who : all) {
        const auto twin = [&](const Registered& each) {
            return each.process == who.process && each.signal == who.signal && each.object != who.object;
        };
        if (std::ranges::none_of(all, twin)) notifications_of(who);
    }
    for (const std::uint32_t s : signals_) {
        const Event& signal = history_.events[s];
        if (signal.value != code_of_queue) continue;
        const auto asked = [&](const Registered& each) {
            return each.process == process_[signal.actor] && each.signal == signal.signal;
        };
        if (std::ranges::none_of(all, asked))
            breach(clause("MQ-NOTIFY-12"), Reason::wrong_value, "", s, "its process had asked for no such signal");
    }
    if (!all.empty()) std::ranges::stable_sort(acts_, {}, &Act::began);
}

void Resolver::notifications_of(const Registered& who) {
    bool complete = !processes_[who.process].shared_by_threads,
         handled = who.signal == Signal::SIGUSR1_ || who.signal == Signal::SIGIO_;
    for (const Actor& actor : value_.program.actors)
        for (const Operation& step : actor.steps) {
            complete = complete && step.verb != Verb::exec;
            if (step.verb != Verb::signal || step.value != static_cast<std::int64_t>(who.signal)) continue;
            complete = complete && (step.flags & (flag_ignore | flag_block | flag_standard)) == 0;
            handled = handled || &actor == &value_.program.actors[who.actor];
        }
    for (const Injection& injection : value_.plan)  // equal signals that are pending at once become one
        complete = complete && (injection.fault != interruption_fault || who.signal != Signal::SIGUSR1_);
    std::size_t notes = 0;
    for (const Event& event : history_.events)
        notes += event.actor == who.actor && (event.kind == EventKind::signal || event.kind == EventKind::fault);
    complete = complete && handled && notes + 1 < max_log_notes;
    Act act;
    act.kind = ActKind::other, act.actor = who.actor, act.process = who.process, act.object = who.object;
    act.value = static_cast<std::int64_t>(who.signal);
    for (std::uint32_t i = 0; i < history_.events.size(); ++i) {
        const Event& event = history_.events[i];
        if (event.actor >= process_.size() || process_[event.actor] != who.process) continue;
        act.event = i, act.step = event.step, act.began = act.ended = event.began;
        if (event.kind == EventKind::signal && event.signal == who.signal && event.value == code_of_queue) {
            act.verb = Verb::signal, act.began = who.since;
            add(act);
        } else if (complete && event.kind == EventKind::asleep) {
            act.verb = Verb::nothing;
            add(act);
        } else if (complete && event.kind == EventKind::call && event.ended != 0 && event.began > who.since &&
                   event.verb != Verb::nothing) {  // which enters no kernel
            act.verb = Verb::nothing, act.ended = event.ended;
            add(act);
        }
    }
}

}  // namespace crosstalk::judging
