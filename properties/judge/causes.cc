// See causes.h. How many bytes and references there should be is counted from the acts alone, not searched for.
#include "properties/judge/causes.h"

#include <algorithm>
#include <optional>

#include "properties/clauses/all.h"

namespace crosstalk::judging {
namespace {

std::int64_t moved_by(const Act& act) { return static_cast<std::int64_t>(act.asked * act.full_calls + act.tail); }

bool moves_bytes(const Act& act) { return act.kind <= ActKind::tee; }
bool touches(const Act& act, std::uint16_t pipe) { return act.object == pipe || act.to_object == pipe; }

// What it adds to this pipe; below 0: what it takes out.
std::int64_t added_by(const Act& act, std::uint16_t pipe) {
    switch (act.kind) {
        case ActKind::write:
        case ActKind::vmsplice: return moved_by(act);
        case ActKind::read: return -moved_by(act);
        case ActKind::splice: return act.to_object == pipe ? moved_by(act) : -moved_by(act);
        case ActKind::tee: return act.to_object == pipe ? moved_by(act) : 0;
        default: return 0;
    }
}

bool has_packets(const Subject& subject, const Component& component, std::uint16_t pipe) {
    const ObjectId object = component.objects[pipe].id;
    return (subject.value->program.objects[object].asked.flags & flag_direct) != 0 ||
           std::ranges::any_of(component.flags, [](std::uint16_t flags) { return (flags & flag_direct) != 0; }) ||
           std::ranges::any_of(component.acts, [&](const Act& each) {
               return each.kind == ActKind::set_flags && each.object == pipe && (each.value & flag_direct) != 0;
           });
}

struct Content {
    std::int64_t bytes = 0;
    const Act* last = nullptr;  // that moved bytes, or changed the capacity
};

// Before this act began, where that is beyond doubt.
std::optional<Content> content_before(const Subject& subject, const Component& component, const Act& act) {
    if (has_packets(subject, component, act.object)) return std::nullopt;
    Content out;
    for (const Act& each : component.acts) {
        if (&each == &act || !touches(each, act.object) || (each.kind != ActKind::set_capacity && !moves_bytes(each)))
            continue;
        if (act.ended != never && each.began > act.ended) continue;
        if (each.open || each.ended > act.began) return std::nullopt;
        out.bytes += added_by(each, act.object);
        const bool counts = each.kind == ActKind::set_capacity ? each.error == Errno::none : moved_by(each) != 0;
        if (counts && (out.last == nullptr || each.ended > out.last->ended)) out.last = &each;
    }
    return out.bytes < 0 ? std::nullopt : std::optional(out);
}

ClauseId clause_of_move(const Act& act) {
    switch (act.kind) {
        case ActKind::vmsplice: return clause("PIPE-VMSPLICE-1");
        case ActKind::splice: return clause("PIPE-SPLICE-1");
        case ActKind::tee: return clause("PIPE-TEE-1");
        default: return no_clause;  // no document speaks of a change of capacity: what gates must not hide behind it
    }
}

// -1: fewer bytes than there should be, 1: more, 0: as many; nullopt: it does not say.
std::optional<int> shown_by(const Subject& subject, const Act& act, std::int64_t held) {
    const auto compared = [](std::int64_t got, std::int64_t due) { return got < due ? -1 : got > due ? 1 : 0; };
    switch (act.kind) {
        case ActKind::read: {
            if (subject.operation(act).times != 1 || act.asked == 0 || act.mapped < act.asked) return std::nullopt;
            if (act.error != Errno::none && act.error != Errno::EAGAIN_) return std::nullopt;
            return compared(moved_by(act), std::min(held, static_cast<std::int64_t>(act.asked)));
        }
        case ActKind::look_available: return compared(act.result, held);
        case ActKind::look_poll:
            if (act.end != 0 || (act.value & poll_in) == 0 || act.asleep) return std::nullopt;
            return compared((act.result & poll_in) != 0, held > 0);
        default: return std::nullopt;
    }
}

// References to an end of a pipe that went before an act began, and those that may have gone before it ended.
struct Releases {
    std::uint32_t surely = 0, perhaps = 0;
    ClauseId by = no_clause;  // the last way of going, of those that surely went, that has a clause of its own
};

ClauseId clause_of_release(const Subject& subject, const Act& release) {
    if (release.death) return clause("PROC-EXIT-1");
    const Verb verb = subject.history->events[release.event].verb;
    return verb == Verb::dup ? clause("PIPE-DUP-2") : verb == Verb::exec ? clause("PROC-EXEC-1") : no_clause;
}

Releases releases_before(const Subject& subject, const Component& component, const Act& act, std::uint8_t end) {
    Releases out;
    Stamp last = 0;
    for (const Act& each : component.acts) {
        if (each.kind != ActKind::release || each.object != act.object || each.end != end || each.event == act.event)
            continue;
        if (each.began < act.ended) out.perhaps += each.count;
        if (each.open || each.ended >= act.began) continue;
        out.surely += each.count;
        const ClauseId by = clause_of_release(subject, each);
        if (by != no_clause && each.ended > last) out.by = by, last = each.ended;
    }
    return out;
}

// Whether this act says that the other end is gone; nullopt: it does not say.
std::optional<bool> says_gone(const Subject& subject, const Component& component, const Act& act,
                              const Breach& breach) {
    switch (act.kind) {
        case ActKind::read:
        case ActKind::splice:
        case ActKind::tee: {
            if (act.asked == 0 || moved_by(act) != 0) return std::nullopt;
            const std::optional<Content> content = content_before(subject, component, act);
            if (breach.clause != clause("PIPE-READ-4") && (!content || content->bytes != 0)) return std::nullopt;
            if (act.asleep || act.error == Errno::EAGAIN_) return false;
            return act.error == Errno::none && act.ended != never ? std::optional(true) : std::nullopt;
        }
        case ActKind::write:
            if (act.asked == 0) return std::nullopt;
            if (act.asleep || act.error == Errno::none || act.error == Errno::EAGAIN_) return false;
            return act.error == Errno::EPIPE_ ? std::optional(true) : std::nullopt;
        case ActKind::look_poll:
            if (act.asleep || act.ended == never) return std::nullopt;
            return (act.result & (act.end == 0 ? poll_hup : poll_err)) != 0;
        default: return std::nullopt;
    }
}

bool happened_before(const Subject& subject, const Act& act, Verb verb) {
    return std::ranges::any_of(subject.history->events, [&](const Event& each) {
        return each.kind == EventKind::call && each.verb == verb && each.error == Errno::none && each.began < act.ended;
    });
}

// Who made a reference that does not count: all who had the end from the start have closed it, so it was a later one.
ClauseId made_in_vain(const Subject& subject, const Component& component, const Act& act, std::uint8_t end) {
    std::size_t closed = 0, first_holders = 0;
    for (const Act& each : component.acts)
        closed +=
            each.kind == ActKind::release && each.object == act.object && each.end == end && each.ended < act.ended;
    const Slot slot = initial_slot(component.objects[act.object].id, end);
    for (const Actor& actor : subject.value->program.actors)
        first_holders += actor.kind == ActorKind::pooled && std::ranges::count(actor.holds, slot) != 0;
    if (closed < first_holders) return no_clause;
    if (happened_before(subject, act, Verb::pass)) return clause("PROC-PASS-1");
    if (happened_before(subject, act, Verb::start)) return clause("PIPE-DUP-1");
    return happened_before(subject, act, Verb::dup) ? clause("PROC-DUP-1") : no_clause;
}

// The clause of the step that gave the first slot of this act its descriptor; no_clause if it had it from the start.
ClauseId clause_of_name(const Subject& subject, const Act& act) {
    const Slot slot = subject.operation(act).uses[0];
    const std::vector<Actor>& actors = subject.value->program.actors;
    for (ActorId actor = act.actor;; actor = actors[actor].parent) {
        for (const Operation& step : actors[actor].steps) {
            if (std::ranges::count(step.makes, slot) == 0) continue;
            if (step.verb == Verb::receive) return clause("PROC-PASS-1");
            if (step.verb != Verb::dup) return no_clause;
            return actors[actor].kind == ActorKind::forked ? clause("PIPE-DUP-1") : clause("PROC-DUP-1");
        }
        if (actors[actor].kind == ActorKind::pooled) return no_clause;
    }
}

// A call of its actor, or this one, was interrupted before: what it loses then, it loses by that.
bool interrupted_before(const Subject& subject, const Act& act) {
    return std::ranges::any_of(subject.history->events, [&](const Event& each) {
        return each.kind == EventKind::call && each.actor == act.actor && each.error == Errno::EINTR_ &&
               each.began <= act.began;
    });
}

}  // namespace

bool tell(Breach& breach, ClauseId clause, Reason reason) {
    if (clause == no_clause) return false;
    breach.clause = clause, breach.reason = reason, breach.detail.clear();
    return true;
}

bool shows_fewer_bytes(const Subject& subject, const Component& component, const Act& act) {
    const std::optional<Content> content = content_before(subject, component, act);
    return content && shown_by(subject, act, content->bytes).value_or(0) < 0;
}

bool tell_by_moved_bytes(const Subject& subject, const Component& component, const Act& act, Breach& breach) {
    if (act.object == none16) return false;
    const std::optional<Content> content = content_before(subject, component, act);
    if (!content || content->last == nullptr) return false;
    const std::optional<int> shown = shown_by(subject, act, content->bytes);
    if (!shown) return false;
    if (*shown > 0 && act.kind == ActKind::read && content->last->kind == ActKind::read)
        return tell(breach, clause("PIPE-STREAM-3"), Reason::doubled);
    const Reason reason = *shown < 0 ? Reason::lost : *shown > 0 ? Reason::doubled : breach.reason;
    if (*shown == 0 && breach.clause != clause("PIPE-STREAM-1")) return false;  // it is about something else
    if (tell(breach, clause_of_move(*content->last), reason)) return true;
    if (*shown == 0 || act.kind != ActKind::read) return false;
    if (interrupted_before(subject, *content->last)) return tell(breach, clause("SIG-LOSS-1"), reason);
    // It found the bytes there: whether it slept on or said that there are none is by its flags alone.
    const bool empty_handed = act.asleep || act.error == Errno::EAGAIN_;
    return *shown < 0 && empty_handed && tell(breach, clause("PIPE-READ-1"), Reason::lost);
}

bool tell_by_references(const Subject& subject, const Component& component, const Act& act, Breach& breach) {
    if (act.object == none16) return false;
    const std::optional<bool> gone = says_gone(subject, component, act, breach);
    if (!gone) return false;
    const bool about_writers = act.kind != ActKind::write && (act.kind != ActKind::look_poll || act.end == 0);
    const std::uint8_t end = about_writers ? 1 : 0;
    const ObjectFacts& pipe = component.objects[act.object];
    const std::uint32_t references = end == 1 ? pipe.writers : pipe.readers;
    const Releases releases = releases_before(subject, component, act, end);
    if (*gone && releases.perhaps < references)
        return tell(breach, made_in_vain(subject, component, act, end), Reason::early);
    if (!*gone && releases.surely >= references) return tell(breach, releases.by, Reason::late);
    return false;
}

bool tell_by_name(const Subject& subject, const Component& component, const Act& act, Breach& breach) {
    const bool counts = moves_bytes(act) || act.kind == ActKind::set_capacity || act.kind == ActKind::look_capacity ||
                        act.kind == ActKind::look_available || act.kind == ActKind::look_poll;
    if (!counts || act.object == none16) return false;
    const bool first = std::ranges::none_of(component.acts, [&](const Act& each) {
        return touches(each, act.object) && each.event != act.event && each.kind != ActKind::look_flags &&
               each.kind != ActKind::release && (act.ended == never || each.began < act.ended);
    });
    return first && tell(breach, clause_of_name(subject, act), Reason::wrong_value);
}

}  // namespace crosstalk::judging
