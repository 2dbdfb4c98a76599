// Looks at actors from outside: are they asleep? Through /proc where it is; files stay open as long as their actor.
// The state letter is all that is read: kernel symbols differ between systems, and objects are never looked at.
#pragma once

#include <array>

#include "faults/frame.h"
#include "mechanisms/system/fd.h"
#include "runners/agent/board.h"

namespace crosstalk::agent {

class Watch {
  public:
    explicit Watch(std::uint32_t abilities) : proc_((abilities & ability_proc) != 0) {}
    bool has_proc() const { return proc_; }
    // The state letter of proc_pid_stat(5) of the actor's thread; 0 if unknown or gone.
    char state(ActorId actor);

  private:
    struct Seen {
        std::int32_t tid = 0;
        Fd stat;
    };
    bool proc_;
    std::array<Seen, max_actors> seen_;
};

}  // namespace crosstalk::agent
