// Descriptors in messages of the sockets under test: unix(7), SCM_RIGHTS. A message is a holder like a slot: what it
// carries is referred to until a receive takes it, or the end to which it was sent is closed with it inside. Messages
// keep their order, so a receive takes the first that is in flight; where several may be that, a hypothesis says which.
// What bytes they travel with is the channel's business. Sockets that travel through themselves are not judged.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "mechanisms/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

constexpr std::int64_t most_in_a_message = 253;  // unix(7), SCM_RIGHTS

std::int64_t received(const Event& event) { return event.value >> 8 & 0xff; }
std::int64_t room_of(const Operation& operation) {
    return std::ranges::count_if(operation.makes, [](Slot slot) { return slot != no_slot; });
}
bool peeks(const Operation& operation) { return operation.flags & flag_peek; }

}  // namespace

// What was unix's to garbage-collect goes some time later, when nobody knows: only later objects travel over earlier.
bool Resolver::may_carry(const Act& carrier, std::int16_t description) {
    const ObjectTrace& cargo = objects_[descriptions_[static_cast<std::size_t>(description)].object];
    if (!binds::sockets(mechanism_of(cargo.mechanism)) || cargo.id > objects_[carrier.object].id) return true;
    resolved_.unjudged = "a socket that travels through itself may be collected at any moment";
    return false;
}

void Resolver::carry(const Act& carrier, std::vector<std::int16_t> descriptions) {
    for (const std::int16_t each : descriptions) {
        Description& description = descriptions_[static_cast<std::size_t>(each)];
        ++description.references;
        description.travels = true;
    }
    sent_.push_back(
        {carrier.event, carrier.object, static_cast<std::uint8_t>(1 - carrier.end), std::move(descriptions)});
}

// Follows the descriptors of a send. False: it sent nothing, and that is judged here.
bool Resolver::sends(const Event& event, std::uint32_t index, const Operation& operation, Act& act) {
    if (operation.value >= 256 && forges(event, index, operation)) return false;
    if (operation.uses[1] == no_slot) return true;
    if (operation.times != 1) {
        resolved_.unjudged = "one step that sends its descriptors several times is not modelled";
        return false;
    }
    if (event.error == Errno::ECONNRESET_) return true;  // told before anything else
    const std::int64_t copies = operation.value % 256;
    std::vector<std::int16_t> descriptions;
    for (std::size_t i = 1; i < 4; ++i)
        if (operation.uses[i] != no_slot) descriptions.push_back(description_in(event.actor, operation.uses[i]));
    if (copies != 0) descriptions.assign(static_cast<std::size_t>(copies), descriptions[0]);
    if (event.error == Errno::ETOOMANYREFS_) return false;  // unix(7): of this user; nothing was sent
    if (copies > most_in_a_message) {
        must_fail(event, index, clause("UNIX-RIGHTS-3"), Errno::EINVAL_, Errno::EBADF_);
        return false;
    }
    if (std::ranges::find(descriptions, unbound) != descriptions.end()) {
        must_fail(event, index, clause("UNIX-RIGHTS-8"), Errno::EBADF_);
        return false;
    }
    if (event.ended != 0 && event.error != Errno::none) return true;
    if (act.asked == 0 && !mechanism_of(objects_[act.object].mechanism).facts.keeps_boundaries) {
        weigh(clause("UNIX-RIGHTS-11"));  // without a byte nothing travels
        return true;
    }
    if (event.ended == 0) {
        constexpr unsigned handed_over = 1;
        if (act.asleep || act.must_fail_epipe) return true;
        if (hypothesis_.choose(2) != handed_over) return false;
    }
    if (!std::ranges::all_of(descriptions, [&](std::int16_t each) { return may_carry(act, each); })) return false;
    act.carries = true;
    if (copies == most_in_a_message) weigh(clause("UNIX-RIGHTS-3"));
    carry(act, std::move(descriptions));
    return true;
}

Act* Resolver::read_of(std::uint32_t event) {
    const auto found = std::find_if(acts_.rbegin(), acts_.rend(),
                                    [&](const Act& act) { return act.event == event && act.kind == ActKind::read; });
    return found == acts_.rend() ? nullptr : &*found;
}

