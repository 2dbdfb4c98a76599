// The priority queue: which clauses an accepted explanation rests on.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/models/priority_queue.h"

namespace crosstalk::priority_queue {
namespace {

struct Evidence {
    const Subject& subject;
    const Component& component;
    judging::Weights& weights;

    void add(ClauseId id) { ++weights[id]; }
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }
    const Operation& operation(const Act& act) const { return subject.operation(act); }

    void transfer(const Act& act, std::uint32_t h) {
        const bool sends = act.kind == ActKind::write;
        const Operation& asked = operation(act);
        const bool some = act.full_calls != 0, bad = (asked.flags & flag_unknown) != 0;
        add_if(h & how_again, sends ? clause("MQ-SEND-4") : clause("MQ-RECV-3"));
        add_if((h & how_again) && asked.timeout_ns >= 0, clause("MQ-TIME-5"));
        add_if((h & how_timed_out) && asked.timeout_ns == 0, clause("MQ-TIME-3"));
        add_if(some && asked.timeout_ns == 0 && !bad, clause("MQ-TIME-2"));
        add_if(bad && (some || (h & how_refused)), clause("MQ-TIME-4"));
        add_if(act.restarted && act.error != Errno::EINTR_, clause("SIG-MQ-1"));
        add_if((h & how_unlinked) && some, clause("MQ-LIFE-2"));
        sends ? send(act, h, asked) : receive(act, h);
    }
    void send(const Act& act, std::uint32_t h, const Operation& asked) {
        if (act.full_calls == 0) return;
        add_if(act.asked != 0, clause("MQ-SEND-1"));
        add_if(asked.value == 0 || asked.value == 32767, clause("MQ-SEND-3"));
        add_if(h & how_filled, clause("MQ-SEND-4"));
        add_if(h & how_told, clause("MQ-NOTIFY-1"));
        add_if(h & how_silent, clause("MQ-NOTIFY-10"));
        add_if(h & how_not_told, (h & how_handed) ? clause("MQ-NOTIFY-3") : clause("MQ-NOTIFY-2"));
    }
    void receive(const Act& act, std::uint32_t h) {
        if (act.full_calls == 0) return;
        add(clause("MQ-RECV-2"));
        add_if(act.result == 0, clause("MQ-SEND-2"));
        add_if(act.result != 0, clause("MQ-RECV-5"));
        if (h & how_passed_lower) add(clause("MQ-ORDER-1")), add(clause("MQ-ORDER-3"));
        add_if(h & how_passed_equal, clause("MQ-ORDER-2"));
    }
    void opening(const Act& act, std::uint32_t h) {
        const bool creates = (act.value & flag_create) != 0, refused = (h & how_refused) != 0;
        if (!refused && creates) add((act.value & flag_exclusive) ? clause("MQ-OPEN-2") : clause("MQ-OPEN-1"));
        add_if(refused && act.error == Errno::EEXIST_, clause("MQ-OPEN-2"));
        add_if(refused && act.error == Errno::ENOENT_, clause("MQ-OPEN-3"));
        const Asked& asked = subject.value->program.objects[component.objects[0].id].asked;
        const bool nothing = asked.records == 0 || asked.record_bytes == 0;
        add_if(refused && act.error == Errno::EINVAL_, nothing ? clause("MQ-OPEN-4") : clause("MQ-OPEN-5"));
        const bool most =
            asked.records == subject.queue_most.messages || asked.record_bytes == subject.queue_most.bytes;
        add_if(!refused && (h & how_made) && most, clause("MQ-OPEN-5"));
        add_if(!refused && (h & how_made_again), clause("MQ-LIFE-3"));
        add_if((h & how_found_messages) && all_had_closed(act), clause("MQ-LIFE-1"));
    }
    // Surely nobody had it open when this open began: known only where descriptors are not copied.
    bool all_had_closed(const Act& open) const {
        const Program& program = subject.value->program;
        const Slot slot = initial_slot(component.objects[0].id, 0);
        std::size_t bound = 0, released = 0;
        for (const Actor& actor : program.actors) {
            bound += static_cast<std::size_t>(std::ranges::count(actor.holds, slot));
            for (const Operation& step : actor.steps)
                if (step.verb == Verb::dup || step.verb == Verb::start || step.verb == Verb::pass) return false;
        }
        for (const Act& act : component.acts) {
            const bool opens = act.verb == Verb::open || act.verb == Verb::create;
            bound += opens && act.description != judging::none16 && act.began < open.began;
            if (act.kind == ActKind::release && act.ended < open.began) released += act.count;
        }
        return bound == released;
    }
    void notify(const Act& act, std::uint32_t h) {
        if (act.value == 0) return add_if(h & (how_freed | how_refused), clause("MQ-NOTIFY-5"));
        add_if(h & how_refused, clause("MQ-NOTIFY-4"));
        add_if((h & how_registered) && (operation(act).flags & flag_ignore), clause("MQ-NOTIFY-10"));
        if ((h & how_registered) && (h & how_made_again)) freed_before(act);
    }
    // Somebody could register after somebody else was: what had freed the place last?
    void freed_before(const Act& act) {
        const Act* last = nullptr;
        for (const Act& each : component.acts)
            if (each.kind == ActKind::release && each.ended < act.began &&
                (last == nullptr || each.ended > last->ended))
                last = &each;
        if (last == nullptr) return;
        add(last->death ? clause("MQ-NOTIFY-7") : clause("MQ-NOTIFY-6"));
    }
};

}  // namespace

