// Watches: epoll instances that wait for the input of one descriptor. What a wait tells at a moment is a look like
// poll's, and the model's to judge. That it must tell something is judged here, on intervals: of an edge-triggered
// watch, after what came when all had been read (epoll(7)); of a one-shot watch nothing but its first event
// (epoll_ctl(2)).
#include <algorithm>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

bool Resolver::is_on_watch(const Event& event, const Operation& operation) {
    if (watched_since_.empty() || operation.verb == Verb::wait || operation.verb == Verb::close) return false;
    return std::ranges::any_of(operation.uses, [&](Slot slot) {
        const std::int16_t found = slot < first_mailbox ? description_in(event.actor, slot) : unbound;
        return found != unbound && descriptions_[static_cast<std::size_t>(found)].watches != unbound;
    });
}

void Resolver::watch(const Event& event, std::uint32_t, const Operation& operation) {
    if (event.ended == 0 || event.error != Errno::none) return;
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return;
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const std::int16_t made = new_description(d.object, d.end, 0);
    Description& watch = descriptions_[static_cast<std::size_t>(made)];
    watch.watches = found, watch.opened = true;
    bind(event.actor, operation.makes[0], made, true);
    process_of(event.actor).made(1);
    changed(event, operation.makes[0], unbound);
    watched_since_.resize(descriptions_.size(), nullptr);
    watched_since_[static_cast<std::size_t>(made)] = &event;
}

void Resolver::wait(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) return void(must_fail(event, index, clause("RDY-8"), Errno::EBADF_));
    const std::int16_t watched = descriptions_[static_cast<std::size_t>(found)].watches;
    if (watched == unbound) return;  // a program that waits on something else asks for nothing
    const Event& since = *watched_since_[static_cast<std::size_t>(found)];
    const Operation& asked = value_.program.actors[since.actor].steps[since.step];
    const bool whole =
        !process_of(event.actor).shared_by_threads && description_in(event.actor, asked.uses[0]) == watched;
    waits_.push_back({found, index, whole});
    if (event.ended == 0 || event.error != Errno::none) return;
    const bool level = (asked.flags & (flag_edge | flag_once)) == 0;
    if (event.result == 0 && !(level && whole)) return;
    const Description& d = descriptions_[static_cast<std::size_t>(watched)];
    Act act = act_of(ActKind::look_poll, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(watched), act.end = d.end;
    act.value = poll_in, act.result = event.value;
    add(act);
}

// Has something surely come that this wait must tell of? It came after a read had found nothing, or after the watch was
// made if it has told of nothing yet; nothing was told of it, and nobody may have read it.
bool Resolver::is_due(std::int16_t watch, const Event& wait) const {
    const Description& mine = descriptions_[static_cast<std::size_t>(watch)];
    const Stamp since = watched_since_[static_cast<std::size_t>(watch)]->ended;
    Stamp told = 0;
    for (const Wait& each : waits_) {
        const Event& other = history_.events[each.event];
        if (each.watch != watch || &other == &wait || other.began > wait.ended) continue;
        if (other.ended == 0 || other.ended > wait.began) return false;  // beside it: which was told, nobody knows
        if (other.result > 0) told = std::max(told, other.ended);
    }
    const auto of_mine = [&](const Act& act) { return act.object == mine.object; };
    const auto surely_new = [&](const Act& arrival) {
        if (arrival.began < since || arrival.began < told) return false;
        return told == 0 || std::ranges::any_of(acts_, [&](const Act& read) {
                   return of_mine(read) && read.kind == ActKind::read && read.error == Errno::EAGAIN_ &&
                          read.began > told && read.ended < arrival.began;
               });
    };
    const auto may_be_read = [&](const Act& arrival) {
        return std::ranges::any_of(acts_, [&](const Act& other) {
            const bool takes = other.kind == ActKind::read || other.kind == ActKind::splice;
            return of_mine(other) && takes && other.began < wait.ended && other.ended > arrival.began;
        });
    };
    return std::ranges::any_of(acts_, [&](const Act& act) {
        return of_mine(act) && act.kind == ActKind::write && !act.open && act.result > 0 && act.ended < wait.began &&
               surely_new(act) && !may_be_read(act);
    });
}

void Resolver::edges() {
    for (const Wait& each : waits_) {
        const Event& event = history_.events[each.event];
        if (event.ended == 0 || event.error != Errno::none) continue;
        const Event& since = *watched_since_[static_cast<std::size_t>(each.watch)];
        const std::uint16_t flags = value_.program.actors[since.actor].steps[since.step].flags;
        const bool told_before = std::ranges::any_of(waits_, [&](const Wait& other) {
            const Event& earlier = history_.events[other.event];
            return other.watch == each.watch && earlier.ended != 0 && earlier.ended < event.began && earlier.result > 0;
        });
        if (flags & flag_once && told_before) {
            if (event.result == 0)
                weigh(clause("RDY-10"));
            else
                breach(clause("RDY-10"), Reason::doubled, "", each.event, "it has given its one event before");
            continue;
        }
        const bool reads = descriptions_[static_cast<std::size_t>(each.watch)].end == 0;
        if (!each.whole || !reads || !is_due(each.watch, event)) continue;
        if (event.result > 0)
            weigh(clause("RDY-8"));
        else
            breach(clause("RDY-8"), Reason::lost, "", each.event, "something has come since all was read");
    }
}

}  // namespace crosstalk::judging
