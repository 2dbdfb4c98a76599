// Verbs that move or look at bytes: what a descriptor alone decides is judged here, the rest becomes acts.
#include <algorithm>
#include <bit>
#include <limits>

#include <fmt/format.h>

#include "properties/clauses/all.h"
#include "properties/judge/resolver.h"

namespace crosstalk::judging {
namespace {

// read(2), write(2): a call moves at most this many bytes.
constexpr std::uint64_t most_of_one_call = 0x7ffff000;
constexpr std::uint64_t ssize_max = std::numeric_limits<std::int64_t>::max();

void shape(Act& act, const Event& event, const Operation& operation) {
    act.asked = std::min(operation.buffer.bytes, most_of_one_call);
    act.mapped = operation.buffer.mapped == ~0u ? ~0ull : operation.buffer.mapped;
    act.full_calls = event.times;
    act.has_tail = event.ended != 0 && event.times < operation.times;
    const std::uint64_t moved = event.result > 0 ? static_cast<std::uint64_t>(event.result) : 0;
    const std::uint64_t full = act.asked * event.times;
    act.tail = moved > full ? moved - full : 0;
    act.first_run = event.first_run, act.run_count = event.run_count;
}

}  // namespace

void Resolver::transfer(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool reads = operation.verb == Verb::read || operation.verb == Verb::readv;
    const bool vector = operation.verb != Verb::read && operation.verb != Verb::write;
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (found == unbound) {
        if (vector && event.error == Errno::EINVAL_) return;  // the vector may be looked at first
        must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_);
        return;
    }
    const Description& d = descriptions_[static_cast<std::size_t>(found)];
    const std::uint32_t most = resolved_.subject.iov_max;
    if (vector && operation.buffer.segments > most) {
        must_fail(event, index, operation.verb == Verb::vmsplice ? clause("PIPE-VMSPLICE-3") : clause("PIPE-VEC-3"),
                  Errno::EINVAL_, d.end == (reads ? 1 : 0) ? Errno::EBADF_ : Errno::none);
        return;
    }
    if (d.end == (reads ? 1 : 0)) {
        if (vector && operation.buffer.segments == 0) return;
        if (operation.buffer.bytes > most_of_one_call && event.error != Errno::none) return;
        if (operation.verb == Verb::vmsplice)
            resolved_.unjudged = "vmsplice from a read end is not modelled";
        else
            must_fail(event, index, clause("PIPE-CREATE-2"), Errno::EBADF_);
        return;
    }
    if (vector && operation.buffer.segments == 0) {
        if (event.ended != 0 && event.error != Errno::EINVAL_ && (event.error != Errno::none || event.result != 0))
            breach(clause("PIPE-VEC-4"), Reason::wrong_errno, fmt::format("{}/none", name_of(event.error)), index,
                   "returns 0 or fails with EINVAL");
        else
            weigh(clause("PIPE-VEC-4"));
        return;
    }
    if (operation.buffer.bytes > most_of_one_call && event.ended != 0) {
        const ClauseId which = vector ? clause("PIPE-VEC-5") : clause("PIPE-COUNT-1");
        if (event.error == Errno::EINVAL_ || event.error == Errno::EFAULT_) return weigh(which);
        const bool ordinary = event.error == Errno::none || event.error == Errno::EAGAIN_ ||
                              event.error == Errno::EINTR_ || event.error == Errno::EPIPE_;
        if (!ordinary || (vector && operation.buffer.bytes > ssize_max && event.error != Errno::none))
            return breach(which, Reason::wrong_errno, fmt::format("{}/EINVAL", name_of(event.error)), index,
                          "fails with EINVAL or EFAULT");
        // Else it is as if it had asked for as much as one call moves.
    }
    constexpr std::uint64_t most_of_a_vector = std::numeric_limits<std::int64_t>::max();
    if (vector && operation.verb != Verb::vmsplice && event.ended != 0 && operation.buffer.bytes > most_of_a_vector) {
        breach(clause("PIPE-VEC-5"), Reason::wrong_errno, "none/EINVAL", index, "fails with EINVAL or EFAULT");
        return;
    }
    const ActKind kind = operation.verb == Verb::vmsplice ? ActKind::vmsplice : reads ? ActKind::read : ActKind::write;
    Act act = act_of(kind, event, index);
    act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
    act.never_sleeps = kind == ActKind::vmsplice && (operation.flags & flag_nonblock);
    shape(act, event, operation);
    add(act);
}

