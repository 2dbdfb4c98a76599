// Messages: sendmsg(2) and recvmsg(2), with the descriptors and credentials that travel along (unix(7)) and the time
// limits of a socket (socket(7)). What came is told in a few bits; which descriptors it gave, by their numbers.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include <linux/sctp.h>  // counts on the C library's headers before it

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/sockets.h"

namespace crosstalk {
namespace {

constexpr std::size_t most_descriptors = 255;  // more than the 253 of unix(7)
constexpr std::size_t most_received = 3;

// The control part of a message.
union Control {
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * most_descriptors) + CMSG_SPACE(sizeof(ucred))];
};

// The parts that the call laid out, or its one buffer.
struct Parts {
    iovec one;
    msghdr message{};
    explicit Parts(const Call& call) : one{call.bytes, static_cast<std::size_t>(call.count)} {
        message.msg_iov = call.segments != nullptr ? const_cast<iovec*>(call.segments) : &one;
        message.msg_iovlen = call.segments != nullptr ? static_cast<std::size_t>(call.segment_count) : 1;
    }
};

void add(msghdr& message, Control& control, int type, const void* data, std::size_t bytes, int level = SOL_SOCKET) {
    auto* const header = reinterpret_cast<cmsghdr*>(control.bytes + message.msg_controllen);
    message.msg_control = control.bytes;
    std::memset(header, 0, sizeof *header);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(header), data, bytes);
    message.msg_controllen = message.msg_controllen + CMSG_SPACE(bytes);
}

// uses[1..3], or so many of the first of them as the operation says.
void add_descriptors(const Call& call, msghdr& message, Control& control) {
    int fds[most_descriptors];
    std::size_t count = 0;
    for (std::size_t i = 1; i < 4; ++i)
        if (call.operation->uses[i] != no_slot) fds[count++] = call.fds[i];
    const std::int64_t copies = call.operation->value % 256;
    const bool empty = copies == empty_rights;
    if (copies != 0 && !empty)
        for (count = 0; count < static_cast<std::size_t>(copies); ++count) fds[count] = call.fds[1];
    if (count != 0 || empty) add(message, control, SCM_RIGHTS, fds, sizeof(int) * count);
}

void add_credentials(const Call& call, msghdr& message, Control& control) {
    const auto what = static_cast<Credentials>(call.operation->value / 256 % 256);
    if (what == Credentials::none) return;
    ucred from{kernel::pid(), static_cast<uid_t>(kernel::call(SYS_getuid)),
               static_cast<gid_t>(kernel::call(SYS_getgid))};
    constexpr int nobody = 0x3fffffff;  // no process: beyond what pid_max may be
    if (what == Credentials::other_process) from.pid = static_cast<int>(kernel::call(SYS_getppid));
    if (what == Credentials::other_user) ++from.uid;
    if (what == Credentials::other_group) ++from.gid;
    if (what == Credentials::no_process) from.pid = nobody;
    add(message, control, SCM_CREDENTIALS, &from, sizeof from);
}

// RFC 6458, 5.3.4. The payload id travels as it is: no number of this host's.
void add_label(const Call& call, msghdr& message, Control& control) {
    const Operation& operation = *call.operation;
    if (!has_label(operation.value)) return;
    const Label label = label_of(operation.value);
    sctp_sndinfo info{};
    info.snd_sid = label.stream, info.snd_ppid = label.payload;
    if ((operation.flags & flag_unordered) != 0) info.snd_flags = SCTP_UNORDERED;
    add(message, control, SCTP_SNDINFO, &info, sizeof info, IPPROTO_SCTP);
}

