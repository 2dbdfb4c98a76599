// See blame.h. One function for each kind of general rule; each looks only at the case, the history and the acts.
#include "properties/judge/blame.h"

#include <algorithm>
#include <array>

#include "faults/catalog.h"
#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/causes.h"

namespace crosstalk::judging {
namespace {

struct Scene {
    const Subject& subject;
    std::span<const Component> components;
    const Breach& breach;
    const Event& event;          // the rejected one
    const Operation* operation;  // its step; null if it is no call
    const Component* component;  // where its act is; null if it has none
    const Act* act;

    bool is(std::string_view id) const { return clause_of(breach.clause).id == id; }
    const Event& event_of(const Act& other) const { return subject.history->events[other.event]; }
    const Program& program() const { return subject.value->program; }

    // Did a handler run inside this call? SIGPIPE comes from the call itself and interrupts nothing.
    bool handler_ran(const Event& call) const {
        return std::ranges::any_of(subject.history->events, [&](const Event& each) {
            return each.kind == EventKind::signal && each.signal != Signal::SIGPIPE_ && each.actor == call.actor &&
                   each.began > call.began && (call.ended == 0 || each.began < call.ended);
        });
    }
    // Did a step of this actor before the rejected one say so?
    template <class Test>
    bool earlier_step(Test test) const {
        const auto& steps = program().actors[event.actor].steps;
        return std::any_of(steps.begin(), steps.begin() + std::min<std::size_t>(event.step, steps.size()), test);
    }
    // What was done to the same pipe last before the rejected act: the nearest cause.
    const Act* last_act() const {
        const Act* last = nullptr;
        for (const Act& each : component->acts)
            if (each.kind < ActKind::look_capacity && (each.object == act->object || each.to_object == act->object) &&
                each.error == Errno::none && each.ended != never && each.ended < (act->asleep ? never : act->ended) &&
                (last == nullptr || each.ended > last->ended))
                last = &each;
        return last;
    }
    bool stopped_inside() const {
        return std::ranges::any_of(subject.history->events, [&](const Event& each) {
            return each.kind == EventKind::fault && each.fault == stopped_peer_fault && each.result == 1 &&
                   each.actor == event.actor && each.began > event.began && each.began < event.ended;
        });
    }
    // A write beyond PIPE_BUF to a pipe that nobody wrote to before puts in what there is room for before it sleeps.
    bool slept_after_a_part() const {
        return act != nullptr && act->kind == ActKind::write && act->asked > subject.pipe_buf &&
               std::ranges::none_of(component->acts, [&](const Act& each) {
                   return each.began < act->began && (each.object == act->object || each.to_object == act->object) &&
                          each.kind <= ActKind::tee && each.kind != ActKind::read;
               });
    }
    bool came_after(ActKind kind) const { return last_act() != nullptr && last_act()->kind == kind; }
};

bool moves_without_buffer(Verb verb) { return verb == Verb::splice || verb == Verb::tee || verb == Verb::vmsplice; }

ActorId process_leader(const Program& program, ActorId actor) {
    while (program.actors[actor].kind == ActorKind::thread) actor = program.actors[actor].parent;
    return actor;
}

// EINTR, or what should have been EINTR.
ClauseId interrupted_call(const Scene& scene) {
    const bool ran = scene.handler_ran(scene.event);
    if (scene.event.error == Errno::EINTR_) {
        if ((ran || scene.stopped_inside()) && scene.slept_after_a_part()) return clause("SIG-RW-2");
        if (!ran && scene.stopped_inside()) return clause("SIG-STOP-1");
        if (moves_without_buffer(scene.event.verb)) return clause("SIG-SPLICE-1");
        if (scene.act != nullptr && scene.act->restarted && scene.event.verb != Verb::poll) return clause("SIG-RW-3");
        if (ran) return scene.event.verb == Verb::poll ? clause("SIG-POLL-1") : clause("SIG-RW-1");
        const auto with = [&](Flag flag) {
            return scene.earlier_step(
                [&](const Operation& step) { return step.verb == Verb::signal && (step.flags & flag); });
        };
        if (with(flag_block)) return clause("SIG-MASK-1");
        if (with(flag_ignore)) return clause("SIG-IGN-1");
        return scene.event.verb == Verb::poll ? clause("SIG-POLL-1") : clause("SIG-RW-1");
    }
    if (ran && scene.is("RDY-13")) return clause("SIG-POLL-1");
    if (ran && scene.is("PIPE-READ-4")) return clause("SIG-RW-1");
    return scene.breach.clause;
}

ClauseId sigpipe(const Scene& scene) {
    if (scene.is("SIG-MASK-1")) {
        const bool ignored = scene.earlier_step(
            [](const Operation& step) { return step.verb == Verb::signal && (step.flags & flag_ignore); });
        return ignored ? clause("SIG-IGN-1") : scene.breach.clause;
    }
    for (const Event& each : scene.subject.history->events)  // another thread got it
        if (each.kind == EventKind::signal && each.signal == Signal::SIGPIPE_ && each.actor != scene.event.actor &&
            process_leader(scene.program(), each.actor) == process_leader(scene.program(), scene.event.actor))
            return clause("SIG-PIPE-1");
    if (moves_without_buffer(scene.event.verb) && scene.is("PIPE-WRITE-2")) return clause("PIPE-SPLICE-5");
    return scene.breach.clause;
}

// Somebody sleeps on although the condition holds: what was it that did not wake them?
ClauseId sleeper(const Scene& scene) {
    if (scene.act == nullptr) return scene.breach.clause;
    for (const std::string_view id : {"PIPE-READ-3", "PIPE-ATOMIC-2", "PIPE-ATOMIC-4", "PIPE-SPLICE-3", "PIPE-TEE-3",
                                      "PIPE-VMSPLICE-2"})  // it was not to sleep at all
        if (scene.is(id)) return scene.breach.clause;
    if (scene.act->kind == ActKind::splice || scene.act->kind == ActKind::tee || scene.act->kind == ActKind::vmsplice)
        return clause("PIPE-SPLICE-6");
    if (scene.act->kind == ActKind::write && scene.came_after(ActKind::set_capacity)) return clause("PIPE-CAP-9");
    for (const Act& each : scene.component->acts)  // a killed fellow may have taken the wake-up along
        if (each.open && !each.asleep && each.object == scene.act->object && each.kind == scene.act->kind &&
            each.ended != never)
            return clause("PROC-KILL-1");
    return scene.breach.clause;
}

// Of which write are these bytes?
const Act* writer_of(const Scene& scene, const Run& run) {
    for (const Act& each : scene.component->acts)
        if ((each.kind == ActKind::write || each.kind == ActKind::vmsplice) && each.actor == run.actor &&
            each.step == run.step)
            return &each;
    return nullptr;
}

ClauseId whole_write(const Scene& scene, const Act& write) {
    if (write.asked > scene.subject.pipe_buf) return clause("PIPE-ATOMIC-3");
    if (write.asked == scene.subject.pipe_buf) return clause("PIPE-ATOMIC-6");
    return scene.subject.operation(write).verb == Verb::writev ? clause("PIPE-ATOMIC-7") : clause("PIPE-ATOMIC-1");
}

// Is this offset of a step's stream where one segment of its vector ends and the next begins?
bool cut_at_segments(const Operation& operation, std::uint64_t offset) {
    if (operation.verb != Verb::writev && operation.verb != Verb::readv && operation.verb != Verb::vmsplice)
        return false;
    std::array<std::uint64_t, 64> sizes{};
    const std::size_t count = split_into(operation.buffer, sizes);
    std::uint64_t end = 0;
    for (std::size_t i = 0; i + 1 < count; ++i)
        if (end += sizes[i]; end != 0 && end == offset % std::max<std::uint64_t>(operation.buffer.bytes, 1))
            return true;
    return false;
}

// Bytes that are wrong: whose are they, and what happened to them?
ClauseId wrong_bytes(const Scene& scene) {
    const auto runs = scene.subject.history->runs_of(scene.event);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Act* write = runs[i].kind == RunKind::origin ? writer_of(scene, runs[i]) : nullptr;
        if (write == nullptr) continue;
        const Event& call = scene.event_of(*write);
        if (call.error == Errno::EINTR_) return clause("SIG-RW-2");
        if (scene.handler_ran(call)) return clause("SIG-LOSS-1");
        if (write->open && write->ended != never) return clause("PROC-KILL-2");
        for (std::size_t j = i + 2; j < runs.size(); ++j)  // another's bytes between two pieces of one call
            if (runs[j].actor == runs[i].actor && runs[j].step == runs[i].step && runs[i + 1].actor != runs[i].actor &&
                write->asked <= scene.subject.pipe_buf && write->asked != 0 &&
                runs[j].offset / write->asked == runs[i].offset / write->asked)
                return whole_write(scene, *write);
        if (write->object != scene.act->object) return clause("PIPE-SPLICE-1");  // they came by splice or tee
        if (cut_at_segments(scene.subject.operation(*write), runs[i].offset))
            return write->kind == ActKind::vmsplice ? clause("PIPE-VMSPLICE-1") : clause("PIPE-VEC-1");
        std::uint64_t received = 0;
        for (std::size_t j = 0; j < i; ++j) received += runs[j].length;
        if (cut_at_segments(*scene.operation, i == 0 ? runs[0].length : received)) return clause("PIPE-VEC-2");
        if (write->asked > scene.subject.pipe_buf && scene.breach.reason == Reason::reordered)
            return clause("PIPE-ATOMIC-3");
    }
    return scene.breach.clause;
}

// A read that gave another count than it should.
ClauseId wrong_count(const Scene& scene) {
    const auto runs = scene.subject.history->runs_of(scene.event);
    for (std::size_t i = 0; i + 1 < runs.size(); ++i)
        if (runs[i].actor == runs[i + 1].actor && runs[i].step == runs[i + 1].step &&
            runs[i].offset + runs[i].length != runs[i + 1].offset)
            return clause("PIPE-STREAM-1");
    if (scene.came_after(ActKind::splice)) return clause("PIPE-SPLICE-1");
    if (scene.came_after(ActKind::tee)) return clause("PIPE-TEE-1");
    if (scene.came_after(ActKind::set_capacity)) return clause("PIPE-CAP-8");
    if (runs.empty()) return scene.breach.clause;
    const Act* write = runs.back().kind == RunKind::origin ? writer_of(scene, runs.back()) : nullptr;
    if (write == nullptr || write->asked == 0) return scene.breach.clause;
    const Event& call = scene.event_of(*write);
    for (const Event& each : scene.subject.history->events)
        if (each.verb == Verb::start && each.kind == EventKind::call && each.began > call.began &&
            each.began < call.ended)
            return clause("PROC-FORK-2");
    if ((runs.back().offset + runs.back().length) % write->asked == 0) return clause("PIPE-STREAM-2");
    const bool overlap = call.began < scene.event.ended && scene.event.began < call.ended;
    return overlap && write->asked <= scene.subject.pipe_buf ? clause("PIPE-ATOMIC-9") : scene.breach.clause;
}

ClauseId packet(const Scene& scene) {
    for (const Run& run : scene.subject.history->runs_of(scene.event)) {
        const Act* write = run.kind == RunKind::origin ? writer_of(scene, run) : nullptr;
        if (write == nullptr) continue;
        if (write->asked > scene.subject.pipe_buf) return clause("PIPE-PKT-3");
        if (write->asked != 0 && run.offset % write->asked != 0) return clause("PIPE-PKT-2");
    }
    for (const Act& each : scene.component->acts)  // packet mode that F_SETFL turned on
        if (each.kind == ActKind::set_flags && each.object == scene.act->object && each.value & flag_direct)
            return clause("PIPE-FLAGS-3");
    return scene.breach.clause;
}

ClauseId status_flags(const Scene& scene) {
    const Act* set = nullptr;
    for (const Act& each : scene.component->acts)
        if (each.kind == ActKind::set_flags && each.description == scene.act->description &&
            each.ended < scene.act->began)
            set = &each;
    if (set == nullptr) return clause("PIPE-FLAGS-2");
    if (set->process != scene.act->process) return clause("PROC-FORK-1");
    return scene.subject.operation(*set).uses[0] == scene.operation->uses[0] ? clause("PIPE-FLAGS-2")
                                                                             : clause("PIPE-FLAGS-1");
}

// Where did the descriptor come from whose close-on-exec flag is wrong?
ClauseId close_on_exec(const Scene& scene) {
    ClauseId found = scene.breach.clause;
    const auto& steps = scene.program().actors[scene.event.actor].steps;
    for (std::size_t s = 0; s < scene.event.step; ++s) {
        if (std::ranges::find(steps[s].makes, scene.operation->uses[0]) == steps[s].makes.end()) continue;
        found = steps[s].verb == Verb::create    ? clause("PIPE-CREATE-3")
                : steps[s].verb == Verb::receive ? clause("PROC-PASS-2")
                                                 : clause("PIPE-DUP-3");
    }
    return found;
}

// EAGAIN, or a refused resize, although there is room.
ClauseId room(const Scene& scene) {
    const std::uint64_t page = scene.subject.page_bytes;
    if (scene.act->kind == ActKind::set_capacity) {
        auto capacity = static_cast<std::int64_t>(scene.component->objects[scene.act->object].slots * page);
        for (const Act& each : scene.component->acts)
            if (each.kind == ActKind::set_capacity && each.object == scene.act->object && each.error == Errno::none &&
                each.ended < scene.act->began)
                capacity = each.result;
        return scene.event.error == Errno::EPERM_ && scene.act->value <= capacity ? clause("PIPE-CAP-10")
                                                                                  : scene.breach.clause;
    }
    const bool fills = scene.operation->times > 1 && (scene.act->asked == 1 || scene.act->asked % page == 0);
    if (fills) return clause("PIPE-CAP-2");
    const Act* read = scene.last_act();
    const bool page_read = read != nullptr && read->kind == ActKind::read &&
                           scene.event_of(*read).result >= static_cast<std::int64_t>(page);
    return page_read && scene.act->asked == scene.subject.pipe_buf ? clause("PIPE-CAP-4") : scene.breach.clause;
}

ClauseId moved_without_reader(const Scene& scene) {
    if (scene.event.error != Errno::none || scene.act->to_object == none16) return scene.breach.clause;
    std::uint32_t gone = 0;
    for (const Act& each : scene.component->acts)
        if (each.kind == ActKind::release && each.object == scene.act->to_object && each.end == 0 &&
            each.ended < scene.act->began)
            gone += each.count;
    return gone >= scene.component->objects[scene.act->to_object].readers ? clause("PIPE-SPLICE-5")
                                                                          : scene.breach.clause;
}

ClauseId unread(const Scene& scene) {
    for (const Act& each : scene.component->acts)  // a write that says EPIPE, although bytes of it were seen
        if (each.kind == ActKind::write && each.object == scene.act->object && each.error == Errno::EPIPE_ &&
            each.full_calls == 0 && each.began < scene.act->began && each.ended > scene.act->ended &&
            scene.act->result > 0)
            return clause("PIPE-WRITE-4");
    return scene.came_after(ActKind::tee) ? clause("PIPE-TEE-1") : scene.breach.clause;
}

bool packets(const Scene& scene) {
    const Object& object = scene.program().objects[scene.component->objects[scene.act->object].id];
    return object.asked.flags & flag_direct;
}

// EBADF too much or too little for a slot that an exec of this process kept, or should have closed.
bool changed_by_exec(const Scene& scene) {
    const bool about_it = scene.event.error == Errno::EBADF_ || scene.breach.detail.ends_with("/EBADF");
    const auto& steps = scene.program().actors[scene.event.actor].steps;
    bool after_exec = false;
    for (std::size_t s = 0; about_it && s < scene.event.step; ++s) {
        if (steps[s].verb == Verb::exec) after_exec = true;
        if (std::ranges::find(steps[s].makes, scene.operation->uses[0]) != steps[s].makes.end()) after_exec = false;
    }
    return after_exec;
}

ClauseId of_an_act(const Scene& scene) {
    if (scene.breach.reason == Reason::asleep) return sleeper(scene);
    switch (scene.act->kind) {
        case ActKind::read:
            if (scene.is("PIPE-READ-5")) {
                for (const Act& each : scene.component->acts)
                    if (each.kind == ActKind::write && each.object == scene.act->object && each.asked == 0 &&
                        packets(scene))
                        return clause("PIPE-PKT-4");
                return scene.came_after(ActKind::set_capacity) ? clause("PIPE-CAP-8") : scene.breach.clause;
            }
            if (scene.is("PIPE-PKT-1") || scene.is("PIPE-PKT-2")) return packet(scene);
            if (scene.is("PIPE-READ-1") && scene.event.error == Errno::none) return wrong_count(scene);
            if (scene.is("PIPE-READ-1") && scene.event.error != Errno::EAGAIN_ &&
                scene.component->flags[scene.act->description] & flag_nonblock)
                return clause("PIPE-READ-3");
            return scene.is("PIPE-STREAM-1") || scene.is("PIPE-STREAM-3") ? wrong_bytes(scene) : scene.breach.clause;
        case ActKind::write: return scene.event.error == Errno::EAGAIN_ ? room(scene) : scene.breach.clause;
        case ActKind::set_capacity: return room(scene);
        case ActKind::look_available: return unread(scene);
        case ActKind::look_flags: return scene.is("PIPE-FLAGS-1") ? status_flags(scene) : scene.breach.clause;
        case ActKind::look_poll:
            return scene.is("RDY-4") && scene.act->value == 0 ? clause("RDY-6") : scene.breach.clause;
        case ActKind::splice:
        case ActKind::tee:
        case ActKind::vmsplice: return moved_without_reader(scene);
        default: return scene.breach.clause;
    }
}

// Who asks otherwise than by poll.
ClauseId of_another_poll(const Operation& operation) {
    if (operation.verb == Verb::wait) return clause("RDY-8");
    if (operation.flags & flag_select) return clause("RDY-14");
    return operation.flags & flag_epoll ? clause("RDY-11") : no_clause;
}

}  // namespace

