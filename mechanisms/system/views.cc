// mprotect(2), msync(2), madvise(2), mremap(2), fallocate(2), and a write whose buffer is a view.
// What an odd call needs beside the view, memory with a hole or a pipe, is its own and gone when it returns.
#include "mechanisms/system/views.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>

#include "mechanisms/system/descriptors.h"
#include "mechanisms/system/fd.h"
#include "mechanisms/system/mapping.h"

namespace crosstalk {
namespace {

long answer(long result) { return result < 0 ? -errno : result; }

// Three pages of which the middle one is not there.
long sync_across_hole() {
    const std::size_t page = page_bytes();
    Mapping pages = Mapping::anonymous(3 * page, true);
    if (!pages) return -ENOMEM;
    ::munmap(static_cast<std::uint8_t*>(pages.start()) + page, page);
    return answer(::msync(pages.start(), 3 * page, MS_SYNC));
}

long sync_while_locked(void* view) {
    long result = answer(::mlock(view, page_bytes()));
    if (result == 0) result = answer(::msync(view, page_bytes(), MS_SYNC | MS_INVALIDATE));
    ::munlock(view, page_bytes());  // also where locking failed half-way
    return result;
}

long move_and_return(void* view, std::size_t bytes) {
    Mapping elsewhere = Mapping::anonymous(bytes, false);
    if (!elsewhere) return -ENOMEM;
    constexpr int how = MREMAP_MAYMOVE | MREMAP_FIXED;
    void* const moved = ::mremap(view, bytes, bytes, how, elsewhere.start());
    if (moved == MAP_FAILED) return -errno;
    elsewhere.release();
    return ::mremap(moved, bytes, bytes, how, view) == MAP_FAILED ? -errno : 0;
}

}  // namespace

Answer protect_call(const Call& call) {
    if (call.places[0] == nullptr) return {.result = -EBADF};
    const int protection = PROT_READ | ((call.operation->flags & flag_writable) != 0 ? PROT_WRITE : 0);
    return {.result = answer(::mprotect(call.places[0], call.place_bytes[0], protection))};
}

Answer sync_view_call(const Call& call) {
    constexpr int no_such_flag = 1 << 20;
    auto* const view = static_cast<std::uint8_t*>(call.places[0]);
    if (view == nullptr) return {.result = -EBADF};
    const std::uint64_t bytes = call.place_bytes[0];
    switch (static_cast<Syncing>(call.operation->value)) {
        case Syncing::wait: break;
        case Syncing::later: return {.result = answer(::msync(view, bytes, MS_ASYNC))};
        case Syncing::both: return {.result = answer(::msync(view, bytes, MS_SYNC | MS_ASYNC))};
        case Syncing::unknown: return {.result = answer(::msync(view, bytes, MS_SYNC | no_such_flag))};
        case Syncing::unaligned: return {.result = answer(::msync(view + 1, bytes, MS_SYNC))};
        case Syncing::hole: return {.result = sync_across_hole()};
        case Syncing::locked: return {.result = sync_while_locked(view)};
    }
    return {.result = answer(::msync(view, bytes, MS_SYNC))};
}

Answer advise_call(const Call& call) {
    if (call.places[0] == nullptr) return {.result = -EBADF};
    const std::uint64_t bytes = call.place_bytes[0];
    switch (static_cast<Advice>(call.operation->value)) {
        case Advice::not_needed: return {.result = answer(::madvise(call.places[0], bytes, MADV_DONTNEED))};
        case Advice::needed_soon: return {.result = answer(::madvise(call.places[0], bytes, MADV_WILLNEED))};
        case Advice::move: break;
    }
    return {.result = move_and_return(call.places[0], bytes)};
}

Answer punch_call(const Call& call) {
    const Operation& operation = *call.operation;
    return {.result =
                answer(::fallocate(call.fds[0], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                   static_cast<off_t>(operation.value), static_cast<off_t>(operation.buffer.bytes)))};
}

Answer lend_call(const Call& call) {
    if (call.places[0] == nullptr) return {.result = -EBADF};
    const Operation& operation = *call.operation;
    const std::uint64_t bytes = operation.buffer.bytes, at = static_cast<std::uint64_t>(operation.value);
    if (bytes > call.place_bytes[0] || at > call.place_bytes[0] - bytes) return {.result = -ERANGE};
    int ends[2];
    if (const long made = make_pipe(flag_nonblock, ends); made < 0) return {.result = made};
    const Fd reader(ends[0]), writer(ends[1]);
    return {.result = kernel::call(SYS_write, writer.number(), static_cast<std::uint8_t*>(call.places[0]) + at, bytes)};
}

}  // namespace crosstalk
