// One open file descriptor, owned: closed when its owner goes. Descriptors that a case plays with are not owned by
// anything; they live in the case's slots.
#pragma once

#include <utility>

#include "mechanisms/system/kernel.h"

namespace crosstalk {

class Fd {
  public:
    Fd() = default;
    explicit Fd(int number) : number_(number < 0 ? -1 : number) {}
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    ~Fd() { reset(); }

    int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }
    void reset() {
        if (number_ >= 0) kernel::close(std::exchange(number_, -1));
    }

  private:
    int number_ = -1;
};

// Moves a descriptor to the lowest free number that is at least `least` and leaves close-on-exec clear.
// The old number is closed; an invalid Fd if there is no room.
Fd moved_up(Fd fd, int least);

}  // namespace crosstalk
