// What the files of trials share: the sockets of one trial, and the words in which it is told. Nothing here judges.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "mechanisms/system/capabilities.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/inet_address.h"
#include "mechanisms/system/operations.h"
#include "mechanisms/trial.h"

namespace crosstalk::trials {

// Of what kind the sockets are; for paths also the object's own name, and who holds the trial.
struct Kind {
    int family = AF_INET, type = SOCK_STREAM;
    const char* name = "";
    std::uint32_t actor = 0;
};

Kind kind_of(const Call& call);

// It could not be held: something failed that it does not ask about.
constexpr Answer not_held{.result = 0, .value = -1};
// A call's answer, which is 0 wherever it is no error, and the questions said yes to.
inline Answer told(long result, bool first = false, bool second = false, bool third = false) {
    return {.result = result < 0 ? result : 0, .value = first * 1 + second * 2 + third * 4};
}

inline Fd made(long result) { return Fd(static_cast<int>(result)); }
inline long socket_of(int family, int type, int protocol) {
    return kernel::call(SYS_socket, family, type | SOCK_CLOEXEC, protocol);
}
inline Fd socket_of(const Kind& kind, int flags = 0) { return made(socket_of(kind.family, kind.type | flags, 0)); }

template <class Value>
long set(const Fd& socket, int level, int option, const Value& value) {
    return kernel::call(SYS_setsockopt, socket.number(), level, option, &value, sizeof value);
}
inline long set_yes(const Fd& socket, int option) { return set(socket, SOL_SOCKET, option, 1); }

inline long bind(const Fd& socket, const InetAddress& to) {
    return kernel::call(SYS_bind, socket.number(), &to.bytes, to.length);
}
inline long connect(const Fd& socket, const InetAddress& to) {
    return kernel::call(SYS_connect, socket.number(), &to.bytes, to.length);
}
inline long listen(const Fd& socket, int backlog = 8) { return kernel::call(SYS_listen, socket.number(), backlog); }
inline Fd accept(const Fd& socket) {
    return made(kernel::call(SYS_accept4, socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
}
inline bool learn(long call, const Fd& socket, InetAddress& address) {
    address.length = sizeof address.bytes;
    return kernel::call(call, socket.number(), &address.bytes, &address.length) >= 0;
}
// Binds to a port of the kernel's choice, which `address` then names.
inline bool bind_somewhere(const Fd& socket, InetAddress& address) {
    return socket && bind(socket, address) >= 0 && learn(SYS_getsockname, socket, address);
}

inline long pending_error(const Fd& socket) {
    int error = 0;
    unsigned length = sizeof error;
    const long result = kernel::call(SYS_getsockopt, socket.number(), SOL_SOCKET, SO_ERROR, &error, &length);
    return result < 0 ? result : -error;
}
// Waits until there is something to see, for a few seconds at most: what comes over loopback comes at once.
inline bool shows(const Fd& socket, short events) {
    pollfd wanted{socket.number(), events, 0};
    constexpr int longest_ms = 5000;
    for (;;) {
        const int seen = ::poll(&wanted, 1, longest_ms);
        if (seen < 0 && errno == EINTR) continue;
        return seen > 0 && (wanted.revents & (events | POLLERR | POLLHUP)) != 0;
    }
}
inline long receive(const Fd& socket, char* bytes, std::size_t count) {
    return kernel::call(SYS_recvfrom, socket.number(), bytes, count, MSG_DONTWAIT, nullptr, nullptr);
}
inline long send(const Fd& socket, const char* bytes, std::size_t count) {
    return kernel::call(SYS_sendto, socket.number(), bytes, count, MSG_NOSIGNAL, nullptr, 0);
}
// Does a byte that one sends come out of the other?
inline bool byte_goes(const Fd& from, const Fd& to) {
    char byte = 0;
    return send(from, "x", 1) == 1 && shows(to, POLLIN) && receive(to, &byte, 1) == 1 && byte == 'x';
}

// Somebody listens, somebody has connected, and was accepted; false if that could not be made.
struct Connection {
    Fd listener, client, served;
    InetAddress there, client_address;
};
// Nothing but a family: the system chooses a name (unix(7), autobind), or a port.
InetAddress of_system(int family);
bool connect_two(const Kind& kind, Connection& connection, bool accepted = true, bool reuses = false);

// A capability of the calling thread is out of force as long as this lives (capabilities(7)).
class Without {
  public:
    explicit Without(unsigned capability);
    ~Without();
    bool failed() const { return failed_; }

  private:
    bool failed_ = true;
    Capabilities before_;
};

bool becomes_deaf(const Fd& socket);  // trials_silence.cc: to all that comes; it acknowledges nothing more
// Some kernels let that be done only by who has all rights in the socket's network; from now on it is one of its own.
bool may_be_deaf(const Kind& kind);
void let_go_of_copies();  // trials_buffers.cc: of all that a child has open but the standard streams

// The numbers at the beginning of a file, two at most; how many there were.
int read_numbers(const char* path, long (&numbers)[2]);

Answer backlogs(const Kind& kind);  // trials_limits.cc
Answer low_water(const Kind& kind);
Answer on_ports(Trial trial, const Kind& kind);        // trials_ports.cc
Answer on_connections(Trial trial, const Kind& kind);  // trials_tcp.cc
Answer on_paths(Trial trial, const Kind& kind);        // trials_paths.cc

}  // namespace crosstalk::trials
