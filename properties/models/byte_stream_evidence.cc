// Which clauses an accepted explanation rests on. A clause carries weight when it had a choice to forbid: the step that
// was taken is one that it speaks of.
#include <algorithm>

#include "properties/clauses/all.h"
#include "properties/judge/waits.h"
#include "properties/models/byte_stream.h"

namespace crosstalk::byte_stream {
namespace {

using judging::never;
using judging::Weights;

struct Scale {
    Weights& weights;
    void add(ClauseId clause) { ++weights[clause]; }
    void add_if(bool condition, ClauseId clause) { weights[clause] += condition; }
};

void weigh_write(const Subject& subject, const Act& act, std::uint32_t how, Scale& scale) {
    const bool nonblocking = how & how_nonblocking;
    const bool small = act.asked <= subject.pipe_buf, vector = subject.operation(act).verb == Verb::writev;
    if (act.asked == 0) {
        scale.add(clause("PIPE-WRITE-5"));
        scale.add_if(how & how_packet, clause("PIPE-PKT-4"));
        return;
    }
    if (how & how_epipe) return;  // weighed with its signal
    if (how & how_faulted) return scale.add(clause("PIPE-FAULT-1"));
    scale.add_if(how & how_cut_by_close, clause("PIPE-WRITE-4"));
    scale.add_if(how & (how_cut_by_close | how_epipe), clause("PIPE-WRITE-3"));
    if (act.open) return scale.add_if(how & how_slept, clause("PROC-KILL-2"));
    scale.add_if(!nonblocking, clause("PIPE-WRITE-1"));
    scale.add_if((how & how_slept) && !(how & how_cut_by_close), clause("PIPE-WRITE-6"));
    if (small)
        scale.add(nonblocking ? clause("PIPE-ATOMIC-2") : clause("PIPE-ATOMIC-1"));
    else
        scale.add(nonblocking ? clause("PIPE-ATOMIC-4") : clause("PIPE-ATOMIC-3"));
    scale.add_if(act.asked == subject.pipe_buf, clause("PIPE-ATOMIC-6"));
    scale.add_if(vector && small, clause("PIPE-ATOMIC-7"));
    scale.add_if(vector, clause("PIPE-VEC-1"));
    scale.add_if(nonblocking && !small && (how & how_from_empty), clause("PIPE-ATOMIC-5"));
    scale.add_if(how & how_filled, clause("PIPE-CAP-2"));
    scale.add_if(how & (how_again | how_short | how_slept | how_filled), clause("PIPE-CAP-12"));
    scale.add_if(nonblocking && !(how & how_again), clause("PIPE-CAP-3"));
    scale.add_if((how & how_packet) && !(how & how_again), small ? clause("PIPE-PKT-1") : clause("PIPE-PKT-3"));
    scale.add_if(act.interrupted && act.tail > 0, clause("SIG-RW-2"));
    scale.add_if(act.restarted && act.error == Errno::none && (how & how_slept), clause("SIG-RW-3"));
    scale.add_if(act.stopped && (how & how_slept) && act.full_calls > 0 && !act.interrupted, clause("SIG-STOP-2"));
    scale.add_if(act.asked > (1ull << 31), clause("PIPE-COUNT-1"));
}

void weigh_read(const Subject& subject, const Act& act, std::uint32_t how, Scale& scale) {
    if (act.asked == 0) return scale.add(clause("PIPE-READ-7"));
    if (how & how_faulted) return scale.add(clause("PIPE-FAULT-1"));
    if (act.open) return;
    const bool moved = act.full_calls > 0 || act.tail > 0;
    scale.add_if(moved, clause("PIPE-READ-1"));
    scale.add_if(moved, clause("PIPE-STREAM-2"));
    scale.add_if(how & how_again, clause("PIPE-READ-3"));
    scale.add_if((how & how_end) && !moved, clause("PIPE-READ-4"));
    scale.add_if(moved && (how & how_cut_by_close), clause("PIPE-READ-5"));
    scale.add_if(how & how_several_writers, clause("PIPE-ATOMIC-9"));
    scale.add_if(how & how_packet, clause("PIPE-PKT-1"));
    scale.add_if(how & how_packet_cut, clause("PIPE-PKT-2"));
    scale.add_if(subject.operation(act).verb == Verb::readv && moved, clause("PIPE-VEC-2"));
    scale.add_if(act.restarted && act.error == Errno::none, clause("SIG-RW-3"));
    scale.add_if(act.asked > (1ull << 31), clause("PIPE-COUNT-1"));
}

void weigh_moving(const Act& act, std::uint32_t how, Scale& scale) {
    const bool tee = act.kind == ActKind::tee, vm = act.kind == ActKind::vmsplice;
    if (how & how_again)
        return scale.add(vm ? clause("PIPE-VMSPLICE-2") : tee ? clause("PIPE-TEE-3") : clause("PIPE-SPLICE-3"));
    if (how & how_end) return scale.add(tee ? clause("PIPE-TEE-2") : clause("PIPE-SPLICE-2"));
    if (how & how_epipe) return scale.add(clause("PIPE-SPLICE-5"));
    if (how & how_interrupted) return scale.add(clause("SIG-SPLICE-1"));
    if (act.asked > 0 && !act.open)
        scale.add(vm ? clause("PIPE-VMSPLICE-1") : tee ? clause("PIPE-TEE-1") : clause("PIPE-SPLICE-1"));
}

void weigh_capacity(const Subject& subject, const Act& act, std::uint32_t how, Scale& scale) {
    if (how & how_busy) return scale.add(clause("PIPE-CAP-6"));
    if (act.error == Errno::EPERM_)
        return scale.add(subject.growth_may_fail && act.value <= static_cast<std::int64_t>(subject.pipe_max_bytes)
                             ? clause("PIPE-CAP-10")
                             : clause("PIPE-CAP-7"));
    scale.add(clause("PIPE-CAP-5"));
    scale.add_if(act.result == static_cast<std::int64_t>(subject.pipe_max_bytes), clause("PIPE-CAP-7"));
    scale.add_if((how & how_kept_bytes) && (how & (how_grew | how_shrank)), clause("PIPE-CAP-8"));
}

}  // namespace

void Model::weigh(const std::vector<std::uint32_t>& how, Weights& weights, std::vector<Deviation>& deviations) const {
    const Subject& subject = subject_;
    const Component& component = component_;
    Scale scale{weights};
    std::uint32_t readers = 0;
    ActorId last_reader = 0;
    bool grew = false, killed = false, dup_counts = false;
    Stamp flags_set = never;
    if (component.objects[0].fresh_slots != 0) weigh_names(how, weights);
    for (std::size_t i = 0; i < component.acts.size(); ++i) {
        const Act& act = component.acts[i];
        const std::uint32_t h = how[i];
        if (h & how_deviates_room)
            deviations.push_back({clause("PIPE-CAP-3"), act.asleep ? Reason::asleep : Reason::wrong_errno,
                                  act.asleep ? "" : "EAGAIN/none", act.event});
        if (h & how_deviates_packet) deviations.push_back({clause("PIPE-PKT-1"), Reason::merged, "", act.event});
        if (h & how_deviates_stop) deviations.push_back({clause("SIG-STOP-2"), Reason::wrong_count, "", act.event});
        if (h & how_deviates_empty) deviations.push_back({clause("PIPE-FAULT-1"), Reason::leaked, "", act.event});
        if (h & how_deviates_tee) deviations.push_back({clause("PIPE-TEE-2"), Reason::early, "", act.event});
        if (act.asleep) {
            if (act.kind == ActKind::other) continue;
            const bool poll = act.kind == ActKind::look_poll;
            scale.add(poll                         ? clause("RDY-7")
                      : act.kind == ActKind::read  ? clause("PIPE-READ-2")
                      : act.kind == ActKind::write ? clause("PIPE-WRITE-6")
                                                   : clause("PIPE-SPLICE-6"));
            continue;
        }
        switch (act.kind) {
            case ActKind::write:
                weigh_write(subject, act, h, scale);
                scale.add_if(grew && (h & how_slept), clause("PIPE-CAP-9"));
                scale.add_if(act.began > flags_set && (h & how_packet), clause("PIPE-FLAGS-3"));
                scale.add_if(act.began > flags_set && (h & (how_again | how_short)), clause("PIPE-FLAGS-1"));
                break;
            case ActKind::read:
                weigh_read(subject, act, h, scale);
                if (!act.open && act.run_count > 0) {
                    if (readers != 0 && last_reader != act.actor) scale.add(clause("PIPE-STREAM-3"));
                    ++readers, last_reader = act.actor;
                }
                scale.add_if(act.began > flags_set && (h & how_again), clause("PIPE-FLAGS-1"));
                scale.add_if((h & how_end) && dup_counts, clause("PIPE-DUP-1"));
                scale.add_if(killed && !act.open, clause("PROC-KILL-1"));
                break;
            case ActKind::splice:
            case ActKind::tee:
            case ActKind::vmsplice: weigh_moving(act, h, scale); break;
            case ActKind::set_capacity:
                weigh_capacity(subject, act, h, scale);
                grew = grew || (h & how_grew);
                break;
            case ActKind::other: break;  // weigh_names
            case ActKind::look_capacity: scale.add(clause("PIPE-CAP-1")); break;
            case ActKind::look_available: scale.add(clause("PIPE-CAP-11")); break;
            case ActKind::look_flags: scale.add(clause("PIPE-FLAGS-2")); break;
            case ActKind::look_poll: {
                if (act.open) break;
                scale.add(act.end == 0 ? clause("RDY-1") : clause("RDY-2"));
                scale.add_if(act.result & (poll_hup | poll_err), clause("RDY-4"));
                scale.add_if(act.result & ~act.value, clause("RDY-6"));
                break;
            }
            case ActKind::set_flags: flags_set = std::min(flags_set, act.ended); break;
            case ActKind::release:
                killed = killed || act.death;
                dup_counts = dup_counts || !(h & how_end);
                break;
        }
    }
}

namespace {

// Whose open of the other end was begun first; nullptr if somebody had it from the start, or nobody came.
const Act* first_partner(const Component& component, const Act& act) {
    if ((act.end == 0 ? component.objects[0].writers : component.objects[0].readers) != 0) return nullptr;
    const Act* first = nullptr;
    for (const Act& each : component.acts)
        if (each.verb == Verb::open && each.error == Errno::none && each.end != act.end &&
            (first == nullptr || each.began < first->began))
            first = &each;
    return first;
}

}  // namespace

// What only FIFOs show, where somebody opens one by name.
void Model::weigh_names(const std::vector<std::uint32_t>& how, Weights& weights) const {
    Scale scale{weights};
    bool discarded = false, truncated = false, linked = false;
    std::vector<bool> ended(component_.flags.size());
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        const std::uint32_t h = how[i];
        if (act.kind == ActKind::release) discarded = discarded || (h & how_discarded);
        if (act.kind == ActKind::look_poll && (h & how_end))
            scale.add_if(
                subject_.told(act, poll_hup) == poll_hup && ((act.result & poll_hup) == 0 || ended[act.description]),
                clause("FIFO-POLL-1"));
        if (act.kind == ActKind::read && !act.open) {
            const bool moved = act.full_calls > 0 || act.tail > 0;
            scale.add_if(moved, clause("FIFO-DATA-1"));
            scale.add_if(moved && (h & how_cut_by_close), clause("FIFO-DATA-3"));
            scale.add_if(discarded && act.asked != 0, clause("FIFO-DATA-4"));
            scale.add_if(moved && ended[act.description], clause("FIFO-DATA-5"));
            scale.add_if(moved && truncated, clause("FIFO-LIFE-3"));
            scale.add_if(moved && linked, clause("FIFO-DATA-6"));
            if ((h & how_end) && !moved && act.asked != 0) ended[act.description] = true;
        }
        if (act.verb != Verb::open) continue;
        if (act.asleep) scale.add(clause("FIFO-OPEN-1"));
        if (act.open) continue;
        if (h & how_interrupted) scale.add(clause("FIFO-OPEN-6")), scale.add(clause("SIG-OPEN-1"));
        if (act.error == Errno::ENXIO_) scale.add(clause("FIFO-OPEN-3"));
        if (act.error != Errno::none) continue;
        truncated = truncated || (subject_.operation(act).flags & flag_truncate && h & how_kept_bytes);
        linked = linked || subject_.operation(act).flags & flag_linked;
        scale.add(act.end == 2        ? clause("FIFO-OPEN-5")
                  : !act.never_sleeps ? clause("FIFO-OPEN-1")
                  : act.end == 0      ? clause("FIFO-OPEN-2")
                                      : clause("FIFO-OPEN-4"));
        const Act* const partner = first_partner(component_, act);
        if (act.never_sleeps || act.end == 2 || partner == nullptr || partner->began < act.began) continue;
        scale.add_if(std::ranges::any_of(component_.acts,
                                         [&](const Act& fellow) {
                                             return &fellow != &act && fellow.verb == Verb::open && !fellow.open &&
                                                    fellow.error == Errno::none && fellow.end == act.end &&
                                                    !fellow.never_sleeps && fellow.began < partner->began &&
                                                    fellow.ended > partner->began;
                                         }),
                     clause("FIFO-OPEN-7"));
        scale.add_if(std::ranges::any_of(component_.acts,
                                         [&](const Act& release) {
                                             return release.kind == ActKind::release &&
                                                    release.description == partner->description &&
                                                    release.ended < act.ended;
                                         }),
                     clause("FIFO-OPEN-8"));
    }
}

void Model::weigh_waits(const std::vector<std::uint32_t>& how, Weights& weights) const {
    judging::weigh_waits(subject_, component_, how, weights);
}

}  // namespace crosstalk::byte_stream
