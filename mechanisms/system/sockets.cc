// Connected sockets: how pairs are made, and shutdown(2). See sockets.h; what they send is in messages.cc, their
// options in options.cc.
#include "mechanisms/system/sockets.h"

#include <sys/socket.h>

#include "mechanisms/system/kernel.h"

namespace crosstalk {
namespace {

long make_pair_of(int type, const Making& making, int* ends) {
    if ((making.flags & flag_nonblock) != 0) type |= SOCK_NONBLOCK;
    if ((making.flags & flag_cloexec) != 0) type |= SOCK_CLOEXEC;
    if ((making.flags & flag_unknown) != 0) type |= 0x40000000;  // a bit that is neither type nor flag: EINVAL
    int* const where = making.bad_pointer != nullptr ? static_cast<int*>(making.bad_pointer) : ends;
    const long made = kernel::call(SYS_socketpair, AF_UNIX, type, 0, where);
    const auto bytes = static_cast<int>(making.asked.capacity_bytes);
    for (int end = 0; made >= 0 && bytes != 0 && end < 2; ++end)
        kernel::call(SYS_setsockopt, ends[end], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return made;
}

}  // namespace

long make_stream_pair(const Making& making, int* ends) { return make_pair_of(SOCK_STREAM, making, ends); }
long make_seqpacket_pair(const Making& making, int* ends) { return make_pair_of(SOCK_SEQPACKET, making, ends); }
long make_dgram_pair(const Making& making, int* ends) { return make_pair_of(SOCK_DGRAM, making, ends); }

ActorOfProcess find_actor_of_process = nullptr;

std::uint32_t actor_of_process(int pid) {
    return find_actor_of_process == nullptr || pid <= 0 ? 0 : find_actor_of_process(pid);
}

Answer shutdown_call(const Call& call) {
    static_assert(SHUT_RD == static_cast<int>(Access::read) && SHUT_WR == static_cast<int>(Access::write) &&
                  SHUT_RDWR == static_cast<int>(Access::both));
    return {.result = kernel::call(SYS_shutdown, call.fds[0], static_cast<int>(call.operation->value))};
}

}  // namespace crosstalk
