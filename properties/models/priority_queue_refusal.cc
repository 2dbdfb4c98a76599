// The priority queue: what to say when nothing explains an observation, and how its states are told.
#include <algorithm>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/call_text.h"
#include "properties/models/priority_queue.h"

namespace crosstalk::priority_queue {

using judging::Breach;

namespace {

std::string allowed(Errno got, std::string_view wanted) {
    return fmt::format("{}/{}", got == Errno::none ? "none" : name_of(got), wanted);
}

struct Refusal {
    Breach breach;
    Breach say(ClauseId id, Reason reason, std::string detail, std::string line) {
        breach.clause = id, breach.reason = reason, breach.detail = std::move(detail);
        breach.lines.push_back(std::move(line));
        return breach;
    }
};

}  // namespace

Breach Model::refusal(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    Refusal refusal;
    refusal.breach.event = act.event;
    const Queue nothing;
    const Queue* const found = queue_of(state, act);
    const Queue& queue = found == nullptr ? nothing : *found;
    const auto say = [&](ClauseId id, Reason reason, std::string detail, std::string line) {
        return refusal.say(id, reason, std::move(detail), std::move(line));
    };
    if (act.asleep) {
        Flight copy = flight;
        const ClauseId id = must_not_sleep(state, copy, strict);
        return say(id == no_clause ? clause("MQ-LIVE-1") : id, Reason::asleep, "",
                   fmt::format("it sleeps although the queue holds {} of {} messages", queue.messages.size(),
                               sizes_.messages));
    }
    const Errno got = act.error;
    switch (act.kind) {
        case ActKind::write:
        case ActKind::read: {
            const bool sends = act.kind == ActKind::write;
            const bool must_wait = sends ? full(queue) : queue.messages.empty();
            const Operation& asked = operation(act);
            const bool last = flight.calls >= act.full_calls;
            const std::string holds =
                fmt::format("the queue holds {} of {} messages", queue.messages.size(), sizes_.messages);
            if (const Obstacle obstacle = obstacle_of(act); last && obstacle.clause != no_clause)
                return say(obstacle.clause, Reason::wrong_errno, allowed(got, name_of(obstacle.error)), holds);
            if (last && got == Errno::EINTR_)
                return say(clause("SIG-MQ-1"), Reason::wrong_errno, "EINTR/none",
                           act.interrupted ? "it would not have waited" : "no handler without SA_RESTART ran in it");
            if (last && got == Errno::ETIMEDOUT_)
                return say(asked.timeout_ns == 0     ? clause("MQ-TIME-2")
                           : nonblocking(state, act) ? clause("MQ-TIME-5")
                                                     : clause("MQ-TIME-1"),
                           Reason::wrong_errno, allowed(got, must_wait ? "EAGAIN" : "none"), holds);
            if (last && got == Errno::EINVAL_)
                return say(clause("MQ-TIME-4"), Reason::wrong_errno, "EINVAL/none", holds);
            if (must_wait && !(last && got != Errno::none)) {
                if ((asked.flags & flag_unknown) && !nonblocking(state, act))
                    return say(clause("MQ-TIME-4"), Reason::wrong_errno, "none/EINVAL", holds);
                return say(sends ? clause("MQ-SEND-4") : clause("MQ-RECV-5"),
                           sends ? Reason::wrong_count : Reason::doubled, "", holds);
            }
            if (last && got == Errno::EAGAIN_)
                return say(sends ? clause("MQ-SEND-4") : clause("MQ-RECV-3"), Reason::wrong_errno,
                           allowed(got, must_wait ? "sleep" : "none"), holds);
            if (last && got != Errno::none)
                return say(sends ? clause("MQ-SEND-1") : clause("MQ-RECV-2"), Reason::wrong_errno, allowed(got, "none"),
                           "no document names this error here");
            if (sends) return say(clause("MQ-SEND-4"), Reason::wrong_count, "", holds);
            return wrong_message(queue, act, refusal.breach);
        }
        case ActKind::look_available: {
            const bool same = act.result == static_cast<std::int64_t>(queue.messages.size());
            if (!same && found != nullptr && found != &state.queues[0] && queue.messages.empty())
                return say(clause("MQ-LIFE-3"), Reason::wrong_count, "", "it is a new queue, which is empty");
            if (!same)
                return say(killed_before(act) ? clause("MQ-LIFE-7") : clause("MQ-ATTR-1"), Reason::wrong_count, "",
                           fmt::format("it holds {} messages", queue.messages.size()));
            return say(clause("MQ-ATTR-3"), Reason::wrong_value, "",
                       fmt::format("O_NONBLOCK is {}", nonblocking(state, act) ? "set" : "clear"));
        }
        case ActKind::look_poll: {
            const std::int64_t right = poll_bits(state, act);
            return say(clause("MQ-POLL-1"), Reason::wrong_value, "",
                       "poll should say " + judging::poll_text(static_cast<std::uint16_t>(right)));
        }
        case ActKind::other: break;
        default: return say(clause("MQ-LIFE-5"), Reason::wrong_errno, allowed(got, "none"), "");
    }
    switch (act.verb) {
        case Verb::unlink:
            return state.named == no_queue
                       ? say(clause("MQ-LIFE-4"), Reason::wrong_errno, allowed(got, "ENOENT"), "nothing has this name")
                       : say(clause("MQ-LIFE-2"), Reason::wrong_errno, allowed(got, "none"), "a queue has this name");
        case Verb::mq_notify: return refused_registration(queue, act, refusal.breach);
        case Verb::signal:
            return say(queue.registered.process == act.process ? clause("MQ-NOTIFY-2") : clause("MQ-NOTIFY-1"),
                       Reason::wrong_value, "", "its process was told, but nothing that it had asked for had happened");
        case Verb::nothing: return not_told(act, refusal.breach);
        default: break;
    }
    const bool creates = (act.value & flag_create) != 0;
    if (state.named == no_queue && !creates)
        return say(clause("MQ-OPEN-3"), Reason::wrong_errno, allowed(got, "ENOENT"), "nothing has this name");
    if (state.named == no_queue && asked_sizes() == Sizes::wrong) {
        const Asked& asked = subject_.value->program.objects[component_.objects[0].id].asked;
        return say(asked.records == 0 || asked.record_bytes == 0 ? clause("MQ-OPEN-4") : clause("MQ-OPEN-5"),
                   Reason::wrong_errno, allowed(got, "EINVAL"), "these are not the sizes of a queue");
    }
    if (got == Errno::EINVAL_)
        return say(clause("MQ-OPEN-5"), Reason::wrong_errno, "EINVAL/none", "these are the sizes of a queue");
    if (state.named != no_queue && creates && (act.value & flag_exclusive))
        return say(clause("MQ-OPEN-2"), Reason::wrong_errno, allowed(got, "EEXIST"), "a queue has this name");
    if (got == Errno::ENOENT_ && state.named != no_queue)
        return say(creates ? clause("MQ-OPEN-1") : clause("MQ-LIFE-1"), Reason::wrong_errno, "ENOENT/none",
                   "a queue has this name");
    return say(creates ? clause("MQ-OPEN-1") : clause("MQ-LIFE-1"), Reason::wrong_errno, allowed(got, "none"),
               state.named == no_queue ? "nothing has this name" : "a queue has this name");
}

bool Model::killed_before(const Act& act) const {
    return std::ranges::any_of(component_.acts, [&](const Act& other) {
        return other.open && other.kind <= ActKind::read && other.ended != judging::never && other.began < act.ended;
    });
}

// A receive that gave something, but not the next message: which one is it?
Breach Model::wrong_message(const Queue& queue, const Act& act, Breach breach) const {
    const Message& next = queue.messages.front();
    const auto say = [&](ClauseId id, Reason reason, std::string line) {
        breach.clause = id, breach.reason = reason;
        breach.lines.push_back(std::move(line));
        return breach;
    };
    if (next.length == 0 && act.result != 0)
        return say(clause("MQ-SEND-2"), Reason::wrong_count, "the next message has no bytes");
    const auto it = std::ranges::find_if(queue.messages, [&](const Message& each) { return is_message(act, each); });
    if (it != queue.messages.end() && it->priority == next.priority)
        return say(clause("MQ-ORDER-2"), Reason::reordered, "an older message of the same priority is there");
    if (it != queue.messages.end())
        return say(sent_before(next, act) ? clause("MQ-ORDER-3") : clause("MQ-ORDER-1"), Reason::reordered,
                   fmt::format("a message of priority {} is there", next.priority));
    Act other = act;
    other.value = next.priority;
    if (is_message(other, next))
        return say(clause("MQ-RECV-2"), Reason::wrong_value, fmt::format("its priority is {}", next.priority));
    const bool same_length = act.result == static_cast<std::int64_t>(next.length);
    if (act.result == 0)
        return say(clause("MQ-SEND-2"), Reason::wrong_count, fmt::format("the next message has {} bytes", next.length));
    for (std::uint32_t r = 0; r < act.run_count; ++r) {
        const Run& run = subject_.history->runs[act.first_run + r];
        if (same_length || run.kind != RunKind::origin || !subject_.knows(run.actor, run.step)) continue;
        if (run.actor == next.actor && run.step == next.step)
            return say(clause("MQ-RECV-5"), Reason::torn, fmt::format("the next message has {} bytes", next.length));
    }
    const bool was_there = std::ranges::any_of(component_.acts, [&](const Act& each) {
        return each.kind == ActKind::read && &each != &act && each.full_calls != 0 && each.ended < act.began &&
               each.result == act.result && each.run_count == act.run_count && act.run_count == 1 &&
               subject_.history->runs[each.first_run] == subject_.history->runs[act.first_run];
    });
    if (was_there) return say(clause("MQ-RECV-5"), Reason::doubled, "this message has been received before");
    return say(clause("MQ-RECV-5"), Reason::wrong_value, "these are not the bytes of a message that is there");
}

bool Model::sent_before(const Message& message, const Act& receive) const {
    return std::ranges::any_of(component_.acts, [&](const Act& send) {
        return send.kind == ActKind::write && send.actor == message.actor && send.step == message.step &&
               send.ended < receive.began;
    });
}

// Its process should have been told by now. Was it told in another way?
Breach Model::not_told(const Act& act, Breach breach) const {
    const auto signal = static_cast<Signal>(act.value);
    const bool otherwise = std::ranges::any_of(subject_.history->events, [&](const Event& event) {
        return event.kind == EventKind::signal && event.actor == act.actor && event.signal == signal &&
               event.value != judging::code_of_queue && event.began < act.ended;
    });
    breach.clause = otherwise ? clause("MQ-NOTIFY-8") : clause("MQ-NOTIFY-1");
    breach.reason = otherwise ? Reason::wrong_value : Reason::no_signal;
    breach.lines.push_back(fmt::format(
        "a message had arrived at the empty queue for which its process was registered, but no handler of {} ran{}",
        name_of(signal), otherwise ? " with SI_MESGQ" : ""));
    return breach;
}

Breach Model::refused_registration(const Queue& queue, const Act& act, Breach breach) const {
    const Registration& registered = queue.registered;
    const auto say = [&](ClauseId id, std::string_view wanted, std::string line) {
        breach.clause = id, breach.reason = Reason::wrong_errno, breach.detail = allowed(act.error, wanted);
        breach.lines.push_back(std::move(line));
        return breach;
    };
    if (act.value == 0) return say(clause("MQ-NOTIFY-5"), "none", "a null request succeeds");
    const bool asked_null = std::ranges::any_of(component_.acts, [&](const Act& each) {
        return each.verb == Verb::mq_notify && each.value == 0 && each.error == Errno::none && each.ended < act.began;
    });
    if (registered.process != nobody) {
        const std::string line = fmt::format("process {} is registered", registered.process);
        if (asked_null) return say(clause("MQ-NOTIFY-5"), "EBUSY", line);
        const bool child_closed = std::ranges::any_of(component_.acts, [&](const Act& each) {
            return each.kind == ActKind::release && each.ended < act.began && each.process != registered.process &&
                   subject_.value->program.actors[each.actor].kind == ActorKind::forked;
        });
        if (child_closed) return say(clause("MQ-NOTIFY-12"), "EBUSY", line);
        const bool handed = std::ranges::any_of(component_.acts, [&](const Act& each) {
            return each.kind == ActKind::read && each.full_calls != 0 && each.ended < act.began;
        });
        return say(handed ? clause("MQ-NOTIFY-3") : clause("MQ-NOTIFY-4"), "EBUSY", line);
    }
    const Act* last = nullptr;  // what took the last registration away
    for (const Act& each : component_.acts)
        if ((each.kind == ActKind::release || each.kind == ActKind::write) && each.ended < act.began &&
            each.full_calls != 0 && (last == nullptr || each.ended > last->ended))
            last = &each;
    const std::string line = "nobody is registered";
    if (asked_null) return say(clause("MQ-NOTIFY-5"), "none", line);
    if (last == nullptr)
        return say(act.error == Errno::EBUSY_ ? clause("MQ-NOTIFY-12") : clause("MQ-NOTIFY-1"), "none", line);
    if (last->kind == ActKind::write) {
        const bool silent = std::ranges::any_of(component_.acts, [&](const Act& each) {
            return each.verb == Verb::mq_notify && (operation(each).flags & flag_ignore) && each.ended < act.began;
        });
        return say(silent ? clause("MQ-NOTIFY-10") : clause("MQ-NOTIFY-1"), "none", line);
    }
    return say(last->death ? clause("MQ-NOTIFY-7") : clause("MQ-NOTIFY-6"), "none", line);
}

std::vector<std::string> Model::describe(const State& state, const models::NameBytes& name) const {
    std::vector<std::string> lines;
    for (std::size_t q = 0; q < state.queues.size(); ++q) {
        const Queue& queue = state.queues[q];
        std::string text = fmt::format("queue {}{} held {} of {} messages", component_.objects[0].id,
                                       static_cast<std::int8_t>(q) == state.named ? "" : " (without a name)",
                                       queue.messages.size(), sizes_.messages);
        for (std::size_t i = 0; i < queue.messages.size() && i < 4; ++i) {
            const Message& each = queue.messages[i];
            text += fmt::format("{}{} with priority {}", i == 0 ? ": " : ", ",
                                each.length == 0 ? "no bytes" : name(each.actor, each.step, each.offset, each.length),
                                each.priority);
        }
        if (queue.messages.size() > 4) text += ", ...";
        if (queue.registered.process != nobody)
            text += fmt::format("; process {} is registered", queue.registered.process);
        lines.push_back(std::move(text));
    }
    if (state.named == no_queue)
        lines.push_back(fmt::format("no queue had the name of object {}", component_.objects[0].id));
    return lines;
}

std::vector<std::string> Model::alternatives(const State&, const Flight&) const { return {}; }

// Why a transfer must fail whatever the queue holds.
Model::Obstacle Model::obstacle_of(const Act& act) const {
    constexpr std::int64_t priorities = 32768;  // mq_overview(7): sysconf(_SC_MQ_PRIO_MAX)
    const bool sends = act.kind == ActKind::write;
    if (sends && (act.value < 0 || act.value >= priorities)) return {clause("MQ-SEND-3"), Errno::EINVAL_};
    if (access_[act.description] == (sends ? Access::read : Access::write))
        return {sends ? clause("MQ-SEND-5") : clause("MQ-RECV-4"), Errno::EBADF_};
    if (sends ? act.asked > sizes_.bytes : act.asked < sizes_.bytes)
        return {sends ? clause("MQ-SEND-1") : clause("MQ-RECV-1"), Errno::EMSGSIZE_};
    return {};
}

Due Model::due(const State& state, const Flight& flight) const {
    const Act& act = component_.acts[flight.act];
    const Queue* const queue = queue_of(state, act);
    Due due;
    if (queue == nullptr || act.open || (operation(act).flags & flag_unknown)) return due;
    if (act.kind == ActKind::look_available) {
        due.known = true, due.result = static_cast<std::int64_t>(queue->messages.size());
        return due;
    }
    if (act.kind != ActKind::write && act.kind != ActKind::read) return due;
    if (operation(act).times != 1 || obstacle_of(act).clause != no_clause) return due;
    const bool waits = act.kind == ActKind::write ? full(*queue) : queue->messages.empty();
    due.known = true;
    if (!waits && act.kind == ActKind::write) {
        due.result = static_cast<std::int64_t>(act.asked);
    } else if (!waits) {
        const Message& next = queue->messages.front();
        due.result = next.length;
        if (next.length != 0) due.bytes.push_back({RunKind::origin, next.actor, next.step, next.offset, next.length});
    } else if (nonblocking(state, act)) {
        due.result = -1, due.error = Errno::EAGAIN_;
    } else if (operation(act).timeout_ns >= 0) {
        due.result = -1, due.error = Errno::ETIMEDOUT_;
    } else {
        due.sleeps = true;
    }
    return due;
}

}  // namespace crosstalk::priority_queue
