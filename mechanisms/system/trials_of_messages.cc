// Trials of messages between connected sockets: several in one call (sendmmsg(2)), time limits under SA_RESTART
// (signal(7)), and looking from an offset on (socket(7), SO_PEEK_OFF).
#include <signal.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <cerrno>

#include "mechanisms/system/kernel.h"
#include "mechanisms/system/trial_cast.h"

#ifndef SO_PEEK_OFF
#define SO_PEEK_OFF 42
#endif

namespace crosstalk::trials {
namespace {

constexpr int surely_ms = 1000;

// Of the signal that comes again and again, for its handler.
struct Ringing {
    volatile int runs = 0;
    Alarm alarm;
    struct sigaction before {};
};
Ringing ringing;

void on_alarm(int) {
    ringing.runs = ringing.runs + 1;
    if (ringing.runs < ringing.alarm.after) return;
    ringing.alarm.takes ? receive_byte(ringing.alarm.release) : send_byte(ringing.alarm.release, 'r');
}

void ring_every(long microseconds) {
    itimerval often{};
    often.it_interval.tv_usec = often.it_value.tv_usec = microseconds;
    kernel::call(SYS_setitimer, ITIMER_REAL, &often, nullptr);
}

void limit_time(int socket, int option, long seconds) {
    timeval limit{};
    limit.tv_sec = seconds;
    kernel::call(SYS_setsockopt, socket, SOL_SOCKET, option, &limit, sizeof limit);
}

constexpr std::size_t piece_bytes = 64 * 1024, pieces = 16;
char zeros[piece_bytes];  // of a message that no socket takes: more bytes than its buffer, or than its transport has

struct Several {
    static constexpr unsigned most = 4;
    char bytes[most][8] = {};
    iovec parts[most]{};
    mmsghdr messages[most]{};
    Several() {
        for (unsigned i = 0; i < most; ++i) {
            parts[i] = {bytes[i], sizeof bytes[i]};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
    }
};

long receive_waiting(int socket) {
    char byte = 0;
    return kernel::call(SYS_recvfrom, socket, &byte, 1, 0, nullptr, nullptr);
}

long look(int socket, char* bytes, std::size_t count, int& flags) {
    iovec part{bytes, count};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    const long got = kernel::call(SYS_recvmsg, socket, &message, flags | MSG_DONTWAIT);
    flags = message.msg_flags;
    return got;
}

}  // namespace

void begin(const Alarm& alarm) {
    ringing.alarm = alarm;
    ringing.runs = 0;
    struct sigaction action {};
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGALRM, &action, &ringing.before);
    ring_every(1000);
}

void end_alarm() {
    ring_every(0);
    ::sigaction(SIGALRM, &ringing.before, nullptr);
}

void play_several_messages(Cast& cast) {
    std::array<int, 2> ends{};
    if (!cast.pair(ends)) return;
    constexpr unsigned count = 3;
    Several out, in;
    for (unsigned i = 0; i < count; ++i) out.parts[i].iov_len = i + 1;
    cast.note(kernel::call(SYS_sendmmsg, ends[0], out.messages, count, MSG_DONTWAIT | MSG_NOSIGNAL));
    bool as_sent = true;
    for (unsigned i = 0; i < count; ++i) as_sent = as_sent && out.messages[i].msg_len == i + 1;
    wait_for_input(ends[1], surely_ms);
    const long got = kernel::call(SYS_recvmmsg, ends[1], in.messages, Several::most, MSG_DONTWAIT, nullptr);
    for (long i = 0; i < got && cast.family() == AF_UNIX; ++i)  // of udp(7) one may be lost
        as_sent = as_sent && in.messages[i].msg_len == i + 1;
    cast.note(got);
    cast.note_seen(as_sent);
    iovec large[pieces];
    for (iovec& piece : large) piece = {zeros, piece_bytes};
    out.messages[1].msg_hdr.msg_iov = large;
    out.messages[1].msg_hdr.msg_iovlen = pieces;
    cast.note(kernel::call(SYS_sendmmsg, ends[0], out.messages, 2, MSG_DONTWAIT | MSG_NOSIGNAL));
    cast.note(kernel::call(SYS_sendmmsg, ends[0], out.messages + 1, 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

// A signal that comes again and again surely finds a sleeper asleep.
void play_limited_restart(Cast& cast) {
    constexpr long limit_s = 20;
    constexpr int soon = 3, surely = 50;
    std::array<int, 2> ends{};
    if (!cast.pair(ends)) return;
    limit_time(ends[0], SO_RCVTIMEO, limit_s);
    limit_time(ends[0], SO_SNDTIMEO, limit_s);
    begin({.after = surely, .release = ends[1]});
    const long received = receive_waiting(ends[0]);
    end_alarm();
    cast.note(received);
    while (receive_byte(ends[0]) >= 0) {
    }
    begin({.after = soon, .release = ends[0]});
    const long without = receive_waiting(ends[1]);
    end_alarm();
    cast.note(without);
    while (receive_byte(ends[1]) >= 0) {
    }
    if (cast.family() != AF_UNIX) return;  // who sends by udp(7) never waits
    iovec parts[1] = {{zeros, 1024}};
    msghdr message{};
    message.msg_iov = parts, message.msg_iovlen = 1;
    long sent = 1;
    while (sent > 0) sent = kernel::call(SYS_sendmsg, ends[0], &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    begin({.after = surely, .release = ends[1], .takes = true});
    const long waited = kernel::call(SYS_sendmsg, ends[0], &message, MSG_NOSIGNAL);
    end_alarm();
    cast.note(waited < 0 ? waited : 1);
}

void play_peek_behind(Cast& cast) {
    std::array<int, 2> ends{};
    if (!cast.pair(ends)) return;
    constexpr char first[] = "0123456789", second[] = "ab";
    constexpr std::size_t first_bytes = 10, second_bytes = 2;
    constexpr int from = 4;
    if (const long may = set(ends[1], SO_PEEK_OFF, from); may < 0) return cast.give_up(may);
    kernel::call(SYS_sendto, ends[0], first, first_bytes, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0);
    wait_for_input(ends[1], surely_ms);
    char bytes[16]{};
    int flags = MSG_PEEK;
    long got = look(ends[1], bytes, 3, flags);
    cast.note_seen(got == 3 && bytes[0] == '4' && bytes[2] == '6' ? 1 : 0);
    cast.note_seen(flags & MSG_TRUNC ? 1 : 0);
    flags = MSG_PEEK;
    got = look(ends[1], bytes, sizeof bytes, flags);
    cast.note_seen(got == 3 && bytes[0] == '7' && bytes[2] == '9' ? 1 : 0);
    flags = 0;
    got = look(ends[1], bytes, sizeof bytes, flags);
    cast.note_seen(got == static_cast<long>(first_bytes) && bytes[0] == '0' ? 1 : 0);
    kernel::call(SYS_sendto, ends[0], second, second_bytes, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0);
    wait_for_input(ends[1], surely_ms);
    flags = MSG_PEEK;
    got = look(ends[1], bytes, sizeof bytes, flags);
    cast.note_seen(got == static_cast<long>(second_bytes) && bytes[0] == 'a' ? 1 : 0);
}

}  // namespace crosstalk::trials
