// Mutators of signals, and the one that takes the target down.
#include <fcntl.h>
#include <signal.h>

#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {
namespace {

using Mask = std::uint64_t;  // the kernel's own sigset_t: 64 signals on the architectures that agents run on
constexpr Mask mask_of(int number) { return Mask{1} << (number - 1); }

Mask change_mask(int how, Mask mask) {
    Mask before = 0;
    kernel::call(SYS_rt_sigprocmask, how, &mask, &before, sizeof mask);
    return before;
}

// The call with SIGPIPE held back from this thread, and taken away if it came.
Answer silently(const Call& call) {
    const Mask pipe = mask_of(SIGPIPE);
    const Mask before = change_mask(SIG_BLOCK, pipe);
    const Answer answer = honestly(call);
    const kernel::Timespec at_once;
    if (answer.result == -EPIPE && (before & pipe) == 0)
        kernel::call(SYS_rt_sigtimedwait, &pipe, nullptr, &at_once, sizeof pipe);
    change_mask(SIG_SETMASK, before);
    return answer;
}

}  // namespace

Answer muffles(const Row&, const Call& call) { return silently(call); }

Answer tells_fellow(const Row&, const Call& call) {
    if (kernel::tid() == kernel::pid()) return honestly(call);
    const Answer answer = silently(call);
    if (answer.result == -EPIPE) kernel::tgkill(kernel::pid(), kernel::pid(), SIGPIPE);
    return answer;
}

Answer raises(const Row& lie, const Call& call) {
    const auto number = static_cast<int>(lie.arguments[0]);
    const Answer answer = honestly(call);
    const Mask before = change_mask(SIG_UNBLOCK, mask_of(number));
    kernel::tgkill(kernel::pid(), kernel::tid(), number);
    change_mask(SIG_SETMASK, before);
    return answer;
}

Answer disowns(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.result == 0 && (call.operation->flags & flag_async) != 0) kernel::fcntl(call.fds[0], F_SETOWN, 0);
    return answer;
}

// Actors are children of the agent's first process.
Answer kills_target(const Row&, const Call&) {
    kernel::kill(static_cast<int>(kernel::call(SYS_getppid)), SIGKILL);
    return {.result = sleep_for_good()};
}

}  // namespace crosstalk::lies
