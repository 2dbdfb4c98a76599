// Trials of what listen and SO_RCVLOWAT take at their bounds: every value, and what those hold back that may. See
// trials_of_addresses.h.
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include <limits>

#include "mechanisms/system/ticks.h"
#include "mechanisms/system/trial_sockets.h"

namespace crosstalk::trials {
namespace {

constexpr int most = std::numeric_limits<int>::max();

// No signal cuts a call short as long as this lives.
class Undisturbed {
  public:
    Undisturbed() {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, &before_);
    }
    ~Undisturbed() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    Undisturbed(const Undisturbed&) = delete;
    Undisturbed& operator=(const Undisturbed&) = delete;

  private:
    sigset_t before_{};
};

// listen(2): what a backlog is cut to.
int most_waiting() {
    long numbers[2];
    return read_numbers("/proc/sys/net/core/somaxconn", numbers) == 0 ? SOMAXCONN : static_cast<int>(numbers[0]);
}

long low_water_of(const Fd& socket, int bytes) { return set(socket, SOL_SOCKET, SO_RCVLOWAT, bytes); }

// A receive that may sleep for so long.
constexpr suseconds_t limit_us = 40'000;
long receive_in_time(const Fd& socket, char (&bytes)[16]) {
    const timeval limit{.tv_sec = 0, .tv_usec = limit_us};
    if (const long result = set(socket, SOL_SOCKET, SO_RCVTIMEO, limit); result < 0) return result;
    return kernel::call(SYS_recvfrom, socket.number(), bytes, sizeof bytes, 0, nullptr, nullptr);
}
}  // namespace

Answer backlogs(const Kind& kind) {
    const Undisturbed here;
    bool reached = true;
    for (const int backlog : {-1, 0, 1, most_waiting(), most_waiting() + 1, most}) {
        const Fd listener = socket_of(kind), client = socket_of(kind);
        InetAddress there = of_system(kind.family);
        if (!client || !bind_somewhere(listener, there)) return not_held;
        if (const long result = listen(listener, backlog); result < 0) return told(result);
        if (backlog < 1) continue;
        reached = reached && connect(client, there) >= 0 && shows(listener, POLLIN);
        if (reached && !accept(listener)) return not_held;
    }
    return told(0, reached);
}

Answer low_water(const Kind& kind) {
    const Undisturbed here;
    Connection connection;
    if (!connect_two(kind, connection)) return not_held;
    const Fd &client = connection.client, &served = connection.served;
    char bytes[16];
    bool passes = true;
    for (const int mark : {0, 1}) {
        if (const long result = low_water_of(client, mark); result < 0) return told(result);
        passes = passes && send(served, "x", 1) == 1 && receive_in_time(client, bytes) == 1;
    }
    int buffer = 0;
    unsigned length = sizeof buffer;
    if (kernel::call(SYS_getsockopt, client.number(), SOL_SOCKET, SO_RCVBUF, &buffer, &length) < 0) return not_held;
    if (const long result = low_water_of(client, buffer); result < 0) return told(result, passes);
    if (send(served, "yz", 2) != 2) return not_held;
    const std::int64_t begun = tick_ns();
    const bool held = receive_in_time(client, bytes) == 2 && tick_ns() - begun > 1000 * limit_us / 2;
    for (const int mark : {buffer + 1, most})
        if (const long result = low_water_of(client, mark); result < 0) return told(result, passes, held);
    if (send(served, "last", 4) != 4) return not_held;
    kernel::call(SYS_shutdown, served.number(), SHUT_WR);
    return told(0, passes, held, receive_in_time(client, bytes) == 4 && receive_in_time(client, bytes) == 0);
}

}  // namespace crosstalk::trials
