// The process that keeps two network namespaces. It ends when its control socket does, so that nobody needs the right
// to kill it; and by alarm(2) if a connection is never made, because nobody carries packets any more. What it writes to
// /proc/sys is of namespaces that it has made itself.
#include "runners/agent/hosts.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "mechanisms/catalog.h"
#include "mechanisms/system/inet.h"

namespace crosstalk::agent {
namespace {

constexpr int packets_waiting = 20'000;  // in a device: more than a case sends between two looks
constexpr unsigned longest_request_s = 10;
constexpr std::int64_t between_carries_ns = 50'000;
constexpr std::size_t descriptors_of_hosts = 8;
constexpr const char *device_path = "/dev/net/tun", *namespace_path = "/proc/self/ns/net";

struct Request {
    MechanismId mechanism = 0;
    std::uint8_t is_pair = 0;  // else: the hosts themselves
    Asked asked;
};
struct Reply {
    long result = 0;
    std::array<int, descriptors_of_hosts> fds{};
    std::size_t count = 0;
};

union Control {
    cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * descriptors_of_hosts)];
};

long send_reply(int control, const Reply& reply) {
    Control extra{};
    long result = reply.result;
    iovec part{&result, sizeof result};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    if (reply.count != 0) {
        message.msg_control = extra.bytes, message.msg_controllen = CMSG_SPACE(sizeof(int) * reply.count);
        extra.head.cmsg_level = SOL_SOCKET, extra.head.cmsg_type = SCM_RIGHTS;
        extra.head.cmsg_len = CMSG_LEN(sizeof(int) * reply.count);
        std::memcpy(CMSG_DATA(&extra.head), reply.fds.data(), sizeof(int) * reply.count);
    }
    return kernel::call(SYS_sendmsg, control, &message, MSG_NOSIGNAL);
}

long receive_reply(int control, Reply& reply) {
    Control extra{};
    iovec part{&reply.result, sizeof reply.result};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = extra.bytes, message.msg_controllen = sizeof extra;
    const long got = kernel::call(SYS_recvmsg, control, &message, MSG_DONTWAIT);
    if (got <= 0) return got == 0 ? -EPIPE : got;
    if (message.msg_controllen >= CMSG_LEN(0) && extra.head.cmsg_type == SCM_RIGHTS) {
        reply.count = (extra.head.cmsg_len - CMSG_LEN(0)) / sizeof(int);
        std::memcpy(reply.fds.data(), CMSG_DATA(&extra.head), sizeof(int) * reply.count);
    }
    return got;
}

// Both parts of an answer: the descriptors, and that they are the receiver's alone.
long await_reply(int control, Reply& reply, void (*carry)(void*), void* state) {
    long result = -EAGAIN;
    for (int parts = 0; parts < 2 && (result > 0 || result == -EAGAIN || result == -EINTR);) {
        carry(state);
        pollfd answered{control, POLLIN, 0};
        const timespec until{0, between_carries_ns};
        ::ppoll(&answered, 1, &until, nullptr);
        Reply second;
        result = receive_reply(control, parts == 0 ? reply : second);
        if (result > 0) ++parts;
    }
    return result;
}
void nothing_to_carry(void*) {}

Fd open_here(const char* path, int flags) {
    return Fd(static_cast<int>(kernel::call(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0)));
}

// Of the namespace that this process has made: hosts that refuse as often as they are asked to (icmp(7)), and that send
// again soon.
void set(const char* path, const char* text) {
    const Fd file = open_here(path, O_WRONLY);
    if (file) kernel::call(SYS_write, file.number(), text, std::strlen(text));
}

