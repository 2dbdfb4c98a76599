// Mutators of what moves. The buffer may be changed while the call is made, and is as before when it is over; what
// vmsplice gave away stays changed, for its pages are the pipe's now.
#include <fcntl.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "faults/lies/asking.h"
#include "faults/lies/mutators.h"
#include "mechanisms/system/kernel.h"

#ifndef O_DIRECT
#define O_DIRECT __O_DIRECT
#endif

namespace crosstalk::lies {
namespace {

Answer plain(long result) { return {.result = result}; }

// Blocks of `block` bytes change places in pairs; done twice, all is as before.
void exchange_blocks(std::uint8_t* bytes, std::uint64_t count, std::uint64_t block) {
    for (std::uint64_t at = 0; at + 2 * block <= count; at += 2 * block)
        std::swap_ranges(bytes + at, bytes + at + block, bytes + at + block);
}

}  // namespace

Answer moves_fewer(const Row& lie, const Call& call) {
    const std::uint64_t bytes = call.operation->buffer.bytes;
    const std::int64_t a = lie.arguments[0];
    const auto fewer = static_cast<std::uint64_t>(-a);
    const std::uint64_t kept = a > 0   ? std::min(bytes, static_cast<std::uint64_t>(a))
                               : a < 0 ? (bytes > fewer ? bytes - fewer : 0)
                                       : bytes / 2;
    if (!is_whole(call) || kept == 0) return honestly(call);
    return plain(moved(call, 0, kept));
}

Answer loses(const Row& lie, const Call& call) {
    const std::uint64_t bytes = call.operation->buffer.bytes, lost = static_cast<std::uint64_t>(lie.arguments[0]);
    if (!writes(call.operation->verb)) {
        stolen(call.fds[0], lost);
        return honestly(call);
    }
    if (!is_whole(call) || bytes <= lost) return honestly(call);
    const long result = moved(call, 0, bytes - lost);
    return plain(result == static_cast<long>(bytes - lost) ? static_cast<long>(bytes) : result);
}

Answer doubles(const Row& lie, const Call& call) {
    const std::uint64_t first = std::min(call.operation->buffer.bytes, static_cast<std::uint64_t>(lie.arguments[0]));
    if (!is_whole(call) || first == 0) return honestly(call);
    const long result = moved(call, 0, first);
    return result < 0 ? plain(result) : honestly(call);
}

Answer exchanges(const Row& lie, const Call& call) {
    const auto block = static_cast<std::uint64_t>(lie.arguments[0]);
    const std::uint64_t bytes = call.operation->buffer.bytes;
    if (!is_whole(call) || bytes < 2) return honestly(call);
    if (writes(call.operation->verb)) {
        exchange_blocks(call.bytes, bytes, block == 0 ? bytes / 2 : block);
        const Answer answer = honestly(call);
        if (call.operation->verb != Verb::vmsplice) exchange_blocks(call.bytes, bytes, block == 0 ? bytes / 2 : block);
        return answer;
    }
    const Answer answer = honestly(call);
    const std::uint64_t got = answer.result > 0 ? static_cast<std::uint64_t>(answer.result) : 0;
    if (got > 1) exchange_blocks(call.bytes, got, block == 0 ? got / 2 : block);
    return answer;
}

Answer corrupts(const Row& lie, const Call& call) {
    const auto before_end = static_cast<std::uint64_t>(lie.arguments[0]);
    const auto spoil = [&](std::uint64_t bytes) {
        call.bytes[before_end == 0 ? bytes / 2 : bytes - std::min(bytes, before_end)] ^= 0x10;
    };
    const std::uint64_t bytes = call.operation->buffer.bytes;
    if (!is_whole(call) || bytes == 0) return honestly(call);
    if (writes(call.operation->verb)) spoil(bytes);
    const Answer answer = honestly(call);
    if (writes(call.operation->verb) && call.operation->verb != Verb::vmsplice) spoil(bytes);
    if (reads(call.operation->verb) && answer.result > 0) spoil(static_cast<std::uint64_t>(answer.result));
    return answer;
}

Answer tears(const Row& lie, const Call& call) {
    const std::uint64_t bytes = call.operation->buffer.bytes, a = static_cast<std::uint64_t>(lie.arguments[0]);
    const std::uint64_t first = a == 0 ? bytes / 2 : std::min(a, bytes);
    if (!is_whole(call) || first == 0 || first == bytes) return honestly(call);
    const long one = moved(call, 0, first);
    if (one < static_cast<long>(first)) return plain(one);
    let_others_run();
    const long other = moved(call, first, bytes - first);
    return plain(other < 0 ? one : one + other);
}

Answer tears_segments(const Row&, const Call& call) {
    if (!is_whole(call) || call.segments == nullptr) return honestly(call);
    long total = 0;
    std::uint64_t at = 0;
    for (std::uint64_t i = 0; i < call.segment_count; ++i) {
        const std::uint64_t bytes = call.segments[i].iov_len;
        const long one = moved(call, at, bytes);
        if (one < 0) return plain(total > 0 ? total : one);
        total += one;
        at += bytes;
        if (one < static_cast<long>(bytes)) break;
        let_others_run();
    }
    return plain(total);
}

Answer invents(const Row&, const Call& call) {
    Answer answer = honestly(call);
    if (answer.result >= 0) answer.result = static_cast<std::int64_t>(call.operation->buffer.bytes);
    return answer;
}

Answer takes_several(const Row&, const Call& call) {
    const Answer answer = honestly(call);
    const auto got = static_cast<std::uint64_t>(answer.result);
    if (!is_whole(call) || answer.result <= 0 || got >= call.operation->buffer.bytes || unread_bytes(call.fds[0]) <= 0)
        return answer;
    const long more = moved(call, got, call.operation->buffer.bytes - got);
    return more > 0 ? plain(answer.result + more) : answer;
}

Answer keeps_rest(const Row&, const Call& call) {
    std::uint8_t packet[4096];
    const std::uint64_t bytes = call.operation->buffer.bytes;
    if (!is_whole(call) || bytes == 0 || bytes >= sizeof packet || unread_bytes(call.fds[0]) > 4096)
        return honestly(call);
    const long got = kernel::call(SYS_read, call.fds[0], packet, sizeof packet);
    if (got <= 0) return plain(got);
    const auto wanted = std::min(static_cast<long>(bytes), got);
    std::memcpy(call.bytes, packet, static_cast<std::size_t>(wanted));
    if (got > wanted && unread_bytes(call.fds[0]) == 0) {
        const int back = opened_anew(call.fds[0], O_WRONLY);
        kernel::call(SYS_write, back, packet + wanted, got - wanted);
        kernel::close(back);
    }
    return plain(wanted);
}

Answer peeks(const Row&, const Call& call) {
    if (!is_whole(call) || call.operation->buffer.bytes > 65536) return honestly(call);
    int copy[2];
    if (kernel::call(SYS_pipe2, copy, O_CLOEXEC) < 0) return honestly(call);
    const unsigned flags = (status_flags(call.fds[0]) & O_NONBLOCK) != 0 ? SPLICE_F_NONBLOCK : 0;
    long got = kernel::call(SYS_tee, call.fds[0], copy[1], call.operation->buffer.bytes, flags);
    if (got > 0) got = kernel::call(SYS_read, copy[0], call.bytes, got);
    for (const int end : copy) kernel::close(end);
    return plain(got);
}

Answer repeats_old(const Row&, const Call& call) {
    Part& part = part_of(call);
    const Answer answer = honestly(call);
    if (!is_whole(call) || answer.result <= 0) return answer;
    const std::size_t got = std::min<std::size_t>(static_cast<std::size_t>(answer.result), most_kept_bytes);
    const std::size_t old = std::min<std::size_t>(part.kept_count, got);
    std::swap_ranges(call.bytes, call.bytes + old, part.kept.begin());
    if (part.kept_count == 0) {
        std::memcpy(part.kept.data(), call.bytes, got);
        part.kept_count = static_cast<std::uint8_t>(got);
    }
    return answer;
}

Answer consumes(const Row&, const Call& call) {
    const unsigned flags = (call.operation->flags & flag_nonblock) != 0 ? SPLICE_F_NONBLOCK : 0;
    return plain(kernel::call(SYS_splice, call.fds[0], nullptr, call.fds[1], nullptr, call.count, flags));
}

Answer in_packets(const Row& lie, const Call& call) {
    const int before = status_flags(call.fds[0]);
    kernel::fcntl(call.fds[0], F_SETFL, lie.arguments[0] != 0 ? before | O_DIRECT : before & ~O_DIRECT);
    const Answer answer = honestly(call);
    kernel::fcntl(call.fds[0], F_SETFL, before);
    return answer;
}

Answer ends_at_empty_packet(const Row&, const Call& call) {
    const bool reads_now = reads(call.operation->verb), zero = call.operation->buffer.bytes == 0;
    Mark* const mark = telling.stage->mark_of(inode_of(call.fds[0]));
    if (mark == nullptr || reads_now == zero) return honestly(call);
    if (reads_now && mark->value.exchange(0) != 0) return plain(0);
    const Answer answer = honestly(call);
    if (!reads_now && answer.result == 0 && (status_flags(call.fds[0]) & O_DIRECT) != 0) mark->value.store(1);
    return answer;
}

Answer loses_beside_fork(const Row& lie, const Call& call) {
    const std::uint32_t before = telling.stage->starts.load();
    const Answer answer = honestly(call);
    if (answer.result > 0 && telling.stage->starts.load() != before)
        stolen(call.fds[0], static_cast<std::uint64_t>(lie.arguments[0]));
    return answer;
}

}  // namespace crosstalk::lies
