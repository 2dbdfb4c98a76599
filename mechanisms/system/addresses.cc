// Sockets with addresses, by the kernel's door. See addresses.h.
#include "mechanisms/system/addresses.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

int socket_flags(std::uint16_t flags) {
    return ((flags & flag_nonblock) != 0 ? SOCK_NONBLOCK : 0) | ((flags & flag_cloexec) != 0 ? SOCK_CLOEXEC : 0);
}

long make_unix_socket(int type, const Making& making) {
    return kernel::call(SYS_socket, AF_UNIX, type | socket_flags(making.flags), 0);
}

// With room for a byte more than sun_path has.
struct Path {
    struct {
        sockaddr_un address{};
        char more[8]{};
    } told;
    unsigned bytes = sizeof(sa_family_t);
};
// unix(7): of a path the length counts the terminating null byte; of an abstract name, which a null byte begins, it is
// exact; of nothing but the family the system chooses a name.
Path path_of(const Making& making) {
    constexpr std::size_t room = sizeof(sockaddr_un::sun_path);
    Path path;
    path.told.address.sun_family = AF_UNIX;
    char* const name = path.told.address.sun_path;
    const char* wanted = making.name;
    switch (making.form) {
        case NameForm::automatic: return path;
        case NameForm::missing_directory: wanted = "/no-such-directory/name"; break;
        case NameForm::below_file: wanted = "/dev/null/name"; break;
        case NameForm::too_long:
            std::memset(name, 'x', room);
            path.bytes = static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + room + 1);
            return path;
        case NameForm::own: break;
    }
    const std::size_t length = std::min(std::strlen(wanted), room - 1);
    std::memcpy(name, wanted, length);
    const bool is_abstract = name[0] == '@';
    if (is_abstract) name[0] = 0;
    path.bytes = static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + length + !is_abstract);
    return path;
}

Making making_of(const Call& call) {
    Making making{*call.asked};
    making.flags = call.operation->flags;
    making.name = call.name;
    if (call.operation->verb == Verb::bind) making.form = static_cast<NameForm>(call.operation->value);
    return making;
}

}  // namespace

Answer socket_call(const Call& call) {
    if (call.mechanism->doors.socket == nullptr) return {.result = -ENOSYS};
    const long made = call.mechanism->doors.socket(making_of(call));
    if (made < 0) return {.result = made};
    return {.result = 0, .made = {static_cast<int>(made), -1, -1, -1}};
}

Answer bind_call(const Call& call) {
    if (call.mechanism->doors.bind == nullptr) return {.result = -ENOSYS};
    return {.result = call.mechanism->doors.bind(call.fds[0], making_of(call))};
}

Answer connect_call(const Call& call) {
    if (call.mechanism->doors.connect == nullptr) return {.result = -ENOSYS};
    return {.result = call.mechanism->doors.connect(call.fds[0], making_of(call))};
}

Answer listen_call(const Call& call) {
    return {.result = kernel::call(SYS_listen, call.fds[0], static_cast<int>(call.operation->value))};
}

Answer accept_call(const Call& call) {
    const long made = kernel::call(SYS_accept4, call.fds[0], nullptr, nullptr, socket_flags(call.operation->flags));
    if (made < 0) return {.result = made};
    return {.result = 0, .made = {static_cast<int>(made), -1, -1, -1}};
}

long make_stream_socket(const Making& making) { return make_unix_socket(SOCK_STREAM, making); }
long make_seqpacket_socket(const Making& making) { return make_unix_socket(SOCK_SEQPACKET, making); }
long make_dgram_socket(const Making& making) { return make_unix_socket(SOCK_DGRAM, making); }

long bind_to_path(int socket, const Making& making) {
    const Path path = path_of(making);
    return kernel::call(SYS_bind, socket, &path.told, path.bytes);
}

long connect_to_path(int socket, const Making& making) {
    const Path path = path_of(making);
    return kernel::call(SYS_connect, socket, &path.told, path.bytes);
}

}  // namespace crosstalk