// Messages in flight to this end, of which this receive may take one: no other one was surely sent before it. A look
// that goes on beside the receive that took one may have been there before.
std::vector<Resolver::Sent*> Resolver::first_sent(const Act& receive, Stamp before) {
    std::vector<Sent*> here, firsts;
    const bool looks = peeks(value_.program.actors[receive.actor].steps[receive.step]);
    for (Sent& each : sent_)
        if ((!each.taken || (looks && each.until > receive.began)) && each.object == receive.object &&
            each.end == receive.end && history_.events[each.event].began < before)
            here.push_back(&each);
    // Another receive that goes on may have taken those that come first.
    const bool beside = std::ranges::any_of(waiting_, [&](std::uint32_t index) {
        const Act* const other = history_.events[index].verb == Verb::recv ? read_of(index) : nullptr;
        return other != nullptr && other->event != receive.event && other->object == receive.object &&
               other->end == receive.end;
    });
    if (beside || std::ranges::any_of(here, &Sent::taken)) return here;
    std::ranges::copy_if(here, std::back_inserter(firsts), [&](const Sent* late) {
        return std::ranges::none_of(here, [&](const Sent* each) {
            const Stamp ended = history_.events[each->event].ended;
            return ended != 0 && ended < history_.events[late->event].began;
        });
    });
    return firsts;
}

// The one that its bytes name, else one of them.
Resolver::Sent* Resolver::sent_with(const Event& receive, const std::vector<Sent*>& candidates) {
    for (const Run& run : history_.runs_of(receive))
        for (Sent* each : candidates) {
            const Event& send = history_.events[each->event];
            if (run.kind == RunKind::origin && run.actor == send.actor && run.step == send.step && run.offset == 0)
                return each;
        }
    return candidates.size() == 1 ? candidates[0]
                                  : candidates[hypothesis_.choose(static_cast<unsigned>(candidates.size()))];
}

// unix(7): as many as there is room for, with MSG_CTRUNC if that is not all of them.
bool Resolver::is_right_count(const Event& event, std::uint32_t index, const Operation& operation, const Sent& sent) {
    const std::int64_t count = received(event), all = static_cast<std::int64_t>(sent.descriptions.size()),
                       room = room_of(operation), due = std::min(all, room);
    const bool cut = event.value & message_control_cut;
    const ClauseId usual = peeks(operation)                                   ? clause("SOCK-PEEK-2")
                           : event.result == 0 && operation.buffer.bytes != 0 ? clause("UNIX-RIGHTS-11")
                                                                              : clause("UNIX-RIGHTS-1");
    const ClauseId short_of = room == 0 ? clause("UNIX-RIGHTS-5") : clause("UNIX-RIGHTS-4");
    if (count > due || (count < due && !process_of(event.actor).may_lack(due))) {
        breach(all > room ? short_of : usual, Reason::wrong_count, "", index,
               fmt::format("{} descriptors were to be received, {} were", due, count));
        return false;
    }
    if (cut == (count < all)) return true;
    breach(count < due ? clause("UNIX-RIGHTS-6") : short_of, Reason::wrong_value, "", index,
           cut ? "MSG_CTRUNC although all descriptors came" : "MSG_CTRUNC is missing");
    return false;
}

void Resolver::weigh_rights(const Event& event, const Operation& operation, const Sent& sent) {
    const std::int64_t count = received(event), all = static_cast<std::int64_t>(sent.descriptions.size()),
                       room = room_of(operation);
    if (count != 0) weigh(peeks(operation) ? clause("SOCK-PEEK-2") : clause("UNIX-RIGHTS-1"));
    if (room == 0) weigh(clause("UNIX-RIGHTS-5"));
    if (room != 0 && all > room) weigh(clause("UNIX-RIGHTS-4"));
    if (count < std::min(all, room)) weigh(clause("UNIX-RIGHTS-6"));
    if (count != 0 && event.result == 0) weigh(clause("UNIX-RIGHTS-11"));
}

void Resolver::take_rights(const Event& event, std::uint32_t index, const Operation& operation) {
    Act* const act = read_of(index);
    if (act == nullptr || event.error != Errno::none) return;
    const std::int64_t count = received(event);
    if (count == 0 && !(event.value & message_control_cut)) return;
    const std::vector<Sent*> candidates = first_sent(*act, event.ended);
    if (candidates.empty()) {
        if (dropped_rights_) return void(resolved_.unjudged = "descriptors came that a failing send may have dropped");
        if (count == 0) return;
        return breach(act->asked != 0 && event.result == 0 ? clause("UNIX-RIGHTS-11") : clause("UNIX-RIGHTS-1"),
                      Reason::wrong_count, "", index, "descriptors came that nobody sent");
    }
    if (forked_during(event)) return void(resolved_.unjudged = "a fork overlapped a thread's receive of descriptors");
    Sent& sent = *sent_with(event, candidates);
    act->rights = sent.event;
    if (!is_right_count(event, index, operation, sent)) return;
    Process& process = process_of(event.actor);
    const bool closes = event.value & message_cloexec;
    if (count != 0 && closes != ((operation.flags & flag_cloexec) != 0))
        return breach(clause("UNIX-RIGHTS-7"), Reason::wrong_value, "", index,
                      "close-on-exec of what came is not what was asked for");
    if (count != 0) weigh(clause("UNIX-RIGHTS-7"));
    weigh_rights(event, operation, sent);
    for (std::size_t i = 0; i < sent.descriptions.size(); ++i) {
        const std::int16_t description = sent.descriptions[i];
        if (static_cast<std::int64_t>(i) < count) {
            if (!held_elsewhere(description)) weigh(clause("UNIX-RIGHTS-2"));
            bind(event.actor, operation.makes[i], description, closes);
            process.table.handed_on[operation.makes[i]] = true;
            process.made(1);
            if (!peeks(operation)) --descriptions_[static_cast<std::size_t>(description)].references;
        } else if (!peeks(operation)) {
            release(description, event, index, process_[event.actor], false);
        }
    }
    if (!peeks(operation)) sent.taken = true, sent.until = event.ended;
}

