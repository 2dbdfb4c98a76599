// Dispositions of a lane's processes: handlers that write down the signals a case meets, and one that does nothing,
// by which the leader gets actors out of calls in which they would sleep for good.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

inline constexpr int cancel_signal = 40;  // a real-time signal that no case names

// Dispositions at the start of a case, and nothing blocked.
void install_handlers();
// The `signal` verb: disposition of one signal by Flag bits. 0 or a negated error number.
long dispose(Signal signal, std::uint16_t flags);
// Gives the handler of SIGUSR1 SA_RESTART or takes it away, if it has a handler. True if it has one.
bool set_restart(bool restart);
// A call that sleeps on a pipe whose O_ASYNC tells its own process sends SIGIO before each sleep; with a handler that
// restarts it never gets to sleep. After so many in one call the handler blocks SIGIO for the rest of the call and
// writes down `spinning`. This ends the block: what came meanwhile is handled now. For before and after each call.
inline constexpr std::uint32_t storm_signals = 64;
void end_told(ActorId actor);  // some were sent
inline void end_storm(ActorId actor) {
    if (board->seats[actor].told.load(std::memory_order_relaxed) != 0) [[unlikely]]
        end_told(actor);
}
// Sends to one actor.
long signal_actor(ActorId actor, int number);

}  // namespace crosstalk::agent
