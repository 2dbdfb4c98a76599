// Mutators of sockets with addresses: connections that get lost, and that are not seen.
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {
namespace {

bool listens(int socket) {
    int told = 0;
    unsigned length = sizeof told;
    return kernel::call(SYS_getsockopt, socket, SOL_SOCKET, SO_ACCEPTCONN, &told, &length) >= 0 && told != 0;
}

}  // namespace

Answer drops_connection(const Row&, const Call& call) {
    const Answer first = honestly(call);
    if (first.result < 0) return first;
    kernel::close(first.made[0]);
    return honestly(call);
}

Answer drops_at_limit(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    const int flags = kernel::fcntl(call.fds[0], F_GETFL, 0);
    if (answer.result != -EMFILE || flags < 0 || (flags & O_NONBLOCK) == 0) return answer;
    const std::uint64_t limit = descriptor_limit();
    if (set_descriptor_limit(limit + 1) < 0) return answer;
    const long taken = kernel::call(SYS_accept4, call.fds[0], nullptr, nullptr, SOCK_CLOEXEC);
    if (taken >= 0) kernel::close(static_cast<int>(taken));
    set_descriptor_limit(limit);
    return answer;
}

Answer misreports_connection(const Row&, const Call& call) {
    Call blind = call;
    Operation other = *call.operation;
    if (listens(call.fds[0])) other.value &= ~std::int64_t{poll_in};
    blind.operation = &other;
    return honestly(blind);
}

}  // namespace crosstalk::lies
