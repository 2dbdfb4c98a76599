// See sctp_play.h.
#include "mechanisms/system/sctp_play.h"

#include <linux/filter.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <span>

namespace crosstalk::sctp {
namespace {

template <class Do>
long again(Do call) {
    long result = -EINTR;
    while (result == -EINTR) result = call();
    return result;
}

struct Control {
    alignas(cmsghdr) char bytes[CMSG_SPACE(sizeof(sctp_sndinfo)) + CMSG_SPACE(sizeof(sctp_prinfo))] = "";
};

template <class T>
void add(msghdr& message, Control& control, int type, const T& value) {
    auto* const header = reinterpret_cast<cmsghdr*>(control.bytes + message.msg_controllen);
    message.msg_control = control.bytes;
    header->cmsg_level = IPPROTO_SCTP;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof value);
    std::memcpy(CMSG_DATA(header), &value, sizeof value);
    message.msg_controllen = message.msg_controllen + CMSG_SPACE(sizeof value);
}

// Of classic BPF: 0 drops the packet.
constexpr std::uint16_t load_byte = BPF_LD | BPF_B | BPF_ABS, load_half = BPF_LD | BPF_H | BPF_ABS,
                        load_word = BPF_LD | BPF_W | BPF_ABS, is = BPF_JMP | BPF_JEQ | BPF_K,
                        has = BPF_JMP | BPF_JSET | BPF_K, end = BPF_RET | BPF_K;
constexpr std::uint32_t whole = 0xffff;

void attach(Play& play, const Fd& socket, int option, std::span<sock_filter> filter) {
    sock_fprog program{};
    program.len = static_cast<unsigned short>(filter.size());
    program.filter = filter.data();
    play.must(kernel::call(SYS_setsockopt, socket.number(), SOL_SOCKET, option, &program, sizeof program));
}

}  // namespace

Address loopback(int family, std::uint8_t host) {
    Address made;
    if (family == AF_INET6) {
        made.bytes.sin6_family = AF_INET6;
        made.bytes.sin6_addr.s6_addr[15] = 1;
        return made;
    }
    sockaddr_in of_ipv4{};
    of_ipv4.sin_family = AF_INET;
    of_ipv4.sin_addr.s_addr = htonl((127u << 24) + host);
    std::memcpy(&made.bytes, &of_ipv4, made.length = sizeof of_ipv4);
    return made;
}

long set_raw(const Fd& socket, int option, const void* value, std::size_t bytes) {
    return kernel::call(SYS_setsockopt, socket.number(), IPPROTO_SCTP, option, value, bytes);
}

long get_raw(const Fd& socket, int option, void* value, std::size_t bytes) {
    auto length = static_cast<unsigned>(bytes);
    return kernel::call(SYS_getsockopt, socket.number(), IPPROTO_SCTP, option, value, &length);
}

