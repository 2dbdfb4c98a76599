// A machine of one's own (ability own_machine): a kernel that runs for the agent alone, whose clock and limits may be
// changed. A process with all rights does that for trials, which have none; it is asked by a socket, and when who
// asked has gone, however it went, everything is as before.
#pragma once

#include <cstdint>

#include "mechanisms/system/fd.h"

namespace crosstalk {

// Whether it is so: the agent says so where it was booted as its kernel's first program. Never set anywhere else.
extern bool owns_machine;

enum class MachineChange : std::uint32_t {
    clock,           // CLOCK_REALTIME tells `value` nanoseconds since the epoch
    open_files,      // fs.file-max is below what is open
    pages_of_pipes,  // fs.pipe-user-pages-hard is one
};

// In the process with all rights: carries out what is asked. It never returns.
[[noreturn]] void keep_machine();

// In a trial: who asks, as long as its changes are to last.
class MachineKeeper {
  public:
    MachineKeeper();
    ~MachineKeeper();  // everything is as before when it returns
    MachineKeeper(const MachineKeeper&) = delete;
    MachineKeeper& operator=(const MachineKeeper&) = delete;
    bool changes(MachineChange what, std::int64_t value = 0) const;  // done when it returns; false: it could not be

  private:
    Fd socket_;
};

}  // namespace crosstalk
