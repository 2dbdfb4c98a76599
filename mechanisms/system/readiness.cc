// Readiness: poll(2), select(2) and epoll(7). An instance of epoll may be made for one question, or last (watch, wait).
// Which answer is right it does not know.
#include "mechanisms/system/readiness.h"

#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>

#include <cerrno>

#include "mechanisms/names.h"
#include "mechanisms/system/fd.h"

namespace crosstalk {
namespace {

struct PollName {
    PollBit ours;
    short theirs;
};
constexpr PollName poll_names[] = {{poll_in, POLLIN},      {poll_out, POLLOUT},   {poll_err, POLLERR},
                                   {poll_hup, POLLHUP},    {poll_nval, POLLNVAL}, {poll_pri, POLLPRI},
                                   {poll_rdhup, POLLRDHUP}};

struct Question {
    pollfd polled[4];
    std::size_t count = 0;
};

// Unused slots are left out. poll ignores negative descriptors; an unbound slot must answer POLLNVAL, so it stands for
// one that cannot be open.
Question asked_by(const Call& c) {
    Question asked;
    for (; asked.count < 4 && c.operation->uses[asked.count] != no_slot; ++asked.count) {
        const auto bits =
            static_cast<std::uint16_t>(static_cast<std::uint64_t>(c.operation->value) >> (16 * asked.count));
        short events = 0;
        for (const PollName& name : poll_names)
            if ((bits & name.ours) != 0) events = static_cast<short>(events | name.theirs);
        asked.polled[asked.count] = {c.fds[asked.count] < 0 ? INT_MAX : c.fds[asked.count], events, 0};
    }
    return asked;
}

// epoll_ctl(2) refuses what poll(2) answers with POLLNVAL: such a slot is not asked for, and nothing is said of it.
long ask_by_epoll(Question& asked, std::int64_t timeout_ns) {
    const long made = kernel::call(SYS_epoll_create1, EPOLL_CLOEXEC);
    if (made < 0) return made;
    const Fd instance(static_cast<int>(made));
    for (std::size_t i = 0; i < asked.count; ++i) {
        epoll_event wanted{};
        wanted.events = static_cast<std::uint32_t>(asked.polled[i].events), wanted.data.u32 = static_cast<unsigned>(i);
        const long added = kernel::call(SYS_epoll_ctl, instance.number(), EPOLL_CTL_ADD, asked.polled[i].fd, &wanted);
        if (added < 0 && added != -EBADF) return added;
    }
    epoll_event got[4];
    const long limit = timeout_ns < 0 ? -1 : static_cast<long>((timeout_ns + 999'999) / 1'000'000);
    const long result = kernel::call(SYS_epoll_pwait, instance.number(), got, 4, limit, nullptr, 0);
    for (long i = 0; i < result; ++i) asked.polled[got[i].data.u32].revents = static_cast<short>(got[i].events);
    return result;
}

// Sets of descriptors as the kernel has them. What is not open, select(2) would refuse: it is asked of nobody.
constexpr int most_selected = 1024, bits_of_word = 8 * sizeof(unsigned long);
struct Set {
    unsigned long words[most_selected / bits_of_word]{};
    void add(int fd) { words[fd / bits_of_word] |= 1ul << fd % bits_of_word; }
    bool has(int fd) const { return (words[fd / bits_of_word] >> fd % bits_of_word & 1) != 0; }
};

long ask_by_select(Question& asked, const kernel::Timespec* limit) {
    Set in, out;
    int numbers = 0;
    for (std::size_t i = 0; i < asked.count; ++i) {
        const int fd = asked.polled[i].fd;
        if (fd >= most_selected) continue;
        if ((asked.polled[i].events & POLLIN) != 0) in.add(fd);
        if ((asked.polled[i].events & POLLOUT) != 0) out.add(fd);
        if (fd >= numbers) numbers = fd + 1;
    }
    const long result = kernel::call(SYS_pselect6, numbers, &in, &out, nullptr, limit, nullptr);
    for (std::size_t i = 0; result >= 0 && i < asked.count; ++i) {
        pollfd& one = asked.polled[i];
        if (one.fd >= most_selected) continue;
        one.revents = static_cast<short>((in.has(one.fd) ? POLLIN : 0) | (out.has(one.fd) ? POLLOUT : 0));
    }
    return result;
}

std::int64_t bits_of(short events) {
    std::int64_t bits = 0;
    for (const PollName& name : poll_names)
        if ((events & name.theirs) != 0) bits |= name.ours;
    return bits;
}

}  // namespace

// ppoll, which alone takes nanoseconds and is there on every architecture.
Answer poll_call(const Call& c) {
    Question asked = asked_by(c);
    const std::int64_t timeout_ns = c.operation->timeout_ns;
    kernel::Timespec limit{static_cast<long>(timeout_ns / 1000000000), static_cast<long>(timeout_ns % 1000000000)};
    const kernel::Timespec* const given = timeout_ns < 0 ? nullptr : &limit;
    const long result = (c.operation->flags & flag_epoll) != 0 ? ask_by_epoll(asked, timeout_ns)
                        : (c.operation->flags & flag_select) != 0
                            ? ask_by_select(asked, given)
                            : kernel::call(SYS_ppoll, asked.polled, asked.count, given, nullptr, 0);
    std::uint64_t answered = 0;
    for (std::size_t i = 0; result >= 0 && i < asked.count; ++i)
        answered |= static_cast<std::uint64_t>(bits_of(asked.polled[i].revents)) << (16 * i);
    return {.result = result, .value = static_cast<std::int64_t>(answered)};
}

Answer watch_call(const Call& c) {
    const long made = kernel::call(SYS_epoll_create1, EPOLL_CLOEXEC);
    if (made < 0) return {.result = made};
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    if ((c.operation->flags & flag_edge) != 0) wanted.events |= EPOLLET;
    if ((c.operation->flags & flag_once) != 0) wanted.events |= EPOLLONESHOT;
    const long added = kernel::call(SYS_epoll_ctl, made, EPOLL_CTL_ADD, c.fds[0], &wanted);
    if (added < 0) {
        kernel::close(static_cast<int>(made));
        return {.result = added};
    }
    return {.result = 0, .made = {static_cast<int>(made), -1, -1, -1}};
}

Answer wait_call(const Call& c) {
    epoll_event got{};
    const long result = kernel::call(SYS_epoll_pwait, c.fds[0], &got, 1, 0, nullptr, 0);
    return {.result = result, .value = result > 0 ? bits_of(static_cast<short>(got.events)) : 0};
}

}  // namespace crosstalk