void limit_time(Play& play, const Fd& socket) {
    timeval limit{};
    limit.tv_sec = static_cast<decltype(limit.tv_sec)>(play.limit_ns / 1'000'000'000);
    limit.tv_usec = static_cast<decltype(limit.tv_usec)>(play.limit_ns % 1'000'000'000 / 1000);
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
        play.must(kernel::call(SYS_setsockopt, socket.number(), SOL_SOCKET, option, &limit, sizeof limit));
}

Fd opened(Play& play, int type) {
    Fd made(static_cast<int>(play.must(kernel::call(SYS_socket, play.family, type | SOCK_CLOEXEC, IPPROTO_SCTP))));
    if (!made) return made;
    limit_time(play, made);
    const int yes = 1;
    sctp_rtoinfo times{};
    times.srto_initial = times.srto_min = 50, times.srto_max = 200;
    sctp_sack_info acknowledging{};
    acknowledging.sack_freq = 1;
    set(play, made, SCTP_RTOINFO, times);
    set(play, made, SCTP_DELAYED_SACK, acknowledging);
    set(play, made, SCTP_NODELAY, yes);
    set(play, made, SCTP_RECVRCVINFO, yes);
    return made;
}

Address bound(Play& play, const Fd& socket, std::uint8_t host) {
    Address at = loopback(play.family, host);
    play.must(kernel::call(SYS_bind, socket.number(), &at.bytes, at.length));
    play.must(kernel::call(SYS_getsockname, socket.number(), &at.bytes, &at.length));
    return at;
}

void listens(Play& play, const Fd& socket, int backlog) {
    play.must(kernel::call(SYS_listen, socket.number(), backlog));
}

void subscribe(Play& play, const Fd& socket, std::uint16_t type) {
    sctp_event event{};
    event.se_type = type;
    event.se_on = 1;
    set(play, socket, SCTP_EVENT, event);
}

Pair prepared(Play& play) {
    Pair pair{opened(play, SOCK_STREAM), opened(play, SOCK_STREAM), {}};
    bound(play, pair.client);
    bound(play, pair.listener);
    return pair;
}

void associate(Play& play, Pair& pair) {
    Address there;
    play.must(kernel::call(SYS_getsockname, pair.listener.number(), &there.bytes, &there.length));
    listens(play, pair.listener);
    const long asked = kernel::call(SYS_connect, pair.client.number(), &there.bytes, there.length);
    if (asked != -EINTR) play.must(asked);  // connect(2): it goes on by itself
    if (play.wrong != 0) return;
    pair.server = Fd(static_cast<int>(play.must(
        again([&] { return kernel::call(SYS_accept4, pair.listener.number(), nullptr, nullptr, SOCK_CLOEXEC); }))));
    if (pair.server) limit_time(play, pair.server);
}

long tell(const Fd& socket, std::string_view text, const Asks& asks, int flags) {
    iovec part{const_cast<char*>(text.data()), text.size()};
    Control control;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    sctp_sndinfo info{};
    info.snd_sid = asks.stream, info.snd_flags = asks.flags;
    info.snd_ppid = asks.payload, info.snd_context = asks.context;
    info.snd_assoc_id = asks.association;
    add(message, control, SCTP_SNDINFO, info);
    sctp_prinfo lives{};
    lives.pr_policy = SCTP_PR_SCTP_TTL, lives.pr_value = asks.lives_ms;
    if (asks.lives_ms != 0) add(message, control, SCTP_PRINFO, lives);
    if (asks.to != nullptr) {
        message.msg_name = const_cast<sockaddr_in6*>(&asks.to->bytes);
        message.msg_namelen = asks.to->length;
    }
    return again([&] { return kernel::call(SYS_sendmsg, socket.number(), &message, flags | MSG_NOSIGNAL); });
}

Got hear(const Fd& socket, std::size_t room, int flags) {
    Got got;
    iovec part{got.data, room};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(sctp_rcvinfo))];
    msghdr message{};
    got.bytes = again([&] {
        message = {};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        return kernel::call(SYS_recvmsg, socket.number(), &message, flags);
    });
    if (got.bytes < 0) return got;
    got.notification = (message.msg_flags & MSG_NOTIFICATION) != 0;
    got.ends = (message.msg_flags & MSG_EOR) != 0;
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_level != IPPROTO_SCTP || header->cmsg_type != SCTP_RCVINFO) return got;
    sctp_rcvinfo info{};
    std::memcpy(&info, CMSG_DATA(const_cast<cmsghdr*>(header)), sizeof info);
    got.stream = info.rcv_sid, got.flags = info.rcv_flags, got.association = info.rcv_assoc_id;
    return got;
}

Got hear_data(const Fd& socket) {
    Got got = hear(socket);
    while (got.notification) got = hear(socket);
    return got;
}

Got hear_change(const Fd& socket, int state) {
    Got got = hear(socket);
    while (got.bytes > 0 && !got.changed_to(state)) got = hear(socket);
    return got;
}

