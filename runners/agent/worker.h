// A worker: a process of the lane's pool that plays one pooled actor after another, case after case. Also where
// forked actors and threads begin their lives, and where an image after exec comes in again.
#pragma once

#include "runners/agent/board.h"

namespace crosstalk::agent {

// Never returns. `index` is the actor that this worker plays in every case of its pool (Board::gates).
[[noreturn]] void work(ActorId index, bool plain);

// The process was replaced by exec in the middle of a case; goes on where it was. `index` is its actor.
[[noreturn]] void work_after_exec(ActorId index);

}  // namespace crosstalk::agent
