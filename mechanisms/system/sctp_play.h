// Sockets of SCTP as the trials of associations.h need them: made over loopback, with what a message asks for and what
// came with it, and with packets that get lost on purpose. RFC 6458. All calls have a time limit; a call that a handler
// interrupts is made again.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/sctp.h>

#include <string_view>

#include "mechanisms/system/fd.h"
#include "mechanisms/system/kernel.h"

namespace crosstalk::sctp {

struct Address {
    sockaddr_in6 bytes{};  // sockaddr_in is shorter
    unsigned length = sizeof bytes;
};

// One trial: where it plays, and what it has seen.
struct Play {
    int family = AF_INET;
    std::int64_t limit_ns = 0;  // of each call
    long wrong = 0;             // the first error where none should have been
    std::int64_t seen = 0;
    std::uint64_t seed = 0;  // of what a scene draws for itself

    long must(long result) {
        if (result < 0 && wrong == 0) wrong = result;
        return result;
    }
    // Below `count`; a linear congruence, whose high bits are good enough.
    int below(int count) {
        seed = seed * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
        return static_cast<int>((seed >> 33) % static_cast<std::uint64_t>(count));
    }
    void saw(int bit, bool so) { seen |= std::int64_t{so} << bit; }
};

// What a message asks for: sctp_sndinfo, sctp_prinfo, and where it goes.
struct Asks {
    std::uint16_t stream = 0, flags = 0;
    std::uint32_t payload = 0, context = 0;
    int association = 0;
    const Address* to = nullptr;
    std::uint32_t lives_ms = 0;  // SCTP_PR_SCTP_TTL; 0: for ever
};

struct Got {
    long bytes = -1;  // or a negated error number
    bool notification = false, ends = false;
    std::uint16_t stream = 0, flags = 0;
    int association = 0;
    alignas(8) char data[2048] = "";

    bool is(std::string_view text) const {
        return !notification && bytes >= 0 && std::string_view(data, static_cast<std::size_t>(bytes)) == text;
    }
    // A notification of this type; of an association's change: to this state.
    bool tells(int type) const { return notification && bytes >= 8 && what().sn_header.sn_type == type; }
    bool changed_to(int state) const { return tells(SCTP_ASSOC_CHANGE) && what().sn_assoc_change.sac_state == state; }
    const sctp_notification& what() const { return *reinterpret_cast<const sctp_notification*>(data); }
};

// An address of this host: 127.0.0.`host`, or ::1.
Address loopback(int family, std::uint8_t host = 1);

// No call of this socket lasts longer than the trial allows.
void limit_time(Play& play, const Fd& socket);
// SOCK_STREAM: one-to-one; SOCK_SEQPACKET: one-to-many. Lost packets are soon sent again.
Fd opened(Play& play, int type);
Address bound(Play& play, const Fd& socket, std::uint8_t host = 1);
void listens(Play& play, const Fd& socket, int backlog = 8);
void subscribe(Play& play, const Fd& socket, std::uint16_t type);

long set_raw(const Fd& socket, int option, const void* value, std::size_t bytes);
template <class T>
void set(Play& play, const Fd& socket, int option, const T& value) {
    play.must(set_raw(socket, option, &value, sizeof value));
}
long get_raw(const Fd& socket, int option, void* value, std::size_t bytes);
template <class T>
T get(Play& play, const Fd& socket, int option, T value = {}) {
    play.must(get_raw(socket, option, &value, sizeof value));
    return value;
}

// A one-to-one association between two sockets, of which the second came out of a listening one.
struct Pair {
    Fd listener, client, server;
};
Pair prepared(Play& play);  // not yet connected: its options can be set
void associate(Play& play, Pair& pair);

long tell(const Fd& socket, std::string_view text, const Asks& asks = {}, int flags = 0);
Got hear(const Fd& socket, std::size_t room = sizeof Got::data, int flags = 0);
// The next that is no notification, or is a change of an association to this state.
Got hear_data(const Fd& socket);
Got hear_change(const Fd& socket, int state);

// Packets of this socket's association are no longer than this: not yet connected.
inline constexpr std::size_t narrow_bytes = 1200;
void narrow(Play& play, const Fd& socket);

// Which packets that come to a socket are lost, from now on: those with data of a stream, all with data, those with
// data that is ordered, those with the last part of a longer message. Linux: a socket's filter sees SCTP's packets,
// too.
enum class Loss { none, of_stream_1, of_data, of_ordered, of_last_part };
void lose(Play& play, const Fd& socket, Loss loss);
void lose_path(Play& play, const Fd& socket, const sockaddr_storage& to);  // those that were sent to an address

void pause_ms(long milliseconds);
std::int64_t now_ns();

// The trials of the one-to-many style: associations_many.cc.
void implicit(Play& play);
void accepted(Play& play);
void listened(Play& play);
void many(Play& play);
void ended(Play& play);
void aborted(Play& play);
void peeled_off(Play& play);
void closed(Play& play);
void idle(Play& play);
void peer_names(Play& play);

}  // namespace crosstalk::sctp
