// One memory mapping, owned. Anonymous private, anonymous shared, or of a descriptor; errors are kernel numbers.
#pragma once

#include <cstddef>
#include <utility>

#include "mechanisms/system/kernel.h"

namespace crosstalk {

class Mapping {
  public:
    Mapping() = default;
    Mapping(void* start, std::size_t bytes) : start_(start), bytes_(bytes) {}
    Mapping(Mapping&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Mapping& operator=(Mapping&& other) noexcept {
        if (this != &other) {
            reset();
            start_ = std::exchange(other.start_, nullptr);
            bytes_ = std::exchange(other.bytes_, 0);
        }
        return *this;
    }
    ~Mapping() { reset(); }

    // Pages are given when first touched. nullptr inside if the kernel refused.
    static Mapping anonymous(std::size_t bytes, bool shared);
    static Mapping of(int fd, std::size_t bytes);  // shared, readable and writable

    void* start() const { return start_; }
    std::size_t bytes() const { return bytes_; }
    explicit operator bool() const { return start_ != nullptr; }
    void* release() { return std::exchange(start_, nullptr); }
    void reset();
    // Takes all rights from [offset, offset + bytes): touching it faults. False if the kernel refused.
    bool guard(std::size_t offset, std::size_t bytes);
    // Asks that processes forked from now on do not have it (madvise(2), MADV_DONTFORK); where that is not known they
    // do.
    void keep_from_children() { kernel::call(SYS_madvise, start_, bytes_, dont_fork); }

  private:
    static constexpr int dont_fork = 10;  // MADV_DONTFORK, the same on every architecture
    void* start_ = nullptr;
    std::size_t bytes_ = 0;
};

std::size_t page_bytes();

}  // namespace crosstalk
