// Its descriptors below the lane's own are all one harmless thing, so that no worker holds the agent's pipes open.
#include "runners/agent/zygote.h"

#include <sched.h>

#include "mechanisms/system/child.h"
#include "runners/agent/worker.h"

namespace crosstalk::agent {
namespace {

void give_up_priority() {
    const struct sched_param plain {};
    ::sched_setscheduler(0, SCHED_OTHER, &plain);
}

void answer(int pid) {
    board->forked_worker.store(static_cast<std::uint32_t>(pid));
    futex_wake(board->forked_worker);
}

}  // namespace

void serve_as_zygote() {
    Board& b = *board;
    if (!die_with_parent(b.leader_pid)) kernel::exit_process(0);
    for (;;) {
        std::uint32_t wanted = b.wanted_worker.exchange(0);
        if (wanted == 0) {
            futex_wait(b.wanted_worker, 0);
            continue;
        }
        const bool plain = (wanted & zygote_plain) != 0;
        wanted &= ~zygote_plain;
        const int pid = fork_raw(true);
        if (pid == 0) {
            if (plain) give_up_priority();
            work(static_cast<ActorId>(wanted - 1), plain);
        }
        answer(pid);
    }
}

}  // namespace crosstalk::agent
