// Mutators of waiting: calls that do not come back, that come back too soon, or that wait for the wrong thing.
#include <poll.h>

#include <atomic>
#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {
namespace {

Answer plain(long result) { return {.result = result}; }

long wait_until_ready(int fd, short events) {
    pollfd asked{fd, events, 0};
    return kernel::call(SYS_ppoll, &asked, 1, nullptr, nullptr, 0);
}

}  // namespace

Answer sleeps(const Row&, const Call&) { return plain(sleep_for_good()); }

Answer spins(const Row&, const Call&) {
    for (;;) std::atomic_signal_fence(std::memory_order_seq_cst);  // an endless loop without it is not defined
}

Answer sleeps_instead(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    const bool it = lie.arguments[0] == any_success ? answer.result > 0 : answer.result == lie.arguments[0];
    return it ? plain(sleep_for_good()) : answer;
}

Answer waits_by_poll(const Row&, const Call& call) {
    const long waited = wait_until_ready(call.fds[0], writes(call.operation->verb) ? POLLOUT : POLLIN);
    return waited < 0 ? plain(waited) : honestly(call);
}

Answer overlooks_growth(const Row&, const Call& call) {
    const int fd = call.fds[0];
    if ((ready(fd) & (POLLOUT | POLLERR)) != 0) return honestly(call);
    const std::int64_t before = unread_bytes(fd);
    const long waited = wait_until_ready(fd, POLLOUT);
    if (waited < 0) return plain(waited);
    const bool grew = unread_bytes(fd) == before && (ready(fd) & POLLERR) == 0;
    return grew ? plain(sleep_for_good()) : honestly(call);
}

Answer gives_up_early(const Row&, const Call& call) {
    Operation shorter = *call.operation;
    shorter.timeout_ns /= 2;
    Call changed = call;
    changed.operation = &shorter;
    return honestly(changed);
}

Answer resumes(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    return answer.result == -EINTR ? honestly(call) : answer;
}

}  // namespace crosstalk::lies