void narrow(Play& play, const Fd& socket) {
    sctp_paddrparams path{};
    path.spp_address.ss_family = AF_UNSPEC;
    path.spp_pathmtu = narrow_bytes;
    path.spp_flags = SPP_PMTUD_DISABLE;
    set(play, socket, SCTP_PEER_ADDR_PARAMS, path);
}

void lose(Play& play, const Fd& socket, Loss loss) {
    // The filter begins at the first chunk (RFC 9260, 3.2 and 3.3.1): type, flags, length, TSN, stream.
    constexpr std::uint32_t data = 0, unordered = 4, last_part = 1, at_flags = 1, at_stream = 8;
    sock_filter of_stream[] = {{load_byte, 0, 0, 0}, {is, 0, 3, data}, {load_half, 0, 0, at_stream},
                               {is, 0, 1, 1},        {end, 0, 0, 0},   {end, 0, 0, whole}};
    sock_filter of_data[] = {{load_byte, 0, 0, 0}, {is, 0, 1, data}, {end, 0, 0, 0}, {end, 0, 0, whole}};
    sock_filter of_ordered[] = {{load_byte, 0, 0, 0},   {is, 0, 3, data}, {load_byte, 0, 0, at_flags},
                                {has, 1, 0, unordered}, {end, 0, 0, 0},   {end, 0, 0, whole}};
    sock_filter of_last[] = {{load_byte, 0, 0, 0},  {is, 0, 3, data}, {load_byte, 0, 0, at_flags},
                             {is, 0, 1, last_part}, {end, 0, 0, 0},   {end, 0, 0, whole}};
    switch (loss) {
        case Loss::none: return attach(play, socket, SO_DETACH_FILTER, {});
        case Loss::of_stream_1: return attach(play, socket, SO_ATTACH_FILTER, of_stream);
        case Loss::of_data: return attach(play, socket, SO_ATTACH_FILTER, of_data);
        case Loss::of_ordered: return attach(play, socket, SO_ATTACH_FILTER, of_ordered);
        case Loss::of_last_part: return attach(play, socket, SO_ATTACH_FILTER, of_last);
    }
}

// By the last four bytes of the address that a packet was sent to: in IPv4's header, or in IPv6's. IPv6 writes IPv4's
// addresses as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
void lose_path(Play& play, const Fd& socket, const sockaddr_storage& to) {
    sockaddr_in of_ipv4{};
    sockaddr_in6 of_ipv6{};
    std::memcpy(&of_ipv4, &to, sizeof of_ipv4);
    std::memcpy(&of_ipv6, &to, sizeof of_ipv6);
    std::uint32_t last_bytes = of_ipv4.sin_addr.s_addr;
    if (to.ss_family == AF_INET6) std::memcpy(&last_bytes, of_ipv6.sin6_addr.s6_addr + 12, sizeof last_bytes);
    const bool by_ipv6 = to.ss_family == AF_INET6 && of_ipv6.sin6_addr.s6_addr[10] == 0;
    const std::uint32_t at = static_cast<std::uint32_t>(SKF_NET_OFF) + (by_ipv6 ? 36 : 16);
    sock_filter filter[] = {{load_word, 0, 0, at}, {is, 0, 1, ntohl(last_bytes)}, {end, 0, 0, 0}, {end, 0, 0, whole}};
    attach(play, socket, SO_ATTACH_FILTER, filter);
}

void pause_ms(long milliseconds) {
    kernel::Timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    again([&] { return kernel::call(SYS_nanosleep, &time, &time); });
}

std::int64_t now_ns() {
    kernel::Timespec now;
    kernel::call(SYS_clock_gettime, 1, &now);  // CLOCK_MONOTONIC
    return std::int64_t{now.seconds} * 1'000'000'000 + now.nanoseconds;
}

}  // namespace crosstalk::sctp