long give_addresses(int end, const ifreq& device) {
    const Fd four(static_cast<int>(kernel::call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    const Fd six(static_cast<int>(kernel::call(SYS_socket, AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    const auto ask = [&](unsigned long what, ifreq request) {
        std::memcpy(request.ifr_name, device.ifr_name, sizeof request.ifr_name);
        return kernel::call(SYS_ioctl, four.number(), what, &request);
    };
    const auto address = [](std::uint32_t of_host) {
        ifreq request{};
        sockaddr_in it{};
        it.sin_family = AF_INET, it.sin_addr.s_addr = htonl(of_host);
        std::memcpy(&request.ifr_addr, &it, sizeof it);
        return request;
    };
    const auto number = [](int value) {
        ifreq request{};
        request.ifr_mtu = value;
        return request;
    };
    long result = ask(SIOCSIFADDR, address(host_address4(end)));
    if (result >= 0) result = ask(SIOCSIFNETMASK, address(0xffff0000u));
    if (result >= 0) result = ask(SIOCSIFMTU, number(static_cast<int>(max_packet_bytes)));
    if (result >= 0) result = ask(SIOCSIFTXQLEN, number(packets_waiting));
    ifreq up{};
    up.ifr_flags = IFF_UP | IFF_RUNNING;
    if (result >= 0) result = ask(SIOCSIFFLAGS, up);
    ifreq index = device;
    if (result >= 0) result = kernel::call(SYS_ioctl, four.number(), SIOCGIFINDEX, &index);
    struct {  // in6_ifreq of <linux/ipv6.h>, which quarrels with <netinet/in.h>
        std::array<std::uint8_t, 16> address;
        std::uint32_t prefix_bits;
        int index;
    } of_ipv6{host_address6(end), 64, index.ifr_ifindex};
    if (result >= 0) result = kernel::call(SYS_ioctl, six.number(), SIOCSIFADDR, &of_ipv6);
    return result;
}

// An address of IPv6 can be used once the kernel is done with looking for others that have it (RFC 4862).
long await_address(int end) {
    const Fd six(static_cast<int>(kernel::call(SYS_socket, AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    std::memcpy(&name.sin6_addr, host_address6(end).data(), sizeof name.sin6_addr);
    long result = -EADDRNOTAVAIL;
    for (int tries = 0; tries < 1000 && result == -EADDRNOTAVAIL; ++tries) {
        if (tries > 0) ::poll(nullptr, 0, 1);
        result = kernel::call(SYS_bind, six.number(), &name, sizeof name);
    }
    return result;
}

// A new namespace, in which this process then is.
long enter_new_namespace() {
    const long result = kernel::call(SYS_unshare, CLONE_NEWNET);
    return result == -EPERM ? kernel::call(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET) : result;
}

// ... with its device.
long make_device(int end, Host& host) {
    long result = enter_new_namespace();
    if (result < 0) return result;
    host.device = open_here(device_path, O_RDWR | O_NONBLOCK);
    if (!host.device) return -ENODEV;
    ifreq device{};
    device.ifr_flags = IFF_TUN | IFF_NO_PI;
    std::strcpy(device.ifr_name, "link");
    result = kernel::call(SYS_ioctl, host.device.number(), TUNSETIFF, &device);
    return result < 0 ? result : give_addresses(end, device);
}

long become_host(int end, Host& host) {
    long result = make_device(end, host);
    if (result < 0) return result;
    set("/proc/sys/net/ipv4/icmp_ratelimit", "0");
    set("/proc/sys/net/ipv6/icmp/ratelimit", "0");
    set("/proc/sys/net/ipv4/tcp_rto_min_us", "5000");
    result = await_address(end);
    host.counters4 = open_here("/proc/self/net/snmp", O_RDONLY);
    host.counters6 = open_here("/proc/self/net/snmp6", O_RDONLY);
    host.devices = open_here("/proc/self/net/dev", O_RDONLY);
    return host.counters4 && host.counters6 && host.devices ? result : -ENOENT;
}

}  // namespace

bool two_hosts() {
    Host host;
    return make_device(0, host) >= 0 && open_here(namespace_path, O_RDONLY);
}

void Hosts::serve(int control, int leader) {
    if (!die_with_parent(leader)) kernel::exit_process(0);
    std::array<Host, 2> hosts;
    Fd kept[2];
    static int namespaces[2];
    for (;;) {
        Request request;
        const long got = kernel::call(SYS_recvfrom, control, &request, sizeof request, 0, nullptr, nullptr);
        if (got == -EINTR) continue;
        if (got != sizeof request) kernel::exit_process(0);
        ::alarm(longest_request_s);
        Reply reply;
        if (request.is_pair != 0) {
            Making making{request.asked};
            making.flags = static_cast<std::uint16_t>(request.asked.flags & flag_nonblock);
            reply.result = mechanism_of(request.mechanism).doors.make(making, reply.fds.data());
            reply.count = reply.result >= 0 ? 2 : 0;
        } else {
            for (int end = 0; end < 2 && reply.result >= 0; ++end) {
                reply.result = become_host(end, hosts[static_cast<std::size_t>(end)]);
                kept[end] = open_here(namespace_path, O_RDONLY);
                namespaces[end] = kept[end].number();
            }
            make_pairs_between(namespaces);
            for (Host& host : hosts)
                for (Fd* fd : {&host.device, &host.counters4, &host.counters6, &host.devices})
                    if (reply.result >= 0 && *fd) reply.fds[reply.count++] = fd->number();
        }
        send_reply(control, reply);
        for (std::size_t i = 0; i < reply.count; ++i) kernel::close(reply.fds[i]);
        if (request.is_pair == 0)
            for (Host& host : hosts)
                for (Fd* fd : {&host.device, &host.counters4, &host.counters6, &host.devices}) fd->release();
        send_reply(control, Reply{});  // now nobody but the receiver has them
        ::alarm(0);
    }
}

bool Hosts::open(int first_number) {
    int ends[2];
    if (kernel::call(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return false;
    Fd mine(ends[0]), its(ends[1]);
    const int leader = kernel::pid();
    const int pid = fork_raw(false);
    if (pid == 0) {
        for (int number = 0; number < first_number; ++number)
            if (number != its.number()) kernel::close(number);
        serve(its.number(), leader);
    }
    if (pid < 0) return false;
    pid_ = pid;
    control_ = std::move(mine);
    return true;
}

void Hosts::close() {
    if (!control_) return;
    control_.reset();
    while (kernel::call(SYS_wait4, pid_, nullptr, __WALL, nullptr) == -EINTR) {
    }
}

const std::array<Host, 2>* Hosts::hosts() {
    if (made_ || !control_) return made_ ? &hosts_ : nullptr;
    const Request request;
    Reply reply;
    if (kernel::call(SYS_sendto, control_.number(), &request, sizeof request, MSG_NOSIGNAL, nullptr, 0) < 0)
        return nullptr;
    if (await_reply(control_.number(), reply, nothing_to_carry, nullptr) < 0 || reply.result < 0 ||
        reply.count != descriptors_of_hosts) {
        for (std::size_t i = 0; i < reply.count; ++i) kernel::close(reply.fds[i]);
        return nullptr;
    }
    std::size_t next = 0;
    for (Host& host : hosts_)
        for (Fd* fd : {&host.device, &host.counters4, &host.counters6, &host.devices}) *fd = Fd(reply.fds[next++]);
    made_ = true;
    return &hosts_;
}

long Hosts::make(MechanismId mechanism, const Asked& asked, int* ends, void (*carry)(void*), void* state) {
    Request request;
    request.mechanism = mechanism, request.is_pair = 1, request.asked = asked;
    long result = kernel::call(SYS_sendto, control_.number(), &request, sizeof request, MSG_NOSIGNAL, nullptr, 0);
    Reply reply;
    if (result >= 0) result = await_reply(control_.number(), reply, carry, state);
    if (result < 0) return result;
    if (reply.result < 0) return reply.result;
    if (reply.count != 2) return -EPROTO;
    ends[0] = reply.fds[0], ends[1] = reply.fds[1];
    return 0;
}

}  // namespace crosstalk::agent
