// Calls that ask what is ready, and those that watch for it. What readiness means is for properties/ to say.
// Results are the kernel's own: a negated error number, or how much is ready.
#pragma once

#include "mechanisms/system/operations.h"

namespace crosstalk {

Answer poll_call(const Call& call);   // Event::value: PollBits, 16 bits a slot
Answer watch_call(const Call& call);  // epoll_create1 and EPOLL_CTL_ADD
Answer wait_call(const Call& call);   // epoll_wait, which returns at once

}  // namespace crosstalk
