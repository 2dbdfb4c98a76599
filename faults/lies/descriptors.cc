// Mutators of descriptors: which are made, which stay open, and what they are.
#include <fcntl.h>
#include <sched.h>

#include <cerrno>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/child.h"

#ifndef F_SETPIPE_SZ
#define F_SETPIPE_SZ 1031
#endif

namespace crosstalk::lies {
namespace {

constexpr std::uint64_t most_stolen = 256;  // bytes, in one read
constexpr int case_numbers = 256;  // descriptors of cases are below this

// What `create` packs into its value: the numbers that it gave.
void set_number(Answer& answer, std::size_t at, int number) {
    auto value = static_cast<std::uint64_t>(answer.value);
    value = (value & ~(std::uint64_t{0xffff} << (16 * at))) | std::uint64_t{static_cast<std::uint16_t>(number)}
                                                                  << (16 * at);
    answer.value = static_cast<std::int64_t>(value);
}

int chosen(const Row& lie, const Call& call, const Answer& answer) {
    switch (lie.arguments[0]) {
        case 0: return call.fds[0];
        case 1: return call.replaced[0];
        default: return answer.made[lie.arguments[0] == 2 ? 0 : 1];
    }
}

}  // namespace

Answer changes_flags(const Row& lie, const Call& call) {
    Operation other = *call.operation;
    other.flags = static_cast<std::uint16_t>((other.flags & ~lie.arguments[0]) | lie.arguments[1]);
    Call changed = call;
    changed.operation = &other;
    return honestly(changed);
}

Answer sets_cloexec(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    for (std::size_t i = 0; i < 4; ++i)
        if (answer.made[i] >= 0 && (lie.arguments[1] == 2 || lie.arguments[1] == static_cast<std::int64_t>(i)))
            kernel::fcntl(answer.made[i], F_SETFD, lie.arguments[0] != 0 ? FD_CLOEXEC : 0);
    return answer;
}

Answer swaps_ends(const Row&, const Call& call) {
    Answer answer = honestly(call);
    const int read_end = answer.made[0];
    if (answer.result < 0 || read_end < 0) return answer;
    answer.made[0] = answer.made[1];
    answer.made[1] = read_end;
    return answer;
}

Answer numbers_high(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    const auto at = static_cast<std::size_t>(lie.arguments[0]);
    if (answer.result < 0 || answer.made[at] < 0) return answer;
    const int flags = kernel::fcntl(answer.made[at], F_GETFD, 0);
    const int high =
        kernel::fcntl(answer.made[at], flags == FD_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, answer.made[at] + 7);
    if (high < 0) return answer;
    kernel::close(answer.made[at]);
    answer.made[at] = high;
    set_number(answer, at, high);
    return answer;
}

Answer copies_another(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    int other[2];
    if (answer.result < 0 || kernel::call(SYS_pipe2, other, O_CLOEXEC) < 0) return answer;
    const int end = is_write_end(answer.made[0]) ? 1 : 0;
    const int flags = kernel::fcntl(answer.made[0], F_GETFD, 0);
    kernel::call(SYS_dup3, other[end], answer.made[0], flags == FD_CLOEXEC ? O_CLOEXEC : 0);
    kernel::close(other[end]);
    hidden_duplicate(other[1 - end]);
    kernel::close(other[1 - end]);
    return answer;
}

Answer keeps_open(const Row& lie, const Call& call) {
    if (lie.arguments[0] <= 1) {
        const int fd = chosen(lie, call, {});
        if (fd >= 0) hidden_duplicate(fd);
        return honestly(call);
    }
    const Answer answer = honestly(call);
    const int fd = chosen(lie, call, answer);
    if (fd >= 0) hidden_duplicate(fd);
    return answer;
}

Answer closes_too(const Row& lie, const Call& call) {
    const Answer answer = honestly(call);
    const int fd = chosen(lie, call, answer);
    if (fd >= 0) kernel::close(fd);
    return answer;
}

Answer leaves_open(const Row&, const Call& call) {
    constexpr int out_of_the_way = case_numbers - 16;  // of the lowest number that is free
    const Answer answer = honestly(call);
    const long made = kernel::call(SYS_eventfd2, 0, 0);
    if (made < 0) return answer;
    kernel::fcntl(static_cast<int>(made), F_DUPFD, out_of_the_way);
    kernel::close(static_cast<int>(made));
    return answer;
}

Answer drops_last(const Row&, const Call& call) {
    Answer answer = honestly(call);
    const bool message = call.operation->verb == Verb::recv;
    const std::int64_t count = message ? answer.value >> 8 & 0xff : answer.value;
    if (answer.result < 0 || count < 1) return answer;
    int& last = answer.made[static_cast<std::size_t>(count - 1)];
    kernel::close(last);
    last = -1;
    answer.value -= message ? 256 : 1;
    return answer;
}

Answer survives_exec(const Row& lie, const Call& call) {
    for (int fd = 3; fd < case_numbers; ++fd) kernel::fcntl(fd, F_SETFD, lie.arguments[0] != 0 ? FD_CLOEXEC : 0);
    return honestly(call);
}

// A process that nobody knows shares the descriptors of the one that ends, until the next case begins.
Answer outlives(const Row&, const Call& call) {
    const std::uint32_t serial = telling.stage->serial.load();
    const int parent = static_cast<int>(kernel::call(SYS_getppid));
    if (fork_raw(true) != 0) return honestly(call);
    if (!die_with_parent(parent)) kernel::exit_process(0);
    const kernel::Timespec pause{0, 2000000};
    while (telling.stage->serial.load() == serial) kernel::call(SYS_ppoll, nullptr, 0, &pause, nullptr, 0);
    kernel::exit_process(0);
}

Answer empties_opened(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    if (answer.made[0] >= 0) stolen(answer.made[0], most_stolen);
    return answer;
}

Answer shrinks_first(const Row& lie, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result <= 0 || answer.made[1] < 0) return answer;
    const int given = kernel::fcntl(answer.made[1], F_SETPIPE_SZ, 4096 * lie.arguments[0]);
    if (given > 0) answer.result = given;
    return answer;
}

}  // namespace crosstalk::lies
