// Trials of sockets whose names are paths: the file, its length, its permissions. See trials_of_addresses.h.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>

#include "mechanisms/system/names.h"
#include "mechanisms/system/trial_sockets.h"
#include "mechanisms/system/trials_of_addresses.h"

namespace crosstalk {
namespace trials {
namespace {

constexpr std::size_t room = sizeof(sockaddr_un::sun_path), before_path = offsetof(sockaddr_un, sun_path);

// With room for the null byte that sun_path may lack (unix(7), BUGS).
struct PathAddress {
    sockaddr_un address{};
    char more[8]{};
    unsigned length = 0;
    const char* path() const { return address.sun_path; }
};

// Beside the object's own, of this actor alone, and of `bytes` at least. A null byte follows where there is room.
PathAddress beside(const char* own, std::uint32_t actor, const char* mark, std::size_t bytes = 0) {
    PathAddress made;
    made.address.sun_family = AF_UNIX;
    char* const path = made.address.sun_path;
    const std::size_t own_bytes = std::min(std::strlen(own), room - 8);
    std::memcpy(path, own, own_bytes);
    path[own_bytes] = '+';
    path[own_bytes + 1] = static_cast<char>('0' + actor / 10),
                     path[own_bytes + 2] = static_cast<char>('0' + actor % 10);
    std::memcpy(path + own_bytes + 3, mark, std::strlen(mark) + 1);
    std::size_t length = std::strlen(path);
    while (length < bytes) path[length++] = 'x';
    made.length = static_cast<unsigned>(before_path + length + (length < room));
    return made;
}

// A path of a trial, which goes with it.
class Path {
  public:
    Path(const Kind& kind, const char* mark, std::size_t bytes = 0)
        : name(beside(kind.name, kind.actor, mark, bytes)) {}
    ~Path() { kernel::call(SYS_unlinkat, AT_FDCWD, name.path(), 0); }
    PathAddress name;
};

long bind(const Fd& socket, const Path& to) {
    return kernel::call(SYS_bind, socket.number(), &to.name.address, to.name.length);
}
long connect(const Fd& socket, const Path& to) {
    return kernel::call(SYS_connect, socket.number(), &to.name.address, to.name.length);
}
std::size_t told_length(long call, const Fd& socket) {
    PathAddress name;
    unsigned length = sizeof name.address + sizeof name.more;
    return kernel::call(call, socket.number(), &name.address, &length) < 0 ? 0 : length;
}

Answer file_of_name(const Kind& kind) {
    constexpr mode_t mask = 0027;
    Fd socket = socket_of(kind);
    if (!socket) return not_held;
    const Path path(kind, "");
    const mode_t before = ::umask(mask);
    const long result = bind(socket, path);
    ::umask(before);
    struct stat about {
    }, later{};
    const bool there = ::lstat(path.name.path(), &about) == 0;
    socket.reset();
    return told(result, there && S_ISSOCK(about.st_mode), there && (about.st_mode & ALLPERMS) == (0777 & ~mask),
                ::lstat(path.name.path(), &later) == 0 && S_ISSOCK(later.st_mode));
}

Answer longest_name(const Kind& kind) {
    const Fd usual = socket_of(kind), long_named = socket_of(kind);
    const Path short_path(kind, "", room - 1), long_path(kind, "x", room);
    if (!long_named || !usual || bind(usual, short_path) < 0) return not_held;
    const long result = bind(long_named, long_path);
    return told(result, told_length(SYS_getsockname, long_named) == sizeof(sockaddr_un) + 1,
                told_length(SYS_getsockname, usual) == sizeof(sockaddr_un));
}

// A null byte, and what `bytes` are.
PathAddress abstract(std::string_view bytes) {
    PathAddress name;
    name.address.sun_family = AF_UNIX;
    std::copy(bytes.begin(), bytes.end(), name.address.sun_path + 1);
    name.length = static_cast<unsigned>(before_path + 1 + bytes.size());
    return name;
}
long bind(const Fd& socket, const PathAddress& to) {
    return kernel::call(SYS_bind, socket.number(), &to.address, to.length);
}

// The name of nothing but its null byte is everybody's: somebody may have it.
Answer abstract_names(const Kind& kind) {
    const Fd lone = socket_of(kind), first = socket_of(kind), second = socket_of(kind), client = socket_of(kind);
    if (!client || !lone || !first || !second) return not_held;
    const long alone = bind(lone, abstract(""));
    const bool told_short =
        alone == -EADDRINUSE || (alone == 0 && told_length(SYS_getsockname, lone) == before_path + 1);
    PathAddress own = beside(kind.name, kind.actor, "??");
    const std::size_t length = std::strlen(own.path());
    if (length < 2) return not_held;
    own.address.sun_path[length - 2] = 0;
    own.address.sun_path[length - 1] = 'a';
    const PathAddress one = abstract({own.path(), length});
    own.address.sun_path[length - 1] = 'b';
    const PathAddress other = abstract({own.path(), length});
    if (bind(first, one) < 0 || listen(first) < 0) return not_held;
    const long result = bind(second, other);
    if (result < 0 || listen(second) < 0) return told(result, told_short);
    const bool reached = kernel::call(SYS_connect, client.number(), &other.address, other.length) >= 0;
    char byte = 0;
    const Fd served = reached ? accept(second) : Fd();
    if (reached && !served) return not_held;
    return told(result, told_short, reached, reached && send(served, "x", 1) == 1 && receive(client, &byte, 1) == 1);
}

Answer no_name(const Kind& kind) {
    Connection connection;
    const Fd unbound = socket_of(kind);
    if (!unbound || !connect_two(kind, connection)) return not_held;
    PathAddress name;
    unsigned length = sizeof name.address;
    const long result = kernel::call(SYS_getsockname, unbound.number(), &name.address, &length);
    return told(result, length == sizeof(sa_family_t),
                told_length(SYS_getpeername, connection.served) == sizeof(sa_family_t));
}

Answer forbidden_name(const Kind& kind) {
    const Fd listener = socket_of(kind), client = socket_of(kind);
    const Path path(kind, "");
    if (!client || !listener || bind(listener, path) < 0 || listen(listener) < 0 || ::chmod(path.name.path(), 0) != 0)
        return not_held;
    const Without privilege(CAP_DAC_OVERRIDE);
    return privilege.failed() ? not_held : told(connect(client, path));
}

Answer moved_name(const Kind& kind) {
    const Fd listener = socket_of(kind), client = socket_of(kind), late = socket_of(kind);
    const Path path(kind, ""), other(kind, "x");
    if (!client || !late || !listener || bind(listener, path) < 0 || listen(listener) < 0) return not_held;
    if (kernel::call(SYS_renameat2, AT_FDCWD, path.name.path(), AT_FDCWD, other.name.path(), 0) < 0) return not_held;
    const long result = connect(client, other);
    return told(result, connect(late, path) == -ENOENT);
}

Answer closed_unaccepted(const Kind& kind) {
    Connection connection;
    if (!connect_two(kind, connection, false)) return not_held;
    connection.listener.reset();
    char byte;
    return told(receive(connection.client, &byte, 1));
}

}  // namespace

Answer on_paths(Trial trial, const Kind& kind) {
    switch (trial) {
        case Trial::file_of_name: return file_of_name(kind);
        case Trial::longest_name: return longest_name(kind);
        case Trial::no_name: return no_name(kind);
        case Trial::abstract_names: return abstract_names(kind);
        case Trial::forbidden_name: return forbidden_name(kind);
        case Trial::moved_name: return moved_name(kind);
        default: return closed_unaccepted(kind);
    }
}

}  // namespace trials

void remove_trial_names(const char* name, std::uint32_t actor) {
    if (name[0] == '@') ++name;
    const auto remove = [&](const char* mark, std::size_t bytes) {
        kernel::call(SYS_unlinkat, AT_FDCWD, trials::beside(name, actor, mark, bytes).path(), 0);
    };
    remove("", 0), remove("x", 0), remove("", trials::room - 1), remove("x", trials::room);
}

}  // namespace crosstalk
