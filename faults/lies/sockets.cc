// Mutators of sockets: what a message brings, what it says of itself, and what a shutdown takes along.
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {

Answer tells_instead(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value = (answer.value & ~lie.arguments[0]) | lie.arguments[1];
    return answer;
}

// A stream, behind the message whose descriptors came.
Answer goes_on(const Row&, const Call& call) {
    Answer answer = honestly(call);
    const auto count = static_cast<std::int64_t>(call.count);
    if (answer.result <= 0 || answer.value >> 8 == 0 || answer.result >= count || call.segments != nullptr)
        return answer;
    const long more = kernel::call(SYS_recvfrom, call.fds[0], call.bytes + answer.result,
                                   static_cast<std::uint64_t>(count - answer.result), MSG_DONTWAIT, nullptr, nullptr);
    if (more > 0) answer.result += more;
    return answer;
}

// The end of another pair of the same type, under the number of the first that came.
Answer gives_another(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    int type = 0, other[2];
    unsigned length = sizeof type;
    if (answer.result < 0 || answer.made[0] < 0) return answer;
    kernel::call(SYS_getsockopt, answer.made[0], SOL_SOCKET, SO_TYPE, &type, &length);
    if (kernel::call(SYS_socketpair, AF_UNIX, type | SOCK_CLOEXEC, 0, other) < 0) return answer;
    const int flags = kernel::fcntl(answer.made[0], F_GETFD, 0);
    kernel::call(SYS_dup3, other[0], answer.made[0], flags == FD_CLOEXEC ? O_CLOEXEC : 0);
    kernel::close(other[0]);
    hidden_duplicate(other[1]);
    kernel::close(other[1]);
    return answer;
}

Answer hides_end(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value &= ~std::int64_t{message_ends};
    return answer;
}

Answer drops_rest(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    const bool left = is_whole(call) && answer.result > 0 && (answer.value & message_ends) == 0;
    std::uint8_t rest[65536];
    if (left) kernel::call(SYS_recvfrom, call.fds[0], rest, sizeof rest, MSG_DONTWAIT, nullptr, nullptr);
    return answer;
}

Answer asks_again(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    return answer.result == lie.arguments[0] ? honestly(call) : answer;
}

Answer changes_value(const Row& lie, const Call& call) {
    Operation other = *call.operation;
    other.value = lie.arguments[0];
    Call changed = call;
    changed.operation = &other;
    return honestly(changed);
}

Answer answers_in_trial(const Row& lie, const Call& call) {
    constexpr std::int64_t one = 0xff;
    Answer answer = honestly(call);
    const std::int64_t at = 8 * lie.arguments[0];
    answer.value = (answer.value & ~(one << at)) | lie.arguments[1] << at;
    return answer;
}

Answer sends_what_fits(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.result != -EMSGSIZE || !is_whole(call)) return answer;
    const std::uint64_t part = std::min(call.operation->buffer.bytes, static_cast<std::uint64_t>(lie.arguments[0]));
    const long sent = moved(call, 0, part);
    return {.result = sent < 0 ? sent : static_cast<std::int64_t>(call.operation->buffer.bytes)};
}

// The record stays whole: what comes next is its head once more.
Answer leaves_rest(const Row&, const Call& call) {
    std::uint8_t probe = 0;
    const long length =
        kernel::call(SYS_recvfrom, call.fds[0], &probe, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT, nullptr, nullptr);
    Operation other = *call.operation;
    if (length > static_cast<long>(call.operation->buffer.bytes)) other.flags |= flag_peek;
    Call changed = call;
    changed.operation = &other;
    return honestly(changed);
}

}  // namespace crosstalk::lies
