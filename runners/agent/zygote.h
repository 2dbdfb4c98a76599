// The zygote: a small process that forks workers on command, so that they are the leader's children, inherit the
// real-time priority that the leader itself gave up, and cost little to make.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

inline constexpr std::uint32_t zygote_plain = 0x100;  // Board::wanted_worker: without real-time priority

// Never returns. Serves Board::wanted_worker until its parent is gone.
[[noreturn]] void serve_as_zygote();

}  // namespace crosstalk::agent
