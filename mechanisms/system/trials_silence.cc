// Trials of what a network swallows: a TCP peer that hears nothing any more, as behind a link that is down (tcp(7),
// TCP_USER_TIMEOUT, TCP_KEEPCNT; what comes to its socket is dropped by a filter, socket(7), SO_ATTACH_FILTER), and
// datagrams whose checksum is wrong (select(2), BUGS; udp(7)), which a raw socket sends (raw(7)).
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/wait.h>

#include "mechanisms/system/inet.h"
#include "mechanisms/system/trial_cast.h"
#include "mechanisms/system/trial_sockets.h"
#include "mechanisms/system/trials_of_processes.h"

namespace crosstalk::trials {

bool becomes_deaf(const Fd& socket) {
    sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
    const sock_fprog program{1, &nothing};
    return set(socket, SOL_SOCKET, SO_ATTACH_FILTER, program) >= 0;
}

bool own_network() { return own_namespaces(CLONE_NEWNET) >= 0 && raise_loopback() >= 0; }

bool may_be_deaf(const Kind& kind) { return becomes_deaf(socket_of(kind)) || own_network(); }

namespace {

bool connect_to_deaf(const Call& call, Connection& connection) {
    let_go_of_copies();
    const Kind kind = kind_of(call);
    return may_be_deaf(kind) && connect_two(kind, connection) && becomes_deaf(connection.served);
}

// One call says so, and then none.
void find_timed_out(const Connection& connection, Findings& findings) {
    constexpr int longest_ms = 1000;
    const Fd& socket = connection.client;
    char byte = 0;
    if (!comes_soon(socket.number())) {
        const bool is_deaf = send(socket, "x", 1) != 1 || !wait_for_input(connection.served.number(), longest_ms);
        if (is_deaf) findings.fact(0, false);
        return;
    }
    const bool told = receive(socket, &byte, 1) == -ETIMEDOUT;
    findings.fact(0, told);
    if (told)
        findings.fact(1, pending_error(socket) == 0 && receive(socket, &byte, 1) != -ETIMEDOUT &&
                             send(socket, "x", 1) != -ETIMEDOUT);
}

}  // namespace

void unacknowledged(const Call& call, Findings& findings) {
    constexpr unsigned limit_ms = 100;  // over before it is sent a second time
    Connection connection;
    if (!connect_to_deaf(call, connection) || set(connection.client, IPPROTO_TCP, TCP_USER_TIMEOUT, limit_ms) < 0 ||
        send(connection.client, "x", 1) != 1)
        return;
    find_timed_out(connection, findings);
}

// A second of idleness, one probe, and another second for its answer.
void unanswered(const Call& call, Findings& findings) {
    constexpr int least = 1;
    Connection connection;
    if (!connect_to_deaf(call, connection)) return;
    for (const int option : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT})
        if (set(connection.client, IPPROTO_TCP, option, least) < 0) return;
    if (set_yes(connection.client, SO_KEEPALIVE) < 0) return;
    find_timed_out(connection, findings);
}

namespace {

// RFC 768, with a byte of data: all in the network's order of bytes.
struct Datagram {
    std::uint16_t from = 0, to = 0, length = 0, checksum = 0;
    char byte = 0;
};
constexpr std::uint16_t datagram_bytes = 9;

std::uint32_t sum_of(const void* start, std::size_t count) {
    const auto* const bytes = static_cast<const std::uint8_t*>(start);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += i % 2 == 0 ? bytes[i] * 256u : bytes[i];
    return sum;
}

// From an address to itself, as loopback's are.
class Corrupter {
  public:
    Corrupter(int family, const Address& to)
        : raw_(made(socket_of(family, SOCK_RAW, IPPROTO_UDP))), to_(to), is_six_(family == AF_INET6) {
        auto& six = reinterpret_cast<sockaddr_in6&>(to_.told);  // where sockaddr_in has its port, too
        port_ = six.sin6_port;
        six.sin6_port = 0;  // else it names a protocol
    }
    bool send(char byte, bool wrong) const {
        Datagram datagram{port_, port_, htons(datagram_bytes), 0, byte};
        const void* const address =
            is_six_ ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(to_.told).sin6_addr)
                    : &reinterpret_cast<const sockaddr_in&>(to_.told).sin_addr;
        std::uint32_t sum = 2 * sum_of(address, is_six_ ? sizeof(in6_addr) : sizeof(in_addr)) + IPPROTO_UDP +
                            datagram_bytes + sum_of(&datagram, datagram_bytes);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        auto right = static_cast<std::uint16_t>(~sum);
        if (right == 0) right = 0xffff;
        datagram.checksum = htons(right);
        if (wrong) datagram.checksum = htons(right == 1 ? 2 : 1);  // 0 would say that there is none
        return kernel::call(SYS_sendto, raw_.number(), &datagram, datagram_bytes, 0, &to_.told, to_.bytes) ==
               static_cast<long>(datagram_bytes);
    }

  private:
    Fd raw_;
    Address to_;
    bool is_six_;
    std::uint16_t port_ = 0;
};

}  // namespace

// A right datagram of the same making shows that such ones arrive, and that what came before it has been met.
void bad_checksum(const Call& call, Findings& findings) {
    constexpr int longest_ms = 2000;
    let_go_of_copies();
    if (!own_network()) return;
    Cast cast(call);
    Address here;
    const int socket = cast.bound(here);
    if (!cast.ready()) return;
    const Corrupter corrupter(cast.family(), here);
    const auto next = [&] { return wait_for_input(socket, longest_ms) ? receive_byte(socket) : nothing_more; };
    if (!corrupter.send('r', false) || next() != 'r') return;
    if (!corrupter.send('w', true) || !corrupter.send('r', false)) return;
    const long got = next();
    if (got != 'r' && got != 'w') return;
    findings.fact(0, got == 'r' && receive_byte(socket) == -EAGAIN);
    if (got != 'r') return;
    const int child = fork_child();
    if (child == 0) {
        char byte = 0;
        const long received = kernel::call(SYS_recvfrom, socket, &byte, 1, 0, nullptr, nullptr);
        kernel::exit_process(received == 1 ? byte : 0);
    }
    int status = 0;
    if (child < 0 || !sleeps_in(child, SYS_recvfrom) || !corrupter.send('w', true) || !corrupter.send('r', false))
        return;
    if (ends_soon(child, status)) findings.fact(1, WEXITSTATUS(status) == 'r');
}

}  // namespace crosstalk::trials
