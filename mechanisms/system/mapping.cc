// mmap(2), munmap(2), mprotect(2).
#include "mechanisms/system/mapping.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "mechanisms/system/fd.h"

namespace crosstalk {
namespace {

#ifdef SYS_mmap2
constexpr long mmap_number = SYS_mmap2;
#else
constexpr long mmap_number = SYS_mmap;
#endif

Mapping mapped(std::size_t bytes, int flags, int fd) {
    const long start = kernel::call(mmap_number, nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    return kernel::failed(start) ? Mapping() : Mapping(reinterpret_cast<void*>(start), bytes);
}

}  // namespace

Mapping Mapping::anonymous(std::size_t bytes, bool shared) {
    return mapped(bytes, MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE | MAP_NORESERVE), -1);
}

Mapping Mapping::of(int fd, std::size_t bytes) { return mapped(bytes, MAP_SHARED, fd); }

void Mapping::reset() {
    if (start_ != nullptr) kernel::call(SYS_munmap, std::exchange(start_, nullptr), bytes_);
}

bool Mapping::guard(std::size_t offset, std::size_t bytes) {
    return !kernel::failed(kernel::call(SYS_mprotect, static_cast<char*>(start_) + offset, bytes, PROT_NONE));
}

std::size_t page_bytes() {
    static const std::size_t bytes = getauxval(AT_PAGESZ) != 0 ? getauxval(AT_PAGESZ) : 4096;
    return bytes;
}

Fd moved_up(Fd fd, int least) { return fd ? Fd(kernel::fcntl(fd.number(), F_DUPFD, least)) : Fd(); }

}  // namespace crosstalk
