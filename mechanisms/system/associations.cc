// The trials of one association (see associations.h). The bits of each stand above it, from bit 0 on.
#include "mechanisms/system/associations.h"

#include <cerrno>
#include <cstring>
#include <iterator>

#include "mechanisms/system/sctp_play.h"

namespace crosstalk {
namespace sctp {
namespace {

// The last word of the association: nothing is left, and it ends.
void leave(Play& play, const Fd& socket) { play.must(kernel::call(SYS_shutdown, socket.number(), SHUT_WR)); }

void abort_at_close(Play& play, const Fd& socket) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    play.must(kernel::call(SYS_setsockopt, socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
}

// Both ends have as many streams each way as the smaller wish: out of the client, into it, out of the server, into it.
// The last stream takes a message.
void streams(Play& play) {
    Pair pair = prepared(play);
    sctp_initmsg mine{}, theirs{};
    mine.sinit_num_ostreams = 5, mine.sinit_max_instreams = 3;
    theirs.sinit_num_ostreams = 7, theirs.sinit_max_instreams = 4;
    set(play, pair.client, SCTP_INITMSG, mine);
    set(play, pair.listener, SCTP_INITMSG, theirs);
    associate(play, pair);
    const auto at_client = get<sctp_status>(play, pair.client, SCTP_STATUS),
               at_server = get<sctp_status>(play, pair.server, SCTP_STATUS);
    play.saw(0, at_client.sstat_outstrms == 4);
    play.saw(1, at_client.sstat_instrms == 3);
    play.saw(2, at_server.sstat_outstrms == 3);
    play.saw(3, at_server.sstat_instrms == 4);
    play.saw(4, tell(pair.client, "last", {.stream = 3}) == 4 && hear(pair.server).is("last"));
}

// A message is lost. What comes behind it on another stream arrives; the lost one comes later.
void blocked_stream(Play& play) {
    Pair pair = prepared(play);
    associate(play, pair);
    lose(play, pair.server, Loss::of_stream_1);
    play.must(tell(pair.client, "held", {.stream = 1}));
    play.must(tell(pair.client, "free", {.stream = 2}));
    const Got first = hear(pair.server);
    play.saw(0, first.is("free") && first.stream == 2);
    lose(play, pair.server, Loss::none);
    const Got second = hear(pair.server);
    play.saw(1, second.is("held") && second.stream == 1);
}

// Of one stream a message is lost. An unordered one overtakes it, and says so; an ordered one comes behind it.
void unordered(Play& play) {
    Pair pair = prepared(play);
    associate(play, pair);
    lose(play, pair.server, Loss::of_ordered);
    play.must(tell(pair.client, "first", {.stream = 1}));
    play.must(tell(pair.client, "second", {.stream = 1}));
    play.must(tell(pair.client, "free", {.stream = 1, .flags = SCTP_UNORDERED}));
    const Got overtaking = hear(pair.server);
    play.saw(0, overtaking.is("free"));
    play.saw(1, (overtaking.flags & SCTP_UNORDERED) != 0);
    lose(play, pair.server, Loss::none);
    const Got next = hear(pair.server);
    play.saw(2, next.is("first") && (next.flags & SCTP_UNORDERED) == 0);
    play.saw(3, hear(pair.server).is("second"));
}

constexpr std::size_t long_bytes = 12'000, room = 700;
constexpr unsigned many_parts = 100;  // more than those messages have

// Long and short messages, of two streams in turn, each of its own letter; and the end.
void tell_in_turn(Play& play, const Pair& pair) {
    lose(play, pair.server, Loss::of_last_part);
    static_assert(long_bytes > 8 * room);
    char text[long_bytes];
    for (int which = 0; which < 4; ++which) {
        std::memset(text, 'a' + which, sizeof text);
        const std::size_t bytes = which % 2 == 0 ? long_bytes : 10;
        play.must(tell(pair.client, {text, bytes}, {.stream = static_cast<std::uint16_t>(1 + which % 2)}));
    }
    leave(play, pair.client);
}

struct Heard {
    bool apart = true, whole = true;  // nothing came between the parts of a message; each came whole and unchanged
    bool dry = false, dry_due = false, shut = false, told_between = false;
    int messages = 0;

    void told(const Got& got) {
        const auto whole_of = [&got](int type, std::size_t bytes) {
            return got.ends && got.tells(type) && got.bytes == static_cast<long>(bytes);
        };
        dry = dry || whole_of(SCTP_SENDER_DRY_EVENT, sizeof(sctp_sender_dry_event));
        shut = shut || whole_of(SCTP_SHUTDOWN_EVENT, sizeof(sctp_shutdown_event));
    }
};
// Waits until all that was sent has been acknowledged. False: the association goes to its end, which acknowledges, too.
bool acknowledged(const Play& play, const Fd& socket) {
    const std::int64_t until = now_ns() + play.limit_ns;
    sctp_status status{};
    long told = get_raw(socket, SCTP_STATUS, &status, sizeof status);
    while (told == 0 && status.sstat_unackdata != 0 && now_ns() < until) {
        pause_ms(1);
        told = get_raw(socket, SCTP_STATUS, &status, sizeof status);
    }
    return told == 0 && status.sstat_unackdata == 0 && status.sstat_state == SCTP_ESTABLISHED;
}

// Takes them in parts, until the association ends. The last parts of long messages come only when nothing else is
// there; by then the server has been told of a message of its own that arrived.
Heard hear_in_parts(Play& play, const Pair& pair) {
    Heard heard;
    std::size_t come = 0;
    char letter = 0;
    std::uint16_t stream = 0;
    bool loses = true;
    for (unsigned part = 0; part < many_parts; ++part) {
        const Got got = hear(pair.server, room, loses ? MSG_DONTWAIT : 0);
        if (got.bytes == -EAGAIN && loses) {
            loses = false;
            const bool sent = tell(pair.server, "own") > 0;  // not if it goes to its end
            heard.dry_due = sent && acknowledged(play, pair.server);
            lose(play, pair.server, Loss::none);
            continue;
        }
        if (got.bytes <= 0) break;
        if (got.notification) {
            heard.told_between = heard.told_between || come != 0;
            heard.told(got);
            continue;
        }
        if (come == 0) letter = got.data[0], stream = got.stream;
        for (long i = 0; i < got.bytes; ++i) heard.apart = heard.apart && got.data[i] == letter;
        heard.apart = heard.apart && got.stream == stream;
        come += static_cast<std::size_t>(got.bytes);
        if (!got.ends) continue;
        heard.whole = heard.whole && come == ((letter - 'a') % 2 == 0 ? long_bytes : 10);
        come = 0;
        ++heard.messages;
    }
    return heard;
}

Pair with_partial_delivery(Play& play) {
    Pair pair = prepared(play);
    const std::uint32_t at = 2000;
    const int none = 0;
    narrow(play, pair.client);
    set(play, pair.listener, SCTP_PARTIAL_DELIVERY_POINT, at);
    set(play, pair.listener, SCTP_FRAGMENT_INTERLEAVE, none);
    return pair;
}

// Parts of a message that is delivered in parts stay together; all come, and whole.
void parts(Play& play) {
    Pair pair = with_partial_delivery(play);
    associate(play, pair);
    tell_in_turn(play, pair);
    const Heard heard = hear_in_parts(play, pair);
    play.saw(0, heard.apart);
    play.saw(1, heard.whole && heard.messages == 4);
}

// Longer than the path carries: refused, while a short one goes. With fragmentation it is taken.
void uncut(Play& play) {
    const char long_text[2 * narrow_bytes] = "";
    Pair pair = prepared(play);
    narrow(play, pair.client);
    associate(play, pair);
    const int on = 1, off = 0;
    set(play, pair.client, SCTP_DISABLE_FRAGMENTS, on);
    play.saw(0, tell(pair.client, {long_text, sizeof long_text}) == -EMSGSIZE);
    play.saw(1, tell(pair.client, "short") == 5 && hear(pair.server).is("short"));
    set(play, pair.client, SCTP_DISABLE_FRAGMENTS, off);
    play.saw(2, tell(pair.client, {long_text, sizeof long_text}) == sizeof long_text);
}

// Who asked for it is told, by notifications that are whole, that all of its own has arrived, and of a shutdown; never
// within a message; the messages come whole. Who did not ask is told nothing.
void events(Play& play) {
    Pair pair = with_partial_delivery(play);
    for (const int type : {SCTP_SENDER_DRY_EVENT, SCTP_SHUTDOWN_EVENT})
        subscribe(play, pair.listener, static_cast<std::uint16_t>(type));
    associate(play, pair);
    tell_in_turn(play, pair);
    const Heard heard = hear_in_parts(play, pair);
    play.saw(0, heard.dry || !heard.dry_due);
    play.saw(1, heard.shut);
    play.saw(2, !heard.told_between);
    play.saw(3, heard.apart && heard.whole && heard.messages == 4);
    Got end = hear(pair.client);
    if (end.is("own")) end = hear(pair.client);
    play.saw(4, end.bytes <= 0 && !end.notification);
}

// The next that is no end of file: a receiver may be told of the end before the handshake of the shutdown is complete.
Got hear_behind_end(const Play& play, const Fd& socket) {
    const std::int64_t until = now_ns() + play.limit_ns;
    Got got = hear(socket);
    while (got.bytes == 0 && now_ns() < until) pause_ms(1), got = hear(socket);
    return got;
}

// SCTP_COMM_UP first, then the data, and SCTP_SHUTDOWN_COMP last. The same of one that is aborted: SCTP_COMM_LOST last.
void first_and_last(Play& play) {
    for (const bool graceful : {true, false}) {
        const int base = graceful ? 0 : 3;
        Pair pair = prepared(play);
        subscribe(play, pair.listener, SCTP_ASSOC_CHANGE);
        associate(play, pair);
        play.must(tell(pair.client, "data"));
        if (graceful) pair.client.reset();
        play.saw(base, hear(pair.server).changed_to(SCTP_COMM_UP));
        play.saw(base + 1, hear(pair.server).is("data"));
        if (!graceful) abort_at_close(play, pair.client);
        pair.client.reset();
        const bool told = hear_behind_end(play, pair.server).changed_to(graceful ? SCTP_SHUTDOWN_COMP : SCTP_COMM_LOST);
        play.saw(base + 2, told && !hear(pair.server).notification);
    }
}

// What the peer never took comes back: the message, what was said of it, and that it had been sent.
void failed_send(Play& play) {
    Pair pair = prepared(play);
    subscribe(play, pair.client, SCTP_SEND_FAILED_EVENT);
    associate(play, pair);
    lose(play, pair.server, Loss::of_data);
    play.must(tell(pair.client, "in vain", {.stream = 2, .payload = 5, .context = 77}));
    abort_at_close(play, pair.server);
    pair.server.reset();
    const Got got = hear(pair.client);
    const sctp_send_failed_event& failed = got.what().sn_send_failed_event;
    const bool told = got.tells(SCTP_SEND_FAILED_EVENT) && got.bytes >= static_cast<long>(sizeof failed);
    const auto length = static_cast<std::size_t>(told ? got.bytes : 0) - (told ? sizeof failed : 0);
    play.saw(0, told);
    play.saw(1, std::string_view(got.data + sizeof failed, length) == "in vain");
    play.saw(2, told && failed.ssfe_info.snd_context == 77);
    play.saw(3, told && failed.ssfe_info.snd_sid == 2 && failed.ssfe_info.snd_ppid == 5);
    play.saw(4, told && failed.ssf_flags == SCTP_DATA_SENT);
}

// A message that may live a moment is lost for longer. What comes behind it in its stream arrives, in order, and the
// first either not at all or before.
void given_up(Play& play) {
    Pair pair = prepared(play);
    associate(play, pair);
    lose(play, pair.server, Loss::of_data);
    play.must(tell(pair.client, "brief", {.stream = 1, .lives_ms = 10}));
    pause_ms(30);
    play.must(tell(pair.client, "next", {.stream = 1}));
    lose(play, pair.server, Loss::none);
    play.must(tell(pair.client, "last", {.stream = 1}));
    Got got = hear(pair.server);
    const bool brief = got.is("brief");
    if (brief) got = hear(pair.server);
    play.saw(0, got.is("next"));
    play.saw(1, hear(pair.server).is("last"));
    leave(play, pair.client);
    play.saw(2, hear(pair.server).bytes == 0);
}

// The server has two addresses. What is sent to the one in use gets lost from some time on: the next message arrives
// all the same, and so does an answer. The client still calls it established.
void lost_path(Play& play) {
    Pair pair = prepared(play);
    for (const Fd* each : {&pair.listener, &pair.client}) {  // IPv6 has one address of loopback, and can use IPv4's
        Address own, second = loopback(AF_INET, each == &pair.client ? 3 : 2);
        play.must(kernel::call(SYS_getsockname, each->number(), &own.bytes, &own.length));
        second.bytes.sin6_port = own.bytes.sin6_port;
        play.must(set_raw(*each, SCTP_SOCKOPT_BINDX_ADD, &second.bytes, second.length));
    }
    associate(play, pair);
    play.must(tell(pair.client, "before"));
    play.saw(0, hear(pair.server).is("before"));
    const auto primary = get<sctp_status>(play, pair.client, SCTP_STATUS).sstat_primary.spinfo_address;
    lose_path(play, pair.server, primary);
    play.must(tell(pair.client, "after"));
    play.saw(1, hear(pair.server).is("after"));
    play.must(tell(pair.server, "answer"));
    play.saw(2, hear(pair.client).is("answer"));
    play.saw(3, get<sctp_status>(play, pair.client, SCTP_STATUS).sstat_state == SCTP_ESTABLISHED);
}

// Adding an address that no host here has: EADDRNOTAVAIL. One with another port: EINVAL. A second one of this host can
// be added and removed. Removing what is not bound: EINVAL. Removing the last: EBUSY.
void addresses(Play& play) {
    const Fd socket = opened(play, SOCK_STREAM);
    Address own = bound(play, socket), second = loopback(AF_INET, 2), foreign = second, moved = second;
    sockaddr_in of_ipv4{};
    std::memcpy(&of_ipv4, &second.bytes, sizeof of_ipv4);
    of_ipv4.sin_port = own.bytes.sin6_port;
    std::memcpy(&second.bytes, &of_ipv4, sizeof of_ipv4);
    of_ipv4.sin_addr.s_addr = htonl(0xC0000201);  // 192.0.2.1, RFC 5737: of documents alone
    std::memcpy(&foreign.bytes, &of_ipv4, sizeof of_ipv4);
    std::memcpy(&of_ipv4, &second.bytes, sizeof of_ipv4);
    of_ipv4.sin_port = static_cast<in_port_t>(~own.bytes.sin6_port);
    std::memcpy(&moved.bytes, &of_ipv4, sizeof of_ipv4);
    const auto change = [&](int how, const Address& address) {
        return set_raw(socket, how, &address.bytes, address.length);
    };
    play.saw(0, change(SCTP_SOCKOPT_BINDX_ADD, foreign) == -EADDRNOTAVAIL);
    play.saw(1, change(SCTP_SOCKOPT_BINDX_ADD, moved) == -EINVAL);
    play.saw(2, change(SCTP_SOCKOPT_BINDX_ADD, second) == 0 && change(SCTP_SOCKOPT_BINDX_REM, second) == 0);
    play.must(change(SCTP_SOCKOPT_BINDX_ADD, second));
    Address third = second;
    third.bytes.sin6_flowinfo = htonl((127u << 24) + 3);  // where a sockaddr_in has its address
    play.saw(3, change(SCTP_SOCKOPT_BINDX_REM, third) == -EINVAL);
    play.must(change(SCTP_SOCKOPT_BINDX_REM, second));
    play.saw(4, change(SCTP_SOCKOPT_BINDX_REM, own) == -EBUSY);
}

constexpr void (*plays[])(Play&) = {
    streams,     blocked_stream, unordered, parts,      uncut,    events,   first_and_last,
    failed_send, given_up,       lost_path, addresses,  implicit, accepted, listened,
    many,        ended,          aborted,   peeled_off, closed,   idle,     peer_names,
};
static_assert(std::size(plays) ==
              static_cast<std::size_t>(Trial::peer_names) - static_cast<std::size_t>(Trial::streams) + 1);

int family_of(const Mechanism& mechanism) { return mechanism.name.starts_with("sctp6") ? AF_INET6 : AF_INET; }

long try_seqpacket(int family) {
    Play play{family, 1'000'000'000};
    opened(play, SOCK_SEQPACKET);
    return play.wrong;
}

}  // namespace
}  // namespace sctp

Answer try_associations(const Call& call) {
    const std::int64_t which = call.operation->value - static_cast<std::int64_t>(Trial::streams);
    if (which < 0 || which >= static_cast<std::int64_t>(std::size(sctp::plays))) return {.result = -EINVAL};
    // What comes at all comes in milliseconds: a wait that lasts for half of the time has been in vain.
    sctp::Play play{sctp::family_of(*call.mechanism), call.operation->timeout_ns / 2};
    play.seed = call.operation->buffer.bytes;
    sctp::plays[which](play);
    return {.result = play.wrong, .value = play.seen};
}

long try_sctp4_seqpacket(const Making&, int*) { return sctp::try_seqpacket(AF_INET); }
long try_sctp6_seqpacket(const Making&, int*) { return sctp::try_seqpacket(AF_INET6); }

}  // namespace crosstalk
