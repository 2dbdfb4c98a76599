// Trials of TCP connections: how they begin without a listener, and how they end. See trials_of_addresses.h.
#include <signal.h>
#include <time.h>

#include <initializer_list>
#include <optional>

#include "mechanisms/system/trial_sockets.h"

namespace crosstalk::trials {
namespace {

// bind to the port of a connection whose end there was closed first, and has not been forgotten since.
std::optional<long> bind_after(const Kind& kind, bool reuses) {
    Connection connection;
    const Fd again = socket_of(kind);
    if (!again || (reuses && set_yes(again, SO_REUSEADDR) < 0)) return std::nullopt;
    if (!connect_two(kind, connection, true, reuses)) return std::nullopt;
    connection.served.reset();
    if (!shows(connection.client, POLLIN)) return std::nullopt;  // the end of file: the other end waits for ours
    connection.client.reset();
    connection.listener.reset();
    return bind(again, connection.there);
}

Answer lingering_port(const Kind& kind) {
    const std::optional<long> plain = bind_after(kind, false), reused = bind_after(kind, true);
    return plain && reused ? told(*plain, *reused >= 0) : not_held;
}

Answer after_refusal(const Kind& kind) {
    const Fd listener = socket_of(kind);
    InetAddress there = loopback(kind.family);
    if (!bind_somewhere(listener, there)) return not_held;
    Fd client = socket_of(kind);
    const bool refused = client && connect(client, there) == -ECONNREFUSED;
    client = Fd();
    client = socket_of(kind);
    if (!client || listen(listener) < 0) return not_held;
    return told(connect(client, there), refused);
}

Answer told_once(const Kind& kind) {
    const Fd nobody = socket_of(kind), client = socket_of(kind, SOCK_NONBLOCK);
    InetAddress there = loopback(kind.family);
    if (!bind_somewhere(nobody, there) || !client || connect(client, there) != -EINPROGRESS || !shows(client, POLLOUT))
        return not_held;
    char byte;
    const long result = receive(client, &byte, 1);
    return told(result, pending_error(client) == 0);
}

// Two addresses, at one of which as many connections wait as may (listen(2)): who connects there is kept waiting.
struct Halfway {
    Fd deaf, waits, first, second;
    InetAddress here, there;
};
bool wait_halfway(const Kind& kind, Halfway& halfway, int flags) {
    const Fd& deaf = halfway.deaf = socket_of(kind);
    halfway.first = socket_of(kind, flags), halfway.second = socket_of(kind, SOCK_NONBLOCK);
    halfway.here = loopback(kind.family), halfway.there = loopback(kind.family);
    for (const Fd* const each : std::initializer_list<const Fd*>{&deaf, &halfway.first, &halfway.second})
        if (set_yes(*each, SO_REUSEADDR) < 0) return false;
    halfway.waits = socket_of(kind);
    return halfway.waits && bind_somewhere(deaf, halfway.there) && bind_somewhere(halfway.first, halfway.here) &&
           kernel::call(SYS_listen, deaf.number(), 0) >= 0 && connect(halfway.waits, halfway.there) >= 0 &&
           shows(deaf, POLLIN);
}
// From the address to which the first one connects the second connects to the first.
bool meet(Halfway& halfway) {
    halfway.deaf.reset();
    if (bind(halfway.second, halfway.there) < 0) return false;
    const long result = connect(halfway.second, halfway.here);
    return result >= 0 || result == -EINPROGRESS;
}

Answer met_halfway(const Kind& kind) {
    Halfway halfway;
    if (!wait_halfway(kind, halfway, SOCK_NONBLOCK) || connect(halfway.first, halfway.there) != -EINPROGRESS ||
        !meet(halfway))
        return not_held;
    const bool writable = shows(halfway.first, POLLOUT) && shows(halfway.second, POLLOUT);
    const long error = pending_error(halfway.first);
    if (!writable || error != 0) return told(error);
    return told(0, byte_goes(halfway.first, halfway.second), byte_goes(halfway.second, halfway.first));
}

Answer met_itself(const Kind& kind) {
    const Fd socket = socket_of(kind);
    InetAddress here = loopback(kind.family);
    if (!bind_somewhere(socket, here)) return not_held;
    const long result = connect(socket, here);
    return told(result, result >= 0 && byte_goes(socket, socket));
}

// A signal that no case uses, again and again while this lives, with a handler without SA_RESTART.
class Interruptions {
  public:
    Interruptions() : signal_(SIGRTMAX) {
        struct sigaction action {};
        action.sa_handler = [](int) {};
        sigset_t all;
        ::sigemptyset(&all);
        ::sigaddset(&all, signal_);
        ::sigaction(signal_, &action, &before_);
        ::sigprocmask(SIG_UNBLOCK, &all, &mask_);
        sigevent event{};
        event.sigev_notify = SIGEV_SIGNAL;
        event.sigev_signo = signal_;
        works_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
        constexpr timespec soon{0, 1'000'000};
        const itimerspec often{soon, soon};
        if (works_) works_ = ::timer_settime(timer_, 0, &often, nullptr) == 0;
    }
    ~Interruptions() {
        if (works_) ::timer_delete(timer_);
        ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
        ::sigaction(signal_, &before_, nullptr);
    }
    bool works() const { return works_; }

