// Trials of descriptors and credentials in messages: who one may say one is, how many descriptors may be in flight, and
// what becomes of those that nobody can receive any more; unix(7). A process that may changes its ids for the while of
// a trial, by the kernel's door: its other threads, of which it has none, would keep theirs.
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/system/capabilities.h"
#include "mechanisms/system/kernel.h"
#include "mechanisms/system/trial_cast.h"

namespace crosstalk::trials {
namespace {

constexpr long same = -1;

// Ids that nobody else has, as far as numbers of processes go; the saved ones stay those of root.
class Stranger {
  public:
    static constexpr long first_id = 0x10000000;
    Stranger() : user(first_id + 4L * kernel::pid()), group(user + 2) {
        was_root_ = kernel::call(SYS_geteuid) == 0;
        if (!was_root_) return;
        group_before_ = kernel::call(SYS_getegid);
        dumpable_ = kernel::call(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
        error_ = kernel::call(SYS_setresgid, same, group, same);
        if (error_ == 0) error_ = kernel::call(SYS_setresuid, user, user + 1, 0);
    }
    ~Stranger() {
        if (!was_root_) return;
        kernel::call(SYS_setresuid, same, 0, same);  // it has the saved one's right to
        kernel::call(SYS_setresuid, 0, 0, 0);
        kernel::call(SYS_setresgid, same, group_before_, same);
        kernel::call(SYS_prctl, PR_SET_DUMPABLE, dumpable_, 0, 0, 0);
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    bool is_one() const { return was_root_ && error_ == 0; }  // else it is who it was
    long error() const { return was_root_ ? error_ : -EPERM; }

    const long user, group;

  private:
    bool was_root_ = false;
    long error_ = 0, group_before_ = 0, dumpable_ = 1;
};

// capabilities(7): CAP_SYS_RESOURCE or CAP_SYS_ADMIN lifts the limit on what is in flight.
bool may_exceed_limits() {
    Capabilities now;
    return get_capabilities(now) < 0 ||
           (now.effective & (capability_bit(CAP_SYS_RESOURCE) | capability_bit(CAP_SYS_ADMIN))) != 0;
}

long send_as(int socket, long user, long group) {
    const ucred from{kernel::pid(), static_cast<uid_t>(user), static_cast<gid_t>(group)};
    return send_with(socket, nullptr, 0, &from);
}

// An end in flight that can be received by itself alone, with the write end of a pipe. What is left of both is closed,
// but for the end where `keeps`.
struct Cycle {
    std::array<int, 2> ends{}, tube{};
    bool made = false;
};
Cycle make_cycle(Cast& cast, bool keeps) {
    Cycle cycle;
    if (!cast.pair(cycle.ends) || !cast.pipe(cycle.tube)) return cycle;
    const int cargo[] = {cycle.ends[1], cycle.tube[1]};
    const long sent = send_with(cycle.ends[0], cargo, 2);
    if (sent < 0) cast.give_up(sent);
    cycle.made = sent > 0;
    cast.close(cycle.tube[1]);
    if (!keeps) cast.close(cycle.ends[1]), cast.close(cycle.ends[0]);
    return cycle;
}

bool is_at_end(int pipe) {
    char byte = 0;
    return kernel::call(SYS_read, pipe, &byte, 1) == 0;
}

// Nobody says when what is unreachable goes: it is given seconds, in which other sockets come and go.
bool ends_at_last(Cast& cast, int reader) {
    constexpr int rounds = 250, round_ms = 20;
    for (int round = 0; round < rounds; ++round) {
        if (wait_for_input(reader, round == 0 ? 1 : round_ms)) return is_at_end(reader);
        std::array<int, 2> others{};
        if (!cast.pair(others)) return false;
        for (const int other : others) cast.close(other);
    }
    return false;
}

}  // namespace

long send_with(int socket, const int* fds, std::size_t count, const ucred* from) {
    constexpr std::size_t most = 4;
    char byte = 'm';
    iovec part{&byte, 1};
    union {
        cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * most) + CMSG_SPACE(sizeof(ucred))];
    } control{};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    const std::size_t bytes = from != nullptr ? sizeof *from : sizeof(int) * (count < most ? count : most);
    message.msg_controllen = CMSG_SPACE(bytes);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = from != nullptr ? SCM_CREDENTIALS : SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(header), from != nullptr ? static_cast<const void*>(from) : fds, bytes);
    return kernel::call(SYS_sendmsg, socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

long receive_with(int socket, int* fds, std::size_t room) {
    constexpr std::size_t most = 4;
    char byte = 0;
    iovec part{&byte, 1};
    union {
        cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * most)];
    } control{};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_LEN(sizeof(int) * (room < most ? room : most));
    const long got = kernel::call(SYS_recvmsg, socket, &message, MSG_DONTWAIT);
    if (got < 0) return got;
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return 0;
    const std::size_t bytes = header->cmsg_len - CMSG_LEN(0);
    std::memcpy(fds, CMSG_DATA(const_cast<cmsghdr*>(header)), bytes);
    return static_cast<long>(bytes / sizeof(int));
}

void play_several_ids(Cast& cast) {
    std::array<int, 2> ends{};
    if (!cast.pair(ends)) return;
    const Stranger we;
    if (!we.is_one()) return cast.give_up(we.error());
    const long effective = we.group;
    cast.note(send_as(ends[0], we.user, effective));
    cast.note(send_as(ends[0], we.user + 1, effective));
    cast.note(send_as(ends[0], 0, effective));
    cast.note(send_as(ends[0], we.user + 2, effective));
    cast.note(send_as(ends[0], we.user, 0));
    cast.note(send_as(ends[0], we.user, we.group + 1));
}

void play_many_in_flight(Cast& cast) {
    constexpr std::uint64_t few = 3;
    constexpr long tries = 8;
    std::array<int, 2> ends{};
    if (!cast.pair(ends)) return;
    const int cargo[] = {ends[0], ends[0], ends[0], ends[0]};
    const std::uint64_t limit = descriptor_limit();
    const Stranger we;
    if (may_exceed_limits()) return cast.give_up(-EPERM);
    if (const long set = set_descriptor_limit(few); set < 0) return cast.give_up(set);
    long sent = 1, count = 0;
    for (; count < tries; ++count)
        if (sent = send_with(ends[0], cargo, few + 1); sent < 0) break;
    set_descriptor_limit(limit);
    cast.note(sent);
    cast.note_seen(count);
}

void play_lost_cycle(Cast& cast) {
    const Cycle cycle = make_cycle(cast, false);
    if (cycle.made) cast.note_seen(ends_at_last(cast, cycle.tube[0]));
}

void play_kept_cycle(Cast& cast) {
    const Cycle kept = make_cycle(cast, true), lost = make_cycle(cast, false);
    if (!kept.made || !lost.made) return;
    ends_at_last(cast, lost.tube[0]);  // so that whoever looks for what is unreachable has looked
    char byte = 0;
    cast.note(kernel::call(SYS_read, kept.tube[0], &byte, 1));
    int came[4] = {-1, -1, -1, -1};
    const long count = receive_with(kept.ends[1], came, 2);
    cast.note(count);
    if (count != 2) return;
    cast.note(kernel::call(SYS_write, came[1], "p", 1));
    cast.note(kernel::call(SYS_read, kept.tube[0], &byte, 1));
    send_byte(kept.ends[0], 'c');
    cast.note_seen(receive_byte(came[0]) == 'c');
    kernel::close(came[0]), kernel::close(came[1]);
}

}  // namespace crosstalk::trials
