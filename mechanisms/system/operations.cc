// The kernel's operations: verbs that move bytes, look at or change a descriptor. See descriptors.cc for those that
// make descriptors or hand them on.
#include "mechanisms/system/operations.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/stat.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>

#include "mechanisms/system/addresses.h"
#include "mechanisms/system/descriptors.h"
#include "mechanisms/system/locks.h"
#include "mechanisms/system/mapping.h"
#include "mechanisms/system/memory.h"
#include "mechanisms/system/names.h"
#include "mechanisms/system/objects.h"
#include "mechanisms/system/queues.h"
#include "mechanisms/system/readiness.h"
#include "mechanisms/system/trials.h"
#include "mechanisms/system/semaphores.h"
#include "mechanisms/system/sockets.h"
#include "mechanisms/system/views.h"

// fcntl(2); not in every C library's headers.
#ifndef F_SETPIPE_SZ
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032
#endif
#ifndef O_DIRECT
#define O_DIRECT __O_DIRECT
#endif

namespace crosstalk {
namespace {

Answer plain(long result) { return {.result = result}; }

Answer writev_call(const Call& c) { return plain(kernel::call(SYS_writev, c.fds[0], c.segments, c.segment_count)); }
Answer readv_call(const Call& c) { return plain(kernel::call(SYS_readv, c.fds[0], c.segments, c.segment_count)); }
// Offset 0 in every register that may carry it: the padding before 64-bit arguments differs by architecture.
Answer pread_call(const Call& c) { return plain(kernel::call(SYS_pread64, c.fds[0], c.bytes, c.count, 0, 0, 0)); }
Answer pwrite_call(const Call& c) { return plain(kernel::call(SYS_pwrite64, c.fds[0], c.bytes, c.count, 0, 0, 0)); }

unsigned splice_flags(const Call& c) { return (c.operation->flags & flag_nonblock) != 0 ? SPLICE_F_NONBLOCK : 0; }
Answer splice_call(const Call& c) {
    return plain(kernel::call(SYS_splice, c.fds[0], nullptr, c.fds[1], nullptr, c.count, splice_flags(c)));
}
Answer tee_call(const Call& c) { return plain(kernel::call(SYS_tee, c.fds[0], c.fds[1], c.count, splice_flags(c))); }
Answer vmsplice_call(const Call& c) {
    if (c.segments != nullptr)
        return plain(kernel::call(SYS_vmsplice, c.fds[0], c.segments, c.segment_count, splice_flags(c)));
    const iovec one{c.bytes, static_cast<std::size_t>(c.count)};
    return plain(kernel::call(SYS_vmsplice, c.fds[0], &one, 1, splice_flags(c)));
}

Answer set_flags_call(const Call& c) {
    const std::uint16_t flags = c.operation->flags;
    if ((flags & flag_async) != 0) {
        const int owner = kernel::fcntl(c.fds[0], F_SETOWN, kernel::pid());
        if (owner < 0) return plain(owner);
    }
    long wanted = 0;
    if ((flags & flag_nonblock) != 0) wanted |= O_NONBLOCK;
    if ((flags & flag_direct) != 0) wanted |= O_DIRECT;
    if ((flags & flag_async) != 0) wanted |= O_ASYNC;
    return plain(kernel::fcntl(c.fds[0], F_SETFL, wanted));
}

Answer get_flags_call(const Call& c) {
    const int status = kernel::fcntl(c.fds[0], F_GETFL, 0);
    if (status < 0) return plain(status);
    const int descriptor = kernel::fcntl(c.fds[0], F_GETFD, 0);
    if (descriptor < 0) return plain(descriptor);
    std::int64_t bits = 0;
    if ((status & O_NONBLOCK) != 0) bits |= flag_nonblock;
    if ((status & O_DIRECT) != 0) bits |= flag_direct;
    if ((status & O_ASYNC) != 0) bits |= flag_async;
    if ((status & O_ACCMODE) != O_RDONLY) bits |= flag_writable;
    if ((descriptor & FD_CLOEXEC) != 0) bits |= flag_cloexec;
    return {.result = bits};
}

Answer set_cloexec_call(const Call& c) {
    return plain(kernel::fcntl(c.fds[0], F_SETFD, c.operation->value != 0 ? FD_CLOEXEC : 0));
}
Answer get_capacity_call(const Call& c) { return plain(kernel::fcntl(c.fds[0], F_GETPIPE_SZ, 0)); }
Answer set_capacity_call(const Call& c) {
    return plain(kernel::fcntl(c.fds[0], F_SETPIPE_SZ, static_cast<long>(c.operation->value)));
}
Answer available_call(const Call& c) {
    int unread = 0;
    const long result = kernel::call(SYS_ioctl, c.fds[0], FIONREAD, &unread);
    return plain(result < 0 ? result : unread);
}

// Event::value: its size in bytes.
Answer stat_call(const Call& c) {
#if __SIZEOF_LONG__ == 8
    struct stat about {};
    const long result = kernel::call(SYS_fstat, c.fds[0], &about);
    if (result < 0) return plain(result);
    return {.result = S_ISFIFO(about.st_mode) ? 1 : 0, .value = static_cast<std::int64_t>(about.st_size)};
#else  // the layout of fstat's answer differs between C libraries there
    struct statx about {};
    if (c.fds[0] < 0) return plain(-EBADF);
    const long result =
        kernel::call(SYS_statx, c.fds[0], "", 0x1000 /* AT_EMPTY_PATH */, STATX_TYPE | STATX_SIZE, &about);
    if (result < 0) return plain(result);
    return {.result = S_ISFIFO(about.stx_mode) ? 1 : 0, .value = static_cast<std::int64_t>(about.stx_size)};
#endif
}

Answer seek_call(const Call& c) { return plain(kernel::call(SYS_lseek, c.fds[0], 0, SEEK_CUR)); }
Answer sync_call(const Call& c) { return plain(kernel::call(SYS_fsync, c.fds[0])); }
Answer truncate_call(const Call& c) {
    return plain(kernel::call(SYS_ftruncate, c.fds[0], static_cast<long>(c.operation->value)));
}

Answer map_call(const Call& c) {
#ifdef SYS_mmap2
    const long number = SYS_mmap2;
#else
    const long number = SYS_mmap;
#endif
    const long start = kernel::call(number, nullptr, page_bytes(), PROT_READ, MAP_SHARED, c.fds[0], 0);
    if (kernel::failed(start)) return plain(start);
    kernel::call(SYS_munmap, start, page_bytes());
    return plain(0);
}

// A library call: the kernel has none. Its answer for pipes is a constant of the C library (fpathconf(3)).
Answer path_limit_call(const Call& c) {
    errno = 0;
    const long result = ::fpathconf(c.fds[0], _PC_PIPE_BUF);
    return {.result = result >= 0 ? result : -(errno != 0 ? errno : EINVAL), .value = PIPE_BUF};
}

Answer nothing_call(const Call&) { return plain(0); }
Answer agent_only(const Call&) { return plain(-ENOSYS); }

struct Built {
    OperationTable table{};
    std::size_t verbs = 0;
};

consteval Built kernel_table() {
    Built built;
    const auto put = [&built](Verb verb, Perform perform) {
        built.table[static_cast<std::size_t>(verb)] = perform;
        ++built.verbs;
    };
    put(Verb::create, create_call);
    put(Verb::write, write_call);
    put(Verb::writev, writev_call);
    put(Verb::read, read_call);
    put(Verb::readv, readv_call);
    put(Verb::close, close_call);
    put(Verb::dup, dup_call);
    put(Verb::set_flags, set_flags_call);
    put(Verb::get_flags, get_flags_call);
    put(Verb::set_cloexec, set_cloexec_call);
    put(Verb::get_capacity, get_capacity_call);
    put(Verb::set_capacity, set_capacity_call);
    put(Verb::available, available_call);
    put(Verb::poll, poll_call);
    put(Verb::splice, splice_call);
    put(Verb::tee, tee_call);
    put(Verb::vmsplice, vmsplice_call);
    put(Verb::stat, stat_call);
    put(Verb::seek, seek_call);
    put(Verb::pread, pread_call);
    put(Verb::pwrite, pwrite_call);
    put(Verb::sync, sync_call);
    put(Verb::truncate, truncate_call);
    put(Verb::map, map_call);
    put(Verb::path_limit, path_limit_call);
    put(Verb::limit, limit_call);
    put(Verb::signal, agent_only);
    put(Verb::start, agent_only);
    put(Verb::exec, agent_only);
    put(Verb::exit, agent_only);
    put(Verb::pass, pass_call);
    put(Verb::receive, receive_call);
    put(Verb::open, open_call);
    put(Verb::unlink, unlink_call);
    put(Verb::socket, socket_call);
    put(Verb::bind, bind_call);
    put(Verb::listen, listen_call);
    put(Verb::connect, connect_call);
    put(Verb::accept, accept_call);
    put(Verb::send, send_call);
    put(Verb::recv, recv_call);
    put(Verb::shutdown, shutdown_call);
    put(Verb::get_option, get_option_call);
    put(Verb::set_option, set_option_call);
    put(Verb::mq_send, mq_send_call);
    put(Verb::mq_receive, mq_receive_call);
    put(Verb::mq_attributes, mq_attributes_call);
    put(Verb::mq_set_flags, mq_set_flags_call);
    put(Verb::mq_notify, mq_notify_call);
    put(Verb::sem_wait, sem_wait_call);
    put(Verb::sem_post, sem_post_call);
    put(Verb::sem_value, sem_value_call);
    put(Verb::attach, attach_call);
    put(Verb::detach, detach_call);
    put(Verb::load, load_call);
    put(Verb::store, store_call);
    put(Verb::protect, protect_call);
    put(Verb::sync_view, sync_view_call);
    put(Verb::advise, advise_call);
    put(Verb::punch, punch_call);
    put(Verb::lend, lend_call);
    put(Verb::watch, watch_call);
    put(Verb::wait, wait_call);
    put(Verb::lock, lock_call);
    put(Verb::unlock, unlock_call);
    put(Verb::misname, misname_call);
    put(Verb::new_mode, new_mode_call);
    put(Verb::trial, trial_call);
    put(Verb::nothing, nothing_call);
    return built;
}
static_assert(kernel_table().verbs == verb_count, "a verb has no operation");

}  // namespace

constinit const OperationTable kernel_operations = kernel_table().table;

}  // namespace crosstalk