  private:
    int signal_;
    struct sigaction before_ {};
    sigset_t mask_{};
    timer_t timer_{};
    bool works_ = false;
};

Answer interrupted(const Kind& kind) {
    Halfway halfway;
    if (!wait_halfway(kind, halfway, 0)) return not_held;
    long result = 0;
    {
        const Interruptions signals;
        if (!signals.works()) return not_held;
        result = connect(halfway.first, halfway.there);
    }
    if (result != -EINTR) return told(result);
    if (!meet(halfway)) return not_held;
    const bool done = shows(halfway.first, POLLOUT) && pending_error(halfway.first) == 0;
    return told(0, true, done, done && byte_goes(halfway.second, halfway.first));
}

bool closes_at_once(Fd& socket) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    const bool asked = set(socket, SOL_SOCKET, SO_LINGER, at_once) >= 0;
    socket.reset();
    return asked;
}
bool is_reset(const Fd& socket) {
    char byte;
    return shows(socket, POLLIN) && receive(socket, &byte, 1) == -ECONNRESET;
}

Answer reset_unaccepted(const Kind& kind) {
    Connection connection;
    if (!connect_two(kind, connection, false) || !closes_at_once(connection.client)) return not_held;
    if (!shows(connection.listener, POLLIN)) return not_held;
    const long result = kernel::call(SYS_accept4, connection.listener.number(), nullptr, nullptr, SOCK_CLOEXEC);
    const Fd served = made(result);
    return told(result == -ECONNABORTED ? 0 : result, result == -ECONNABORTED || (served && is_reset(served)));
}

Answer aborted(const Kind& kind) {
    Connection connection;
    if (!connect_two(kind, connection) || !closes_at_once(connection.client)) return not_held;
    char byte;
    if (!shows(connection.served, POLLIN)) return not_held;
    return told(receive(connection.served, &byte, 1));
}

std::int64_t now_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

Answer delivered(const Kind& kind) {
    constexpr int seconds = 5;
    constexpr std::size_t count = 1000;
    const linger patient{.l_onoff = 1, .l_linger = seconds};
    char bytes[2 * count] = "";
    Connection connection;
    if (!connect_two(kind, connection) || set(connection.client, SOL_SOCKET, SO_LINGER, patient) < 0 ||
        send(connection.client, bytes, count) != static_cast<long>(count))
        return not_held;
    const std::int64_t began = now_ms();
    const long result = kernel::close(connection.client.release());
    if (now_ms() - began >= seconds * 1000) return not_held;
    const bool there = receive(connection.served, bytes, sizeof bytes) == static_cast<long>(count);
    return told(result, there, shows(connection.served, POLLIN) && receive(connection.served, bytes, 1) == 0);
}

}  // namespace

Answer on_connections(Trial trial, const Kind& kind) {
    switch (trial) {
        case Trial::lingering_port: return lingering_port(kind);
        case Trial::after_refusal: return after_refusal(kind);
        case Trial::told_once: return told_once(kind);
        case Trial::met_halfway: return met_halfway(kind);
        case Trial::met_itself: return met_itself(kind);
        case Trial::interrupted: return interrupted(kind);
        case Trial::reset_unaccepted: return reset_unaccepted(kind);
        case Trial::aborted: return aborted(kind);
        default: return delivered(kind);
    }
}

}  // namespace crosstalk::trials
