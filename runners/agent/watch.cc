// pread(2) of /proc/PID/task/TID/stat.
#include "runners/agent/watch.h"

#include <fcntl.h>

#include <cstdio>
#include <cstring>

namespace crosstalk::agent {

char Watch::state(ActorId actor) {
    if (!proc_) return 0;
    const Seat& seat = board->seats[actor];
    Seen& seen = seen_[actor];
    const std::int32_t tid = seat.tid.load();
    if (tid == 0) return 0;
    if (seen.tid != tid) {
        char path[64];
        std::snprintf(path, sizeof path, "/proc/%d/task/%d/stat", seat.pid.load(), tid);
        seen.stat = Fd(::open(path, O_RDONLY | O_CLOEXEC));
        seen.tid = tid;
    }
    char text[512];
    const long got = kernel::call(SYS_pread64, seen.stat.number(), text, sizeof text - 1, 0, 0, 0);
    if (got <= 0) {
        seen.tid = 0;  // gone, or its number belongs to somebody else by now
        return 0;
    }
    text[got] = 0;
    const char* const name_end = std::strrchr(text, ')');
    return name_end != nullptr && name_end[1] == ' ' ? name_end[2] : char{0};
}

}  // namespace crosstalk::agent
