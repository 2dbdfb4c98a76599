// Blame where FIFOs are opened by name: which sentence about names and openers speaks of what happened. See blame.h.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/judge/blame.h"

namespace crosstalk::judging {
namespace {

bool opens(const Act& act) { return act.verb == Verb::open && act.error == Errno::none && !act.open; }

// The open that made the description of this act; nullptr if it was there from the start.
const Act* opener_of(const Component& component, const Act& act) {
    for (const Act& each : component.acts)
        if (opens(each) && each.description == act.description) return &each;
    return nullptr;
}

// Had everybody closed it before this moment, as far as calls that had returned tell?
bool was_closed_before(const Component& component, Stamp moment) {
    std::int64_t references = component.objects[0].readers + component.objects[0].writers;
    for (const Act& each : component.acts) {
        if (each.ended >= moment) continue;
        if (opens(each)) references += each.count;
        if (each.kind == ActKind::release) references -= each.count;
    }
    return references == 0;
}

ClauseId of_a_read(const Component& component, const Act& read, const Breach& breach) {
    const Act* const opener = opener_of(component, read);
    if (opener == nullptr) return breach.clause;
    const bool moved = read.full_calls > 0 || read.tail > 0;
    const auto before = [&](auto test) {
        return std::ranges::any_of(component.acts,
                                   [&](const Act& each) { return each.ended < read.began && test(each); });
    };
    const bool wrote_since = before([&](const Act& each) { return each.kind == ActKind::write && each.result > 0; });
    if (moved) return was_closed_before(component, opener->began) ? clause("FIFO-DATA-4") : breach.clause;
    if (!wrote_since) return breach.clause;
    const bool saw_the_end = before([&](const Act& each) {
        return each.kind == ActKind::read && each.description == read.description && each.error == Errno::none &&
               each.full_calls == 0 && each.tail == 0 && each.asked != 0;
    });
    if (saw_the_end) return clause("FIFO-DATA-5");
    const bool strangers = before([&](const Act& each) {
        return each.kind == ActKind::write && each.process != read.process && opener_of(component, each) != nullptr;
    });
    const bool writer_closed = before([](const Act& each) { return each.kind == ActKind::release && each.end != 0; });
    if (writer_closed && read.error == Errno::none) return clause("FIFO-DATA-3");
    return strangers ? clause("FIFO-DATA-1") : breach.clause;
}

ClauseId of_an_open(const Subject& subject, const Component& component, const Act& open, const Breach& breach) {
    const auto any = [&](auto test) { return std::ranges::any_of(component.acts, test); };
    if (open.error == Errno::EINTR_) return open.restarted ? clause("SIG-OPEN-1") : clause("FIFO-OPEN-6");
    const bool made = std::ranges::any_of(subject.history->events, [](const Event& event) {
        return event.kind == EventKind::call && event.verb == Verb::create;
    });
    if (made && clause_of(breach.clause).id == "FIFO-OPEN-3" &&
        !any([&](const Act& each) { return opens(each) && &each != &open; }))
        return clause("FIFO-CREATE-4");
    if (breach.reason != Reason::asleep) return breach.clause;
    // Somebody who waited for the same side was let in while it was not.
    const bool fellow = any([&](const Act& each) {
        return opens(each) && &each != &open && each.end == open.end && !each.never_sleeps && each.ended > open.began;
    });
    return fellow ? clause("FIFO-OPEN-7") : breach.clause;
}

// Was the FIFO opened so before?
bool opened_with(const Subject& subject, const Component& component, const Act& act, Flag flag) {
    return std::ranges::any_of(component.acts, [&](const Act& each) {
        return opens(each) && each.ended < act.began && subject.operation(each).flags & flag;
    });
}

}  // namespace

ClauseId blame_of_names(const Subject& subject, const Component& component, const Act& act, const Breach& breach) {
    if (is_named_anew(subject.value->program, component.objects[0].id)) return clause("FIFO-LIFE-2");
    if (act.kind == ActKind::read && opened_with(subject, component, act, flag_truncate)) return clause("FIFO-LIFE-3");
    if (act.kind == ActKind::read && opened_with(subject, component, act, flag_linked)) return clause("FIFO-DATA-6");
    if (act.verb == Verb::open) return of_an_open(subject, component, act, breach);
    return act.kind == ActKind::read ? of_a_read(component, act, breach) : breach.clause;
}

}  // namespace crosstalk::judging
