// Message queues by system calls. The kernel knows their names without the slash (mq_overview(7), "Linux
// implementation details"), and makes close-on-exec descriptors whether asked to or not (mq_open(3)).
#include "mechanisms/system/queues.h"

#include <fcntl.h>
#include <signal.h>

#include <cerrno>

#include "mechanisms/names.h"
#include "mechanisms/system/deadline.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

// struct mq_attr of linux/mqueue.h.
struct Attributes {
    long flags = 0, maxmsg = 0, msgsize = 0, messages = 0;
    long reserved[4]{};
};

long open_by_name(const Making& making, int flags) {
    if ((making.flags & flag_create) != 0) flags |= O_CREAT;
    if ((making.flags & flag_exclusive) != 0) flags |= O_EXCL;
    if ((making.flags & flag_nonblock) != 0) flags |= O_NONBLOCK;
    const Asked& asked = making.asked;
    Attributes wanted;
    wanted.maxmsg = static_cast<long>(asked.records), wanted.msgsize = static_cast<long>(asked.record_bytes);
    const bool by_default = asked.records == 0 && asked.record_bytes == 0;
    return kernel::call(SYS_mq_open, making.name + (making.name[0] == '/'), flags, making.mode,
                        by_default ? nullptr : &wanted);
}

// When the call is to give up; null for never.
const kernel::Timespec* limit_of(const Operation& operation, kernel::Timespec& limit) {
    if (operation.timeout_ns < 0 && (operation.flags & flag_unknown) == 0) return nullptr;
    const timespec when = deadline_of(operation);
    limit.seconds = when.tv_sec, limit.nanoseconds = when.tv_nsec;
    return &limit;
}

}  // namespace

long make_queue(const Making& making, int* ends) {
    Making anew = making;
    anew.flags |= flag_create | flag_exclusive;
    const long fd = open_by_name(anew, O_RDWR);
    if (fd < 0) return fd;
    ends[0] = static_cast<int>(fd);
    return 0;
}

long open_queue(const Making& making, Access access, void**) {
    return open_by_name(making, access == Access::read ? O_RDONLY : access == Access::write ? O_WRONLY : O_RDWR);
}

long remove_queue(const char* name) { return kernel::call(SYS_mq_unlink, name + (name[0] == '/')); }

// gVisor of 2022 opens queues, and neither sends nor tells of them.
long use_queue(int end) {
    const std::int64_t messages = messages_in(end);
    return messages < 0 ? -ENOSYS : kernel::call(SYS_mq_timedsend, end, "", 0, 0, nullptr);
}

std::int64_t messages_in(int fd) {
    Attributes now;
    return kernel::call(SYS_mq_getsetattr, fd, nullptr, &now) < 0 ? -1 : now.messages;
}

Answer mq_send_call(const Call& call) {
    kernel::Timespec limit;
    const long sent = kernel::call(SYS_mq_timedsend, call.fds[0], call.bytes, call.count, call.operation->value,
                                   limit_of(*call.operation, limit));
    return {.result = sent < 0 ? sent : static_cast<std::int64_t>(call.count)};
}

Answer mq_receive_call(const Call& call) {
    kernel::Timespec limit;
    unsigned priority = 0;
    const long got = kernel::call(SYS_mq_timedreceive, call.fds[0], call.bytes, call.count, &priority,
                                  limit_of(*call.operation, limit));
    return {.result = got, .value = priority};
}

Answer mq_attributes_call(const Call& call) {
    Attributes now;
    const long result = kernel::call(SYS_mq_getsetattr, call.fds[0], nullptr, &now);
    if (result < 0) return {.result = result};
    const std::int64_t sizes = now.maxmsg + (std::int64_t{now.msgsize} << 24);
    return {.result = now.messages, .value = ((now.flags & O_NONBLOCK) != 0 ? flag_nonblock : 0) + 256 * sizes};
}

Answer mq_set_flags_call(const Call& call) {
    Attributes wanted;
    if ((call.operation->flags & flag_nonblock) != 0) wanted.flags |= O_NONBLOCK;
    if ((call.operation->flags & flag_unknown) != 0) wanted.flags |= O_APPEND;
    return {.result = kernel::call(SYS_mq_getsetattr, call.fds[0], &wanted, nullptr)};
}

Answer mq_notify_call(const Call& call) {
    constexpr int no_signal = 4096;  // far above what any system has
    const std::uint16_t flags = call.operation->flags;
    sigevent how{};
    how.sigev_notify = (flags & flag_ignore) != 0 ? SIGEV_NONE : SIGEV_SIGNAL;
    how.sigev_signo = (flags & flag_unknown) != 0 ? no_signal : number_of(static_cast<Signal>(call.operation->value));
    how.sigev_value.sival_int = call.step;
    const bool asks = call.operation->value != 0;
    return {.result = kernel::call(SYS_mq_notify, call.fds[0], asks ? &how : nullptr)};
}

}  // namespace crosstalk
