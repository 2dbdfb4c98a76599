// A call in one line, as strace(1) would print it, with the case's slots for descriptors: "write(fd 1, 10 bytes) = 10".
// It says what was asked and what came back, not what it means.
#pragma once

#include <string>

#include "faults/case.h"
#include "mechanisms/history.h"

namespace crosstalk::judging {

// What is asked: "write(fd 1, 10 bytes)".
std::string asked_text(const Program& program, const Operation& operation);
// And what came back: "write(fd 1, 10 bytes) = 10", "... = EAGAIN", "... still asleep", "... never returned".
std::string call_text(const Program& program, const Event& event, bool asleep = false);
// "O_NONBLOCK|O_DIRECT"; "0" for none.
std::string flags_text(std::uint16_t flags);
// What a link logged: "the link lost 10 bytes to end 1 of pair 0".
std::string delivery_text(const Event& event);
// "POLLIN|POLLHUP"; "0" for none.
std::string poll_text(std::uint16_t bits);

}  // namespace crosstalk::judging
