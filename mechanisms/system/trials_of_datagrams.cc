// Trials of datagram sockets that are not connected, or are connected to somebody else: udp(7), unix(7), connect(2).
// Addresses are the kernel's choice, on this host.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cerrno>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/trial_cast.h"

namespace crosstalk::trials {
namespace {

constexpr int soon_ms = 5, surely_ms = 1000;

// What came for a socket: how many of this byte, how many others. To a port that was closed other cases send, too: what
// they send is passed over.
constexpr char to_nobody = 'x';
struct Got {
    int wanted = 0, others = 0;
};
Got take_all(int socket, char wanted) {
    Got got;
    constexpr int most = 8;
    for (int i = 0; i < most; ++i) {
        const long byte = receive_byte(socket);
        if (byte < 0) break;
        if (byte != to_nobody) ++(byte == wanted ? got.wanted : got.others);
    }
    return got;
}

// proc(5), /proc/sys/net/unix/max_dgram_qlen; a negated error number where nobody tells.
long queue_limit() {
    const long file = kernel::call(SYS_openat, AT_FDCWD, "/proc/sys/net/unix/max_dgram_qlen", O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) return file;
    char text[16]{};
    const long length = kernel::call(SYS_read, file, text, sizeof text);
    kernel::close(static_cast<int>(file));
    long limit = 0;
    for (long i = 0; i < length && text[i] >= '0' && text[i] <= '9'; ++i) limit = 10 * limit + (text[i] - '0');
    return limit;
}

// How many bytes go until one does not, and why.
long fill(int socket, long& error) {
    constexpr long most = 4096;
    for (long sent = 0; sent < most; ++sent)
        if (error = send_byte(socket, 'x'); error < 0) return sent;
    return most;
}

// unix(7), autobind: a null byte and five characters. What is no such name counts as the longest.
long length_of_name(int socket) {
    const Address name = name_of_socket(socket);
    const auto& told = reinterpret_cast<const sockaddr_un&>(name.told);
    if (name.bytes < sizeof(sa_family_t)) return most_seen;
    const long length = static_cast<long>(name.bytes - sizeof(sa_family_t));
    for (long i = 0; i < length; ++i) {
        const char c = told.sun_path[i];
        const bool hexadecimal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (i == 0 ? c != 0 : !hexadecimal) return most_seen;
    }
    return length;
}

}  // namespace

void play_no_destination(Cast& cast) {
    const int socket = cast.socket();
    cast.note(send_byte(socket, 'x'));
    if (cast.family() != AF_INET) return;  // ipv6(7) has no broadcast
    Address all;
    auto& inet = reinterpret_cast<sockaddr_in&>(all.told);
    inet.sin_family = AF_INET;
    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK | 0x00ffffff);  // of this host's own network
    inet.sin_port = htons(9);
    all.bytes = sizeof inet;
    cast.note(send_byte(socket, 'x', &all));
    set(socket, SO_BROADCAST, 1);
    cast.note(send_byte(socket, 'x', &all));
}

void play_unconnected_shutdown(Cast& cast) {
    const int socket = cast.socket();
    for (const int how : {SHUT_RD, SHUT_WR, SHUT_RDWR}) cast.note(kernel::call(SYS_shutdown, socket, how));
}

void play_third_sender(Cast& cast) {
    Address mine, peers, thirds;
    const int me = cast.bound(mine), peer = cast.bound(peers), third = cast.bound(thirds);
    if (const long connected = connect_to(me, peers); connected < 0) return cast.give_up(connected);
    cast.note(send_byte(third, 't', &mine));
    const long sent = send_byte(peer, 'p', &mine);
    wait_for_input(me, surely_ms);
    const Got got = take_all(me, 'p');
    cast.note_seen(got.others);
    cast.note(sent < 0 ? sent : got.wanted);
}

void play_closed_port(Cast& cast) {
    Address mine, nobodys;
    const int nobody = cast.bound(nobodys);
    cast.close(nobody);
    const int me = cast.bound(mine);
    cast.note(send_byte(me, to_nobody, &nobodys));
    wait_for_input(me, soon_ms);
    int error = 0;
    unsigned length = sizeof error;
    const long asked = kernel::call(SYS_getsockopt, me, SOL_SOCKET, SO_ERROR, &error, &length);
    cast.note(asked < 0 ? asked : -error);
    cast.note(send_byte(me, to_nobody, &nobodys));
    wait_for_input(me, soon_ms);
    long got = 0;
    while (got >= 0) got = receive_byte(me);
    cast.note(got);
}

void play_changed_peer(Cast& cast) {
    Address mine, firsts, seconds;
    const int me = cast.bound(mine), first = cast.bound(firsts), second = cast.bound(seconds);
    if (const long connected = connect_to(me, firsts); connected < 0) return cast.give_up(connected);
    send_byte(me, '1');
    cast.note(connect_to(me, seconds));
    send_byte(me, '2');
    Address nobody;
    nobody.told.ss_family = AF_UNSPEC;
    nobody.bytes = sizeof(sockaddr_in);
    cast.note(connect_to(me, nobody));
    cast.note(send_byte(me, '3'));
    wait_for_input(second, surely_ms);
    const Got ones = take_all(first, '1'), twos = take_all(second, '2');
    cast.note_seen(ones.wanted);
    cast.note_seen(twos.wanted);
    cast.note_seen(ones.others + twos.others);
}

void play_full_queue(Cast& cast) {
    Address receivers, theirs, ours;
    cast.bound(receivers);
    const int sender = cast.socket();
    const long limit = queue_limit();
    if (limit < 0) return cast.give_up(limit);
    if (const long connected = connect_to(sender, receivers); connected < 0) return cast.give_up(connected);
    long error = 0;
    const long one_way = fill(sender, error);
    cast.note(error);
    cast.note_seen(one_way);
    cast.note_seen(limit);
    const int us = cast.bound(ours), them = cast.bound(theirs);
    const long there = connect_to(us, theirs), back = connect_to(them, ours);
    if (there < 0 || back < 0) return cast.give_up(there < 0 ? there : back);
    const long mutual = fill(us, error);
    cast.note_seen(mutual);
    cast.note(error);
}

void play_automatic_name(Cast& cast) {
    Address servers;
    const int server = cast.bound(servers);
    const bool listens = cast.type() != SOCK_DGRAM;
    constexpr int backlog = 8;
    if (listens) kernel::call(SYS_listen, server, backlog);
    for (const bool asks : {true, false}) {
        const int client = cast.socket();
        if (asks) set(client, SO_PASSCRED, 1);
        if (const long connected = connect_to(client, servers); connected < 0) return cast.give_up(connected);
        cast.note_seen(length_of_name(client));
    }
    if (listens) return;
    const int client = cast.socket();
    set(client, SO_PASSCRED, 1);
    send_byte(client, 'x', &servers);
    cast.note_seen(length_of_name(client));
}

}  // namespace crosstalk::trials