void Resolver::move_between(const Event& event, std::uint32_t index, const Operation& operation) {
    const bool copies = operation.verb == Verb::tee;
    const ClauseId bad = copies ? clause("PIPE-TEE-4") : clause("PIPE-SPLICE-4");
    const std::int16_t from = description_in(event.actor, operation.uses[0]),
                       to = description_in(event.actor, operation.uses[1]);
    if (operation.buffer.bytes == 0 && event.ended != 0 && event.error == Errno::none && event.result == 0) return;
    if (from == unbound || to == unbound) return void(must_fail(event, index, bad, Errno::EBADF_, Errno::EINVAL_));
    const Description &in = descriptions_[static_cast<std::size_t>(from)],
                      &out = descriptions_[static_cast<std::size_t>(to)];
    if (in.end == 1 || out.end == 0)
        return void(
            must_fail(event, index, bad, Errno::EBADF_, in.object == out.object ? Errno::EINVAL_ : Errno::none));
    if (in.object == out.object) return void(must_fail(event, index, bad, Errno::EINVAL_));
    Act act = act_of(copies ? ActKind::tee : ActKind::splice, event, index);
    act.object = in.object, act.to_object = out.object;
    act.description = static_cast<std::uint16_t>(from), act.to_description = static_cast<std::uint16_t>(to);
    act.never_sleeps = operation.flags & flag_nonblock;
    shape(act, event, operation);
    add(act);
}

void Resolver::poll(const Event& event, std::uint32_t index, const Operation& operation) {
    if (event.ended != 0 && event.error == Errno::EINTR_) {
        const Act act = act_of(ActKind::look_poll, event, index);
        if (act.interrupted || act.restarted) weigh(clause("SIG-POLL-1"));
        return;  // whether a signal was there is the business of the rules on signals
    }
    // poll(2): EINVAL for more descriptors than RLIMIT_NOFILE.
    if (event.error == Errno::EINVAL_ && process_of(event.actor).may_lack(max_slots)) return;
    if (event.ended != 0 && event.error != Errno::none) {
        breach(clause("RDY-12"), Reason::wrong_errno, fmt::format("{}/none", name_of(event.error)), index,
               "poll of valid arguments succeeds");
        return;
    }
    if (event.ended != 0 && operation.timeout_ns > 0 && event.result == 0) {
        if (event.took_ns > 0 && event.took_ns < operation.timeout_ns / 1'000'000 * 1'000'000)
            breach(clause("RDY-13"), Reason::early, "", index,
                   fmt::format("{} ns of {} ns", event.took_ns, operation.timeout_ns));
        else
            weigh(clause("RDY-13"));
    }
    if (event.ended != 0 && operation.timeout_ns == 0) weigh(clause("RDY-13"));
    if (event.ended != 0 && operation.timeout_ns == forever && event.result == 0)
        breach(clause("RDY-13"), Reason::early, "", index, "nothing was ready and no time limit was given");
    const bool otherwise = operation.flags & (flag_epoll | flag_select);
    const bool at_rest = otherwise && std::ranges::none_of(history_.events, [&](const Event& other) {
                             return other.kind == EventKind::call && &other != &event && other.began < event.ended &&
                                    (other.ended == 0 || other.ended > event.began);
                         });
    const bool selects = operation.flags & flag_select;
    if (event.ended != 0 && at_rest) weigh(selects ? clause("RDY-14") : clause("RDY-11"));
    if (asleep_[index] && operation.timeout_ns == 0)
        breach(clause("RDY-13"), Reason::asleep, "", index, "it sleeps although its time limit is 0");
    std::int64_t ready = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        if (operation.uses[i] == no_slot) continue;
        const std::int64_t asked = operation.value >> (16 * i) & 0xffff, got = event.value >> (16 * i) & 0xffff;
        ready += selects ? std::popcount(static_cast<std::uint64_t>(got)) : got != 0;
        if (operation.uses[i] >= first_mailbox) continue;
        const std::int16_t found = description_in(event.actor, operation.uses[i]);
        if (found == unbound) {
            // A slot without a descriptor asks for descriptor -1, which poll ignores (poll(2)).
            if (event.ended == 0) continue;
            if (got == 0 || (got == poll_nval && !selects))
                weigh(clause("RDY-12"));
            else
                breach(clause("RDY-12"), Reason::wrong_value, "", index,
                       "a descriptor that is not open is ignored or POLLNVAL");
            continue;
        }
        const Description& d = descriptions_[static_cast<std::size_t>(found)];
        Act act = act_of(ActKind::look_poll, event, index);
        act.object = d.object, act.description = static_cast<std::uint16_t>(found), act.end = d.end;
        act.value = asked, act.result = got;
        act.asleep = act.asleep && operation.timeout_ns == forever;
        add(act);
    }
    if (event.ended != 0 && ready != event.result)
        breach(selects ? clause("RDY-14") : clause("RDY-12"), Reason::wrong_count, "", index,
               fmt::format("{} {}, {} returned", ready, selects ? "bits are set" : "descriptors have events",
                           event.result));
}

