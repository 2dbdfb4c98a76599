// The cast of a trial: sockets, their addresses, what was answered. See trials.h. Trials are for processes without
// threads: while one is played nobody else makes descriptors, handles signals or changes who the process is.
#include "mechanisms/system/trial_cast.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

using trials::Cast;

struct Play {
    Trial trial;
    void (*play)(Cast& cast);
};
constexpr Play plays[] = {
    {Trial::no_destination, trials::play_no_destination},
    {Trial::unconnected_shutdown, trials::play_unconnected_shutdown},
    {Trial::third_sender, trials::play_third_sender},
    {Trial::closed_port, trials::play_closed_port},
    {Trial::changed_peer, trials::play_changed_peer},
    {Trial::full_queue, trials::play_full_queue},
    {Trial::automatic_name, trials::play_automatic_name},
    {Trial::several_messages, trials::play_several_messages},
    {Trial::several_ids, trials::play_several_ids},
    {Trial::many_in_flight, trials::play_many_in_flight},
    {Trial::lost_cycle, trials::play_lost_cycle},
    {Trial::kept_cycle, trials::play_kept_cycle},
    {Trial::limited_restart, trials::play_limited_restart},
    {Trial::peek_behind, trials::play_peek_behind},
};

int option_of(int socket, int option) {
    int value = 0;
    unsigned length = sizeof value;
    return kernel::call(SYS_getsockopt, socket, SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

}  // namespace

Answer try_messages(const Call& call) {
    if (call.mechanism->doors.beside == nullptr) return {.result = -ENOSYS};
    Cast cast(call);
    const auto wanted = static_cast<Trial>(call.operation->value);
    for (const Play& each : plays)
        if (each.trial == wanted) each.play(cast);
    return cast.answer();
}

namespace trials {

int Cast::keep(long fd) {
    if (fd < 0) give_up(fd);
    if (fd >= 0 && count_ < open_.size()) open_[count_++] = static_cast<int>(fd);
    return static_cast<int>(fd);
}

int Cast::socket() {
    const Asked asked;
    const int made = keep(call_.mechanism->doors.beside(Making{asked}));
    if (made >= 0) family_ = option_of(made, SO_DOMAIN), type_ = option_of(made, SO_TYPE);
    return made;
}

// ip(7), ipv6(7): port 0; unix(7): nothing but the family.
int Cast::bound(Address& name) {
    const int made = socket();
    Address wanted;
    wanted.told.ss_family = static_cast<sa_family_t>(family_);
    wanted.bytes = sizeof(sa_family_t);
    if (family_ == AF_INET) {
        auto& inet = reinterpret_cast<sockaddr_in&>(wanted.told);
        inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        wanted.bytes = sizeof inet;
    } else if (family_ == AF_INET6) {
        auto& inet = reinterpret_cast<sockaddr_in6&>(wanted.told);
        inet.sin6_addr = IN6ADDR_LOOPBACK_INIT;
        wanted.bytes = sizeof inet;
    }
    if (const long bound = kernel::call(SYS_bind, made, &wanted.told, wanted.bytes); bound < 0) give_up(bound);
    name = name_of_socket(made);
    return made;
}

bool Cast::pair(std::array<int, 2>& ends) {
    ends[0] = socket();
    if (family_ == AF_UNIX) {
        close(ends[0]);
        if (const long made = kernel::call(SYS_socketpair, AF_UNIX, type_, 0, ends.data()); made < 0) give_up(made);
        for (const int end : ends) keep(end);
        return ready();
    }
    close(ends[0]);
    std::array<Address, 2> names;
    for (const std::size_t end : {0u, 1u}) ends[end] = bound(names[end]);
    for (const std::size_t end : {0u, 1u})
        if (const long connected = connect_to(ends[end], names[1 - end]); connected < 0) give_up(connected);
    return ready();
}

bool Cast::pipe(std::array<int, 2>& ends) {
    if (const long made = kernel::call(SYS_pipe2, ends.data(), O_NONBLOCK); made < 0) give_up(made);
    for (const int end : ends) keep(end);
    return ready();
}

void Cast::close(int fd) {
    const auto found = std::find(open_.begin(), open_.begin() + count_, fd);
    if (fd < 0 || found == open_.begin() + count_) return;
    kernel::close(fd);
    *found = open_[--count_];
}

void Cast::close_all() {
    while (count_ != 0) kernel::close(open_[--count_]);
}

void Cast::note(long result) {
    const std::int64_t told = result < 0 ? failed_with(errno_from(static_cast<int>(-result))) : saw(result);
    if (noted_ < most_answers) answers_ |= told << (8 * noted_++);
}

void Cast::note_seen(long what) {
    if (noted_ < most_answers) answers_ |= saw(what) << (8 * noted_++);
}

long send_byte(int socket, char byte, const Address* to) {
    return kernel::call(SYS_sendto, socket, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL, to != nullptr ? &to->told : nullptr,
                        to != nullptr ? to->bytes : 0);
}

long receive_byte(int socket) {
    char byte = 0;
    const long got = kernel::call(SYS_recvfrom, socket, &byte, 1, MSG_DONTWAIT, nullptr, nullptr);
    return got < 0 ? got : got == 0 ? nothing_more : byte;
}

bool wait_for_input(int fd, int milliseconds) {
    pollfd asked{fd, POLLIN, 0};
    const kernel::Timespec limit{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
    long told = -EINTR;
    while (told == -EINTR) {
        kernel::Timespec left = limit;
        told = kernel::call(SYS_ppoll, &asked, 1, &left, nullptr, 0);
    }
    return told > 0;
}

long connect_to(int socket, const Address& to) { return kernel::call(SYS_connect, socket, &to.told, to.bytes); }

Address name_of_socket(int socket) {
    Address name;
    name.bytes = sizeof name.told;
    if (kernel::call(SYS_getsockname, socket, &name.told, &name.bytes) < 0) name.bytes = 0;
    return name;
}

long set(int socket, int option, int value) {
    return kernel::call(SYS_setsockopt, socket, SOL_SOCKET, option, &value, sizeof value);
}

}  // namespace trials
}  // namespace crosstalk
