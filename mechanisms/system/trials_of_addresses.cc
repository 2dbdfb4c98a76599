// See trials_of_addresses.h: what sockets of any family show, what all trials need, and which file holds which.
#include "mechanisms/system/trials_of_addresses.h"

#include "mechanisms/catalog.h"
#include "mechanisms/system/trial_sockets.h"

namespace crosstalk {
namespace trials {
namespace {

constexpr int no_domain = 250, no_unix_protocol = 77;

Answer socket_made(int family, int type, int protocol) {
    const long result = socket_of(family, type, protocol);
    const Fd socket = made(result);
    return told(result);
}

// A connection that waits is accepted with so much room for its peer's name.
Answer accept_with(const Kind& kind, int length) {
    Connection connection;
    if (!connect_two(kind, connection, false)) return not_held;
    std::uint8_t name[128];
    std::memset(name, 0xaa, sizeof name);
    int room = length;
    const long result = kernel::call(SYS_accept4, connection.listener.number(), name, &room, SOCK_CLOEXEC);
    const Fd served = made(result);
    const int real = kind.family == AF_INET    ? static_cast<int>(sizeof(sockaddr_in))
                     : kind.family == AF_INET6 ? static_cast<int>(sizeof(sockaddr_in6))
                                               : static_cast<int>(sizeof(sa_family_t));
    return told(result, room == real, length < 0 || name[length] == 0xaa);
}

Answer of_any_family(Trial trial, const Kind& kind) {
    switch (trial) {
        case Trial::unknown_domain: return socket_made(no_domain, kind.type, 0);
        case Trial::unknown_type: return socket_made(kind.family, SOCK_RDM, 0);
        case Trial::unknown_protocol:
            return socket_made(kind.family, kind.type, kind.family == AF_UNIX ? no_unix_protocol : IPPROTO_UDP);
        case Trial::pair_elsewhere: {
            int pair[2] = {-1, -1};
            const long result = kernel::call(SYS_socketpair, kind.family, kind.type | SOCK_CLOEXEC, 0, pair);
            const Fd first(pair[0]), second(pair[1]);
            return told(result);
        }
        case Trial::cut_name: return accept_with(kind, 1);
        case Trial::backlogs: return backlogs(kind);
        case Trial::low_water: return low_water(kind);
        default: return accept_with(kind, -1);
    }
}

}  // namespace

Kind kind_of(const Call& call) {
    const Mechanism& mechanism = *call.mechanism;
    Kind kind;
    kind.name = call.name[0] == '@' ? call.name + 1 : call.name;
    kind.actor = call.actor;
    kind.type = mechanism.semantics == Semantics::byte_stream ? SOCK_STREAM : SOCK_SEQPACKET;
    kind.family = AF_UNIX;
    if (mechanism.doors.reserve != nullptr) kind.family = std::strchr(call.name, ':') != nullptr ? AF_INET6 : AF_INET;
    return kind;
}

InetAddress of_system(int family) {
    if (family != AF_UNIX) return loopback(family);
    InetAddress address;
    address.bytes.sin6_family = AF_UNIX;
    address.length = sizeof(sa_family_t);
    return address;
}

bool connect_two(const Kind& kind, Connection& connection, bool accepted, bool reuses) {
    connection.listener = socket_of(kind), connection.client = socket_of(kind);
    connection.there = of_system(kind.family);
    if (reuses && set_yes(connection.listener, SO_REUSEADDR) < 0) return false;
    if (!bind_somewhere(connection.listener, connection.there) || listen(connection.listener) < 0) return false;
    if (connect(connection.client, connection.there) < 0) return false;
    if (!learn(SYS_getsockname, connection.client, connection.client_address)) return false;
    if (!shows(connection.listener, POLLIN)) return false;
    if (accepted) connection.served = accept(connection.listener);
    return !accepted || connection.served;
}

Without::Without(unsigned capability) {
    if (get_capabilities(before_) < 0) return;
    Capabilities without = before_;
    without.effective &= ~capability_bit(capability);
    failed_ = set_capabilities(without) < 0;
}
Without::~Without() {
    if (!failed_) set_capabilities(before_);
}

}  // namespace trials

Answer try_addresses(const Call& call) {
    const auto trial = static_cast<Trial>(call.operation->value);
    const trials::Kind kind = trials::kind_of(call);
    if (trial < Trial::any_port) return trials::of_any_family(trial, kind);
    if (kind.family == AF_UNIX) return trial < Trial::file_of_name ? trials::not_held : trials::on_paths(trial, kind);
    if (trial < Trial::lingering_port) return trials::on_ports(trial, kind);
    return trial < Trial::file_of_name ? trials::on_connections(trial, kind) : trials::not_held;
}

}  // namespace crosstalk