void blame(const Subject& subject, std::span<const Component> components, Breach& breach) {
    const Event& event = subject.history->events[breach.event];
    if (event.kind == EventKind::probe)  // the leader looked how many bytes are there
        for (const Component& component : components)
            for (const Act& act : component.acts)
                if (act.event == breach.event && is_pipe(mechanism_of(component.mechanism)) &&
                    tell_by_moved_bytes(subject, component, act, breach))
                    return;
    if (event.kind != EventKind::call) return;
    Scene scene{subject, components, breach, event, &subject.value->program.actors[event.actor].steps[event.step],
                nullptr, nullptr};
    for (const Component& component : components)
        for (const Act& act : component.acts)
            if (act.event == breach.event && act.kind != ActKind::release)
                scene.component = &component, scene.act = &act;
    // Of who slept on, and of what poll says wrongly as well, others speak.
    if (scene.act != nullptr && scene.act->kind == ActKind::look_poll && breach.reason == Reason::wrong_value)
        if (const ClauseId which = of_another_poll(*scene.operation); which != no_clause) {
            breach.clause = which;
            return;
        }
    // What follows knows pipes; the models of other mechanisms name the clause that they mean.
    if (scene.component != nullptr && !is_pipe(mechanism_of(scene.component->mechanism))) return;
    if (scene.component != nullptr && scene.component->objects[0].fresh_slots != 0) {
        const ClauseId named = blame_of_names(subject, *scene.component, *scene.act, breach);
        if (named != breach.clause) {
            breach.clause = named;
            return;
        }
    }
    const bool signals =
        event.error == Errno::EINTR_ || scene.is("RDY-13") || (scene.is("PIPE-READ-4") && scene.handler_ran(event));
    const bool of_queues = std::ranges::any_of(subject.value->program.objects, [](const Object& object) {
        return binds::queues(mechanism_of(object.mechanism));
    });
    if (signals)
        breach.clause = interrupted_call(scene);
    else if (changed_by_exec(scene))
        tell(breach, of_queues ? clause("MQ-OPEN-10") : clause("PROC-EXEC-1"),
             event.error == Errno::EBADF_ ? Reason::early : Reason::late);
    else if ((scene.is("SIG-MASK-1") && event.error == Errno::EPIPE_) ||
             (scene.is("PIPE-WRITE-2") && breach.reason == Reason::no_signal))
        breach.clause = sigpipe(scene);
    else if (scene.is("PIPE-DUP-3") && event.verb == Verb::get_flags)
        breach.clause = close_on_exec(scene);
    else if (scene.act != nullptr && !tell_by_moved_bytes(subject, *scene.component, *scene.act, breach) &&
             !tell_by_references(subject, *scene.component, *scene.act, breach) &&
             !tell_by_name(subject, *scene.component, *scene.act, breach)) {
        breach.clause = of_an_act(scene);
        if (scene.is("PIPE-READ-1") && shows_fewer_bytes(subject, *scene.component, *scene.act))
            tell(breach, clause("PIPE-READ-1"), Reason::lost);
    }
}

}  // namespace crosstalk::judging
