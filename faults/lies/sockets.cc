// Mutators of sockets: what a message brings, what it says of itself, and what a shutdown takes along.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {

Answer hides_cut(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value &= ~std::int64_t{message_cut};
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