// socket(7), SO_RCVTIMEO and SO_SNDTIMEO: before the call, and from then on.
long limit_time(const Call& call, int option) {
    const std::int64_t limit_ns = call.operation->timeout_ns;
    if (limit_ns == forever) return 0;
    timeval limit{};
    limit.tv_sec = static_cast<decltype(limit.tv_sec)>(limit_ns / 1'000'000'000);
    limit.tv_usec = static_cast<decltype(limit.tv_usec)>(limit_ns % 1'000'000'000 / 1000);
    return kernel::call(SYS_setsockopt, call.fds[0], SOL_SOCKET, option, &limit, sizeof limit);
}

void take_descriptors(const cmsghdr* header, Answer& answer) {
    int received[most_descriptors];
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::memcpy(received, CMSG_DATA(const_cast<cmsghdr*>(header)), sizeof(int) * count);
    bool all_close = true;
    for (std::size_t i = 0; i < count && i < most_received; ++i) {
        answer.made[i] = received[i];
        all_close = all_close && kernel::fcntl(received[i], F_GETFD, 0) == FD_CLOEXEC;
    }
    answer.value += static_cast<std::int64_t>(count) * 256;
    if (count != 0 && all_close) answer.value |= message_cloexec;
}

// 1 + the actor is entered by whoever knows the processes of the case.
void take_control(const cmsghdr* header, Answer& answer) {
    std::uint32_t told = 0;
    if (header->cmsg_type == SCM_CREDENTIALS) {
        ucred from{};
        std::memcpy(&from, CMSG_DATA(const_cast<cmsghdr*>(header)), sizeof from);
        told = actor_of_process(from.pid);
        if (from.uid == static_cast<uid_t>(kernel::call(SYS_getuid)) &&
            from.gid == static_cast<gid_t>(kernel::call(SYS_getgid)))
            told += 256;
    } else {
        std::memcpy(&told, CMSG_DATA(const_cast<cmsghdr*>(header)), sizeof told);
    }
    answer.value += std::int64_t{told} << 16 | message_control;
}

// RFC 6458, 5.3.5.
void take_label(const cmsghdr* header, Answer& answer) {
    sctp_rcvinfo info{};
    if (header->cmsg_type != SCTP_RCVINFO) return;
    std::memcpy(&info, CMSG_DATA(const_cast<cmsghdr*>(header)), sizeof info);
    answer.value |= value_of({info.rcv_sid, info.rcv_ppid}) | message_control;
    if ((info.rcv_flags & SCTP_UNORDERED) != 0) answer.value |= message_unordered;
}

}  // namespace

int message_flags(const Operation& operation) {
    const bool sends = operation.verb == Verb::send;
    int wanted = 0;
    if ((operation.flags & flag_nonblock) != 0) wanted |= MSG_DONTWAIT;
    if ((operation.flags & flag_no_signal) != 0) wanted |= MSG_NOSIGNAL;
    if ((operation.flags & flag_peek) != 0) wanted |= MSG_PEEK;
    if ((operation.flags & flag_wait_all) != 0) wanted |= MSG_WAITALL;
    if ((operation.flags & flag_urgent) != 0) wanted |= MSG_OOB;
    if (sends && (operation.flags & flag_more) != 0) wanted |= MSG_MORE;
    if (sends && (operation.flags & flag_ends) != 0) wanted |= MSG_EOR;
    if (!sends && (operation.flags & flag_real_length) != 0) wanted |= MSG_TRUNC;
    if (!sends && (operation.flags & flag_cloexec) != 0) wanted |= MSG_CMSG_CLOEXEC;
    return wanted;
}

Answer send_call(const Call& call) {
    Parts parts(call);
    Control control;
    if (const long limited = limit_time(call, SO_SNDTIMEO); limited < 0) return {.result = limited};
    add_credentials(call, parts.message, control);
    add_descriptors(call, parts.message, control);
    add_label(call, parts.message, control);
    return {.result = kernel::call(SYS_sendmsg, call.fds[0], &parts.message, message_flags(*call.operation))};
}

// unix(7): what the control buffer has no room for is closed. Its room is counted to the byte, not in CMSG_SPACE.
Answer recv_call(const Call& call) {
    Parts parts(call);
    Control control;
    const Operation& operation = *call.operation;
    std::size_t room = 0;
    while (room < most_received && operation.makes[room] != no_slot) ++room;
    if (room != 0) parts.message.msg_controllen = CMSG_LEN(sizeof(int) * room);
    if (room == 0 && (operation.flags & flag_control) != 0)
        parts.message.msg_controllen = CMSG_SPACE(operation.value == 1 ? sizeof(sctp_rcvinfo) : sizeof(ucred));
    if (parts.message.msg_controllen != 0) parts.message.msg_control = control.bytes;
    if (const long limited = limit_time(call, SO_RCVTIMEO); limited < 0) return {.result = limited};
    Answer answer{.result = kernel::call(SYS_recvmsg, call.fds[0], &parts.message, message_flags(operation))};
    if (answer.result < 0) return answer;
    const msghdr& got = parts.message;
    if ((got.msg_flags & MSG_TRUNC) != 0) answer.value |= message_cut;
    if ((got.msg_flags & MSG_EOR) != 0) answer.value |= message_ends;
    if ((got.msg_flags & MSG_CTRUNC) != 0) answer.value |= message_control_cut;
    if ((got.msg_flags & MSG_OOB) != 0) answer.value |= message_urgent;
    if (got.msg_control == nullptr) return answer;
    for (cmsghdr* header = CMSG_FIRSTHDR(&got); header != nullptr;
         header = CMSG_NXTHDR(const_cast<msghdr*>(&got), header)) {
        if (header->cmsg_level == IPPROTO_SCTP) take_label(header, answer);
        if (header->cmsg_level != SOL_SOCKET) continue;
        header->cmsg_type == SCM_RIGHTS ? take_descriptors(header, answer) : take_control(header, answer);
    }
    return answer;
}

}  // namespace crosstalk
