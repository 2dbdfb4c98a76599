// The trials of the one-to-many style (see associations.h): a hub that listens, and others that send to it. The bits of
// each stand above it, from bit 0 on.
#include <cerrno>
#include <cstring>

#include "mechanisms/system/sctp_play.h"
#include "mechanisms/system/ticks.h"

namespace crosstalk::sctp {
namespace {

struct Hub {
    Fd socket;
    Address at;
};

Hub hub(Play& play) {
    Hub made{opened(play, SOCK_SEQPACKET), {}};
    made.at = bound(play, made.socket);
    listens(play, made.socket);
    return made;
}

Fd other(Play& play) {
    Fd made = opened(play, SOCK_SEQPACKET);
    bound(play, made);
    return made;
}

std::uint32_t associations_of(Play& play, const Fd& socket) {
    return get<std::uint32_t>(play, socket, SCTP_GET_ASSOC_NUMBER);
}

// The id by which a socket calls the association that this message came with.
int greet(Play& play, const Hub& to, const Fd& from, std::string_view text) {
    play.must(tell(from, text, {.to = &to.at}));
    const Got got = hear_data(to.socket);
    if (!got.is(text)) play.must(got.bytes < 0 ? got.bytes : -EPROTO);
    return got.association;
}

}  // namespace

// A message to an address arrives, with an association of its own; an answer by its id does, too. Each has one then.
void implicit(Play& play) {
    const Hub to = hub(play);
    const Fd from = other(play);
    play.saw(0, tell(from, "hello", {.to = &to.at}) == 5);
    const Got got = hear(to.socket);
    play.saw(1, got.is("hello") && got.association != 0);
    play.saw(2, tell(to.socket, "answer", {.association = got.association}) == 6 && hear(from).is("answer"));
    play.saw(3, associations_of(play, to.socket) == 1 && associations_of(play, from) == 1);
}

// accept: EOPNOTSUPP, with an association and without.
void accepted(Play& play) {
    const Hub to = hub(play);
    const Fd from = other(play);
    const auto accept = [&] { return kernel::call(SYS_accept4, to.socket.number(), nullptr, nullptr, SOCK_CLOEXEC); };
    play.saw(0, accept() == -EOPNOTSUPP);
    greet(play, to, from, "hello");
    play.saw(1, accept() == -EOPNOTSUPP);
}

// After listen(0) a new association is refused, and its maker told; one that was there goes on.
void listened(Play& play) {
    const Hub to = hub(play);
    const Fd first = other(play), second = other(play);
    subscribe(play, second, SCTP_ASSOC_CHANGE);
    greet(play, to, first, "hello");
    listens(play, to.socket, 0);
    tell(second, "late", {.to = &to.at}, MSG_DONTWAIT);
    play.saw(0, hear_change(second, SCTP_CANT_STR_ASSOC).changed_to(SCTP_CANT_STR_ASSOC));
    play.saw(1, associations_of(play, to.socket) == 1 && associations_of(play, second) == 0);
    play.must(tell(first, "still", {.to = &to.at}));
    play.saw(2, hear(to.socket).is("still"));
}

// Up to five send, are answered and are heard in an order that the scene draws from its seed. The hub's messages tell
// the associations apart; of each they come in order; and each gets the answers to its own, and nothing else.
void many(Play& play) {
    constexpr int most = 5;
    struct Other {
        Fd socket;
        int id = 0, sent = 0, heard = 0, answers = 0;
    };
    const Hub to = hub(play);
    Other all[most];
    const int others = 2 + play.below(most - 1);
    bool told = true, ordered = true, answered = true;
    for (int i = 0; i < others; ++i) {
        all[i].socket = other(play);
        all[i].id = greet(play, to, all[i].socket, "hello");
        for (int before = 0; before < i; ++before) told = told && all[i].id != all[before].id;
    }
    int pending = 0;
    const auto hear_one = [&] {
        const Got got = hear(to.socket);
        const int who = got.data[0] - 'a';
        if (got.bytes < 2 || who < 0 || who >= others) return void(play.must(got.bytes < 0 ? got.bytes : -EPROTO));
        told = told && got.association == all[who].id;
        ordered = ordered && got.data[1] == '0' + all[who].heard++;
        --pending;
    };
    char text[1200];
    std::memset(text, '.', sizeof text);
    for (int turn = 0, turns = 8 + play.below(24); turn < turns && play.wrong == 0; ++turn) {
        const int who = play.below(others), what = play.below(3);
        Other& one = all[who];
        text[0] = static_cast<char>((what == 0 ? 'a' : 'A') + who);
        text[1] = static_cast<char>('0' + (what == 0 ? one.sent : one.answers));
        if (what == 0)
            ++one.sent, ++pending, play.must(tell(one.socket, {text, 2u + play.below(1000)}, {.to = &to.at}));
        else if (what == 1)
            ++one.answers, play.must(tell(to.socket, {text, 2}, {.association = one.id}));
        else if (pending != 0)
            hear_one();
    }
    while (pending != 0 && play.wrong == 0) hear_one();
    for (int who = 0; who < others && play.wrong == 0; ++who) {
        for (int answer = 0; answer < all[who].answers; ++answer) {
            const Got got = hear(all[who].socket);
            answered = answered && got.bytes == 2 && got.data[0] == 'A' + who && got.data[1] == '0' + answer;
        }
        answered = answered && hear(all[who].socket, 1, MSG_DONTWAIT).bytes == -EAGAIN;
    }
    play.saw(0, told);
    play.saw(1, ordered);
    play.saw(2, answered);
}

// One association is ended while a message of it is lost: the message comes first, then SCTP_SHUTDOWN_COMP. Another
// one goes on.
void ended(Play& play) {
    const Hub to = hub(play);
    const Fd first = other(play), second = other(play);
    subscribe(play, to.socket, SCTP_ASSOC_CHANGE);
    greet(play, to, first, "one");
    greet(play, to, second, "two");
    lose(play, to.socket, Loss::of_data);
    play.must(tell(first, "pending", {.to = &to.at}));
    play.must(tell(first, "", {.flags = SCTP_EOF, .to = &to.at}));
    lose(play, to.socket, Loss::none);
    play.saw(0, hear(to.socket).is("pending"));
    play.saw(1, hear(to.socket).changed_to(SCTP_SHUTDOWN_COMP));
    play.must(tell(second, "still", {.to = &to.at}));
    play.saw(2, hear(to.socket).is("still"));
}

// One association is aborted for a reason: SCTP_COMM_LOST, and the reason with it. Another one goes on.
void aborted(Play& play) {
    const Hub to = hub(play);
    const Fd first = other(play), second = other(play);
    subscribe(play, to.socket, SCTP_ASSOC_CHANGE);
    greet(play, to, first, "one");
    greet(play, to, second, "two");
    constexpr std::string_view reason = "a good reason";
    play.must(tell(first, reason, {.flags = SCTP_ABORT, .to = &to.at}));
    const Got lost = hear_change(to.socket, SCTP_COMM_LOST);
    play.saw(0, lost.changed_to(SCTP_COMM_LOST));
    const std::string_view all(lost.data, static_cast<std::size_t>(lost.bytes > 0 ? lost.bytes : 0));
    play.saw(1, all.find(reason) != std::string_view::npos);
    play.must(tell(second, "still", {.to = &to.at}));
    play.saw(2, hear(to.socket).is("still"));
}

// Two have sent. What the first sent comes out of the new descriptor, in order, and what the second sent out of the
// hub. Later messages each way need no address, and come where they belong.
void peeled_off(Play& play) {
    const Hub to = hub(play);
    const Fd first = other(play), second = other(play);
    const int id = greet(play, to, first, "one");
    greet(play, to, second, "two");
    for (const std::string_view text : {"a", "b"}) {
        play.must(tell(first, text, {.to = &to.at}));
        play.must(tell(second, text == "a" ? "c" : "d", {.to = &to.at}));
    }
    sctp_peeloff_arg_t peeling{id, -1};
    auto length = static_cast<unsigned>(sizeof peeling);
    play.must(kernel::call(SYS_getsockopt, to.socket.number(), IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF, &peeling, &length));
    if (play.wrong != 0) return;
    const Fd own(peeling.sd);
    limit_time(play, own);
    play.saw(0, hear(own).is("a") && hear(own).is("b"));
    play.saw(1, hear(to.socket).is("c") && hear(to.socket).is("d"));
    play.saw(2, tell(own, "answer") == 6 && hear(first).is("answer"));
    play.must(tell(first, "later", {.to = &to.at}));
    const Got nothing = hear(to.socket, 1, MSG_DONTWAIT);
    play.saw(3, nothing.bytes == -EAGAIN && hear(own).is("later"));
}

// The hub sends to two, and closes: both get the message, and then SCTP_SHUTDOWN_COMP.
void closed(Play& play) {
    Hub to = hub(play);
    const Fd both[] = {other(play), other(play)};
    int ids[2]{};
    for (int i = 0; i < 2; ++i) {
        subscribe(play, both[i], SCTP_ASSOC_CHANGE);
        ids[i] = greet(play, to, both[i], i == 0 ? "one" : "two");
    }
    for (const int id : ids) play.must(tell(to.socket, "last", {.association = id}));
    to.socket.reset();
    for (int i = 0; i < 2; ++i) {
        play.saw(2 * i, hear_data(both[i]).is("last"));
        play.saw(2 * i + 1, hear(both[i]).changed_to(SCTP_SHUTDOWN_COMP));
    }
}

// The hub closes what is idle for a second: not before, and then gracefully.
void idle(Play& play) {
    constexpr std::int64_t nearly_second_ns = 980'000'000;
    Hub to = hub(play);
    const Fd from = other(play);
    const int seconds = 1;
    subscribe(play, from, SCTP_ASSOC_CHANGE);
    set(play, to.socket, SCTP_AUTOCLOSE, seconds);
    const std::int64_t began = tick_ns();
    greet(play, to, from, "hello");
    pause_ms(700);
    const bool stands = associations_of(play, from) == 1;
    play.saw(0, stands || tick_ns() - began >= nearly_second_ns);  // of who looks too late nothing can be said
    play.saw(1, hear_change(from, SCTP_SHUTDOWN_COMP).changed_to(SCTP_SHUTDOWN_COMP));
    play.saw(2, tick_ns() - began >= nearly_second_ns);
}

// getpeername: ENOTCONN or EOPNOTSUPP, with an association and without. sctp_getpaddrs(3): of an association, its
// peer's address. sctp_getladdrs(3): the socket's own.
void peer_names(Play& play) {
    const Hub to = hub(play);
    const Fd from = other(play);
    const auto name = [&] {
        Address peer;
        const long told = kernel::call(SYS_getpeername, from.number(), &peer.bytes, &peer.length);
        return told == -ENOTCONN || told == -EOPNOTSUPP;
    };
    play.saw(0, name());
    const int id = greet(play, to, from, "hello");
    play.saw(1, name());
    Address own;
    play.must(kernel::call(SYS_getsockname, from.number(), &own.bytes, &own.length));
    const auto lists = [&](const Fd& socket, int option, int association, const Address& wanted) {
        struct {
            sctp_assoc_t association;
            std::uint32_t count;
            char addresses[256];
        } list{association, 0, ""};
        play.must(get_raw(socket, option, &list, sizeof list));
        constexpr std::size_t of_ipv4 = 8, of_ipv6 = 24;  // family, port and address; a sockaddr_in6 has a scope behind
        const std::size_t length = play.family == AF_INET6 ? of_ipv6 : of_ipv4;
        return list.count == 1 && std::memcmp(list.addresses, &wanted.bytes, length) == 0;
    };
    play.saw(2, lists(to.socket, SCTP_GET_PEER_ADDRS, id, own));
    play.saw(3, lists(to.socket, SCTP_GET_LOCAL_ADDRS, 0, to.at));
}

}  // namespace crosstalk::sctp
