// Sockets with addresses, by the kernel's door. See addresses.h.
#include "mechanisms/system/addresses.h"

#include <sys/socket.h>
#include <sys/un.h>

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

struct Path {
    sockaddr_un address{};
    unsigned bytes = 0;
};
// unix(7), "Pathname sockets": the length counts the terminating null byte.
Path path_of(const Making& making) {
    Path path;
    path.address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(making.name);
    if (length >= sizeof path.address.sun_path) return path;  // of no bytes: EINVAL
    std::memcpy(path.address.sun_path, making.name, length);
    path.bytes = static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + length + 1);
    return path;
}

Making making_of(const Call& call) {
    Making making{*call.asked};
    making.flags = call.operation->flags;
    making.name = call.name;
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
    return kernel::call(SYS_bind, socket, &path.address, path.bytes);
}

long connect_to_path(int socket, const Making& making) {
    const Path path = path_of(making);
    return kernel::call(SYS_connect, socket, &path.address, path.bytes);
}

}  // namespace crosstalk
