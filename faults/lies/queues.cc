// Mutators of message queues: which message comes, how often, and what is told of it.
#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::lies {

Answer sends_again(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    const kernel::Timespec past;
    if (answer.result >= 0)
        kernel::call(SYS_mq_timedsend, call.fds[0], call.bytes, call.count, call.operation->value, &past);
    return answer;
}

// The first message is taken, then the second one; the first is put back, behind those of its priority.
Answer overtakes(const Row&, const Call& call) {
    std::uint8_t first[512];
    const kernel::Timespec past;
    unsigned priority = 0;
    if (call.count > sizeof first || unread_bytes(call.fds[0]) < 2) return honestly(call);
    const long got = kernel::call(SYS_mq_timedreceive, call.fds[0], first, call.count, &priority, &past);
    const Answer answer = honestly(call);
    if (got >= 0) kernel::call(SYS_mq_timedsend, call.fds[0], first, got, priority, &past);
    return answer;
}

Answer forgets_priority(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value = 0;
    return answer;
}

Answer misreports_sizes(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.value += 256 * lie.arguments[0];
    return answer;
}

}  // namespace crosstalk::lies