bool Resolver::held_elsewhere(std::int16_t description) const {
    const Description& wanted = descriptions_[static_cast<std::size_t>(description)];
    for (const Process& process : processes_)
        for (std::size_t slot = 0; slot < max_slots && !process.gone; ++slot) {
            const std::int16_t held = process.table.description[slot];
            if (held == unbound) continue;
            const Description& each = descriptions_[static_cast<std::size_t>(held)];
            if (each.object == wanted.object && each.end == wanted.end) return true;
        }
    return false;
}

// A receive that its process did not survive may have taken a message along.
void Resolver::rights_cut_by_death(const Event& death, std::uint32_t index) {
    if (!sends_rights_) return;
    const std::uint8_t process = process_[death.actor];
    for (const std::uint32_t waiting : waiting_) {
        const Event& event = history_.events[waiting];
        if (event.kind != EventKind::call || event.verb != Verb::recv || event.ended != 0) continue;
        if (process_[event.actor] != process || asleep_[waiting]) continue;
        Act* const act = read_of(waiting);
        if (act == nullptr || peeks(value_.program.actors[event.actor].steps[event.step])) continue;
        const std::vector<Sent*> candidates = first_sent(*act, death.ended == 0 ? never : death.ended);
        if (candidates.empty()) continue;
        const unsigned which = hypothesis_.choose(static_cast<unsigned>(candidates.size()) + 1);
        if (which == 0) continue;  // none of them
        Sent& sent = *candidates[which - 1];
        sent.taken = true, sent.until = death.ended == 0 ? never : death.ended;
        act->rights = sent.event;
        for (const std::int16_t each : sent.descriptions) release(each, death, index, process, true);
    }
}

// Linux drops what a datagram socket has unread once it finds its peer gone.
void Resolver::drop_rights(const Act& act, const Event& event, std::uint32_t index) {
    for (Sent& each : sent_) {
        if (each.taken || each.object != act.object || each.end != act.end) continue;
        each.taken = dropped_rights_ = true;
        for (const std::int16_t description : each.descriptions)
            release(description, event, index, process_[event.actor], false);
    }
}

// What nobody received is closed with the end that it was sent to: after the last of that end's references began to
// go, and before the last of them had gone.
void Resolver::close_what_is_in_flight() {
    std::vector<Sent*> left;
    for (Sent& each : sent_)
        if (!each.taken) left.push_back(&each);
    std::ranges::sort(left, {}, [&](const Sent* each) { return objects_[each->object].id; });
    for (const Sent* sent : left) {
        const Event& send = history_.events[sent->event];
        if (std::ranges::any_of(acts_, [&](const Act& act) {  // which slept when this message came
                return act.kind == ActKind::write && act.error == Errno::ECONNREFUSED_ && act.object == sent->object &&
                       act.end == sent->end && act.began < send.began && act.ended > send.began;
            }))
            return void(resolved_.unjudged = "a failing send may have dropped descriptors");
        std::uint32_t references = 0, gone = 0;
        for (const Description& each : descriptions_)
            if (each.object == sent->object && each.end == sent->end) references += each.references;
        Act last;
        last.began = last.ended = 0;
        for (const Act& act : acts_) {
            if (act.kind != ActKind::release || act.object != sent->object || act.end != sent->end) continue;
            gone += act.count;
            const Stamp began = std::max(last.began, act.began), ended = std::max(last.ended, act.ended);
            if (act.ended == ended) last = act;
            last.began = began, last.ended = ended;
        }
        if (gone < references || references == 0) continue;
        for (const std::int16_t each : sent->descriptions) {
            const Description& d = descriptions_[static_cast<std::size_t>(each)];
            last.object = d.object, last.end = d.end, last.count = 1, last.death = false;
            last.description = static_cast<std::uint16_t>(each);
            add(last);
        }
    }
}

}  // namespace crosstalk::judging