void Model::weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
                  std::vector<Deviation>& deviations) const {
    Evidence evidence{subject_, component_, weights};
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        const std::uint32_t h = how[i];
        if (h & how_deviates_time)
            deviations.push_back({clause("MQ-TIME-4"), Reason::wrong_errno, "EINVAL/none", act.event});
        if (h & how_deviates_close) deviations.push_back({clause("MQ-NOTIFY-6"), Reason::no_signal, "", act.event});
        if (act.open) {
            evidence.add_if(act.ended != judging::never && act.kind <= ActKind::read, clause("MQ-LIFE-7"));
            continue;
        }
        switch (act.kind) {
            case ActKind::write:
            case ActKind::read: evidence.transfer(act, h); break;
            case ActKind::release:
                evidence.add_if(
                    (h & how_registered) && subject_.value->program.actors[act.actor].kind == ActorKind::forked,
                    clause("MQ-NOTIFY-12"));
                break;
            case ActKind::look_available: evidence.add(clause("MQ-ATTR-1")); break;
            case ActKind::look_poll:
                evidence.add_if(act.result != 0, clause("MQ-POLL-1"));
                evidence.add_if(act.value & poll_in, clause("RDY-1"));
                evidence.add_if(act.value & poll_out, clause("RDY-2"));
                break;
            case ActKind::other:
                if (act.verb == Verb::open || act.verb == Verb::create) evidence.opening(act, h);
                if (act.verb == Verb::mq_notify) evidence.notify(act, h);
                if (act.verb == Verb::signal) evidence.add(clause("MQ-NOTIFY-8"));
                evidence.add_if(act.verb == Verb::unlink,
                                (h & how_refused) ? clause("MQ-LIFE-4") : clause("MQ-LIFE-2"));
                break;
            default: break;
        }
    }
}

// Who had waited when what they waited for came: a receive that began before its message was sent; a send beside which
// a receive took the first message of a full queue.
void Model::weigh_waits(const std::vector<std::uint32_t>& how, judging::Weights& weights) const {
    Evidence evidence{subject_, component_, weights};
    const auto& acts = component_.acts;
    const auto inside = [](const Act& inner, const Act& outer) {
        return inner.began > outer.began && inner.ended < outer.ended;
    };
    const auto set_by_another = [&](const Act& look) {  // through another descriptor, or in another process
        return std::ranges::any_of(acts, [&](const Act& set) {
            return set.kind == ActKind::set_flags && set.description == look.description && set.ended < look.began &&
                   (set.process != look.process || operation(set).uses[0] != operation(look).uses[0]);
        });
    };
    for (const Act& act : acts) {
        if (act.open || act.ended == judging::never) continue;
        if (act.kind == ActKind::look_available && act.description != judging::none16) {
            evidence.add_if(set_by_another(act), clause("MQ-ATTR-3"));
            evidence.add_if(std::ranges::any_of(acts,
                                                [&](const Act& set) {
                                                    return set.kind == ActKind::set_flags &&
                                                           set.description != act.description &&
                                                           set.ended < act.began && set.value != act.value;
                                                }),
                            clause("MQ-ATTR-3"));
        }
        const bool waits = act.kind == ActKind::look_poll ? act.result != 0 && operation(act).timeout_ns != 0
                                                          : act.kind <= ActKind::read && act.full_calls != 0;
        if (!waits) continue;
        bool waited = false, lost_name = false;
        for (std::size_t i = 0; i < acts.size(); ++i) {
            if (!inside(acts[i], act)) continue;
            const bool came = acts[i].kind == ActKind::write && (how[i] & how_into_empty) != 0;
            const bool went = acts[i].kind == ActKind::read && (how[i] & how_from_full) != 0;
            waited = waited || (act.kind == ActKind::write ? went : act.kind == ActKind::read ? came : came || went);
            lost_name = lost_name || (acts[i].verb == Verb::unlink && acts[i].error == Errno::none);
        }
        if (act.kind == ActKind::look_poll) {
            evidence.add_if(waited, clause("RDY-7"));
            continue;
        }
        evidence.add_if(waited, clause("MQ-LIVE-1"));
        evidence.add_if(waited && lost_name, clause("MQ-LIFE-6"));
        evidence.add_if(waited && std::ranges::any_of(acts,
                                                      [&](const Act& other) {
                                                          return other.open && other.kind == act.kind &&
                                                                 other.ended != judging::never;
                                                      }),
                        clause("PROC-KILL-1"));
    }
}

}  // namespace crosstalk::priority_queue