void Resolver::misuse(const Event& event, std::uint32_t index, const Operation& operation) {
    const std::int16_t found = description_in(event.actor, operation.uses[0]);
    if (event.ended == 0) return;
    if (found == unbound) {
        must_fail(event, index, clause("PIPE-CLOSE-1"), Errno::EBADF_,
                  operation.verb == Verb::truncate ? Errno::EINVAL_ : Errno::none);
        return;
    }
    const std::uint8_t end = descriptions_[static_cast<std::size_t>(found)].end;
    switch (operation.verb) {
        case Verb::stat:
            if (event.error == Errno::none && event.result == 1)
                weigh(clause("PIPE-CREATE-8"));
            else
                breach(clause("PIPE-CREATE-8"), Reason::wrong_value, "", index, "fstat says that it is a FIFO");
            return;
        case Verb::seek: must_fail(event, index, clause("PIPE-CREATE-8"), Errno::ESPIPE_); return;
        case Verb::pread:
            must_fail(event, index, clause("PIPE-CREATE-8"), Errno::ESPIPE_, end == 1 ? Errno::EBADF_ : Errno::none);
            return;
        case Verb::pwrite:
            must_fail(event, index, clause("PIPE-CREATE-8"), Errno::ESPIPE_, end == 0 ? Errno::EBADF_ : Errno::none);
            return;
        case Verb::sync: must_fail(event, index, clause("PIPE-CREATE-9"), Errno::EINVAL_); return;
        case Verb::truncate:
            must_fail(event, index, clause("PIPE-CREATE-9"), Errno::EINVAL_, end == 0 ? Errno::EBADF_ : Errno::none);
            return;
        case Verb::map: must_fail(event, index, clause("PIPE-CREATE-9"), Errno::ENODEV_, Errno::EACCES_); return;
        default: break;
    }
    if (event.error == Errno::none && event.result >= 512 && event.result == event.value)
        weigh(clause("PIPE-ATOMIC-8"));
    else
        breach(clause("PIPE-ATOMIC-8"), Reason::wrong_value, "", index,
               fmt::format("fpathconf says {}, the header {}", event.result, event.value));
}

}  // namespace crosstalk::judging
