// The fastest of a few tries of each kind: whoever else uses the machine only makes one slower.
#include "runners/agent/calibration.h"

#include <algorithm>

#include "mechanisms/system/child.h"
#include "mechanisms/system/fd.h"
#include "runners/agent/patience.h"

namespace crosstalk::agent {
namespace {

constexpr int tries = 4, hand_offs = 8;  // of one byte there and back, in each try
// What a busy ordinary machine stays below: a fork with its reaping takes 0.05 to 0.2 ms, a byte through two pipes and
// back 3 to 20 us.
constexpr std::int64_t usual_fork_ns = 500'000, usual_hand_off_ns = 50'000;
constexpr std::int64_t most = 30;

bool pass_byte(int from, int to) {
    char byte = 0;
    long got;
    do {  // the death of the last try's child may be told only now
        got = kernel::call(SYS_read, from, &byte, 1);
    } while (got == -EINTR);
    return got == 1 && kernel::call(SYS_write, to, &byte, 1) == 1;
}

struct Fastest {
    std::int64_t fork_ns = most * usual_fork_ns;  // a birth, its first hand-off, and its end
    std::int64_t hand_off_ns = most * usual_hand_off_ns;
};

void try_once(Fastest& fastest) {
    int there[2], back[2];
    if (::pipe2(there, 0) != 0) return;
    Fd there_read(there[0]), there_write(there[1]);
    if (::pipe2(back, 0) != 0) return;
    Fd back_read(back[0]), back_write(back[1]);
    const int leader = kernel::pid();
    const std::int64_t began = Patience::now_ns();
    Child child(fork_raw(false));
    if (!child && kernel::pid() != leader) {
        there_write.reset();  // so that the leader's end is this child's
        if (die_with_parent(leader))
            while (pass_byte(there_read.number(), back_write.number())) {
            }
        kernel::exit_process(0);
    }
    if (!child) return;
    back_write.reset();
    if (kernel::call(SYS_write, there_write.number(), "", 1) != 1) return;
    std::int64_t born = 0, last = began;
    for (int i = 0; i <= hand_offs; ++i) {
        if (!pass_byte(back_read.number(), there_write.number())) return;
        const std::int64_t now = Patience::now_ns();
        if (i == 0) born = now - began;
        if (i > 0) fastest.hand_off_ns = std::min(fastest.hand_off_ns, now - last);
        last = now;
    }
    child.end();
    fastest.fork_ns = std::min(fastest.fork_ns, born + Patience::now_ns() - last);
}

}  // namespace

std::uint32_t slow_factor() {
    Fastest fastest;
    for (int i = 0; i < tries; ++i) try_once(fastest);
    const std::int64_t slowest = std::max(fastest.fork_ns / usual_fork_ns, fastest.hand_off_ns / usual_hand_off_ns);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(slowest, 1, most));
}

}  // namespace crosstalk::agent
