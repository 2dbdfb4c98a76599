// Processes and threads that begin. A fork copies the table of descriptors at one moment of its interval; what fellow
// threads change meanwhile is in the copy or not, and nothing but what the child does later can tell.
#include <algorithm>

#include "faults/catalog.h"
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

bool overlap(const Event& a, const Event& b) {
    return (a.ended == 0 || a.ended > b.began) && (b.ended == 0 || b.ended > a.began);
}

}  // namespace

bool Resolver::has_lived(ActorId actor, Stamp before) const {
    return std::ranges::any_of(history_.events, [&](const Event& each) {
        return each.actor == actor && each.kind != EventKind::fault && each.kind != EventKind::probe &&
               each.began < before;
    });
}

void Resolver::start(const Event& event, std::uint32_t index, const Operation& operation) {
    const auto child = static_cast<ActorId>(operation.value);
    if (child >= value_.program.actors.size() || event.error != Errno::none) return;
    if (event.ended == 0 && !has_lived(child, never)) return;  // killed before there was a child
    const std::uint8_t parent = process_[event.actor];
    if (value_.program.actors[child].kind == ActorKind::thread) {
        process_[child] = parent;
        processes_[parent].shared_by_threads = true;
        for (const Actor& actor : value_.program.actors)
            for (const Operation& each : actor.steps) processes_[parent].threads_limit |= each.verb == Verb::limit;
        for (const Injection& injection : value_.plan)
            processes_[parent].threads_limit |= injection.fault == descriptor_limit_fault;
        return;
    }
    Process copy = processes_[parent];
    const bool limited_beside = std::ranges::any_of(history_.events, [&](const Event& other) {
        return other.verb == Verb::limit && of_a_fellow_beside(other, event);
    });
    if (limited_beside) copy.limited = false, copy.threads_limit = true;  // it copies the limit before or after
    copy.shared_by_threads = false;
    copy.unnamed.clear();
    for (const std::int16_t description : copy.table.description) {
        if (description == unbound) continue;
        ++descriptions_[static_cast<std::size_t>(description)].references;
    }
    process_[child] = static_cast<std::uint8_t>(processes_.size());
    fork_views(event, index, copy);
    processes_.push_back(std::move(copy));
    weigh(clause("PROC-FORK-1"));
    if (!processes_[parent].shared_by_threads) return;
    forks_.push_back({&history_.events[index], parent, process_[child], child});
    // Changes that began before, the last first: where the copy has one, it has those before it.
    std::bitset<max_slots> settled;
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
        if (change->process != parent || change->event->actor == event.actor || settled[change->slot]) continue;
        if (!overlap(*change->event, event)) continue;
        constexpr unsigned before_it = 1;
        if (hypothesis_.choose(2) == before_it)
            hold(processes_.back(), change->slot, change->before, *change->event);
        else
            settled.set(change->slot);
    }
}

// Makes a slot of a copied table refer to something else, or nothing.
void Resolver::hold(Process& process, Slot slot, std::int16_t description, const Event& change) {
    std::int16_t& now = process.table.description[slot];
    const auto count = [&](std::int16_t which, std::uint32_t difference) {
        if (which == unbound) return;
        descriptions_[static_cast<std::size_t>(which)].references += difference;
    };
    count(now, ~0u);
    count(description, 1);
    if (now == unbound || description == unbound) process.table.close_on_exec[slot] = false;
    // The agent's word of a new descriptor comes after the descriptor: a copy may hold it without a name for it.
    constexpr unsigned without_a_name = 1;
    const bool made = now != unbound && description == unbound && change.verb != Verb::close;
    if (made && hypothesis_.choose(2) == without_a_name) {
        process.unnamed.push_back(now);
        count(now, 1);
    }
    now = description;
}

// Did another thread of its process fork while this call went on?
bool Resolver::forked_during(const Event& call) const {
    return std::ranges::any_of(forks_, [&](const Fork& fork) {
        return fork.parent == process_[call.actor] && fork.event->actor != call.actor && overlap(*fork.event, call);
    });
}

// A thread has changed a slot that fellows share. Forks that are under way may have copied it after the change, unless
// their child was there before.
void Resolver::changed(const Event& event, Slot slot, std::int16_t before) {
    const std::uint8_t mine = process_[event.actor];
    if (!processes_[mine].shared_by_threads) return;
    changes_.push_back({&event, mine, slot, before});
    for (const Fork& fork : forks_) {
        if (fork.parent != mine || fork.event->actor == event.actor || !overlap(*fork.event, event)) continue;
        if (has_lived(fork.actor, event.began)) continue;
        Process& child = processes_[fork.child];
        constexpr unsigned after_it = 1;
        const std::int16_t after = processes_[mine].table.description[slot];
        const unsigned answer = hypothesis_.choose(after != unbound && before == unbound ? 3 : 2);
        if (answer == after_it) {
            hold(child, slot, after, event);
            child.table.close_on_exec[slot] = processes_[mine].table.close_on_exec[slot];
        } else if (answer > after_it) {
            ++descriptions_[static_cast<std::size_t>(after)].references;
            child.unnamed.push_back(after);
        }
    }
}

}  // namespace crosstalk::judging
