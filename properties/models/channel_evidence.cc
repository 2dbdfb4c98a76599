// The channel: which clauses an accepted explanation rests on.
#include "properties/clauses/all.h"
#include "properties/models/channel.h"

namespace crosstalk::channel {
namespace {

struct Scale {
    judging::Weights& weights;
    bool records, connected;
    void add_if(bool shown, ClauseId id) { weights[id] += shown; }

    // After SA_RESTART only what has a time limit says EINTR.
    static ClauseId interrupted(const Act& act) {
        return act.restarted && !act.interrupted ? clause("SIG-SOCK-2") : clause("SIG-SOCK-1");
    }

    void send(const Act& act, std::uint32_t how, std::uint16_t flags) {
        const bool went = act.error == Errno::none && act.full_calls + act.tail > 0;
        add_if(how & (how_own_shutdown | how_refused) && act.error == Errno::EPIPE_ && connected,
               clause("SOCK-EPIPE-1"));
        add_if(how & how_own_shutdown && !connected, clause("UNIX-SHUT-1"));
        add_if(how & how_refused && act.error == Errno::EPIPE_, clause("UNIX-SHUT-2"));
        add_if(how & how_refused && act.error == Errno::EPIPE_ && connected, clause("UNIX-CLOSE-1"));
        add_if(act.error == Errno::ECONNREFUSED_, clause("UNIX-DGRAM-4"));
        add_if(act.error == Errno::ENOTCONN_, clause("UNIX-DGRAM-6"));
        add_if(how & how_reset, clause("UNIX-CLOSE-2"));
        add_if(how & how_too_large, clause("UNIX-MAX-1"));
        add_if(how & how_too_large, clause("SOCK-DGRAM-5"));
        add_if(how & how_interrupted, interrupted(act));
        add_if(act.restarted && went, clause("SIG-SOCK-1"));
        add_if(how & how_again, records ? clause("UNIX-DGRAM-1") : clause("SOCK-STREAM-4"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(how & how_short, clause("SOCK-STREAM-4"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-2"));
        add_if(how & how_unsupported, clause("UNIX-OOB-1"));
        if (!records) {
            add_if(went && !(how & how_short), clause("SOCK-STREAM-3"));
            add_if(went && act.asked == 0, clause("UNIX-STREAM-3"));
        }
        add_if(went && how & how_half_shut, clause("SOCK-SHUT-1"));
    }

    void receive(const Act& act, std::uint32_t how, std::uint16_t flags) {
        const bool went = act.error == Errno::none && how & how_there;
        add_if(how & how_end, connected ? clause("SOCK-EOF-1") : clause("SOCK-SHUT-2"));
        add_if(how & how_end && how & how_after_close, clause("UNIX-CLOSE-1"));
        add_if(how & how_end && records && connected, clause("UNIX-SEQ-3"));
        add_if(how & how_end && !(how & how_after_close) && connected, clause("SOCK-SHUT-2"));
        add_if(how & how_reset, clause("UNIX-CLOSE-2"));
        add_if(how & how_again && flags & flag_nonblock, clause("SOCK-DONTWAIT-1"));
        add_if(how & how_again && !connected, clause("UNIX-DGRAM-5"));
        add_if(how & how_interrupted, act.error == Errno::none ? clause("SIG-SOCK-3") : interrupted(act));
        add_if(act.restarted && act.error == Errno::none, clause("SIG-SOCK-1"));
        add_if(how & how_gave_up, clause("SOCK-TIMEO-1"));
        add_if(how & how_unsupported, clause("UNIX-OOB-1"));
        if (!went) return;
        add_if(how & how_offset, clause("UNIX-PEEKOFF-1"));
        add_if(how & how_credible, clause("UNIX-CRED-1"));
        add_if(how & how_writer, clause("UNIX-CRED-5"));
        add_if(how & how_peeked, clause("SOCK-PEEK-1"));
        add_if(how & how_half_shut, clause("SOCK-SHUT-1"));
        if (!records) {
            add_if(true, clause("SOCK-STREAM-1"));
            add_if(how & how_joined, clause("SOCK-STREAM-2"));
            add_if(how & how_barrier, clause("UNIX-STREAM-1"));
            add_if(how & how_barrier && how & how_joined, clause("UNIX-STREAM-2"));
            add_if(how & how_low_water, clause("SOCK-LOWAT-1"));
            add_if(flags & flag_wait_all && act.full_calls > 0, clause("SOCK-WAITALL-1"));
            add_if(act.stopped && how & how_slept && act.full_calls > 0, clause("SIG-STOP-2"));
            return;
        }
        const bool empty = act.asked != 0 && act.full_calls == 0 && act.tail == 0;
        add_if(true, connected ? clause("SOCK-SEQ-1") : clause("SOCK-DGRAM-1"));
        add_if(true, connected ? clause("UNIX-SEQ-1") : clause("UNIX-DGRAM-1"));
        add_if(how & how_cut, connected ? clause("SOCK-SEQ-2") : clause("SOCK-DGRAM-2"));
        add_if(how & how_cut && flags & flag_real_length, clause("SOCK-DGRAM-3"));
        add_if(how & how_ended && connected, clause("SOCK-SEQ-3"));
        add_if(how & how_gathered, clause("SOCK-SENDMSG-1"));
        add_if(empty, connected ? clause("UNIX-SEQ-2") : clause("SOCK-DGRAM-4"));
    }

    void other(const Act& act, std::uint32_t how) {
        if (act.verb == Verb::shutdown) return add_if(true, clause("SOCK-SHUT-3"));
        switch (static_cast<SocketOption>(act.value & 0xff)) {
            case SocketOption::error: return add_if(how & how_reset, clause("SOCK-ERR-1"));
            case SocketOption::type: return add_if(true, clause("UNIX-PAIR-1"));
            case SocketOption::send_buffer: return add_if(act.verb == Verb::get_option, clause("SOCK-BUF-1"));
            default: return;
        }
    }
};

}  // namespace

void Model::weigh(const std::vector<std::uint32_t>& how, judging::Weights& weights,
                  std::vector<Deviation>& deviations) const {
    Scale scale{weights, records_, connected_};
    bool killed = false;
    for (std::size_t i = 0; i < component_.acts.size(); ++i) {
        const Act& act = component_.acts[i];
        if (how[i] & how_no_signal) deviations.push_back({clause("SOCK-EPIPE-1"), Reason::no_signal, "", act.event});
        if (how[i] & how_rights_early)
            deviations.push_back({clause("UNIX-STREAM-2"), Reason::wrong_value, "", act.event});
        if (how[i] & how_stopped) deviations.push_back({clause("SIG-STOP-2"), Reason::wrong_count, "", act.event});
        const ClauseId unwoken = records_ ? clause("SOCK-PEEK-1") : clause("UNIX-PEEKOFF-1");
        if (how[i] & how_wake_lost) deviations.push_back({unwoken, Reason::asleep, "", act.event});
        if (act.asleep || act.open) continue;
        switch (act.kind) {
            case ActKind::write:
                scale.send(act, how[i], subject_.operation(act).flags);
                scale.add_if(killed && how[i] & how_refused, clause("UNIX-CLOSE-4"));
                break;
            case ActKind::read:
                scale.receive(act, how[i], subject_.operation(act).flags);
                scale.add_if(killed, clause("PROC-KILL-1"));
                scale.add_if(killed && how[i] & (how_end | how_reset), clause("UNIX-CLOSE-4"));
                break;
            case ActKind::look_available: scale.add_if(true, clause("SOCK-INQ-1")); break;
            case ActKind::look_poll:
                scale.add_if(act.value & poll_in, clause("RDY-1"));
                scale.add_if(act.value & poll_out, clause("RDY-2"));
                scale.add_if(act.result & (poll_hup | poll_rdhup), clause("RDY-5"));
                scale.add_if(act.result & ~act.value, clause("RDY-6"));
                break;
            case ActKind::look_flags: scale.add_if(act.handed_on, clause("UNIX-RIGHTS-1")); break;
            case ActKind::other: scale.other(act, how[i]); break;
            case ActKind::release: killed = killed || act.death; break;
            default: break;
        }
    }
}

// A poll that slept until what it waited for came.
void Model::weigh_waits(const std::vector<std::uint32_t>&, judging::Weights& weights) const {
    for (const Act& poll : component_.acts) {
        if (poll.kind != ActKind::look_poll || poll.open || poll.result == 0) continue;
        if (subject_.operation(poll).timeout_ns != 0 && changes_beside(poll, true)) ++weights[clause("RDY-7")];
    }
}

}  // namespace crosstalk::channel
