// What is done to views beside loading and storing: detached, protected, synchronised, advised, lent to a write; and
// holes in what they show. What a view and its access decide is judged at once, the rest becomes acts for
// memory_rules.cc.
#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {

void Resolver::detach(const Event& event, std::uint32_t index, const Operation& operation) {
    switch (static_cast<Detaching>(operation.value)) {
        case Detaching::no_length:
        case Detaching::unaligned: return void(must_fail(event, index, clause("MAP-ARG-5"), Errno::EINVAL_));
        case Detaching::nothing: return must_succeed(event, index, clause("MAP-ARG-5"));
        case Detaching::view: break;
    }
    process_of(event.actor).table.description[operation.uses[0]] = unbound;
}

void Resolver::protect(const Event& event, std::uint32_t index, const Operation& operation, const View& view) {
    const bool writable = operation.flags & flag_writable;
    if (writable && !view.may_become_writable)
        return void(must_fail(event, index, clause("MAP-PROT-2"), Errno::EACCES_));
    must_succeed(event, index, clause("MAP-PROT-1"));
    if (event.error == Errno::none) process_of(event.actor).table.writable[operation.uses[0]] = writable;
}

void Resolver::sync_view(const Event& event, std::uint32_t index, const Operation& operation) {
    const auto how = static_cast<Syncing>(operation.value);
    switch (how) {
        case Syncing::both:
        case Syncing::unknown:
        case Syncing::unaligned: return void(must_fail(event, index, clause("MAP-MSYNC-2"), Errno::EINVAL_));
        case Syncing::hole: return void(must_fail(event, index, clause("MAP-MSYNC-2"), Errno::ENOMEM_));
        case Syncing::locked:
            // mlock(2): the limit on locked memory, and pages that are not there. Then nothing was asked.
            if (event.error == Errno::ENOMEM_ || event.error == Errno::EPERM_ || event.error == Errno::EAGAIN_) return;
            return void(must_fail(event, index, clause("MAP-MSYNC-3"), Errno::EBUSY_));
        case Syncing::wait:
        case Syncing::later: break;
    }
    must_succeed(event, index, clause("MAP-MSYNC-2"));
}

void Resolver::advise(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found) {
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (d.view.is_private) {
        resolved_.unjudged = "what a private view loses by advice is not modelled";
        return;
    }
    must_succeed(event, index, clause("MAP-ATOM-2"));
    if (event.ended == 0 || event.error != Errno::none) return;
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object;
    act.value = operation.value;
    add(act);
}

void Resolver::punch(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found) {
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    if (event.error == Errno::EOPNOTSUPP_) return;  // fallocate(2): not every file system can
    if (d.access == Access::read) return void(must_fail(event, index, clause("MAP-ATOM-2"), Errno::EBADF_));
    must_succeed(event, index, clause("MAP-ATOM-2"));
    if (event.error != Errno::none) return;
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object;
    act.value = operation.value, act.asked = operation.buffer.bytes;
    add(act);
}

void Resolver::lend(const Event& event, std::uint32_t index, const Operation& operation, std::int16_t found) {
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const auto at = static_cast<std::uint64_t>(operation.value);
    const std::uint64_t bytes = operation.buffer.bytes;
    if (event.ended == 0 || bytes == 0 || bytes > d.view.bytes || at > d.view.bytes - bytes) return;
    if (event.error != Errno::EFAULT_ && event.error != Errno::none)
        return must_succeed(event, index, clause("MAP-EOF-6"));
    Act act = act_of(ActKind::other, event, index);
    act.object = d.object;
    act.value = static_cast<std::int64_t>(at + d.view.offset);
    act.asked = bytes, act.tail = event.result > 0 ? static_cast<std::uint64_t>(event.result) : 0;
    add(act);
}

}  // namespace crosstalk::judging
